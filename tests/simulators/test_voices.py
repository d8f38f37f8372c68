"""How devices speak, read by the platform's own door: names, values, units and times come through."""

import io
import json
from collections import defaultdict
from collections.abc import Iterator

import pytest

from ingest.codecs.sparkplug import Sparkplug as SparkplugCodec
from ingest.delivery import Delivery
from ingest.routes import Routes, read_routes
from ingest.sorted import Sorted
from ingest.sorting import Sorter
from ingest.sparkplug.wire import parsed
from models.reading import ONLINE, Span
from services.store import city_sheets, metrics, registry
from services.store.pool import Connection
from simulators.asset import Asset
from simulators.fleet import CONVENTIONS, SORTS, Wanted, fleet, gateways
from simulators.live import City
from simulators.registry import write_facts, write_registry
from simulators.scenario import names, read_scenario
from simulators.voices import Message, Voice
from simulators.voices.chirpstack import ChirpStack
from simulators.voices.native import Native
from simulators.voices.senml import SenML
from simulators.voices.sparkplug import SEQUENCE, Sparkplug
from tests.simulators.province import MONDAY, heard, world_of

NOW = round(MONDAY * 1_000_000)
HOUR = 3_600_000_000
VOICES: dict[str, type[Voice]] = {
    "native": Native,
    "senml": SenML,
    "sparkplug": Sparkplug,
    "chirpstack": ChirpStack,
}
SPEAKERS = [(kind, convention) for convention in CONVENTIONS for kind in SORTS]
SPEAKERS += [("river", "native"), ("river", "senml"), ("services", "native")]


class Streams:
    """The streams that the registry has of some assets, in the units it says."""

    def __init__(self, assets: list[Asset]) -> None:
        self.ids: dict[str, dict[str, int]] = defaultdict(dict)
        self.units: dict[int, str | None] = {}
        self.names: dict[int, tuple[str, str]] = {}
        for asset in assets:
            told = [(metric.name, metric.unit) for metric in asset.kind.metrics]
            for metric, unit in [*told, (ONLINE, None)]:
                number = self.ids[asset.name][metric] = len(self.units)
                self.units[number], self.names[number] = unit, (asset.name, metric)

    def streams_of(self, asset: str) -> dict[str, int]:
        return self.ids.get(asset, {})

    def unit_of(self, stream_id: int) -> str | None:
        return self.units[stream_id]

    def held_back(self, _asset: str) -> bool:
        return False

    def refusal(self, asset: str, metric: str) -> str:
        return f"{asset} takes no {metric}"


@pytest.fixture(scope="module")
def routes() -> Routes:
    return read_routes()


def sorted_out(routes: Routes, streams: Streams, messages: list[Message]) -> Sorted:
    sorter = Sorter(routes, streams, lambda _now: Span(0, NOW + 24 * HOUR), 100_000)
    return sorter.sort(
        [
            Delivery(each.topic, each.payload, NOW, qos=1, connection=1, message_id=at)
            for at, each in enumerate(messages)
        ]
    )


def spoken(assets: list[Asset], voice: Voice, hours: float = 1) -> Iterator[tuple[Asset, int, dict[str, float], list[Message]]]:  # fmt: skip
    """Every report of some hours as it went in, oldest first, with the messages that carry it."""
    found = list(world_of(assets).reports(MONDAY, MONDAY + 3600 * hours))
    turns = [(told, who, at) for who, each in enumerate(found) for at, told in enumerate(each.told)]
    for told, who, number in sorted(turns):
        reports = found[who]
        values = {name: float(column[number]) for name, column in reports.values.items()}
        at_ms = round(told * 1000)
        yield reports.asset, at_ms, values, voice.report(reports.asset, at_ms, values, reports.units)  # fmt: skip


@pytest.mark.parametrize(("kind", "convention"), SPEAKERS)
def test_what_a_device_says_is_read_as_it_was_meant(
    kind: str, convention: str, routes: Routes
) -> None:
    lamps = 2 if kind == "light" and convention in {"native", "senml"} else 0
    assets = fleet([Wanted(kind, 3, convention=convention, lamps=lamps)], 1)
    streams, voice = Streams(assets), VOICES[convention]()
    voices = {convention: voice, "native": Native()}
    for asset in assets:
        sorted_out(routes, streams, voices[asset.convention].hello(asset, NOW // 1000))
    for asset, at_ms, values, messages in spoken(
        [asset for asset in assets if asset.convention == convention], voice
    ):
        found = sorted_out(routes, streams, messages)
        assert (found.rejects, found.waiting, found.unknown) == ([], [], {})
        rows = found.frame().tolist()
        told = {streams.names[stream]: value for stream, _, value in rows}
        assert {time for _, time, _ in rows} == {at_ms * 1000}
        assert told == pytest.approx({(asset.name, name): values[name] for name in values})


@pytest.mark.parametrize("convention", ["native", "senml"])
def test_a_lamp_speaks_under_its_cabinet(convention: str, routes: Routes) -> None:
    assets = fleet([Wanted("light", 1, convention=convention, lamps=2)], 1)
    cabinet, lamp, _ = assets
    (message,) = Native().report(lamp, NOW // 1000, {"power_kw": 0.1}, {})
    assert message.topic == f"city/{cabinet.name}/lamp-1/telemetry"
    route = routes.routed(message.topic)
    assert (route.place.asset, route.place.parent) == (lamp.name, cabinet.name)
    assert lamp.parent == cabinet.name


@pytest.mark.parametrize(("kind", "convention"), SPEAKERS)
def test_a_gateway_that_the_platform_sees_is_the_registrys(
    kind: str, convention: str, routes: Routes
) -> None:
    assets = fleet([Wanted(kind, 3, convention=convention)], 1)
    voice, known = VOICES[convention](), dict(gateways(assets))
    for asset in assets:
        voice.hello(asset, NOW // 1000)
        for message in voice.report(asset, NOW // 1000, {"x": 1.0}, {}):
            parent = routes.routed(message.topic).place.parent
            assert parent in {None, asset.parent}
            assert parent is None or parent in known


@pytest.mark.parametrize("convention", ["native", "senml"])
def test_presence_is_told_at_the_beginning_and_at_the_end(convention: str, routes: Routes) -> None:
    (asset,) = fleet([Wanted("air", 1, convention=convention)], 1)
    voice, streams = VOICES[convention](), Streams([asset])
    for messages, state in ((voice.hello(asset, NOW // 1000), 1.0), (voice.goodbye(asset), 0.0)):
        assert [message.retain for message in messages] == [True]
        rows = sorted_out(routes, streams, messages).frame().tolist()
        assert [(streams.names[row[0]], row[2]) for row in rows] == [((asset.name, ONLINE), state)]


def test_a_node_is_born_before_its_devices_and_counts_its_messages(routes: Routes) -> None:
    assets = fleet([Wanted("energy", 12)], 1)
    edge = [asset for asset in assets if asset.parent == assets[0].parent]
    assert len(edge) == 2
    voice = Sparkplug()
    messages = [message for asset in edge for message in voice.hello(asset, NOW // 1000)]
    messages += [message for *_, told in spoken(edge, voice, hours=3) for message in told]
    messages += [message for asset in edge for message in voice.goodbye(asset)]
    kinds = [message.topic.split("/")[2] for message in messages]
    assert kinds[:3] == ["NBIRTH", "DBIRTH", "DBIRTH"]
    assert set(kinds[3:-2]) == {"DDATA"}
    assert kinds[-2:] == ["DDEATH", "DDEATH"]
    assert len(messages) > SEQUENCE
    assert [parsed(each.payload).seq for each in messages] == [
        at % 256 for at in range(len(messages))
    ]
    assert not any(message.retain for message in messages)


def test_ingest_asks_no_node_of_ours_to_be_born_again() -> None:
    assets = fleet([Wanted("energy", 12)], 1)
    voice, routes, streams = Sparkplug(), read_routes(), Streams(assets)
    found = sorted_out(
        routes, streams, [m for asset in assets for m in voice.hello(asset, NOW // 1000)]
    )
    messages = [message for *_, told in spoken(assets, voice, hours=5) for message in told]
    found = sorted_out(routes, streams, messages)
    assert isinstance(routes.routed(messages[0].topic).codec, SparkplugCodec)
    assert (list(found.replies), found.rejects) == ([], [])


def test_a_device_that_speaks_before_its_hello_is_born_then() -> None:
    (asset,) = fleet([Wanted("energy", 1)], 1)
    topics = [
        m.topic.split("/")[2]
        for m in Sparkplug().report(asset, NOW // 1000, {"frequency": 50.0}, {})
    ]
    assert topics == ["NBIRTH", "DBIRTH", "DDATA"]


def test_an_uplink_is_counted_and_says_what_the_gateway_heard() -> None:
    (asset,) = fleet([Wanted("waste", 1)], 1)
    voice = ChirpStack()
    told = [json.loads(each[3][0].payload) for each in spoken([asset], voice, hours=3)]
    assert [each.get("fCnt", 0) for each in told] == list(range(len(told)))
    assert all(each["deviceInfo"]["deviceName"] == asset.title for each in told)
    assert all({"rssi", "snr"} <= each["rxInfo"][0].keys() for each in told)
    assert all("battery" in each["object"] and "rssi" not in each["object"] for each in told)
    assert (voice.hello(asset, 0), voice.goodbye(asset)) == ([], [])


def test_the_running_city_speaks_in_every_convention_it_knows() -> None:
    assert set(City(world_of(fleet([Wanted("air", 1)], 1)), [None]).voices[0]) == set(CONVENTIONS)  # type: ignore[list-item]


@pytest.mark.parametrize("name", names())
def test_the_registry_of_each_scenario_is_taken_with_the_units_of_the_catalogue(
    name: str, conn: Connection
) -> None:
    assets, file = read_scenario(name).assets(1), io.StringIO()
    write_registry(assets, file)
    found = registry.read(io.StringIO(file.getvalue()))
    found.check()
    claimed = [claim.name for claim in found.claims]
    assert claimed == [gateway for gateway, _ in gateways(assets)] + [
        asset.name for asset in assets
    ]
    units = {metric.name: metric.unit for metric in metrics.catalogue(conn)}
    for _, metric, unit in found.units:
        assert unit == units[metric], metric


def test_every_asset_of_the_registry_is_known_by_the_name_it_speaks_with(routes: Routes) -> None:
    assets = read_scenario("city").assets(1)
    world, voices = world_of(assets), {name: make() for name, make in VOICES.items()}
    told = heard(world, MONDAY, MONDAY + 60)
    assert len(told) == len(assets)
    for asset in assets:
        voice = voices[asset.convention]
        voice.hello(asset, NOW // 1000)
        (message,) = voice.report(asset, NOW // 1000, {"voltage": 1.0}, {})
        assert routes.routed(message.topic).place.asset == asset.name


@pytest.mark.parametrize("name", names())
def test_the_facts_of_every_scenario_are_such_as_the_platform_takes(
    name: str, conn: Connection
) -> None:
    assets, file = read_scenario(name).assets(1), io.StringIO()
    write_facts(assets, file)
    found = city_sheets.read(io.StringIO(file.getvalue()))
    assert not found.flaws
    assert len(found.rows) == len(
        [a for a in assets if a.kind.name in {"light", "parking", "traffic", "noise"}]
    )
