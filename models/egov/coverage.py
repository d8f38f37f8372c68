"""Which units are there: a live figure from their heartbeats, such as 10 of 10 districts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from models.egov.unit import Tree
from models.egov.worktime import Calendar, worked


class Coverage(NamedTuple):
    """How many units are heard of those there are, and the others' codes."""

    kind: str
    heard: int
    of: int
    silent: tuple[str, ...]


def coverage(
    calendar: Calendar,
    tree: Tree,
    heard_at: Mapping[str, datetime],
    now: datetime,
    within: timedelta,
) -> list[Coverage]:
    """How many units of each kind were heard within so much working time, in order of kinds.

    Nights and holidays do not count: a unit that spoke as its office closed is there all night.
    """
    found: dict[str, list[str]] = {}
    missing: dict[str, list[str]] = {}
    for code, unit in sorted(tree.units.items()):
        last = heard_at.get(code)
        there = last is not None and worked(calendar, last, now) <= within
        found.setdefault(unit.kind, []).append(code)
        missing.setdefault(unit.kind, []).extend([] if there else [code])
    return [
        Coverage(kind, len(codes) - len(missing[kind]), len(codes), tuple(missing[kind]))
        for kind, codes in sorted(found.items())
    ]
