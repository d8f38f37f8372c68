"""How many dossiers will be overdue at the same hour of each of the next five working days.

Dossiers are told by three moments on the axis of working time (see position): taken in, due, and
finished (infinite while open). What became of those that had as much time left on past days is
what will become of those of today.
"""

from datetime import date, datetime, time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.city.series import Flags, Floats
from models.egov.worktime import Calendar, days_of, since_first, workday

AHEAD = 5  # working days
PAST = 60  # working days that are learned from [D]
LEAST_PAST = 10  # of them there must be so many, behind which AHEAD more are known
# Classes of working days left until a dossier is due; below 0 it is overdue already.
CLASSES = np.array([-20.0, -10, -5, -3, -2, -1, -0.5, 0, 0.5, 1, 2, 3, 4, 5, 6])
LOW, HIGH = 0.1, 0.9  # quantiles of the band
DAY_SECONDS = 86_400.0
EPOCH = date(1970, 1, 1).toordinal()


class TooShort(ValueError):
    """There are not enough days to learn from."""


class Dossiers(NamedTuple):
    """Arrays of one length, in working days on the axis; finished is infinite while open."""

    received: Floats
    due: Floats
    finished: Floats


class Overdue(NamedTuple):
    """Overdue dossiers expected one to five working days ahead, with a band."""

    expected: Floats
    low: Floats
    high: Floats


def position(calendar: Calendar, at: datetime) -> float:
    """A moment on the axis of working time, in working days since the calendar's first."""
    return since_first(calendar, at) / workday(calendar)


def positions(calendar: Calendar, moments: Floats) -> Floats:
    """The positions of many moments (seconds since 1970), as position gives each; nan is infinite."""
    here = np.where(np.isfinite(moments), moments, 0.0) + offset(calendar)
    days = np.floor(here / DAY_SECONDS)
    working = np.array(days_of(calendar).working, np.float64) - EPOCH
    before = np.searchsorted(working, days)
    works = working[np.minimum(before, len(working) - 1)] == days
    clock, done = here - days * DAY_SECONDS, np.zeros(len(moments))
    for opens, closes in calendar.hours:
        since, until = second_of_day(opens), second_of_day(closes)
        done += np.clip(clock - since, 0.0, until - since)
    found = before + np.where(works, done, 0.0) / workday(calendar).total_seconds()
    return np.where(np.isfinite(moments), found, np.inf)


def offset(calendar: Calendar) -> float:
    """How far the calendar's clock is ahead of UTC, in seconds; it knows no summer time."""
    ahead = calendar.zone.utcoffset(datetime(2000, 1, 1))  # noqa: DTZ001 (any day of its own)
    return ahead.total_seconds() if ahead else 0.0


def second_of_day(hour: time) -> float:
    """An hour of the day in seconds since midnight."""
    return hour.hour * 3600.0 + hour.minute * 60.0 + hour.second


def overdue(dossiers: Dossiers, now: float) -> int:
    """How many dossiers are overdue at a position."""
    return int(late_at(dossiers, now).sum())


def forecast(dossiers: Dossiers, now: float, past: int = PAST) -> Overdue:
    """How many will be overdue one to five working days from now.

    Only what was known at now is looked at, whatever the dossiers tell of later. Raises TooShort
    where the first of them was taken in too few working days ago.
    """
    known = seen_at(dossiers, now, past + 2 * AHEAD)
    first = float(dossiers.received.min(initial=now))
    mornings = [now - back for back in range(AHEAD, past + AHEAD) if now - back >= first]
    if len(mornings) < LEAST_PAST:
        raise TooShort(f"{len(mornings)} working days are too few to learn from")
    counted = [followed(known, morning) for morning in mornings]
    there = np.array([each.there for each in counted])
    late = np.array([each.late for each in counted])
    later = np.array([each.later for each in counted])
    share = late.sum(axis=0) / np.maximum(there.sum(axis=0), 1)[:, None]
    told = there @ share + later.mean(axis=0)
    missed = late.sum(axis=1) + later - told
    expected = followed(known, now).there @ share + later.mean(axis=0)
    low, high = np.quantile(missed, [LOW, HIGH], axis=0)
    return Overdue(expected, np.maximum(expected + low, 0.0), np.maximum(expected + high, 0.0))


class Followed(NamedTuple):
    """What became of the dossiers of one past moment.

    there is how many were open, by class of time left; late how many of these were overdue one to
    five days on (classes x 5); later how many overdue then had not been taken in yet (5).
    """

    there: NDArray[np.int64]
    late: NDArray[np.int64]
    later: NDArray[np.int64]


def followed(dossiers: Dossiers, moment: float) -> Followed:
    """What became of the dossiers that were open at a moment, and of those that came after it."""
    size = len(CLASSES) + 1
    received = dossiers.received <= moment
    opened = received & (moment < dossiers.finished)
    left = np.digitize(dossiers.due - moment, CLASSES)
    late, later = [], []
    for ahead in range(1, AHEAD + 1):
        overdue_then = late_at(dossiers, moment + ahead)
        late.append(np.bincount(left[opened & overdue_then], minlength=size))
        later.append(int((overdue_then & ~received).sum()))
    return Followed(
        np.bincount(left[opened], minlength=size), np.stack(late, axis=1), np.array(later)
    )


def late_at(dossiers: Dossiers, moment: float) -> Flags:
    """Which dossiers are open and overdue at a moment."""
    here = (dossiers.received <= moment) & (moment < dossiers.finished)
    return here & (dossiers.due < moment)


def seen_at(dossiers: Dossiers, now: float, back: float) -> Dossiers:
    """The dossiers as they were known at a moment, but for those finished long before it."""
    there = (dossiers.received <= now) & (dossiers.finished >= now - back)
    received, due, finished = (column[there] for column in dossiers)
    return Dossiers(received, due, np.where(finished <= now, finished, np.inf))
