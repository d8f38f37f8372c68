"""Working time of the province's offices: how much of it has passed, and when so much has.

All moments are whole seconds since 1970, so that what is computed is exact.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulators.dice import Floats, Ints
from simulators.rhythm import LOCAL_OFFSET, free

DAY: Final = 86400
# Office hours in local time; Bac Giang's own were not found, so these are the usual ones.
OPENS: Final = 7 * 3600 + 1800
LUNCH: Final = 11 * 3600 + 1800
BACK: Final = 13 * 3600 + 1800
CLOSES: Final = 17 * 3600
MORNING: Final = LUNCH - OPENS
WORKDAY: Final = MORNING + CLOSES - BACK  # seconds of work in a day
CUTOFF: Final = 15 * 3600  # what comes later counts from the next working day on
NEVER: Final = 1 << 40  # a moment that does not come


class _Table(NamedTuple):
    first: int  # day, counted from 1970 in local time
    working: NDArray[np.bool_]
    before: Ints  # seconds worked before each day; one more than there are days


def local_day(at: Ints) -> Ints:
    """Return the days of moments, counted from 1970 in local time."""
    return (at + LOCAL_OFFSET) // DAY


def in_day(day: Ints, seconds: Ints | int) -> Ints:
    """Return the moment so many seconds after a day's midnight."""
    return day * DAY - LOCAL_OFFSET + seconds


def second_of_day(at: Ints) -> Ints:
    """Return the seconds since local midnight."""
    return (at + LOCAL_OFFSET) % DAY


def between(since: Ints, until: Ints) -> Ints:
    """Return the seconds of working time between two moments."""
    table = _spanning(since, until)
    return _worked(table, until) - _worked(table, since)


def after(at: Ints, seconds: Ints | int) -> Ints:
    """Return when so many seconds of working time have passed since a moment.

    What is done as the office closes is done then, and not the next morning.
    """
    table = _spanning(at, at)
    target = _worked(table, at) + seconds
    return _when(table, target, np.searchsorted(table.before, target, side="left") - 1, MORNING)


def opening(at: Ints) -> Ints:
    """Return the first moment of working time that is not before a moment."""
    table = _spanning(at, at)
    target = _worked(table, at)
    day = np.searchsorted(table.before, target, side="right") - 1
    return _when(table, target, day, MORNING - 1)


def next_day(at: Ints) -> Ints:
    """Return when the first working day after a moment's day opens."""
    return opening(in_day(local_day(at), CLOSES))


def is_working(days: Ints) -> NDArray[np.bool_]:
    """Whether offices are open on days, counted from 1970 in local time."""
    found = [not free(datetime.fromtimestamp(int(day) * DAY, UTC).date()) for day in days]
    return np.array(found, bool)


def is_open(at: Floats) -> NDArray[np.bool_]:
    """Whether offices are open at moments."""
    whole = np.floor(at).astype(np.int64)
    if not len(whole):
        return np.zeros(0, bool)
    table = _spanning(whole, whole)
    second = second_of_day(whole)
    hours = ((second >= OPENS) & (second < LUNCH)) | ((second >= BACK) & (second < CLOSES))
    return hours & table.working[local_day(whole) - table.first]


def _worked(table: _Table, at: Ints) -> Ints:
    day, second = local_day(at) - table.first, second_of_day(at)
    done = np.clip(second - OPENS, 0, MORNING) + np.clip(second - BACK, 0, WORKDAY - MORNING)
    return table.before[day] + done * table.working[day]


def _when(table: _Table, target: Ints, day: Ints, morning: int) -> Ints:
    within = target - table.before[day]
    second = np.where(within <= morning, OPENS + within, BACK + within - MORNING)
    return in_day(day + table.first, second)


def _spanning(since: Ints, until: Ints) -> _Table:
    if not len(since):
        return _table(1970, 1971)
    return _table(_year(int(since.min())) - 1, _year(int(until.max())) + 1)


@lru_cache(maxsize=4000)
def _year_of_day(day: int) -> int:
    return datetime.fromtimestamp(day * DAY, UTC).year


def _year(at: int) -> int:
    return _year_of_day((at + LOCAL_OFFSET) // DAY)


@lru_cache(maxsize=16)
def _table(first_year: int, last_year: int) -> _Table:
    start, end = date(first_year, 1, 1), date(last_year, 12, 31)
    days = [start + timedelta(days=number) for number in range((end - start).days + 1)]
    working = np.array([not free(day) for day in days])
    before = np.concatenate([[0], np.cumsum(working * WORKDAY)])
    return _Table((start - date(1970, 1, 1)).days, working, before)
