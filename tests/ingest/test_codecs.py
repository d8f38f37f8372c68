"""Any bytes on any topic give readings or a reason, nothing else."""

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.codecs import Place, native, status
from ingest.routes import NAMED, read_routes
from models.reading import BadMessage, Decoded, Sample

NOW = 1_767_225_600_000_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["ts", "values", "pm25", ""]), inner)
    ),
    max_leaves=12,
)


ROUTES = read_routes()
PLACE = Place("a", None, {})


def read(topic: str, payload: bytes) -> Decoded:
    found = ROUTES.routed(topic)
    return found.codec(found.place, payload, NOW)


def topics() -> st.SearchStrategy[str]:
    """Topics of every route, with all sorts of levels where it has names."""
    level = st.sampled_from(["a", "station-7", "", "$state", "+"]) | st.text(max_size=4)
    whole = st.sampled_from([rule.topic for rule in ROUTES.rules])
    return st.builds(
        lambda topic, levels: NAMED.sub(lambda _: levels.pop(), topic),
        whole,
        st.lists(level, min_size=6, max_size=6),
    )


@given(
    topic=st.text() | topics(),
    payload=st.binary() | JSON.map(lambda content: json.dumps(content).encode()),
)
@example("city/a/telemetry", b"[" * 100_000)
@example("city/a/telemetry", b'{"ts":1e999,"values":{"a":1}}')
@example("city/a/telemetry", b'{"values":{"a":' + b"9" * 400 + b"}}")
@example("city/a/telemetry", b'{"ts": 1e308, "a": 1}')
@example("city/a/telemetry", b'{"ts": ' + b"9" * 400 + b', "a": 1}')
@example("city/a/telemetry", b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}")
def test_anything_gives_samples_or_a_reason(topic: str, payload: bytes) -> None:
    try:
        decoded = read(topic, payload)
    except BadMessage:
        return
    assert all(isinstance(flaw, str) for flaw in decoded.flaws)
    for sample in decoded.samples:
        assert isinstance(sample, Sample)
        assert isinstance(sample.time, int)
        assert sample.values
        assert all(math.isfinite(value) for value in sample.values.values())


def test_the_usual_form() -> None:
    payload = b'{"ts": 1767225600000, "values": {"pm25": 12.4, "humidity": 0.61}}'
    values = {"pm25": 12.4, "humidity": 0.61}
    assert read("city/air-1/telemetry", payload).samples == [Sample("air-1", NOW, values)]


def test_a_plain_object_has_the_time_of_its_arrival_or_its_own_ts() -> None:
    assert native.decode(PLACE, b'{"pm25": 1}', NOW).samples == [Sample("a", NOW, {"pm25": 1.0})]
    assert native.decode(PLACE, b'{"ts": 5, "pm25": 1}', NOW).samples == [
        Sample("a", 5000, {"pm25": 1.0})
    ]


def test_a_list_gives_a_sample_each() -> None:
    payload = b'[{"ts": 1, "values": {"a": 1}}, {"ts": 2, "values": {"a": 2}}]'
    assert [each.time for each in native.decode(PLACE, payload, NOW).samples] == [1000, 2000]


def test_a_bad_value_is_named_and_does_not_cost_its_neighbours() -> None:
    payload = b'{"ts": 1, "values": {"a": 1, "b": "x", "c": true, "d": null, "e": [1]}}'
    decoded = native.decode(PLACE, payload, NOW)
    assert decoded.samples == [Sample("a", 1000, {"a": 1.0})]
    assert decoded.flaws == [
        "b: expected a number, got text",
        "c: expected a number, got a boolean",
        "d: expected a number, got null",
        "e: expected a number, got a list",
    ]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "an empty payload"),
        (b"\x00", "malformed JSON"),
        (b"\xff\xfe", "malformed JSON"),
        (b'{"a": NaN}', "malformed JSON"),
        (b'{"a": 1e999}', "malformed JSON"),
        (b'{"a": Infinity}', "malformed JSON"),
        (b"{}", "an object without values"),
        (b"[]", "an empty list"),
        (b"5", "expected an object of values, got a number"),
        (b'"x"', "expected an object of values, got text"),
        (b'{"values": 3}', "expected values to be an object, got a number"),
        (b'{"ts": "now", "values": {"a": 1}}', "expected ts in milliseconds, got text"),
        (b'{"ts": null, "a": 1}', "expected ts in milliseconds, got null"),
        (b'{"ts": 1, "values": {}}', "an object without values"),
    ],
)
def test_what_holds_nothing_is_refused_with_the_reason(payload: bytes, reason: str) -> None:
    with pytest.raises(BadMessage, match=reason):
        native.decode(PLACE, payload, NOW)


def test_a_status_is_a_reading_at_its_arrival() -> None:
    assert status.decode(PLACE, b"online", NOW).samples == [Sample("a", NOW, {"online": 1.0})]
    assert status.decode(PLACE, b" OFFLINE\n", NOW).samples == [Sample("a", NOW, {"online": 0.0})]
    with pytest.raises(BadMessage, match="online or offline"):
        status.decode(PLACE, b"asleep", NOW)
