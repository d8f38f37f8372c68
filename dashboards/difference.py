"""What differs between two boards, in lines that a person can read."""

from collections.abc import Iterator
from typing import Any, Final

from dashboards.panels import Json

# Grafana numbers boards itself, and writes down which release they were saved by.
KEPT_BY_GRAFANA: Final = frozenset(
    {"id", "version", "schemaVersion", "pluginVersion", "iteration", "gnetId", "style"}
    | {"fiscalYearStartMonth", "liveNow"}
)
LONGEST: Final = 60  # characters of a value
NAMES: Final = ("title", "name", "refId", "matcher", "id")  # what an entry of a list is known by


def difference(ours: Any, theirs: Any, path: str = "") -> Iterator[str]:
    """A line for each thing that is other there: `path: ours -> theirs`.

    >>> list(difference({"panels": [{"title": "Air", "h": 8}]}, {"panels": [{"title": "Air", "h": 9}]}))
    ['panels[Air].h: 8 -> 9']
    """
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted((ours.keys() | theirs.keys()) - KEPT_BY_GRAFANA):
            yield from one(ours, theirs, key, f"{path}.{key}" if path else key)
    elif isinstance(ours, list) and isinstance(theirs, list) and by_name(ours) and by_name(theirs):
        yield from of_lists(by_name(ours), by_name(theirs), path)
    elif ours != theirs:
        yield f"{path}: {short(ours)} -> {short(theirs)}"


def one(ours: Json, theirs: Json, key: str, path: str) -> Iterator[str]:
    """What differs under one key."""
    if key not in theirs:
        yield f"{path}: {short(ours[key])} is not there"
    elif key not in ours:
        yield f"{path}: {short(theirs[key])} is only there"
    else:
        yield from difference(ours[key], theirs[key], path)


def of_lists(ours: dict[str, Any], theirs: dict[str, Any], path: str) -> Iterator[str]:
    """What differs between two lists of named things, and whether they come in another order."""
    for name in ours:
        yield from one(ours, theirs, name, f"{path}[{name}]")
    for name in theirs.keys() - ours.keys():
        yield f"{path}[{name}]: {short(theirs[name])} is only there"
    if [each for each in ours if each in theirs] != [each for each in theirs if each in ours]:
        yield f"{path}: in another order"


def by_name(things: list[Any]) -> dict[str, Any]:
    """A list of named things by their names; empty where they have none, or one twice."""
    if not all(isinstance(each, dict) for each in things):
        return {}
    for key in NAMES:
        named = {str(each[key]): each for each in things if each.get(key)}
        if len(named) == len(things):
            return named
    return {}


def short(value: Any) -> str:
    """A value on a line."""
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
