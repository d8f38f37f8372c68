"""A device's connection: every message has an answer, a break loses none, a refusal is told."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from simulators.address import Address, address_from
from simulators.broker import Broker, BrokerRefuses, BrokerUnreachable
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace
from simulators.replay import replay
from simulators.tracks import tracks
from tests.simulators.listener import Listener, Wire


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def series(tmp_path: Path) -> Callable[[str, int], Path]:
    """Writes a recording of so many seconds, its values the numbers from 0 on."""

    def _write(name: str, rows: int) -> Path:
        file = tmp_path / f"{name}.csv"
        lines = (f"2020-01-01T00:{n // 60:02d}:{n % 60:02d},{n}\n" for n in range(rows))
        file.write_text("timestamp,value\n" + "".join(lines))
        return file

    return _write


def fast() -> Pace:
    return Pace(AS_FAST_AS_POSSIBLE, Event())


@pytest.mark.usefixtures("broker")
def test_a_replay_says_online_then_every_row_then_offline(
    told: list[str], series: Callable[[str, int], Path]
) -> None:
    address, played = address_from(), tracks([series("speed_calm", 50)], None, None)
    with (
        Listener(address, "city/speed_calm/#") as listener,
        Broker(address, "test", say=told.append) as broker,
    ):
        summary = replay(played, broker, fast(), shift=1000)
        heard = listener.wait_for(52)
    assert heard[0] == ("city/speed_calm/status", b"online")
    assert heard[-1] == ("city/speed_calm/status", b"offline")
    first = {"ts": 1_577_836_801_000, "values": {"speed": 0.0}}
    assert heard[1] == ("city/speed_calm/telemetry", json.dumps(first).replace(" ", "").encode())
    assert (summary.rows, summary.published, summary.acknowledged) == (50, 50, 50)
    assert (summary.unheard, summary.refused, told) == (0, 0, [])


@pytest.mark.usefixtures("broker")
def test_several_files_are_played_in_the_order_of_time(
    told: list[str], series: Callable[[str, int], Path]
) -> None:
    address = address_from()
    played = tracks([series("flow_a", 20), series("flow_b", 30)], "gate", None)
    with (
        Listener(address, "city/gate/telemetry") as listener,
        Broker(address, "test", say=told.append) as broker,
    ):
        replay(played, broker, fast())
        moments = [json.loads(payload)["ts"] for _, payload in listener.wait_for(50)]
    assert moments == sorted(moments)


@pytest.mark.usefixtures("broker")
def test_a_cut_wire_loses_nothing_and_is_told(
    told: list[str], series: Callable[[str, int], Path]
) -> None:
    address, played = address_from(), tracks([series("cut", 3000)], None, None)
    with Listener(address, "city/cut/#") as listener, Wire(address) as wire:
        wire.cut_after = 60_000
        with Broker(wire.address, "test", say=told.append) as broker:
            summary = replay(played, broker, fast())
        heard = listener.wait_until(b"offline")
    rows = [json.loads(payload) for topic, payload in heard if topic.endswith("/telemetry")]
    assert {row["values"]["value"] for row in rows} == set(range(3000))
    assert (summary.published, summary.acknowledged, summary.problem) == (3000, 3000, None)
    assert [sentence.split()[0:2] for sentence in told] == [["lost", "the"], ["the", "broker"]]
    assert "messages wait to be sent again" in told[0]
    assert "is back; sending" in told[1]


@pytest.mark.usefixtures("broker")
def test_a_broker_that_stays_away_ends_the_replay_with_what_was_acknowledged(
    told: list[str], series: Callable[[str, int], Path]
) -> None:
    played = tracks([series("gone", 3600)], None, None)
    with Wire(address_from()) as wire, Broker(wire.address, "t", say=told.append, patience=1) as b:
        wire.cut_after, wire.open = 150_000, False
        summary = replay(played, b, fast())
    assert summary.problem is not None
    assert "messages are not acknowledged" in summary.problem
    assert 0 < summary.acknowledged < summary.published < 3600


@pytest.mark.usefixtures("broker")
def test_a_broker_that_refuses_a_message_is_asked_no_more(told: list[str]) -> None:
    with Broker(address_from(), "test", say=told.append) as broker:
        broker.publish("nobody/may/write/here", b"1")
        with pytest.raises(BrokerRefuses, match="refuses what we publish: Not authorized"):
            broker.settle()
        assert broker.refused == 1
        with pytest.raises(BrokerRefuses, match="refuses what we publish: Not authorized"):
            broker.publish("city/allowed/telemetry", b"2")


@pytest.mark.usefixtures("broker")
def test_a_wrong_password_is_refused_at_once(told: list[str]) -> None:
    right = address_from()
    wrong = Address(right.host, right.port, right.username, "wrong")
    with pytest.raises(BrokerRefuses, match="Not authorized"):
        Broker(wrong, "test", say=told.append, patience=60).open()


def test_an_absent_broker_is_waited_for_and_then_given_up(told: list[str]) -> None:
    with pytest.raises(BrokerUnreachable, match=r"no broker answered at 127\.0\.0\.1:1 within"):
        Broker(Address(port=1), "test", say=told.append, patience=0.1).open()
    assert told == ["waiting for the broker at 127.0.0.1:1"]


def test_nobody_waits_for_a_broker_after_stop(told: list[str]) -> None:
    stop = Event()
    stop.set()
    with pytest.raises(BrokerUnreachable):
        Broker(Address(port=1), "test", say=told.append, patience=600, stop=stop).open()
