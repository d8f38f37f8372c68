"""SenML: nearly valid packs, and what holds for all of them."""

import json
import math
from typing import Any

import cbor2
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ingest.routes import read_routes
from ingest.senml_records import CBOR_LABELS
from models.reading import METRIC_NAME, BadMessage, Decoded

NOW = 1_767_225_600_000_000
ROUTES = read_routes()
LABELS = {name: label for label, name in CBOR_LABELS.items()}


def read(topic: str, payload: bytes) -> Decoded:
    route = ROUTES.routed(topic)
    return route.codec(route.place, payload, NOW)


def as_json(pack: list[dict[str, Any]]) -> bytes:
    return json.dumps(pack).encode()


def as_cbor(pack: list[dict[str, Any]]) -> bytes:
    return cbor2.dumps([{LABELS.get(k, k): v for k, v in each.items()} for each in pack])


def resolved(pack: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pack without base fields (RFC 8428, 4.6), in its own order."""
    base: dict[str, Any] = {"bn": "", "bt": 0, "bu": "", "bv": 0}
    records = []
    for each in pack:
        base |= {label: each[label] for label in ("bn", "bt", "bu", "bv", "bs") if label in each}
        record = {
            "n": base["bn"] + each.get("n", ""),
            "t": base["bt"] + each.get("t", 0),
            "v": base["bv"] + each["v"],
        }
        if unit := each.get("u") or base["bu"]:
            record["u"] = unit
        if "s" in each or "bs" in base:
            record["s"] = base.get("bs", 0) + each.get("s", 0)
        records.append(record)
    return records


NUMBERS = st.integers(-(2**63), 2**63) | st.floats()
NAMES = st.sampled_from(
    ["", "x", "d/", "urn:dev:ow:", "urn:dev:ow:10e2", "3/0", ":", "ä", "x" * 300]
)
FIELDS = {
    **dict.fromkeys(("bn", "n"), NAMES),
    **dict.fromkeys(("bt", "bv", "bs", "v", "s", "t", "ut"), NUMBERS),
    **dict.fromkeys(("bu", "u", "vs"), st.sampled_from(["", "Cel", "%", "y" * 300])),
    "bver": st.sampled_from([5, 10, 11]),
    "vb": st.booleans(),
    "vd": st.just("aGkgCg"),
    "odd": st.none(),
    "odd_": st.none(),
}
RECORDS = st.fixed_dictionaries({}, optional=FIELDS) | st.fixed_dictionaries(
    {"bn": st.just("d/"), "n": NAMES, "v": st.floats(-1e9, 1e9)}, optional={"t": NUMBERS}
)
TOPICS = st.sampled_from(["city/a/senml", "city/g/c/senml", "senml/g"])


@given(topic=TOPICS, pack=st.lists(RECORDS, max_size=5))
@example("senml/g", [{"bn": "d/", "n": "x", "v": 1}, {"n": ":", "v": 1}])
def test_nearly_valid_packs_give_readings_or_a_reason_in_both_forms(
    topic: str, pack: list[dict[str, Any]]
) -> None:
    cbor_topic = topic.replace("senml/", "senml-cbor/").replace("/senml", "/senml-cbor")
    for on, payload in ((topic, as_json(pack)), (cbor_topic, as_cbor(pack))):
        try:
            decoded = read(on, payload)
        except BadMessage:
            continue
        assert decoded.samples or decoded.flaws
        for sample in decoded.samples:
            assert sample.values
            assert all(math.isfinite(value) for value in sample.values.values())
            assert all(METRIC_NAME.fullmatch(metric) for metric in sample.values)
            assert (sample.units or {}).keys() <= sample.values.keys()


@given(payload=st.binary(max_size=64))
def test_any_bytes_are_a_pack_or_a_reason(payload: bytes) -> None:
    for topic in ("senml/g", "senml-cbor/g", "city/a/senml-cbor"):
        try:
            assert isinstance(read(topic, payload), Decoded)
        except BadMessage:
            continue


SMALL = st.integers(-1000, 1000)
VALID = st.fixed_dictionaries(
    {"n": st.sampled_from(["x", "y/z", "w_1"]), "v": SMALL},
    optional={
        "bn": st.sampled_from(["urn:dev:ow:10e2:", "urn:dev:ow:10e2_a:", "urn:dev:mac:77/"]),
        "bt": st.sampled_from([0, -60, 1_767_225_000, 1_767_225_000.5]),
        "bu": st.sampled_from(["Cel", "V"]),
        "bv": SMALL,
        "bs": SMALL,
        "u": st.sampled_from(["%RH", "W"]),
        "s": SMALL,
        "t": st.sampled_from([0, -1, -0.25, 3]),
    },
)


@given(pack=st.lists(VALID, min_size=1, max_size=8))
def test_a_pack_says_what_its_resolved_records_say(pack: list[dict[str, Any]]) -> None:
    pack[0].setdefault("bn", "urn:dev:ow:77:")
    assert read("senml/g", as_json(pack)) == read("senml/g", as_json(resolved(pack)))
    assert read("senml-cbor/g", as_cbor(pack)) == read("senml/g", as_json(pack))


@given(pack=st.lists(VALID, min_size=2, max_size=5), at=st.integers(0, 4))
def test_one_record_that_breaks_a_rule_costs_all_of_them(
    pack: list[dict[str, Any]], at: int
) -> None:
    assume(at < len(pack))
    pack[at] = {**pack[at], "vs": "two values"}
    for topic, payload in (("senml/g", as_json(pack)), ("senml-cbor/g", as_cbor(pack))):
        with pytest.raises(BadMessage, match=f"^record {at + 1}: 2 values$"):
            read(topic, payload)


ITEMS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats()
    | st.text(max_size=3)
    | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(-7, 9) | st.text(max_size=2), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(content=st.lists(ITEMS, max_size=3) | ITEMS)
@example([[2]])
def test_any_cbor_is_a_pack_or_a_reason(content: Any) -> None:
    for topic in ("senml-cbor/g", "city/a/senml-cbor"):
        try:
            assert isinstance(read(topic, cbor2.dumps(content)), Decoded)
        except BadMessage:
            continue
