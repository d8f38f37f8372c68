"""Reckons days: what every unit did with all below it, and its index."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import numpy as np

from models.egov.daybook import day_of
from models.egov.index766 import Index, Part, Score
from models.egov.unit_index import version
from models.egov.yearbook import Period, Rollup
from services.store import index_tables, unit_days, yearbooks
from services.store.index_tables import Point
from services.store.pool import Connection
from services.store.yearbooks import Shelf

FLOWS = ("received", "online", "accepted", "ended", "early", "on_time", "late", "returned")
TOTAL = "TOTAL"


def reckon(conn: Connection, days: Sequence[date], now: datetime) -> None:
    """Writes the totals and the index of these days, over what they were."""
    if not days:
        return
    first = min(Period.MONTH.start(day) for day in days)
    today = day_of(now)
    shelf = yearbooks.shelf(conn, first, max(days), max(today, *days))
    totals, points = [], []
    for day in days:
        roll = yearbooks.rollup_of(conn, shelf.book.units, day)
        totals += list(totals_of(shelf, roll, day))
        points += list(points_of(shelf, roll, day))
    unit_days.put_totals(conn, days, totals)
    index_tables.put(conn, days, points, now)


def totals_of(shelf: Shelf, roll: Rollup, day: date) -> Iterator[tuple[str, date, Sequence[float]]]:
    """What every unit did on a day with all below it: FLOWS, then what was open and overdue."""
    flows = [shelf.book.on(day, what) for what in FLOWS]
    numbers = roll.up(np.stack([*flows, *shelf.book.stood(day)], axis=1))
    for unit, row in zip(roll.whole, numbers.tolist(), strict=True):
        if any(row):
            yield unit, day, row


def points_of(shelf: Shelf, roll: Rollup, day: date) -> Iterator[Point]:
    """The index of every unit of which anything is assessed, line by line."""
    weights = shelf.weights_of(day)
    for unit, found in shelf.indexes(roll, Period.MONTH.start(day), day).items():
        if found.total.points is not None:
            yield from lines(unit, day, found, version(weights))


def lines(unit: str, day: date, found: Index, since: date) -> Iterator[Point]:
    """The lines of one index: the whole, its groups, and the sub-metrics that are assessed."""
    grade = found.grade
    whole = line(unit, day, TOTAL, found.total, since)
    yield whole._replace(
        grade=grade.name_vi if grade else None, grade_en=grade.name_en if grade else None
    )
    for group, part in found.groups.items():
        yield line(unit, day, group.value, part, since)
    for score in found.scores:
        if score.score is not None:
            yield scored(unit, day, score, since)


def line(unit: str, day: date, code: str, part: Part, since: date) -> Point:
    """A sum of scores."""
    return Point(
        unit, day, code, None, None, part.points, part.assessed, part.max, None, None, since
    )


def scored(unit: str, day: date, score: Score, since: date) -> Point:
    """A sub-metric."""
    most, (numerator, denominator) = score.weight.max, score.counted
    return Point(
        unit, day, score.weight.code, numerator, denominator, score.score, most, most, None, None,
        since,
    )  # fmt: skip
