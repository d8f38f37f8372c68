"""Sparkplug B on the wire: golden payloads, the values of a metric, and what a reply looks like."""

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.codecs import Remembering
from ingest.codecs.sparkplug import Sparkplug, made
from ingest.routes import BadRoutes, read_routes
from ingest.sparkplug import values
from ingest.sparkplug.wire import DataType, parsed, rebirth
from models.reading import BadMessage, Decoded, Quality, Sample
from simulators import sparkplug as node

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "sparkplug").glob("*.json"))
NOW = 1_700_000_000_000_000
AT = NOW // 1000


def expected(told: dict[str, Any]) -> Sample:
    quality = {name: Quality[word] for name, word in told.get("quality", {}).items()}
    historical = told.get("historical", False)
    time = told["time_ms"] * 1000
    return Sample(
        told["asset"], time, told["values"], told.get("units"), quality or None, historical
    )


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_golden_payloads_give_the_readings_written_beside_them(file: Path) -> None:
    routes, golden = read_routes(), json.loads(file.read_text(encoding="utf-8"))
    for message in golden["messages"]:
        route = routes.routed(message["topic"])
        payload = bytes.fromhex(message["payload"])
        decoded = route.codec(route.place, payload, golden["arrival_us"])
        assert decoded.samples == [expected(each) for each in message["samples"]], message["note"]
        assert decoded.flaws == message["flaws"]
        assert bool(decoded.replies) == message["asks"]


def test_the_encoder_by_hand_and_protobuf_mean_the_same_bytes() -> None:
    told = parsed(node.birth(7, 3, [("a", 1.5), ("b c", -2.0)], AT))
    assert (told.seq, told.timestamp) == (7, AT)
    assert [metric.name for metric in told.metrics[2:]] == ["a", "b c"]
    assert [metric.alias for metric in told.metrics[2:]] == [1, 2]
    assert [metric.double_value for metric in told.metrics[2:]] == [1.5, -2.0]
    assert node.birth(7, 3, [("a", 1.5), ("b c", -2.0)], AT) == told.SerializeToString()


def test_a_request_for_rebirth_is_the_command_of_the_specification() -> None:
    told = parsed(rebirth(AT))
    (metric,) = told.metrics
    assert metric.name == "Node Control/Rebirth"
    assert metric.datatype == DataType.BOOLEAN
    assert metric.boolean_value is True
    assert (told.timestamp, metric.timestamp) == (AT, AT)


def test_the_host_says_that_it_is_there_and_its_will_takes_that_back() -> None:
    codec = made({"host": "ops-1"})
    (greeting,) = codec.greeting(NOW)
    farewell = codec.farewell(NOW)
    assert greeting.topic == farewell.topic == "spBv1.0/STATE/ops-1"
    assert greeting.payload == b'{"online":true,"timestamp":1700000000000}'
    assert farewell.payload == b'{"online":false,"timestamp":1700000000000}'
    assert isinstance(codec, Remembering)


@pytest.mark.parametrize("host", ["", "a/b", "a+", "#", 5])
def test_a_host_id_that_is_none_is_refused(host: object) -> None:
    with pytest.raises(ValueError, match="sparkplug"):
        made({"host": host})


def test_all_topics_have_one_codec_whatever_its_settings(tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text("- {codec: sparkplug, host: ops-1}")
    routes = read_routes(file)
    codecs = {
        id(routes.routed(f"spBv1.0/g/{message}").codec)
        for message in ("NBIRTH/e", "NDATA/e", "DBIRTH/e/d", "DDATA/e/d")
    }
    assert len(codecs) == 1
    codec = routes.remembering["sparkplug"]
    assert isinstance(codec, Sparkplug)
    assert codec.host == "ops-1"
    assert id(codec) in codecs
    assert {"spBv1.0/+/+/+", "spBv1.0/+/+/+/+"} <= set(routes.topics(remembering=True))
    assert "spBv1.0/STATE/+" in routes.topics(remembering=False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- {codec: sparkplug, host: a/b}", "route 1: sparkplug: 'a/b' is no host id"),
        ("- {codec: sparkplug, hosts: a}", "route 1: sparkplug: .*unknown field"),
        ("- {codec: sparkplug, max_metrics: 0}", "at least 1"),
        ("- {codec: native, host: a}", "native knows no host"),
        ("- {codec: sparkplug, host: a}\n- {codec: sparkplug, host: b}", "route 2: .*come once"),
        ("- {codec: sparkplug}", "a route has a topic and a codec"),
        (
            '- {topic: "a/{edge}", codec: sparkplug, asset: "{edge}", host: a}',
            "in a line without a topic",
        ),
    ],
)
def test_settings_in_the_wrong_place_are_refused(text: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text(text)
    with pytest.raises(BadRoutes, match=reason):
        read_routes(file)


def test_an_operators_topic_needs_the_names_of_a_node(tmp_path: Path) -> None:
    file = tmp_path / "routes.yaml"
    file.write_text('- {topic: "other/{edge}", codec: sparkplug, asset: "{edge}"}')
    route = read_routes(file).routed("other/a")
    with pytest.raises(BadMessage, match="a Sparkplug route names"):
        route.codec(route.place, b"x", NOW)


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("spBv1.0/g/NDATA/e", b"", "an empty payload"),
        ("spBv1.0/g/NDATA/e", b'{"timestamp": 1}', "malformed protobuf"),
        ("spBv1.0/g/NDATA/e", b"\x12\x00" * 10_001, "10001 metrics: more than 10000"),
        ("spBv1.0/g/NDATA/e", b"\x22\x12SPBV1.0_COMPRESSED", "compressed"),
        ("spBv1.0/g/DDATA/e", b"\x18\x01", "'DDATA' is no message of Sparkplug B on this topic"),
        ("spBv1.0/g/NDATA/e/d", b"\x18\x01", "'NDATA' is no message"),
        ("spBv1.0/g/HELLO/e", b"\x18\x01", "'HELLO' is no message"),
        ("spBv1.0/g/NDEATH/e", b"\x18\x01", "a death without bdSeq"),
        ("spBv1.0/g/NBIRTH/e", b"\x18\xac\x02", "seq 300 is over 255"),
        ("spBv1.0/g+/NBIRTH/e", b"\x18\x01", "an id of Sparkplug has no"),
        ("spBv1.0/g/NDATA/e#", b"\x18\x01", "an id of Sparkplug has no"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(
    topic: str, payload: bytes, reason: str
) -> None:
    route = read_routes().routed(topic)
    with pytest.raises(BadMessage, match=reason):
        route.codec(route.place, payload, NOW)


def test_commands_are_nobodys_readings() -> None:
    for topic in ("spBv1.0/g/NCMD/e", "spBv1.0/g/DCMD/e/d", "spBv1.0/STATE/cityops"):
        route = read_routes().routed(topic)
        assert route.codec(route.place, b"anything", NOW) == Decoded([], [])


@pytest.mark.parametrize(
    ("raw", "datatype", "carrier", "value"),
    [
        (0x7F, DataType.INT8, 32, 127.0),
        (0x80, DataType.INT8, 32, -128.0),
        (0xFFFFFF80, DataType.INT8, 32, -128.0),
        (0xFFFF, DataType.INT16, 32, -1.0),
        (0xFFFFFFFF, DataType.INT32, 32, -1.0),
        (2**64 - 1, DataType.INT32, 64, -1.0),
        (2**63, DataType.INT64, 64, -(2.0**63)),
        (2**64 - 1, DataType.UINT64, 64, 2.0**64),
        (1, DataType.BOOLEAN, 32, 1.0),
    ],
)
def test_whole_numbers_travel_as_twos_complement(
    raw: int, datatype: DataType, carrier: int, value: float
) -> None:
    assert values.whole(raw, datatype, carrier) == value


@pytest.mark.parametrize(
    ("raw", "datatype"),
    [(300, DataType.INT8), (256, DataType.UINT8), (2, DataType.BOOLEAN), (1, DataType.NONE)],
)
def test_a_whole_number_that_its_datatype_cannot_hold_is_a_flaw(
    raw: int, datatype: DataType
) -> None:
    with pytest.raises(BadMessage):
        values.whole(raw, datatype, 32)


@pytest.mark.parametrize(
    ("code", "quality"),
    [
        (192, Quality.GOOD),
        (203, Quality.GOOD),
        (0, Quality.BAD),
        (500, Quality.STALE),
        (256, Quality.UNCERTAIN),
        (0x40000100, Quality.UNCERTAIN),
        (0x80000200, Quality.BAD),
        (0x80000204, Quality.STALE),
        (2**64 - (2**32 - 0x80000200), Quality.BAD),
    ],
)
def test_qualities_of_the_specification_and_of_ignition(code: int, quality: Quality) -> None:
    assert values.quality_of(code) is quality
