"""The connection that commands leave by, held to a real broker."""

import json
import os
import queue
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID, uuid4

import pytest

from ingest.broker import BrokerRefused
from ingest.commands.caller import LARGEST_PACKET, MOST_WAITING, Caller, Heard, Letter
from ingest.commands.settings import CommandSettings
from ingest.commands.topics import ANSWERS, command_topic, response_topic
from ingest.settings import BrokerSettings
from scripts.stack.broker import Broker
from tests.commands.conftest import MakeDevice, account
from tests.flow.platform import wait_until

Call = Callable[[], AbstractContextManager[Caller]]


@pytest.fixture
def call(own_broker: Broker) -> Call:
    """Makes connections, which are there when they are entered."""

    @contextmanager
    def made() -> Iterator[Caller]:
        given = account(own_broker, "commands")
        settings = BrokerSettings(
            host=own_broker.host,
            port=own_broker.port,
            username=given["MQTT_USERNAME"],
            password=given["MQTT_PASSWORD"],
        )
        with Caller(settings, CommandSettings(), ANSWERS) as caller:
            wait_until(lambda: caller.connected, "it is connected")
            yield caller

    return made


@pytest.fixture
def caller(call: Call) -> Iterator[Caller]:
    """One connection."""
    with call() as caller:
        yield caller


def letter(asset: str = "lamp-3", payload: bytes = b"{}", expires_in: int = 60) -> Letter:
    return Letter(uuid4(), command_topic(asset), response_topic(asset), payload, expires_in)


def taken(caller: Caller, count: int) -> list[Heard]:
    """So many answers, waited for."""
    found: list[Heard] = []

    def enough() -> bool:
        if heard := caller.take(0.1):
            found.append(heard)
        return len(found) >= count

    wait_until(enough, f"{count} answers")
    return found


def test_the_broker_says_whether_somebody_listens(caller: Caller, device: MakeDevice) -> None:
    alone = letter()
    assert [each.code for each in caller.publish([alone], 10).values()] == [0x10]
    lamp = device("lamp-3")
    letters = [letter(payload=b'{"n": %d}' % n) for n in range(50)]
    receipts = caller.publish(letters, 10)
    assert {each.command_id for each in letters} == set(receipts)
    assert all(receipt.taken and receipt.code == 0 for receipt in receipts.values())
    assert [lamp.command()[0]["n"] for _ in range(50)] == list(range(50))


def test_what_we_may_not_publish_is_told(caller: Caller) -> None:
    forbidden = letter()._replace(topic="elsewhere/lamp-3/commands")
    (receipt,) = caller.publish([forbidden], 10).values()
    assert (receipt.refused, receipt.taken, receipt.words) == (True, False, "Not authorized")


def test_a_device_that_was_away_gets_its_command_unless_it_has_expired(
    caller: Caller, device: MakeDevice
) -> None:
    device("lamp-3", client_id="lamp-3").hang_up()  # its session stays
    caller.publish([letter(payload=b'{"n": 1}', expires_in=1)], 10)
    caller.publish([letter(payload=b'{"n": 2}')], 10)
    with pytest.raises(queue.Empty):
        queue.Queue[None]().get(timeout=2.1)  # this test is about time
    assert device("lamp-3", client_id="lamp-3").command()[0] == {"n": 2}


def test_answers_wait_for_us_until_they_are_acknowledged(call: Call, device: MakeDevice) -> None:
    lamp, child = device("lamp-3"), device("cabinet-1:lamp-5")
    with call() as caller:
        lamp.say(b"1")
        child.say(b"2")
        found = taken(caller, 2)
        assert {each.topic for each in found} == {
            "city/lamp-3/commands/response",
            "city/cabinet-1/lamp-5/commands/response",
        }
        caller.acknowledge(next(each for each in found if each.payload == b"1"))
    lamp.say(b"3")  # while nobody is there
    with call() as again:
        assert sorted(each.payload for each in taken(again, 2)) == [b"2", b"3"]


def test_an_answer_carries_its_correlation(caller: Caller, device: MakeDevice) -> None:
    lamp = device("lamp-3", version=5)
    lamp.say(b"{}", correlation=UUID(int=7).bytes)
    assert taken(caller, 1)[0].correlation == UUID(int=7).bytes


def test_more_answers_than_there_is_room_for_wait_and_huge_ones_never_come(
    caller: Caller, device: MakeDevice
) -> None:
    lamp = device("lamp-3")
    lamp.say(b"x" * (LARGEST_PACKET + 1))
    total = MOST_WAITING + 100
    for n in range(total):
        lamp.client.publish(f"{lamp.topic}/response", json.dumps(n), qos=1)
    found: list[int] = []

    def all_there() -> bool:
        assert caller.inbox.qsize() <= MOST_WAITING
        if heard := caller.take(0.1):
            found.append(int(heard.payload))
            caller.acknowledge(heard)
        return len(found) == total

    while not all_there():
        pass
    assert found == list(range(total))
    assert caller.connected


def back(caller: Caller) -> bool:
    """Whether a connection that is tended is there again."""
    caller.tend()
    return caller.connected


def test_a_wire_that_is_cut_is_replaced_and_takes_unanswered_letters_with_it(
    caller: Caller, device: MakeDevice, own_broker: Broker
) -> None:
    own_broker.stop()
    wait_until(lambda: not caller.connected, "it is missed")
    assert caller.publish([letter(payload=b'{"n": 1}')], 5) == {}
    own_broker.start()

    wait_until(lambda: back(caller), "it is back")
    lamp = device("lamp-3")
    (receipt,) = caller.publish([letter(payload=b'{"n": 2}')], 10).values()
    assert receipt.taken
    assert lamp.command()[0] == {"n": 2}
    assert lamp.heard.empty()


def test_a_broker_that_says_nothing_is_hung_up_on_and_called_anew(
    caller: Caller, own_broker: Broker
) -> None:
    assert own_broker.pid is not None
    os.kill(own_broker.pid, signal.SIGSTOP)
    try:
        assert caller.publish([letter()], 0.5) == {}
        assert not caller.connected
    finally:
        os.kill(own_broker.pid, signal.SIGCONT)
    wait_until(lambda: back(caller), "it is back")
    (receipt,) = caller.publish([letter()], 10).values()
    assert receipt.taken


def test_a_wrong_password_is_a_refusal(own_broker: Broker) -> None:
    settings = BrokerSettings(
        host=own_broker.host, port=own_broker.port, username="engineer", password="wrong"
    )
    with Caller(settings, CommandSettings(), ANSWERS) as caller:
        wait_until(lambda: caller.refused is not None, "it is told")
        with pytest.raises(BrokerRefused, match="refuses us: Not authorized"):
            caller.tend()
