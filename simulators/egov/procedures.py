"""What can be applied for where, and by when it is promised: a table with dates of validity.

Codes, titles and times are made up after what such offices handle; the real ones are the
province's to import.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from simulators.dice import Floats, Ints

FILE: Final = Path(__file__).with_name("procedures.csv")
_EPOCH: Final = date(1970, 1, 1)
_ALWAYS: Final = (-(1 << 30), 1 << 30)
_OLDEST: Final = (date(2000, 1, 1) - _EPOCH).days  # what was valid always is written so


class Procedure(NamedTuple):
    """One line of the table; days are counted from 1970, the last one is valid too."""

    code: str
    title: str
    field: str
    level: str
    department: int  # its number, 0 where it is no department's
    first_day: int
    last_day: int
    promised: int  # so many of the unit; 0 where it is the same day
    unit: str  # same-day, hours or days; of working time
    share: float  # of what its office handles, against the others
    supplement: float  # share of dossiers that lack a paper
    fee: bool
    ministries: tuple[str, ...]  # whose systems are asked about it


class Columns(NamedTuple):
    """The table's columns as arrays."""

    same_day: Ints
    hours: Ints
    days: Ints
    supplement: Floats
    fee: Ints


@cache
def procedures() -> tuple[Procedure, ...]:
    """Return all lines of the table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_procedure(row) for row in csv.DictReader(file))


def sheet() -> Iterator[str]:
    """Yield the table as the lines of the CSV that the store imports."""
    yield "code,title,field,amount,span,valid_from,valid_to,source,mark\n"
    spans = {"days": "working-days", "hours": "hours", "same-day": "same-day"}
    for each in procedures():
        ends = _EPOCH + timedelta(days=each.last_day + 1) if each.last_day < _ALWAYS[1] else ""
        since = _EPOCH + timedelta(days=max(each.first_day, _OLDEST))
        title = f'"{each.title}"'
        yield (
            f"{each.code},{title},{each.field},{each.promised},{spans[each.unit]},{since},{ends},"
            "simulated,design\n"
        )


@cache
def columns() -> Columns:
    """Return what the course of a dossier depends on, by the procedure's place in the table."""
    table = procedures()
    return Columns(
        np.array([each.unit == "same-day" for each in table], np.int64),
        np.array([each.promised * (each.unit == "hours") for each in table], np.int64),
        np.array([each.promised * (each.unit == "days") for each in table], np.int64),
        np.array([each.supplement for each in table]),
        np.array([each.fee for each in table], np.int64),
    )


@cache
def asking(ministry: str) -> frozenset[int]:
    """Return the places in the table of the procedures for which a ministry's system is asked."""
    return frozenset(
        place for place, each in enumerate(procedures()) if ministry in each.ministries
    )


def drawn(level: str, department: int, days: Ints, thrown: Floats) -> Ints:
    """Return a procedure for each day and number in [0, 1): its place in the table."""
    found = np.zeros(len(days), np.int64)
    for first, last in _stretches(level, department):
        within = (days >= first) & (days < last)
        if within.any():
            places, upto = _choice(level, department, first)
            found[within] = places[np.searchsorted(upto, thrown[within], side="right")]
    return found


@cache
def _stretches(level: str, department: int) -> tuple[tuple[int, int], ...]:
    """Return the stretches of days over which an office's part of the table stays the same."""
    mine = [each for each in procedures() if (each.level, each.department) == (level, department)]
    changes = {each.first_day for each in mine} | {each.last_day + 1 for each in mine}
    edges = sorted(changes)
    return tuple(pairwise(edges))


@cache
def _choice(level: str, department: int, day: int) -> tuple[Ints, Floats]:
    valid = [
        (place, each.share)
        for place, each in enumerate(procedures())
        if (each.level, each.department) == (level, department)
        and each.first_day <= day <= each.last_day
    ]
    places, shares = zip(*valid, strict=True)
    upto = np.cumsum(shares) / sum(shares)
    return np.array(places), upto[:-1]


def _procedure(row: dict[str, str]) -> Procedure:
    first, last = _ALWAYS
    return Procedure(
        code=row["code"],
        title=row["title"],
        field=row["field"],
        level=row["level"],
        department=int(row["department"] or 0),
        first_day=_day(row["valid_from"]) if row["valid_from"] else first,
        last_day=_day(row["valid_to"]) if row["valid_to"] else last,
        promised=int(row["promised"]),
        unit=row["unit"],
        share=float(row["share"]),
        supplement=float(row["supplement"]),
        fee=row["fee"] == "1",
        ministries=tuple(name for name in row["ministries"].split(";") if name),
    )


def _day(text: str) -> int:
    return (date.fromisoformat(text) - _EPOCH).days
