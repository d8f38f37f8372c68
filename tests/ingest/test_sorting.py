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


def sorter(max_payload: int = 1000, routes: Routes = ROUTES) -> Sorter:
    return Sorter(
        routes,
        lambda asset: KNOWN.get(asset, {}),
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
    assert found.unknown == {("new", "service"): {"z"}}
    sorter().place_waiting(found, lambda asset: f"{asset} is full")
    assert [(each.reason, each.items) for each in found.rejects] == [("z: new is full", 1)]


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
    rule = Rule(topic, compiled(topic)[0], broken, "{asset}", None, "unknown")
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
    found = sorter().sort(delivery(topic, payload) for topic, payload in messages)
    waiting = sum(len(sample.values) for _, sample in found.waiting)
    rejected = sum(reject.items for reject in found.rejects)
    assert len(found.stream_ids) + rejected + waiting == len(messages)
