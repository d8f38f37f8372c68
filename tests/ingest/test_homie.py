"""Homie: what is remembered of descriptions, across restarts and within bounds."""

from typing import Any

import pytest

from ingest.codecs import Place, Remembering, homie
from ingest.codecs.homie import MAX_ALL, MAX_PROPERTIES, Homie, Property
from models.reading import BadMessage, Quality
from tests.ingest import golden

LEVEL = {"datatype": "float", "unit": "m", "format": "0:12"}


def description(*properties: str, **fields: Any) -> bytes:
    """A $description with these properties of one node."""
    described = dict.fromkeys(properties, fields or LEVEL)
    return golden.raw({"homie": "5.0", "nodes": {"water": {"properties": described}}})


def say(codec: Homie, about: str, payload: bytes, *, again: bool = False) -> Any:
    """A device's word of itself."""
    place = Place("homie:tank", None, {"device": "tank", "attribute": about}, again)
    return codec(place, payload, golden.NOW)


def value(codec: Homie, payload: bytes, name: str = "level") -> Any:
    """A property's value."""
    names = {"device": "tank", "node": "water", "property": name}
    return codec(Place("homie:tank", None, names), payload, golden.NOW)


def described(*properties: str, **fields: Any) -> Homie:
    codec = homie.made({})
    say(codec, "$description", description(*properties, **fields))
    return codec


def test_it_is_a_codec_that_remembers_and_has_nothing_to_publish() -> None:
    codec = homie.made({})
    assert isinstance(codec, Remembering)
    assert (codec.greeting(0), codec.farewell(0)) == ([], None)
    assert set(golden.routes().remembering) >= {"homie"}
    with pytest.raises(ValueError, match="homie knows no x"):
        homie.made({"x": 1})


def test_a_description_survives_a_restart() -> None:
    before, after = homie.made({}), homie.made({})
    memory = say(before, "$description", description("level")).memory
    after.restore(memory)
    assert value(after, b"13") == value(before, b"13")
    sample = value(after, b"13").samples[0]
    assert sample.units == {"water_level": "m"}
    assert sample.quality == {"water_level": Quality.UNCERTAIN}


@pytest.mark.parametrize("memory", [b"", b"\xff", b"[]", b"[" * 9999, b"[1, 2, 3]", b"5"])
def test_a_memory_that_cannot_be_read_is_forgotten(memory: bytes) -> None:
    codec = homie.made({})
    codec.restore({"homie:tank/water/level": memory})
    assert value(codec, b"1").samples[0].units is None


def test_only_what_is_new_of_a_description_is_to_be_remembered() -> None:
    codec = described("level", "full")
    assert say(codec, "$description", description("level", "full")).memory is None
    memory = say(codec, "$description", description("level", "new")).memory
    assert memory["homie:tank/water/full"] is None
    assert set(memory) == {"homie:tank/water/full", "homie:tank/water/new"}


@pytest.mark.parametrize("name", ["a\x00b", "", "ö", "a/b", "x" * 65])
def test_a_property_without_a_proper_name_is_not_remembered(name: str) -> None:
    codec = homie.made({})
    assert len(say(codec, "$description", description(name)).flaws) == 1
    assert codec.devices == {}


def test_a_device_that_is_gone_is_forgotten() -> None:
    codec = described("level")
    assert say(codec, "$description", b"").memory == {"homie:tank/water/level": None}
    assert say(codec, "$description", b"").memory is None
    assert value(codec, b"1").samples[0].units is None
    assert codec.known == 0


def test_a_description_read_again_does_not_undo_a_later_one() -> None:
    codec = described("level")
    assert say(codec, "$description", description("other"), again=True).memory is None
    assert value(codec, b"1").samples[0].units == {"water_level": "m"}


def test_a_state_read_again_is_no_news() -> None:
    assert say(homie.made({}), "$state", b"ready").samples[0].values == {"online": 1.0}
    assert say(homie.made({}), "$state", b"ready", again=True).samples == []
    with pytest.raises(BadMessage, match="no state"):
        say(homie.made({}), "$state", b"asleep")


@pytest.mark.parametrize(
    ("datatype", "payload", "number"),
    [
        ("integer", b"-3", -3.0),
        ("integer", b"3.0", None),
        ("float", b"1e-3", 0.001),
        ("percent", b"55.5", 55.5),
        ("float", b"nan", None),
        ("float", b"1_0", None),
        ("float", b" 1", None),
        ("boolean", b"false", 0.0),
        ("boolean", b"True", None),
        ("float", b"\xff", None),
        ("float", b"9" * 9999, None),
    ],
)
def test_a_value_is_read_by_its_datatype(datatype: str, payload: bytes, number: Any) -> None:
    codec = described("level", datatype=datatype)
    if number is None:
        with pytest.raises(BadMessage, match=f"is no {datatype}"):
            value(codec, payload)
    else:
        assert value(codec, payload).samples[0].values == {"water_level": number}


@pytest.mark.parametrize("datatype", ["string", "enum", "color", "datetime", "duration", "json"])
def test_what_is_no_number_by_its_datatype_is_no_reading(datatype: str) -> None:
    assert value(described("level", datatype=datatype), b"5").samples == []


@pytest.mark.parametrize("payload", [b"", b"\x00"])
def test_an_empty_value_is_no_reading(payload: bytes) -> None:
    assert value(described("level"), payload).samples == []


def test_one_device_describes_so_many_properties_and_no_more() -> None:
    codec = homie.made({})
    many = [f"p{number}" for number in range(MAX_PROPERTIES + 1)]
    with pytest.raises(BadMessage, match="more than 1000 properties"):
        say(codec, "$description", description(*many))
    assert codec.devices == {}


def test_all_devices_together_describe_so_many_properties_and_no_more() -> None:
    codec = homie.made({})
    properties = {f"n/p{number}": Property("float") for number in range(MAX_PROPERTIES)}
    for number in range(MAX_ALL // MAX_PROPERTIES):
        codec.learn(f"homie:d{number}", properties)
    with pytest.raises(BadMessage, match="100000 properties are described already"):
        codec.learn("homie:one-more", {"n/p": Property("float")})
    codec.learn("homie:d0", {})  # what was described anew makes room
    codec.learn("homie:one-more", {"n/p": Property("float")})


@pytest.mark.parametrize("nodes", [[], 5, "x"])
def test_nodes_that_are_no_object_are_refused(nodes: Any) -> None:
    with pytest.raises(BadMessage, match="expected nodes to be an object"):
        say(homie.made({}), "$description", golden.raw({"nodes": nodes}))


def test_a_broken_node_does_not_cost_its_neighbours() -> None:
    nodes = {"a": 5, "b": {"properties": {"x": {}, "y": LEVEL}}, "c": {"properties": []}}
    codec = homie.made({})
    decoded = say(codec, "$description", golden.raw({"nodes": nodes}))
    assert decoded.flaws == [
        "a: expected an object of properties",
        "b/x: no datatype",
        "c: expected an object of properties",
    ]
    assert set(codec.devices["homie:tank"]) == {"b/y"}
