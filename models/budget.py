"""How loud an alarm has to be, so that a desk gets no more false ones a shift than it was promised.

Loudness is counted in alarms: 1 is just loud enough where nothing more is asked. Of a stream of
exchangeable numbers, the next one is above the k-th largest of n with a probability of at most
k / (n + 1), whatever their distribution (a rank is uniform; conformal prediction, Vovk et al.
2005). With m of them a shift, m k / (n + 1) come through: k follows from the budget.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from models.detectors.ensemble import ALARM
from models.egov.worktime import VIETNAM

# A candidate is written down from here on: two thirds of an alarm, where the ensemble's episodes
# begin (3.56 of 5.42). What is quieter is not known to the past.
FAINTEST = 0.66
# No budget and no feedback asks for less: a score of 0.986, one in 69.
LEAST = 0.8
# None asks for more: a score of 1 - 1.3e-7. A rule's alarm has no loudness and passes any of this.
MOST = 3.0
# Shifts of past that a threshold stands on: two days of three. Before that nothing is changed.
ENOUGH_SHIFTS = 6
LOOK_BACK = timedelta(days=14)
# Above the k-th largest means above it, in the last bits of a number that was written and read.
ABOVE = 1.0 + 1e-9
# A score can be so near to 1 that nothing is left to take a logarithm of: one in 10^15.
NEAREST = 1e-15


class Bound(StrEnum):
    """Why a threshold is what it is."""

    CALIBRATED = "calibrated"  # the window says so, and the promise holds
    LEARNING = "learning"  # too little past: the model's own alarm
    FLOOR = "floor"  # the budget would allow more than the desk does
    CEILING = "ceiling"  # the budget would ask more than is asked: the promise does not hold


class Threshold(NamedTuple):
    """How loud alarms have to be; expected is how many false ones a shift come through.

    Within the window, as its candidates say; more than the budget only at the ceiling or while
    learning.
    """

    factor: float
    bound: Bound
    expected: float


class Shift(NamedTuple):
    """A stretch of a desk's day, from began_at until before ended_at."""

    began_at: datetime
    ended_at: datetime


def loudness(score: float) -> float:
    """How loud a score is, in alarms.

    >>> loudness(0.0), round(loudness(0.995), 6), round(loudness(1 - 0.005**2), 6)
    (0.0, 1.0, 2.0)
    """
    return math.log(max(1.0 - score, NEAREST)) / math.log(1.0 - ALARM) + 0.0


def score_of(factor: float) -> float:
    """The score of what is just loud enough for a factor.

    >>> round(score_of(1.0), 6), round(score_of(2.0), 6)
    (0.995, 0.999975)
    """
    return 1.0 - math.pow(1.0 - ALARM, factor)


def threshold(
    loud: Sequence[float], shifts: float, budget: float, *, least: float = 1.0
) -> Threshold:
    """The threshold of a desk from the loudness of its candidates in so many shifts of past.

    What people called real is none of `loud`. budget is how many false alarms a shift may bring.
    """
    if budget <= 0 or not math.isfinite(budget):
        raise ValueError("a budget is a number above zero")
    if shifts < ENOUGH_SHIFTS:
        return Threshold(1.0, Bound.LEARNING, through(loud, 1.0, shifts))
    wanted = cut(loud, shifts, budget)
    factor = min(max(wanted, least, LEAST), MOST)
    bound = Bound.CEILING if wanted > MOST else Bound.CALIBRATED
    if wanted < factor:
        bound = Bound.FLOOR
    return Threshold(factor, bound, through(loud, factor, shifts))


def cut(loud: Sequence[float], shifts: float, budget: float) -> float:
    """The least factor that keeps the promise: just above the k-th largest; infinite without a k.

    >>> round(cut([1.0, 2.0, 3.0, 4.0], 4, 0.5), 3)
    3.0
    """
    count = len(loud)
    if count == 0:
        return 0.0
    k = math.floor(budget * shifts * (count + 1) / count)
    if k > count:
        return 0.0
    if k < 1:
        return math.inf
    return sorted(loud, reverse=True)[k - 1] * ABOVE


def through(loud: Sequence[float], factor: float, shifts: float) -> float:
    """How many of them a shift are loud enough; 0 without any past."""
    return sum(each >= factor for each in loud) / shifts if shifts > 0 else 0.0


def asked(desks: Sequence[float], feedback: float) -> float:
    """What is asked of a stream: by the strictest of its desks, and by what was said of it.

    >>> asked([1.0, 1.5], 1.2), asked([], 1.0), asked([2.0], 2.0)
    (1.7999999999999998, 1.0, 3.0)
    """
    return min(max(max(desks, default=1.0) * feedback, LEAST), MOST)


def shift_of(moment: datetime, hours: int, first: int, zone: tzinfo = VIETNAM) -> Shift:
    """The shift of a moment; shifts of so many hours begin at `first` of the local day.

    >>> from datetime import UTC
    >>> shift_of(datetime(2026, 1, 1, 22, 30, tzinfo=UTC), 8, 6).began_at.isoformat()
    '2026-01-01T22:00:00+07:00'
    """
    local = moment.astimezone(zone)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=first)
    passed = math.floor((local - start) / timedelta(hours=hours))
    began_at = start + passed * timedelta(hours=hours)
    return Shift(began_at, began_at + timedelta(hours=hours))


def shifts_between(since: datetime, until: datetime, hours: int, first: int) -> Iterator[Shift]:
    """The shifts that begin in [since, until) or are running at since, oldest first."""
    shift = shift_of(since, hours, first)
    while shift.began_at < until:
        yield shift
        shift = Shift(shift.ended_at, shift.ended_at + timedelta(hours=hours))
