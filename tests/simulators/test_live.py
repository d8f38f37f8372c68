"""The city over a real broker: all of it arrives, silence is silent, and an end is an end in order."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from simulators.address import Address, address_from
from simulators.broker import Broker, BrokerRefuses
from simulators.dice import key_of
from simulators.fleet import Wanted, fleet
from simulators.happening import Happening
from simulators.labels import Label
from simulators.live import City, Tally, Watch
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace
from simulators.world import World
from tests.simulators.listener import Listener, Wire
from tests.simulators.province import HOUR, MONDAY, heard, world_of

ASSETS = fleet(
    [Wanted("air", 2), Wanted("noise", 2), Wanted("energy", 2), Wanted("light", 1, lamps=2),
     Wanted("waste", 2), Wanted("services", 3)],
    1,
)  # fmt: skip
TOPICS = ("city/#", "egov/#", "spBv1.0/#", "application/#")
NATIVE = [asset.name for asset in ASSETS if asset.convention in {"native", "senml"}]


@contextmanager
def brokers(address: Address, told: list[str], count: int = 3, patience: float = 30.0) -> Iterator[list[Broker]]:  # fmt: skip
    with ExitStack() as stack:
        yield [
            stack.enter_context(Broker(address, f"city-{at}", say=told.append, patience=patience))
            for at in range(count)
        ]


def played(
    world: World,
    on: Sequence[Broker],
    hours: float = 1.0,
    *,
    stop: Event | None = None,
    stop_after: int | None = None,
) -> tuple[Tally, list[Label], list[float]]:
    """Plays a city as fast as possible; stops at so many labels, where asked to."""
    stop, labels, progress = stop or Event(), list[Label](), list[float]()

    def _told(label: Label) -> None:
        labels.append(label)
        if len(labels) == stop_after:
            stop.set()

    pace = Pace(AS_FAST_AS_POSSIBLE, stop, ahead=False)
    watch = Watch(progress.append, _told)
    tally = City(world, on).run(pace, start=MONDAY, end=MONDAY + hours * HOUR, watch=watch)
    return tally, labels, progress


@pytest.mark.usefixtures("broker")
def test_a_window_of_the_past_is_published_whole_and_in_order() -> None:
    address, world, told = address_from(), world_of(ASSETS), list[str]()
    expected = heard(world, MONDAY, MONDAY + HOUR)
    reports = sum(len(each.at) for each in expected.values())
    nodes = len({asset.parent for asset in ASSETS if asset.convention == "sparkplug"})
    births = nodes + 2 + 2  # and a device's own, and its death
    with Listener(address, *TOPICS) as listener, brokers(address, told) as on:
        tally, labels, progress = played(world, on)
        found = listener.wait_for(reports + 2 * len(NATIVE) + births)
    assert tally.published == tally.acknowledged == len(found) == reports + 2 * len(NATIVE) + births
    assert (tally.refused, tally.problem, tally.stopped, labels, told) == (0, None, False, [], [])
    assert tally.told_until == max(each.at[-1] for each in expected.values())
    assert progress[-1] == MONDAY + HOUR
    air = expected[ASSETS[0].name]
    spoken = [json.loads(payload) for topic, payload in found if topic == f"city/{ASSETS[0].name}/telemetry"]  # fmt: skip
    assert [each["ts"] for each in spoken] == [round(at * 1000) for at in air.told]
    assert [each["values"]["pm25"] for each in spoken] == air.values["pm25"].tolist()


@pytest.mark.usefixtures("broker")
def test_everybody_says_hello_first_and_goodbye_last() -> None:
    address = address_from()
    with Listener(address, *TOPICS) as listener, brokers(address, []) as on:
        tally, _, _ = played(world_of(ASSETS), on, 0.1)
        found = listener.wait_for(tally.published)
    states = [(topic, payload) for topic, payload in found if topic.endswith("/status")]
    assert Counter(payload for _, payload in states) == {
        b"online": len(NATIVE),
        b"offline": len(NATIVE),
    }
    for asset in ASSETS:
        if asset.name in NATIVE:
            topic = f"{asset.system}/{asset.name.replace(':', '/')}"
            mine = [(at, payload) for at, payload in found if at.startswith(f"{topic}/") and at.count("/") == topic.count("/") + 1]  # fmt: skip
            assert mine[0] == (f"{topic}/status", b"online")
            assert mine[-1] == (f"{topic}/status", b"offline")
    kinds = [topic.split("/")[2] for topic, _ in found if topic.startswith("spBv1.0/")]
    assert (kinds[0], kinds[-1]) == ("NBIRTH", "DDEATH")


@pytest.mark.usefixtures("broker")
def test_silence_is_silent_and_a_storm_is_a_storm() -> None:
    address, air, noise = address_from(), ASSETS[0], ASSETS[2]
    wrong = [
        Happening("silence", "s", air.name, "", MONDAY, MONDAY + HOUR),
        Happening("duplicate-storm", "d", noise.name, "", MONDAY, MONDAY + HOUR),
    ]
    world = world_of(ASSETS, *wrong)
    with Listener(address, *TOPICS) as listener, brokers(address, []) as on:
        tally, labels, _ = played(world, on)
        found = listener.wait_for(tally.published)
    assert tally.published == tally.acknowledged
    topics = Counter(topic for topic, _ in found)
    assert topics[f"city/{air.name}/telemetry"] == 0
    assert topics[f"city/{noise.name}/senml"] == 20 * len(noise.turns(MONDAY, MONDAY + HOUR))
    assert [label.cause for label in labels] == ["d", "s"]
    assert tally.labels == 2


@pytest.mark.usefixtures("broker")
def test_labels_are_told_in_order_and_once_across_stretches() -> None:
    air = ASSETS[0]
    wrong = [
        Happening("spike", f"s{at}", air.name, "pm25", MONDAY + at * 700, MONDAY + at * 700 + 1500)
        for at in range(10)
    ]
    world = world_of(ASSETS, *reversed(wrong))
    with brokers(address_from(), []) as on:
        tally, labels, progress = played(world, on, 2.0)
    assert len(progress) > 1
    assert labels == world.labels_between(MONDAY, MONDAY + 2 * HOUR)
    assert [label.cause for label in labels] == [f"s{at}" for at in range(10)]
    assert tally.labels == 10
    assert labels[-1].ended_at == MONDAY + 2 * HOUR


@pytest.mark.usefixtures("broker")
def test_a_stop_ends_in_order_and_tells_nothing_that_had_not_begun() -> None:
    address = address_from()
    wrong = [
        Happening(
            "spike", f"s{at}", ASSETS[0].name, "pm25", MONDAY + at * 600, MONDAY + at * 600 + 60
        )
        for at in range(6)
    ]
    with Listener(address, *TOPICS) as listener, brokers(address, []) as on:
        tally, labels, _ = played(world_of(ASSETS, *wrong), on, stop_after=3)
        found = listener.wait_for(tally.published)
    assert (tally.stopped, tally.problem, tally.labels, len(labels)) == (True, None, 3, 3)
    assert MONDAY + 1200 <= tally.told_until < MONDAY + 1300
    assert tally.published == tally.acknowledged
    assert Counter(payload for _, payload in found)[b"offline"] == len(NATIVE)


@pytest.mark.usefixtures("broker")
def test_what_shares_a_gateway_shares_a_connection() -> None:
    city = City(world_of(ASSETS), [None] * 4)  # type: ignore[list-item]
    for asset in ASSETS:
        assert city.line_of[asset.name] == key_of("line", asset.gateway) % 4
    assert len(set(city.line_of.values())) > 1


@pytest.mark.usefixtures("broker")
def test_a_cut_wire_loses_nothing() -> None:
    address, told = address_from(), list[str]()
    world = world_of(ASSETS)
    with Listener(address, *TOPICS) as listener, Wire(address) as wire:
        wire.cut_after = 60_000
        with brokers(wire.address, told, 1) as on:
            tally, _, _ = played(world, on)
        listener.wait_for_different(tally.published)
        topic = f"city/{ASSETS[0].name}/telemetry"
        arrived = {json.loads(payload)["ts"] for at, payload in listener.heard if at == topic}
    assert tally.published == tally.acknowledged
    assert tally.problem is None
    assert [sentence.split()[0] for sentence in told] == ["lost", "the"]
    assert arrived == {round(at * 1000) for at in ASSETS[0].turns(MONDAY, MONDAY + HOUR)}


@pytest.mark.usefixtures("broker")
def test_a_broker_that_stays_away_ends_it_with_what_was_acknowledged() -> None:
    with Wire(address_from()) as wire, brokers(wire.address, [], 1, patience=1) as on:
        wire.cut_after, wire.open = 60_000, False
        tally, _, _ = played(world_of(ASSETS), on, 12.0)
    assert tally.problem is not None
    assert "messages are not acknowledged" in tally.problem
    assert 0 < tally.acknowledged < tally.published


@pytest.mark.usefixtures("broker")
def test_a_broker_that_refuses_is_asked_no_more(
    broker: "object", monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in broker.connection("ingest").items():  # type: ignore[attr-defined]
        monkeypatch.setenv(name, value)
    with brokers(address_from(), [], 1) as on, pytest.raises(BrokerRefuses, match="Not authorized"):
        played(world_of(ASSETS), on, 12.0)


def test_a_tally_reads_as_a_sentence() -> None:
    tally = Tally(published=12, acknowledged=10, refused=2, labels=1, seconds=0.25)
    assert str(tally) == (
        "published 12, acknowledged by the broker 10, refused by the broker 2, labels 1, 0.2 s"
    )
