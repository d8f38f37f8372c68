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


def shelf(conn: Connection, first: date, today: date) -> Shelf:
    """What the index of the days from first to today is reckoned from."""
    rows = unit_days.between(conn, first, today)
    others = index_tables.counts(conn, first, today)
    book = yearbook(
        first,
        today,
        [(row.unit, row.day, row[2:]) for row in rows],
        dossier_clocks.open_now(conn, today),
        {each.unit for each in others},
    )
    return Shelf(book, others, index_tables.weights(conn), index_tables.grades(conn))


def rollup_of(
    conn: Connection, units: Sequence[str], day: date, whole: Iterable[str] = ()
) -> Rollup:
    """What of these units counts in whom by the tree of a day."""
    return rollup(units, unit_days.shares(conn, day), whole)
