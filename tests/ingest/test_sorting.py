from collections.abc import Collection

from hypothesis import given
from hypothesis import strategies as st

from ingest.codecs import Place
from ingest.delivery import Delivery
from ingest.routes import Routes, Rule, compiled, read_routes
from ingest.sorting import Sorter
from models.reading import MINUTE, Decoded, Span

NOW = 1_767_225_600_000_000
ROUTES = read_routes()
KNOWN = {"a": {"x": 1, "y": 2}, "b": {"x": 3}}


def delivery(topic: str, payload: bytes) -> Delivery:
    return Delivery(topic, payload, NOW, qos=1, connection=1, message_id=1)


class Streams:
    """Two assets and their streams, some with a unit."""

    def __init__(self, units: dict[int, str], held: set[str]) -> None:
        self.units, self.held = units, held

    def streams_of(self, asset: str) -> dict[str, int]:
        return KNOWN.get(asset, {})

    def unit_of(self, stream_id: int) -> str | None:
        return self.units.get(stream_id)

    def held_back(self, asset: str) -> bool:
        return asset in self.held

    def refusal(self, asset: str, metric: str) -> str:
        return f"{asset} has no room for {metric}"


def sorter(
    max_payload: int = 1000,
    routes: Routes = ROUTES,
    units: dict[int, str] | None = None,
    held: Collection[str] = (),
) -> Sorter:
    return Sorter(
        routes,
        Streams(units or {}, set(held)),
        lambda now: Span(0, now + 5 * MINUTE),
        max_payload,
    )


def test_known_streams_become_rows_in_their_order() -> None:
    found = sorter().sort(
        [
            delivery("city/a/telemetry", b'{"ts": 1000, "values": {"x": 1, "y": 2}}'),
            delivery("egov/b/telemetry", b'{"ts": 2000, "values": {"x": 3}}'),
        ]
    )
    assert found.frame().tolist() == [(1, 10**6, 1.0), (2, 10**6, 2.0), (3, 2 * 10**6, 3.0)]
    assert (found.rejects, found.waiting) == ([], [])


def test_an_unknown_asset_waits_for_its_streams_with_the_kind_its_topic_tells() -> None:
    found = sorter().sort([delivery("egov/new/telemetry", b'{"ts": 1, "values": {"z": 1}}')])
    assert found.unknown == {("new", "service"): {"z": None}}
    sorter().place_waiting(found)
    assert [(each.reason, each.items) for each in found.rejects] == [
        ("z: new has no room for z", 1)
    ]


def test_a_time_that_cannot_be_is_refused_for_each_of_its_values() -> None:
    found = sorter().sort(
        [delivery("city/a/telemetry", b'{"ts": 99999999999999, "values": {"x": 1, "y": 2}}')]
    )
    assert [each.items for each in found.rejects] == [2]
    assert "in the future" in found.rejects[0].reason
    found = sorter().sort([delivery("city/a/telemetry", b'{"ts": -5, "values": {"x": 1}}')])
    assert "is before 1970-01-01" in found.rejects[0].reason


def test_a_value_that_nothing_could_add_up_is_refused_and_its_neighbours_are_not() -> None:
    payload = b'{"ts": 1000, "values": {"x": 1.7e308, "y": 2}}'
    found = sorter().sort([delivery("city/a/telemetry", payload)])
    assert found.frame().tolist() == [(2, 10**6, 2.0)]
    assert [each.reason for each in found.rejects] == ["x: 1.7e+308 is beyond 1e+100"]


def test_a_codec_that_fails_costs_its_own_message_alone() -> None:
    def broken(_place: Place, _payload: bytes, _now: int, /) -> Decoded:
        raise ZeroDivisionError

    topic = "city/{asset}/broken"
    rule = Rule(topic, compiled(topic)[0], "broken", broken, "{asset}", None, "unknown")
    found = sorter(routes=Routes([rule, *ROUTES.rules])).sort(
        [
            delivery("city/a/broken", b"1"),
            delivery("city/a/telemetry", b'{"ts": 1000, "values": {"x": 1}}'),
        ]
    )
    assert [each.reason for each in found.rejects] == ["its codec failed: ZeroDivisionError"]
    assert len(found.stream_ids) == 1


def test_a_payload_over_the_bound_is_refused_unread() -> None:
    found = sorter(max_payload=10).sort([delivery("city/a/telemetry", b'{"x":1}' + b" " * 10)])
    assert found.rejects[0].reason == "a payload of 17 bytes is over 10"


def test_a_reject_names_five_reasons_and_counts_the_rest() -> None:
    payload = b'{"values": {%s}}' % b",".join(b'"m%d": "x"' % i for i in range(9))
    found = sorter().sort([delivery("city/a/telemetry", payload)])
    assert found.rejects[0].items == 9
    assert found.rejects[0].reason.endswith("; and 4 more")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["city/a/telemetry", "city//x", "egov/b/status", "x"]),
            st.sampled_from([b'{"x":1}', b"{", b"online", b'{"x":"y"}', b'{"new":1}', b"[]"]),
        )
    )
)
def test_everything_is_a_row_a_reject_or_waits(messages: list[tuple[str, bytes]]) -> None:
    found = sorter().sort([delivery(topic, payload) for topic, payload in messages])
    waiting = sum(len(sample.values) for _, _, sample in found.waiting)
    rejected = sum(reject.items for reject in found.rejects)
    assert len(found.stream_ids) + rejected + waiting == len(messages)
    assert found.received == len(messages)


def test_a_unit_becomes_the_streams_and_the_conversion_is_named() -> None:
    payload = b'{"ts": 1000, "values": {"x": 50, "y": 2}, "units": {"x": "[degF]", "y": "V"}}'
    found = sorter(units={1: "Cel", 2: "Cel"}).sort([delivery("city/a/telemetry", payload)])
    assert found.frame().tolist() == [(1, 10**6, 10.0)]
    assert [each.reason for each in found.rejects] == ["y: V cannot be told in Cel"]
    assert found.conversions.keys() == {(1, "[degF]")}
    assert found.received == 2


def test_a_stream_without_a_unit_takes_the_first_it_is_told() -> None:
    payload = b'{"ts": 1000, "values": {"x": 50}, "units": {"x": "kW"}}'
    found = sorter().sort([delivery("city/a/telemetry", payload)])
    assert (found.units, found.conversions) == ({1: "kW"}, {})


def test_the_devices_word_on_quality_goes_with_its_row() -> None:
    payload = b'{"ts": 1000, "values": {"x": 1, "y": 2}, "quality": {"y": "stale"}}'
    quality = sorter().sort([delivery("city/a/telemetry", payload)]).quality()
    assert quality is not None
    assert quality.tolist() == [0, 3]


def test_what_comes_out_of_a_buffer_and_what_nobody_has_claimed_is_put_aside() -> None:
    buffered = b'{"ts": 1000, "values": {"x": 1, "y": 2}, "historical": true}'
    live = b'{"ts": 1000, "values": {"x": 3}}'
    found = sorter(held={"b"}).sort(
        [
            delivery("city/a/telemetry", buffered),
            delivery("city/b/telemetry", live),
            delivery("city/a/telemetry", live),
        ]
    )
    assert [len(each.sample.values) for each in found.held] == [2, 1]
    assert len(found.stream_ids) == 1
    assert found.received == 4
