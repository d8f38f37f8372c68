"""SenML: the RFC's examples, its rules, and whose reading a record is."""

import base64
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import cbor2
import pytest

from ingest.codecs import senml
from ingest.routes import Route, read_routes
from ingest.senml_records import CBOR_LABELS, NESTED_BYTES
from models.asset import child_name
from models.reading import BadMessage, Decoded, Sample

NOW = 1_767_225_600_000_000
SECOND = 1_000_000
ROUTES = read_routes()
GOLDEN = Path(__file__).parents[1] / "golden" / "senml"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())
LABELS = {name: label for label, name in CBOR_LABELS.items()}


def read(topic: str, payload: bytes) -> Decoded:
    route = ROUTES.routed(topic)
    return route.codec(route.place, payload, NOW)


def as_cbor(pack: list[dict[str, Any]]) -> bytes:
    """A JSON pack in the RFC's CBOR form: numbers for labels, data as bytes."""
    data = [
        {**each, "vd": base64.urlsafe_b64decode(each["vd"] + "==")} if "vd" in each else each
        for each in pack
    ]
    return cbor2.dumps([{LABELS.get(k, k): v for k, v in each.items()} for each in data])


def own(*records: dict[str, Any]) -> Decoded:
    """What a pack says on a device's own topic; in both forms it is the same."""
    pack = list(records)
    told = read("city/a/senml", json.dumps(pack).encode())
    assert read("city/a/senml-cbor", as_cbor(pack)) == told
    return told


def values(*records: dict[str, Any]) -> dict[str, float]:
    """The values of the one moment that a pack tells."""
    (sample,) = own(*records).samples
    return sample.values


def gateway(*records: dict[str, Any]) -> Decoded:
    """What a pack says on a gateway's topic."""
    return read("senml/hub", json.dumps(records).encode())


def refusal(pack: Any, topic: str = "city/a/senml") -> str:
    """Why a whole pack is rejected."""
    payload = pack if isinstance(pack, bytes) else json.dumps(pack).encode()
    with pytest.raises(BadMessage) as caught:
        read(topic, payload)
    return str(caught.value)


def expected(name: str, *, through: str | None) -> Decoded:
    """What a golden pack says: on a gateway's topic, or on the device's own."""
    told = EXPECTED[name]
    names = {each["device"]: child_name("hub", each["device"]) for each in told["samples"]}
    samples = [
        Sample(
            names[each["device"]] if through else "a",
            each.get("time", NOW),
            each["values"],
            each["units"],
        )
        for each in told["samples"]
    ]
    flaws = told.get("flaws", [])
    if not through:
        return Decoded(samples, flaws)
    titles = {asset: device for device, asset in names.items()}
    return Decoded(samples, flaws, dict.fromkeys(titles, through), titles)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_golden_pack_is_read_in_both_forms_on_a_gateways_topic(name: str) -> None:
    payload = (GOLDEN / f"{name}.json").read_bytes()
    assert read("senml/hub", payload) == expected(name, through="hub")
    assert read("senml-cbor/hub", as_cbor(json.loads(payload))) == expected(name, through="hub")


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - {"4-two-devices"}))
def test_a_golden_pack_of_one_device_is_read_on_its_own_topic(name: str) -> None:
    payload = (GOLDEN / f"{name}.json").read_bytes()
    assert read("city/a/senml", payload) == expected(name, through=None)
    child = read("city/hub/b/senml-cbor", as_cbor(json.loads(payload)))
    assert {each.asset for each in child.samples} == {"hub:b"}


def test_the_rfcs_own_cbor_says_what_its_json_says() -> None:
    payload = (GOLDEN / "3-relative-times.cbor").read_bytes()
    assert (len(payload), payload[:8].hex()) == (195, "87a721781b75726e")
    assert bytes.fromhex("f93e00") in payload  # 1.5 as a half float
    assert read("senml-cbor/hub", payload) == expected("3-relative-times", through="hub")


def test_a_child_that_a_topic_names_has_its_gateway_from_the_topic() -> None:
    route = ROUTES.route("city/hub/b/senml")
    assert isinstance(route, Route)
    assert (route.place.asset, route.place.parent) == ("hub:b", "hub")


def test_times_below_two_to_the_28_are_counted_from_now() -> None:
    told = own(
        {"bn": "d/", "n": "x", "v": 1},
        {"n": "x", "v": 2, "t": -10.5},
        {"n": "x", "v": 3, "t": 2**28 - 1},
        {"n": "x", "v": 4, "t": 2**28},
        {"n": "x", "v": 5, "bt": 1_700_000_000.25, "t": -0.25},
    )
    assert [each.time for each in told.samples] == [
        NOW,
        NOW - 10_500_000,
        NOW + (2**28 - 1) * SECOND,
        2**28 * SECOND,
        1_700_000_000 * SECOND,
    ]


def test_records_of_one_moment_are_one_sample() -> None:
    told = own(
        {"bn": "d/", "n": "x", "v": 1, "t": 5},
        {"n": "y", "v": 2},
        {"n": "z", "v": 3, "t": 5},
    )
    assert [each.values for each in told.samples] == [{"x": 1, "z": 3}, {"y": 2}]


def test_a_record_of_base_fields_alone_is_a_header() -> None:
    assert values({"bn": "d/", "bt": 1_700_000_000}, {"n": "x", "v": 1}) == {"x": 1}
    assert refusal([{"bn": "d/"}]) == "a pack without values"


def test_base_values_are_added_and_a_base_sum_gives_every_record_one() -> None:
    assert values({"bn": "d/", "bv": 20, "n": "x", "v": -5}) == {"x": 15}
    told = own({"bn": "d/", "bs": 7, "n": "x", "v": 1}, {"n": "y", "s": 3})
    assert told.samples[0].values == {"x": 1, "x_sum": 7, "y_sum": 10}


def test_the_unit_is_the_records_or_the_bases_and_an_unknown_one_is_none() -> None:
    (sample,) = own(
        {"bn": "d/", "bu": "Cel", "n": "a", "v": 1},
        {"n": "b", "u": "%", "v": 0.5},
        {"n": "c", "u": "furlong", "v": 2},
        {"n": "e", "u": "kWh", "v": 3, "s": 4},
    ).samples
    assert sample.values == {"a": 1, "b": 0.5, "c": 2, "e": 3, "e_sum": 4}
    assert sample.units == {"a": "Cel", "b": "1", "e": "kW.h"}


@pytest.mark.parametrize(
    ("record", "metric"),
    [
        ({"n": "temperature"}, "temperature"),
        ({"bn": "urn:dev:mac:0024befffe804ff1", "n": ":flow"}, "flow"),
        ({"bn": "urn:dev:mac:0024befffe804ff1", "n": "/3303/0/5700"}, "value/3303/0/5700"),
        ({"bn": "urn:dev:mac:", "n": "0024befffe804ff1", "u": "V"}, "voltage"),
        ({"bn": "d", "u": "lx"}, "illuminance"),
        ({"bn": "d"}, "value"),
        ({"n": "urn:dev:ow:10e2073a01080063", "u": "%EL"}, "battery"),
        ({"n": "urn:dev:ow:10e2073a01080063_inner:flow"}, "flow"),
        ({"n": "pump/flow"}, "pump/flow"),
    ],
)
def test_a_metric_is_the_records_own_name_or_what_its_unit_measures(
    record: dict[str, Any], metric: str
) -> None:
    assert values({**record, "v": 1}) == {metric: 1}


def test_a_second_device_on_a_topic_of_one_is_a_flaw() -> None:
    told = own(
        {"bn": "d1:", "n": "x", "v": 1},
        {"bn": "d2:", "n": "x", "v": 2},
        {"bn": "d1/", "n": "y", "v": 3},
    )
    assert told.samples == [Sample("a", NOW, {"x": 1, "y": 3})]
    assert told.flaws == ["x: of another device than d1"]


def test_one_metric_twice_in_a_moment_is_a_flaw() -> None:
    told = own({"bn": "d", "n": "x", "v": 1}, {"n": "x", "v": 2})
    assert told.samples == [Sample("a", NOW, {"x": 1})]
    assert told.flaws == ["x: said twice for one moment"]


def test_a_name_too_long_for_a_metric_is_a_flaw() -> None:
    told = own({"bn": "d/", "n": "x" * 65, "v": 1}, {"n": "x" * 64, "v": 1, "s": 1})
    assert [list(each.values) for each in told.samples] == [["x" * 64]]
    assert told.flaws == [
        f"'{'x' * 65}' is no name of a metric",
        f"{'x' * 64}: too long a name for its sum",
    ]


def test_a_gateway_speaks_for_children_and_for_itself() -> None:
    told = gateway(
        {"n": "uptime", "u": "s", "v": 5},
        {"n": "pump/flow", "v": 1},
        {"bn": "valve-", "n": "open", "vb": True},
        {"bn": "", "n": "urn:dev:ow:10e2:level", "v": 2},
    )
    urn = child_name("hub", "urn:dev:ow:10e2")
    assert told.samples == [
        Sample("hub", NOW, {"uptime": 5}, {"uptime": "s"}),
        Sample("hub:pump", NOW, {"flow": 1}),
        Sample("hub:valve", NOW, {"open": 1}),
        Sample(urn, NOW, {"level": 2}),
    ]
    assert told.parents == {"hub:pump": "hub", "hub:valve": "hub", urn: "hub"}
    assert told.titles == {"hub:pump": "pump", "hub:valve": "valve", urn: "urn:dev:ow:10e2"}


X = {"n": "x", "v": 1}


@pytest.mark.parametrize(
    ("pack", "reason"),
    [
        ([], "an empty pack"),
        ({}, "expected"),
        (5, "expected"),
        ([5], "record 1: expected"),
        ([X, {}], "record 2: no name"),
        ([{"n": "", "v": 1}], "record 1: no name"),
        ([X, {"n": "y"}], "record 2: no value"),
        ([{**X, "vs": "y"}], "record 1: 2 values"),
        ([{**X, "vb": True}], "record 1: 2 values"),
        ([{"n": "x", "vs": "", "vb": True}], "record 1: 2 values"),
        ([{"n": "x" * 65, "v": 1, "vs": ""}], "record 1: 2 values"),
        ([{"n": "x", "v": "1"}], "record 1: v: expected `float`, got `str`"),
        ([{"n": "x", "v": True}], "record 1: v: expected `float`, got `bool`"),
        ([{"n": "x", "v": None}], "record 1: v: expected `float`, got `null`"),
        ([{"n": 5, "v": 1}], "record 1: n: expected `str`, got `int`"),
        ([{"n": "x", "vb": 1}], "record 1: vb: expected `bool`, got `int`"),
        ([{**X, "t": "now"}], "record 1: t: expected `float`, got `str`"),
        ([X, {**X, "must_": 1}], "record 2: 'must_' must be understood"),
        ([{**X, "bver": 11}], "version 11: we read up to 10"),
        ([{**X, "bver": 0}], "version 0"),
        ([{**X, "bver": 5}, {**X, "bver": 10}], "record 2: version 10 in a pack of version 5"),
        ([X, {**X, "bver": 9}], "record 2: version 9 in a pack of version 10"),
        ([{"n": "ä", "v": 1}], "record 1: 'ä' is no name"),
        ([{"n": "-x", "v": 1}], "record 1: '-x' is no name"),
        ([{"n": "x y", "v": 1}], "is no name"),
        ([{"bn": "d ", "n": "x", "v": 1}], "'d ' is no base name"),
        ([{"bn": "d", "n": "x\n", "v": 1}], "is no name"),
        ([{"n": "x" * 256, "v": 1}], "is no name"),
        ([{**X, "u": "x" * 256}], "is no unit"),
        ([{**X, "bt": 1e300}], "a time of 1e+300 s"),
        ([{**X, "bt": -1e300}], "a time of -1e+300 s"),
        ([{**X, "bv": 1.5e308, "v": 1.5e308}], "record 1: a value that is not finite"),
        ([{"n": "x", "s": 1.5e308, "bs": 1.5e308}], "record 1: a value that is not finite"),
        ([X] * 10_001, "a pack of 10001: more than 10000 records"),
    ],
)
def test_what_breaks_a_rule_costs_the_pack(pack: Any, reason: str) -> None:
    assert reason in refusal(pack)
    if isinstance(pack, list) and all(isinstance(each, dict) for each in pack):
        refusal(as_cbor(pack), "city/a/senml-cbor")


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b" ",
        b"[",
        b"\xff",
        b'[{"n":"x","v":NaN}]',
        b'[{"n":"x","v":1e999}]',
        b"[" * 100_000,
        b'[{"n":"x","v":1,"y":' + b"[" * 5000,
    ],
)
def test_what_is_no_json_is_refused(payload: bytes) -> None:
    assert refusal(payload).startswith(("malformed", "an empty payload", "expected"))


@pytest.mark.parametrize(
    "content",
    [
        [{0: "x", 2: math.nan}],
        [{0: "x", 2: math.inf}],
        [{0: "x", 2: 1, 6: math.nan}],
        [{0: "x", 2: 1, -3: math.inf}],
        [{0: "x", 2: 2**70}],
        [{0: "x", 2: Decimal("1e999999")}],
        [{0: "x", 8: 5}],
        [{0: b"x", 2: 1}],
        [{0: "x", 2: 1, "must_": 1}],
        [{"n": "x", "v": 1}],
        [{0: "x", 2: cbor2.CBORTag(1, 5)}],
        {0: "x", 2: 1},
        [[2]],
        [b"\x02"],
        "text",
    ],
)
def test_cbor_that_breaks_a_rule_is_refused(content: Any) -> None:
    assert refusal(cbor2.dumps(content), "city/a/senml-cbor")


def test_bytes_behind_a_cbor_pack_and_labels_twice_are_refused() -> None:
    whole = cbor2.dumps([{0: "x", 2: 1}])
    assert "more than one item" in refusal(whole + whole, "city/a/senml-cbor")
    assert "malformed" in refusal(bytes.fromhex("81a3006178020102fa40000000"), "city/a/senml-cbor")


def test_cbor_numbers_may_be_decimal_fractions_and_labels_unknown() -> None:
    content = [{0: "x", 2: Decimal("1.5"), 77: 1, "theirs": {"a": 1}, 1.5: None}]
    assert read("city/a/senml-cbor", cbor2.dumps(content)).samples == [Sample("a", NOW, {"x": 1.5})]


def test_a_cbor_pack_of_keys_with_one_hash_is_refused_before_it_costs_anything() -> None:
    keys = (
        bytes([0x90]) + bytes(0x20 | (at >> bit & 1) for bit in range(16)) for at in range(9999)
    )
    payload = b"\x81\xb9\x27\x0f" + b"".join(key + b"\x00" for key in keys)
    assert len(payload) > NESTED_BYTES
    assert "malformed" in refusal(payload, "city/a/senml-cbor")


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"form": "xml"}, "json or cbor"),
        ({"names": "people"}, "metrics or devices"),
        ({"scale": 2}, "senml knows no scale"),
    ],
)
def test_a_route_with_a_wrong_setting_is_refused(settings: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        senml.made(settings)
