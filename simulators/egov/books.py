"""How many dossiers there are, at any moment: counted from the dossiers themselves."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulators.asset import Values
from simulators.dice import Floats, Ints
from simulators.egov.arrivals import DIRECT
from simulators.egov.dossiers import HORIZON, REFUSED, Dossiers, dossiers
from simulators.egov.procedures import columns
from simulators.egov.units import Unit
from simulators.egov.worktime import DAY, NEVER, WORKDAY, after
from simulators.rhythm import LOCAL_OFFSET

SPAN: Final = 14  # days a book is for
KEPT: Final = 600  # books in memory: all offices' of now, and those of the span before
HOUR: Final = 3600.0
QUARTER: Final = 900.0


class Book(NamedTuple):
    """The moments at which something is counted, each sorted: seconds since 1970."""

    received: Floats
    ended: Floats
    returned: Floats
    soon: Floats  # from when on they are due within a working day
    soon_no_more: Floats
    overdue: Floats
    overdue_no_more: Floats
    tickets: Floats  # people at the counter: with a dossier, or for a result


def by_book(unit: Unit, at: Floats) -> Iterator[tuple[Book, NDArray[np.bool_]]]:
    """Yield the books for these moments, each with which of the moments it is for."""
    spans = np.floor((at + LOCAL_OFFSET) / (SPAN * DAY)).astype(np.int64)
    for span in np.unique(spans):
        yield book(unit, int(span)), spans == span


def handled(unit: Unit, at: Floats) -> Values:
    """Return an office's dossiers at moments: two counts of the last hour, three of now.

    A dossier is in process from its acceptance until it is done or withdrawn; due soon within one
    working day of its date; overdue after that date, which a wait for papers has moved on.
    """
    found = {
        name: np.zeros(len(at))
        for name in (
            "dossiers_received", "dossiers_returned", "dossiers_in_process", "dossiers_due_soon",
            "dossiers_overdue",
        )
    }  # fmt: skip
    for each, which in by_book(unit, at):
        now = at[which]
        found["dossiers_received"][which] = within(each.received, now, HOUR)
        found["dossiers_returned"][which] = within(each.returned, now, HOUR)
        found["dossiers_in_process"][which] = standing(each.received, each.ended, now)
        found["dossiers_due_soon"][which] = standing(each.soon, each.soon_no_more, now)
        found["dossiers_overdue"][which] = standing(each.overdue, each.overdue_no_more, now)
    return found


def counted(unit: Unit, what: str, at: Floats, seconds: float) -> Floats:
    """Return how many of something (a part of the book) there were in the last so many seconds."""
    found = np.zeros(len(at))
    for each, which in by_book(unit, at):
        found[which] = within(getattr(each, what), at[which], seconds)
    return found


def within(moments: Floats, at: Floats, seconds: float | Floats) -> Floats:
    """Return how many moments lie in the last so many seconds: (at - seconds, at]."""
    upto = np.searchsorted(moments, at, side="right")
    before = np.searchsorted(moments, at - seconds, side="right")
    return (upto - before).astype(np.float64)


def standing(entered: Floats, left: Floats, at: Floats) -> Floats:
    """Return how many have entered and not left."""
    there = np.searchsorted(entered, at, side="right") - np.searchsorted(left, at, side="right")
    return there.astype(np.float64)


@lru_cache(maxsize=KEPT)
def book(unit: Unit, span: int) -> Book:
    """Return the book of an office for fourteen days, with all that was not over a day before."""
    first = span * SPAN
    found = dossiers(unit, first - HORIZON, first + SPAN)
    found = found.only(found.last != REFUSED)
    over = np.where(found.returned == NEVER, found.ended, found.returned)
    return _book(found.only(over >= (first - 1) * DAY - LOCAL_OFFSET))


def _book(found: Dossiers) -> Book:
    soon = np.maximum(found.accepted, after(found.due, -WORKDAY))
    soon_no_more = np.minimum(found.ended, found.due)
    is_soon, is_overdue = soon < soon_no_more, found.due < found.ended
    returned = found.returned != NEVER
    fetched = (found.channel == DIRECT) & returned & (columns().same_day[found.procedure] == 0)
    tickets = [found.submitted[found.channel == DIRECT], found.returned[fetched]]
    return Book(
        received=_sorted(found.accepted),
        ended=_sorted(found.ended),
        returned=_sorted(found.returned[returned]),
        soon=_sorted(soon[is_soon]),
        soon_no_more=_sorted(soon_no_more[is_soon]),
        overdue=_sorted(found.due[is_overdue]),
        overdue_no_more=_sorted(found.ended[is_overdue]),
        tickets=_sorted(np.concatenate(tickets)),
    )


def _sorted(moments: Ints) -> Floats:
    return np.sort(moments).astype(np.float64)
