"""Yearbooks out of the store: what units did, what counts in whom, and the index of any day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from models.city.limits import in_force_on
from models.egov.index766 import Grade, Index, Weight, in_force
from models.egov.unit_index import indexes
from models.egov.yearbook import Pair, Rollup, Yearbook, counted, rollup, told_by_others, yearbook
from services.store import dossier_clocks, index_tables, unit_days
from services.store.index_tables import DatedGrade, OwnCount
from services.store.pool import Connection


class Shelf(NamedTuple):
    """All that the index of the days of a yearbook is reckoned from."""

    book: Yearbook
    others: Sequence[OwnCount]
    weights: Sequence[Weight]
    grades: Sequence[DatedGrade]

    def weights_of(self, day: date) -> tuple[Weight, ...]:
        """The weights of a day; before the first of them there was no index."""
        return in_force(self.weights, day)

    def grades_of(self, day: date) -> list[Grade]:
        """The grades of a day."""
        return [each.grade for each in self.grades if in_force_on(each, day)]

    def counts(self, since: date, day: date) -> dict[str, Pair]:
        """What units count of their own from a day to another, by sub-metric."""
        mine = [
            (each.unit, each.code, each.numerator, each.denominator)
            for each in self.others
            if since <= each.day <= day
        ]
        return counted(self.book, since, day) | told_by_others(self.book.place, mine)

    def indexes(self, roll: Rollup, since: date, day: date) -> dict[str, Index]:
        """The index of each whole of a roll-up."""
        weights, grades = self.weights_of(day), self.grades_of(day)
        return indexes(weights, grades, roll, self.counts(since, day))


def shelf(conn: Connection, first: date, last: date, today: date) -> Shelf:
    """What the index of the days from first to last is reckoned from; last is today at most.

    What stood open then is what stands open now but for what happened since: nothing before first
    is looked at, however long ago anything began.
    """
    rows = unit_days.between(conn, first, last)
    others = index_tables.counts(conn, first, last)
    book = yearbook(
        first,
        last,
        [(row.unit, row.day, row[2:]) for row in rows],
        opened_by(conn, last, today),
        {each.unit for each in others},
    )
    return Shelf(book, others, index_tables.weights(conn), index_tables.grades(conn))


def opened_by(conn: Connection, day: date, today: date) -> list[tuple[str, int, int]]:
    """How many dossiers with a deadline each unit had open, and overdue, as a day ended."""
    later = unit_days.change_after(conn, day, today)
    now = {unit: (opened, late) for unit, opened, late in dossier_clocks.open_now(conn, today)}
    found = []
    for unit in sorted(now.keys() | later.keys()):
        (opened, late), (more, more_late) = now.get(unit, (0, 0)), later.get(unit, (0, 0))
        found.append((unit, opened - more, late - more_late))
    return found


def rollup_of(
    conn: Connection, units: Sequence[str], day: date, whole: Iterable[str] = ()
) -> Rollup:
    """What of these units counts in whom by the tree of a day."""
    return rollup(units, unit_days.shares(conn, day), whole)
