"""Whatever nodes and devices send, in whatever order: readings or a reason, and a memory that holds."""

import math
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from ingest.codecs.sparkplug import Sparkplug, made
from ingest.routes import read_routes
from models.reading import METRIC_NAME, BadMessage, Decoded
from simulators import sparkplug as node
from simulators.sparkplug import Metric

NOW = 1_700_000_000_000_000
AT = NOW // 1000
ROUTES = read_routes()

TOPICS = st.sampled_from(
    [f"g/{message}/{edge}" for message in ("NBIRTH", "NDATA", "NDEATH") for edge in "ef"]
    + [f"g/{message}/e/{device}" for message in ("DBIRTH", "DDATA", "DDEATH") for device in "xy"]
)
NUMBERS = st.integers(0, 3) | st.integers(0, 2**64 - 1)
NAMES = st.sampled_from(["a", "a b", "a_b", "độ", "online", "", "n" * 300, "Node Control/Rebirth"])
METRICS = st.builds(
    Metric,
    value=st.none() | st.floats() | st.text(max_size=3),
    name=st.none() | NAMES,
    alias=st.none() | NUMBERS,
    datatype=st.none() | st.sampled_from([10, 12, 16, 99]),
    at_ms=st.none() | st.just(AT) | NUMBERS,
    historical=st.booleans(),
    unit=st.none() | st.sampled_from(["°C", "people", "", "x" * 99]),
    quality=st.none() | st.sampled_from([0, 192, 500]),
    told_datatype=st.booleans(),
) | st.builds(
    lambda value, name, datatype: Metric(value, name, datatype=datatype),
    st.integers(0, 2**64 - 1),
    st.sampled_from(["bdSeq", "whole"]),
    st.sampled_from([*range(1, 9), 13]),
)
VALID = st.builds(
    node.payload,
    st.lists(METRICS, max_size=6),
    st.none() | st.integers(AT, AT + 9) | NUMBERS,
    st.none() | st.integers(0, 9) | NUMBERS,
)
BROKEN = st.builds(
    lambda whole, at, byte: whole[: at % (len(whole) + 1)] + byte + whole[at % (len(whole) + 1) :],
    VALID,
    st.integers(0, 500),
    st.binary(max_size=2),
)
MESSAGES = st.tuples(
    TOPICS, VALID | BROKEN | st.binary(max_size=40), st.integers(0, 9), st.booleans()
)


def fresh() -> Sparkplug:
    return made({"max_sources": 4, "max_metrics": 20})


def hear(codec: Sparkplug, topic: str, payload: bytes, now: int, *, again: bool) -> Decoded:
    place = ROUTES.routed(f"spBv1.0/{topic}").place
    return codec(place._replace(again=again), payload, now)


@given(st.lists(MESSAGES, max_size=12))
def test_whatever_comes_gives_samples_or_a_reason(
    messages: list[tuple[str, bytes, int, bool]],
) -> None:
    codec = fresh()
    for topic, payload, second, again in messages:
        with suppress(BadMessage):
            decoded = hear(codec, topic, payload, NOW + second * 1_000_000, again=again)
            assert all(isinstance(flaw, str) for flaw in decoded.flaws)
            assert len(decoded.replies) <= (0 if again else 1)
            assert not (again and decoded.memory)
            for sample in decoded.samples:
                assert isinstance(sample.time, int)
                assert sample.values
                assert all(math.isfinite(value) for value in sample.values.values())
                assert all(METRIC_NAME.fullmatch(name) for name in sample.values)
                assert set(sample.units or ()) | set(sample.quality or ()) <= set(sample.values)
        nodes = codec.sources.nodes.values()
        assert codec.sources.count == len(nodes) + sum(len(each.devices) for each in nodes) <= 4
        counted = sum(
            len(each.table) + sum(len(device.table) for device in each.devices.values())
            for each in nodes
        )
        assert codec.sources.metrics == counted == sum(each.metrics for each in nodes) <= 20


@given(st.lists(MESSAGES, max_size=12), st.sampled_from(["g/NDATA/e", "g/DDATA/e/x"]))
def test_what_is_restored_knows_the_same_aliases(
    messages: list[tuple[str, bytes, int, bool]], topic: str
) -> None:
    codec, memory = fresh(), dict[str, bytes | None]()
    for each, payload, second, again in messages:
        with suppress(BadMessage):
            memory |= hear(codec, each, payload, NOW + second, again=again).memory or {}
    restored = fresh()
    restored.restore({key: value for key, value in memory.items() if value is not None})
    call = node.data(0, dict.fromkeys([*range(4), 2**64 - 1], 1.5), AT)
    names = [
        [sorted(sample.values) for sample in hear(each, topic, call, NOW, again=True).samples]
        for each in (codec, restored)
    ]
    assert names[0] == names[1]
