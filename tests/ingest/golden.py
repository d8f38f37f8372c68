"""Golden payloads: what real devices send, with the readings that have to come of it.

A file is one case: `topic`, `payload` (JSON as it is, or text), what was read `before` it, and
what is `expected`. Times are written in ISO 8601; "arrival" is NOW.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ingest.routes import Routes, read_routes
from models.reading import Decoded, Quality, Sample, microseconds

GOLDEN = Path(__file__).parent.parent / "golden"
NOW = 1_767_225_600_000_000  # 2026-01-01T00:00Z
OWN = GOLDEN / "mapping" / "routes.yaml"  # what an operator would declare

ODD = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["", "ON", "online", "1e999", "2026-01-01", "true", "nan", -1, 1e308, 10**30])
    | st.lists(st.integers(), max_size=3)
    | st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=3)
)


def routes() -> Routes:
    """The table, with codecs that have heard nothing yet, and the declared mappings."""
    return read_routes(OWN)


def cases(convention: str) -> list[Any]:
    """All cases of a convention, each with the name of its file."""
    return [
        {"name": file.stem, **json.loads(file.read_text(encoding="utf-8"))}
        for file in sorted((GOLDEN / convention).glob("*.json"))
    ]


def raw(payload: Any) -> bytes:
    """A payload as bytes: text as it is, everything else as JSON."""
    return payload.encode() if isinstance(payload, str) else json.dumps(payload).encode()


def read(table: Routes, topic: str, payload: bytes, *, again: bool = False) -> Decoded:
    """What a message says. Raises BadMessage."""
    route = table.routed(topic)
    return route.codec(route.place._replace(again=again), payload, NOW)


def decoded(case: Any) -> Decoded:
    """What the last message of a case says, after all before it."""
    table = routes()
    for earlier in case.get("before", []):
        read(table, earlier["topic"], raw(earlier["payload"]))
    return read(table, case["topic"], raw(case["payload"]))


def expected(case: Any) -> Iterator[Sample]:
    """The samples a case asks for."""
    for sample in case["expected"].get("samples", []):
        time = sample["time"]
        yield Sample(
            sample["asset"],
            NOW if time == "arrival" else microseconds(datetime.fromisoformat(time)),
            sample["values"],
            sample.get("units") or None,
            {name: Quality[word] for name, word in sample.get("quality", {}).items()} or None,
        )


def check(case: Any) -> None:
    """Holds a codec to a case, to the last unit and title."""
    said = decoded(case)
    got = [
        each._replace(units=each.units or None, quality=each.quality or None)
        for each in said.samples
    ]
    wanted = case["expected"]
    assert got == list(expected(case))
    assert said.flaws == wanted.get("flaws", [])
    assert (said.parents or {}) == wanted.get("parents", {})
    assert (said.titles or {}) == wanted.get("titles", {})


def places(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything in a document."""
    yield path
    items: Any = ()
    if isinstance(content, dict):
        items = content.items()
    elif isinstance(content, list):
        items = enumerate(content)
    for key, inner in items:
        yield from places(inner, (*path, key))


def changed(content: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A document with another value at one place."""
    if not path:
        return value
    copy = content.copy()
    copy[path[0]] = changed(content[path[0]], path[1:], value)
    return copy


def near_valid(case: Any) -> st.SearchStrategy[bytes]:
    """The payload of a case with one thing in it changed, or cut short."""
    payload = case["payload"]
    ways = [*places(payload)]
    return st.builds(
        lambda way, value: raw(changed(payload, way, value)), st.sampled_from(ways), ODD
    ) | st.integers(0, len(raw(payload))).map(lambda end: raw(payload)[:end])
