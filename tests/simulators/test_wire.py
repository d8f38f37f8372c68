"""The bytes of MQTT 3.1.1, and a real broker's answers to them."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from

from simulators.address import Address, address_from
from simulators.wire import (
    Answers,
    ConnectionLost,
    ConnectionRefused,
    Line,
    connect,
    length,
    publish,
)
from tests.simulators.listener import Listener


@pytest.mark.parametrize(
    ("number", "encoded"),
    [
        (0, "00"),
        (127, "7f"),
        (128, "8001"),
        (16_383, "ff7f"),
        (16_384, "808001"),
        (2_097_151, "ffff7f"),
        (268_435_455, "ffffff7f"),
    ],
)
def test_lengths_are_those_of_the_standards_table(number: int, encoded: str) -> None:
    assert length(number).hex() == encoded


def test_a_packet_too_long_for_mqtt_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit MQTT"):
        length(268_435_456)


def test_connect_names_the_protocol_the_client_and_the_account() -> None:
    assert connect("me", None, None) == b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02me"
    packet = connect("me", "u", "p", keepalive=60)
    assert packet == b"\x10\x14\x00\x04MQTT\x04\xc2\x00\x3c\x00\x02me\x00\x01u\x00\x01p"


def test_publish_carries_a_number_at_qos_1_only() -> None:
    assert publish("a/b", b"xy") == b"\x30\x07\x00\x03a/bxy"
    assert publish("a/b", b"xy", packet_id=258) == b"\x32\x09\x00\x03a/b\x01\x02xy"


PACKETS = {"puback": b"\x40\x02\x12\x40", "pong": b"\xd0\x00"}


@given(sent=lists(sampled_from(sorted(PACKETS))), cuts=lists(integers(1, 9)))
def test_answers_are_counted_however_they_are_torn(sent: list[str], cuts: list[int]) -> None:
    data, answers = b"".join(PACKETS[name] for name in sent), Answers()
    for cut in cuts:
        answers.take(data[:cut])
        data = data[cut:]
    answers.take(data)
    assert answers.acknowledged == sent.count("puback")
    assert answers.pongs == sent.count("pong")


def test_an_answer_no_publisher_expects_ends_the_line() -> None:
    with pytest.raises(ConnectionLost, match="no publisher expects"):
        Answers().take(b"\x30\x02ab")


@pytest.mark.usefixtures("broker")
def test_a_real_broker_takes_our_packets_and_answers_each() -> None:
    address = address_from()
    with Listener(address, "city/wire/#") as listener:
        line = Line.open(address, "wire")
        line.send(b"".join(publish("city/wire/telemetry", b"%d" % n, packet_id=n) for n in (1, 2)))
        while line.answers.acknowledged < 2:
            line.listen(wait=True)
        line.close()
        assert listener.wait_for(2) == [
            ("city/wire/telemetry", b"1"),
            ("city/wire/telemetry", b"2"),
        ]


@pytest.mark.usefixtures("broker")
def test_a_wrong_password_is_told_from_an_absent_broker() -> None:
    right = address_from()
    with pytest.raises(ConnectionRefused, match=r"authorised|password"):
        Line.open(Address(right.host, right.port, right.username, "wrong"), "wire")


def test_an_absent_broker_is_named() -> None:
    with pytest.raises(ConnectionLost, match=r"127\.0\.0\.1:1 cannot be reached"):
        Line.open(Address(port=1), "wire")
