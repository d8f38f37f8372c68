"""The benchmark's publisher: what its packets say, and that a real broker takes them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.publishes import Published, cut_publish
from ingest.routes import read_routes
from models.reading import Sample
from simulators.address import address_from
from simulators.forms import FORMS, METRICS, native
from simulators.load import BadLoad, Load, publish_load
from simulators.packets import Packets
from simulators.wire import publish
from tests.simulators.listener import Listener, Wire

NOW = 1_767_225_600_000


def unpack(data: bytes, *, qos: int = 1) -> list[tuple[str, int, Any]]:
    """The topics, packet ids and payloads of a run of PUBLISH packets."""
    found, at = [], 0
    while at < len(data):
        assert data[at] == (0x32 if qos else 0x30)
        size, digits = 0, 0
        while True:
            size |= (data[at + 1 + digits] & 127) << 7 * digits
            digits += 1
            if data[at + digits] < 128:
                break
        body = data[at + 1 + digits : at + 1 + digits + size]
        at += 1 + digits + size
        end = 2 + int.from_bytes(body[:2], "big")
        number = int.from_bytes(body[end : end + 2], "big") if qos else 0
        found.append((body[2:end].decode(), number, json.loads(body[end + 2 * qos :])))
    return found


def names(count: int) -> list[str]:
    return [f"load-{number:07d}" for number in range(count)]


@pytest.mark.parametrize("qos", [0, 1])
def test_packets_are_real_ones_with_the_time_they_leave(qos: int) -> None:
    packets = Packets(names(3), qos=qos, form=native(7))
    data, count = packets.take(10, NOW)
    told = unpack(bytes(data), qos=qos)
    assert count == 3
    assert [topic for topic, _, _ in told] == [f"city/{name}/telemetry" for name in names(3)]
    assert {payload["ts"] for _, _, payload in told} == {NOW}
    assert all(list(p["values"]) == [name for name, _, _ in METRICS] for _, _, p in told)
    if qos:
        assert [number for _, number, _ in told] == [1, 2, 3]


def test_no_asset_repeats_a_time() -> None:
    packets, seen = Packets(names(5), qos=1, form=native(2)), set()
    for now in [NOW, NOW, NOW + 1, NOW, NOW + 1, NOW + 2]:
        for _ in range(4):
            data, _ = packets.take(3, now)
            for topic, _, payload in unpack(bytes(data)):
                assert (topic, payload["ts"]) not in seen
                seen.add((topic, payload["ts"]))
    assert len(seen) == 15


def test_numbers_run_from_1_to_65535_and_begin_again() -> None:
    packets = Packets(names(40_000), qos=1, form=native(1))
    numbers = []
    for now in (NOW, NOW + 1):
        data, _ = packets.take(40_000, now)
        numbers += [number for _, number, _ in unpack(bytes(data))]
    assert numbers == [*range(1, 65_536), *range(1, 80_000 - 65_535 + 1)]


def test_values_change_from_one_message_to_the_next() -> None:
    packets = Packets(names(1), qos=1, form=native(7))
    told = [unpack(bytes(packets.take(1, NOW + step)[0]))[0][2]["values"] for step in range(50)]
    assert len({json.dumps(values) for values in told}) == 50


def test_a_packet_is_what_the_wire_would_have_written() -> None:
    packet = bytes(Packets(names(1), qos=1, form=native(40)).take(1, NOW)[0])
    topic, number, payload = unpack(packet)[0]
    assert len(payload["values"]) == 40
    assert packet == publish(topic, packet[packet.index(b"{") :], packet_id=number)


@pytest.mark.parametrize(
    "wish",
    [
        {"assets": 2, "connections": 3},
        {"qos": 2},
        {"values": 0},
        {"seconds": 0},
        {"rate": 1_000_001},
        {"window": 1},
        {"connections": 0},
        {"codec": "semaphore"},
        {"qos": 0, "patience": 1},
    ],
)
def test_a_load_that_could_not_be_kept_is_refused(wish: dict[str, Any]) -> None:
    with pytest.raises(BadLoad):
        Load(**{"rate": 1, "seconds": 1} | wish)


@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize("qos", [0, 1])
def test_a_real_broker_acknowledges_all_of_it(qos: int) -> None:
    address = address_from()
    load = Load(2000, 0.5, assets=100, connections=3, qos=qos, prefix=f"try{qos}")
    with Listener(address, "city/+/telemetry") as listener:
        outcome = publish_load(load, address)
        heard = listener.wait_for(outcome.sent)
    assert outcome.sent == outcome.acknowledged > 0
    moments = {(topic, json.loads(payload)["ts"]) for topic, payload in heard}
    assert len(moments) == len(heard) == outcome.sent


@pytest.mark.usefixtures("broker")
def test_without_a_rate_the_broker_sets_it() -> None:
    outcome = publish_load(Load(0, 0.3, assets=50, window=200), address_from())
    assert outcome.sent == outcome.acknowledged > 0


@pytest.mark.usefixtures("broker")
def test_what_a_lost_connection_left_open_is_sent_again() -> None:
    told: set[tuple[str, int]] = set()
    load = Load(2000, 1, assets=100, connections=2, prefix="again", patience=10)
    with (
        Listener(address_from(), "city/+/telemetry") as listener,
        Wire(address_from()) as wire,
    ):
        wire.cut_after = 100_000
        outcome = publish_load(
            load, wire.address, lambda assets, at: told.update((asset, at) for asset in assets)
        )
        assert wire.carried > 100_000  # it was cut
        assert outcome.sent == outcome.acknowledged == len(told)
        heard = listener.wait_for(outcome.sent)
    keys = {(topic.split("/")[1], json.loads(payload)["ts"]) for topic, payload in heard}
    assert keys == told


@pytest.mark.usefixtures("broker")
def test_without_patience_a_lost_connection_ends_the_load() -> None:
    with Wire(address_from()) as wire:
        wire.cut_after = 100_000
        outcome = publish_load(Load(2000, 5, assets=100, connections=2), wire.address)
    assert outcome.acknowledged < outcome.sent < 2000


@pytest.mark.parametrize("codec", FORMS)
def test_every_convention_is_read_as_it_was_sent(codec: str) -> None:
    packets = Packets(names(2), qos=1, form=FORMS[codec](7))
    routes = read_routes()
    stream = b"".join(
        [*packets.births(NOW), *(bytes(packets.take(2, NOW + i)[0]) for i in range(300))]
    )
    published = list(cut(stream))
    assert [each.message_id for each in published] == list(range(1, len(published) + 1))
    told: dict[str, list[Sample]] = {}
    for each in published:
        route = routes.routed(each.topic.decode())
        decoded = route.codec(route.place, each.payload, NOW * 1000)
        assert decoded.flaws == []
        assert not decoded.replies
        for sample in decoded.samples:
            if "online" not in sample.values:
                told.setdefault(sample.asset, []).append(sample)
    assert len(told) == 2
    for samples in told.values():
        times = [sample.time for sample in samples][-300:]
        assert times == [(NOW + i) * 1000 for i in range(300)]
        assert all(set(sample.values) == {name for name, _, _ in METRICS} for sample in samples)
        assert len({tuple(sample.values.values()) for sample in samples}) > 250


def cut(stream: bytes) -> Iterator[Published]:
    """The packets of a stream."""
    at = 0
    while found := cut_publish(stream, at):
        published, at = found
        yield published
    assert at == len(stream)
