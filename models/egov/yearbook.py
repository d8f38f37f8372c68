"""What units did of their own on consecutive days, as arrays: sums of periods, and what stood open."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from models.city.series import Floats
from models.egov.daybook import COLUMNS

PLACE = {name: place for place, name in enumerate(COLUMNS)}
QUARTER = 3  # months


class Period(StrEnum):
    """From when on an index counts, up to and with its day."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    def start(self, day: date) -> date:
        """The first day of the period that a day lies in."""
        if self is Period.MONTH:
            return day.replace(day=1)
        if self is Period.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(month=(day.month - 1) // QUARTER * QUARTER + 1, day=1)


class Yearbook(NamedTuple):
    """Counts of units x days x COLUMNS, from a first day on.

    open and overdue are how many dossiers with a deadline each unit had open, and overdue, as the
    last day ended.
    """

    units: tuple[str, ...]
    first: date
    counts: Floats
    open: Floats
    overdue: Floats

    @property
    def place(self) -> dict[str, int]:
        """The place of each unit."""
        return {unit: place for place, unit in enumerate(self.units)}

    def of(self, since: date, day: date) -> Floats:
        """What each unit did from a day to another, both included: units x COLUMNS."""
        first, last = (since - self.first).days, (day - self.first).days
        return np.asarray(self.counts[:, max(first, 0) : max(last + 1, 0)].sum(axis=1))

    def on(self, day: date, what: str) -> Floats:
        """What each unit did of something on a day."""
        return np.asarray(self.counts[:, (day - self.first).days, PLACE[what]])

    def stood(self, day: date) -> tuple[Floats, Floats]:
        """How many each unit had open, and overdue, as a day ended.

        Reckoned back from the last day, so nothing before the day is looked at.
        """
        later = self.counts[:, (day - self.first).days + 1 :].sum(axis=1)
        dated, closed = later[:, PLACE["dated"]], later[:, PLACE["closed"]]
        in_time, fell = later[:, PLACE["closed_in_time"]], later[:, PLACE["fell_late"]]
        return self.open - dated + closed, self.overdue - fell + closed - in_time


def yearbook(
    first: date,
    last: date,
    rows: Iterable[tuple[str, date, Sequence[float]]],
    opened: Iterable[tuple[str, int, int]],
    more: Iterable[str] = (),
) -> Yearbook:
    """A yearbook of rows (unit, day, COLUMNS) and of (unit, open, overdue) as its last day ends.

    more are units that did nothing, and are to be in it.
    """
    rows, opened = list(rows), list(opened)
    units = tuple(sorted({row[0] for row in rows} | {each[0] for each in opened} | set(more)))
    place = {unit: number for number, unit in enumerate(units)}
    counts = np.zeros((len(units), (last - first).days + 1, len(COLUMNS)))
    for unit, day, numbers in rows:
        counts[place[unit], (day - first).days] = numbers
    standing, overdue = np.zeros(len(units)), np.zeros(len(units))
    for unit, number, late in opened:
        standing[place[unit]], overdue[place[unit]] = number, late
    return Yearbook(units, first, counts, standing, overdue)


class Rollup(NamedTuple):
    """What of each unit counts in whom on a day: `whole` x units."""

    whole: tuple[str, ...]
    matrix: Floats

    def up(self, numbers: Floats) -> Floats:
        """The units' own numbers, each with all that counts in it."""
        return np.asarray(self.matrix @ numbers)


def rollup(
    units: Sequence[str], shares: Iterable[tuple[str, str, float]], whole: Iterable[str] = ()
) -> Rollup:
    """A roll-up of shares (unit, counted in, share); of these wholes only, where some are named."""
    place = {unit: number for number, unit in enumerate(units)}
    wanted = set(whole)
    kept = [each for each in shares if not wanted or each[1] in wanted]
    names = tuple(sorted({above for _, above, _ in kept} | wanted))
    rows = {name: number for number, name in enumerate(names)}
    matrix = np.zeros((len(names), len(units)))
    for unit, above, share in kept:
        if unit in place:
            matrix[rows[above], place[unit]] = share
    return Rollup(names, matrix)


Pair = tuple[Floats, Floats]


def counted(book: Yearbook, since: date, day: date) -> dict[str, Pair]:
    """What dossiers alone say of sub-metrics of the index: numerators and denominators of units.

    On time is whatever ended in time in the period, and what is open and not overdue at its end:
    without an end, the end of the period counts (definition 2.1). Online is the share of what was
    received; whether its result is electronic, dossiers do not tell [D].
    """
    did = book.of(since, day)
    standing, overdue = book.stood(day)
    in_time = did[:, PLACE["closed_in_time"]] + standing - overdue
    return {
        "PROGRESS_ON_TIME": (in_time, did[:, PLACE["closed"]] + standing),
        "ONLINE_DOSSIERS": (did[:, PLACE["online"]], did[:, PLACE["received"]]),
    }


def told_by_others(
    units: Mapping[str, int], counts: Iterable[tuple[str, str, float, float]]
) -> dict[str, Pair]:
    """Counts of other systems (unit, code, numerator, denominator) as arrays; nan where none."""
    found: dict[str, Pair] = {}
    for unit, code, numerator, denominator in counts:
        pair = found.setdefault(code, (np.full(len(units), np.nan), np.full(len(units), np.nan)))
        for array, number in zip(pair, (numerator, denominator), strict=True):
            here = array[units[unit]]
            array[units[unit]] = number if np.isnan(here) else here + number
    return found
