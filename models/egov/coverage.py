"""Which units are there: a live figure from their heartbeats, such as 10 of 10 districts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from models.egov.worktime import Calendar, worked

SILENT = timedelta(minutes=30)  # working time without a word, by default [D]
TITLES = {
    "province": ("Cấp tỉnh", "Province"),
    "department": ("Sở, ngành", "Departments"),
    "district": ("Huyện, thành phố", "Districts"),
    "commune": ("Xã, phường, thị trấn", "Communes"),
}


class Coverage(NamedTuple):
    """How many units are heard of those there are, and the others' codes."""

    kind: str
    heard: int
    of: int
    silent: tuple[str, ...]


def coverage(
    calendar: Calendar,
    kinds: Mapping[str, str],
    heard_at: Mapping[str, datetime],
    now: datetime,
    within: timedelta,
) -> list[Coverage]:
    """How many units of each kind (by code) were heard within so much working time, by kind.

    Nights and holidays do not count: a unit that spoke as its office closed is there all night.
    """
    found: dict[str, list[str]] = {}
    missing: dict[str, list[str]] = {}
    for code, kind in sorted(kinds.items()):
        last = heard_at.get(code)
        there = last is not None and worked(calendar, last, now) <= within
        found.setdefault(kind, []).append(code)
        missing.setdefault(kind, []).extend([] if there else [code])
    return [
        Coverage(kind, len(codes) - len(missing[kind]), len(codes), tuple(missing[kind]))
        for kind, codes in sorted(found.items())
    ]
