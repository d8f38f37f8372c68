"""The connection held to a real broker, and our cutting of packets to every byte."""

import threading
from collections.abc import Callable, Iterator

import paho.mqtt.client as paho
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from ingest.broker import Broker, BrokerRefused
from ingest.delivery import Delivery
from ingest.publishes import Piecewise, Published, cut_publish
from ingest.settings import BrokerSettings
from ingest.slots import Slots
from scripts.stack.broker import Broker as Mosquitto
from scripts.stack.broker import throwaway_broker
from simulators.wire import publish
from tests.flow.platform import wait_until

MESSAGES = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=300).filter(lambda topic: "\0" not in topic),
        st.binary(max_size=400),
        st.none() | st.integers(1, 65_535),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def session_broker() -> Iterator[Mosquitto]:
    """A broker that keeps nothing others said: what is heard here is counted."""
    with throwaway_broker() as broker:
        yield broker


class Fed:
    """A socket that gives these pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self.pieces = pieces

    def recv(self, _size: int) -> bytes:
        return self.pieces.pop(0)


@given(messages=MESSAGES, cut=st.integers(0, 3000))
def test_packets_are_cut_as_they_were_put_together(
    messages: list[tuple[str, bytes, int | None]], cut: int
) -> None:
    packets = [publish(topic, body, packet_id=number) for topic, body, number in messages]
    stream = b"".join(packets)[:cut]
    wanted, at = [], 0
    for (topic, body, number), packet in zip(messages, packets, strict=True):
        at += len(packet)
        if at <= len(stream):
            wanted.append(Published(topic.encode(), body, int(number is not None), number or 0))
    wire = Piecewise(Fed([stream]))  # type: ignore[arg-type]
    wire.buffer = stream
    assert list(wire.publishes(100)) == wanted
    assert wire.buffer[wire.at :] == stream[sum(len(each) for each in packets[: len(wanted)]) :]


@given(st.binary(max_size=60))
def test_any_bytes_are_cut_or_left_to_paho(buffer: bytes) -> None:
    cut = cut_publish(buffer, 0)
    assert cut is None or 0 < cut[1] <= len(buffer)


Connect = Callable[..., Broker]


@pytest.fixture
def connect(broker: Mosquitto, request: pytest.FixtureRequest) -> Connect:
    """Makes our connection, as an account of the broker."""

    def made(account: str = "ingest", in_flight: int = 1000, password: str | None = None) -> Broker:
        settings = BrokerSettings(
            host=broker.host,
            port=broker.port,
            username=account,
            password=password or broker.accounts.get(account, "-"),
        )
        slots = Slots(in_flight, 100_000_000)
        return Broker(settings, f"client-{request.node.name[:40]}", ["city/#"], slots)

    return made


@pytest.fixture
def device(broker: Mosquitto):
    """A client that publishes and waits until the broker has it."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("engineer", broker.accounts["engineer"])
    client.connect(broker.host, broker.port)
    client.loop_start()

    def send(*payloads: bytes, topic: str = "city/a/telemetry") -> None:
        for sent in [client.publish(topic, payload, qos=1) for payload in payloads]:
            sent.wait_for_publish(30)

    yield send
    client.disconnect()
    client.loop_stop()


def taken(connection: Broker, count: int) -> list[Delivery]:
    """So many deliveries, waited for."""
    found: list[Delivery] = []

    def enough() -> bool:
        found.extend(connection.take(count - len(found), 0.1))
        return len(found) >= count

    wait_until(enough, f"{count} deliveries")
    return found


def test_what_is_acknowledged_is_not_delivered_again_and_what_is_not_is(
    connect: Connect, device: Callable[..., None]
) -> None:
    with connect() as connection:
        connection.ready.wait(30)
        device(b"1", b"2", b"3")
        found = taken(connection, 3)
        assert [each.payload for each in found] == [b"1", b"2", b"3"]
        connection.acknowledge(found[:2])
        device(b"4")  # the acknowledgements have left before this comes
        assert taken(connection, 1)[0].payload == b"4"
    with connect() as connection:
        again = taken(connection, 2)
        assert [each.payload for each in again] == [b"3", b"4"]
        connection.acknowledge(again)
        device(b"5")
        assert taken(connection, 1)[0].payload == b"5"


def test_a_receipt_of_an_earlier_connection_acknowledges_nothing(
    connect: Connect, device: Callable[..., None]
) -> None:
    with connect() as connection:
        connection.ready.wait(30)
        device(b"old")
        (old,) = taken(connection, 1)
    with connect() as connection:
        (again,) = taken(connection, 1)
        connection.acknowledge([old._replace(connection=99)])
        assert again.payload == b"old"
    with connect() as connection:
        assert taken(connection, 1)[0].payload == b"old"


def test_no_more_is_inside_than_there_is_room_for_and_nothing_is_lost(
    connect: Connect, device: Callable[..., None]
) -> None:
    payloads = [b"%d" % i for i in range(300)]
    with connect(in_flight=10) as connection:
        connection.ready.wait(30)
        sender = threading.Thread(target=device, args=payloads)
        sender.start()
        found: list[bytes] = []
        while len(found) < len(payloads):
            assert connection.slots.received - connection.slots.released <= 10
            batch = connection.take(10, 0.1)
            found += [each.payload for each in batch]
            connection.acknowledge(batch)
        sender.join()
    assert found == payloads


def test_large_and_small_messages_arrive_whole(
    connect: Connect, device: Callable[..., None]
) -> None:
    payloads = [b"x" * size for size in (0, 1, 127, 128, 16_383, 16_384, 300_000, 1_000_000, 5)]
    with connect() as connection:
        connection.ready.wait(30)
        device(*payloads)
        assert [each.payload for each in taken(connection, len(payloads))] == payloads


def test_a_wrong_password_is_a_refusal_and_not_waited_for(connect: Connect) -> None:
    with (
        connect(password="wrong") as connection,
        pytest.raises(BrokerRefused, match="refuses us"),
    ):
        taken(connection, 1)
