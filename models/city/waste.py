"""Waste containers: when one was emptied, when it will be full, and whether it burns.

Fill levels are shares (0 empty to 1 full), temperatures in degrees Celsius. Figures are [D].
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.city.series import Floats, Ints, in_order
from models.reading import HOUR, MINUTE

Fires = NDArray[np.int8]


class Filling(NamedTuple):
    """How a container is known to be emptied, and its filling foreseen.

    Emptied: it holds at least `drop` less than at the reading before, and still does at the
    next one (a lid that is opened is not). Foreseen from at least `fewest` readings since then
    that span `shortest` (microseconds), the newest `most` of them.
    """

    drop: float = 0.3
    fewest: int = 4
    shortest: int = 2 * HOUR
    most: int = 200


class Forecast(NamedTuple):
    """When a container will be full.

    level is what it holds now and rate what it takes in an hour (shares), both robust; full_at
    is in microseconds since 1970, None where it does not fill.
    """

    level: float
    rate: float
    full_at: int | None


class Fire(IntEnum):
    """What a temperature says."""

    UNKNOWN = -1
    NONE = 0
    SMOULDERING = 1
    BURNING = 2


class Heat(NamedTuple):
    """Burning from hot (Cel) on; smouldering where it rose by `rise` (K) within `window` (us).

    A closed container in the sun gets to 55 or 60 Cel, over hours.
    """

    hot: float = 70.0
    rise: float = 10.0
    window: int = 15 * MINUTE


def emptyings(filling: Filling, times: Ints, levels: Floats) -> Ints:
    """The times of the first readings after an emptying, of a series in order.

    One that the next reading has not confirmed yet is not told. Readings that are nan are left
    out. Raises OutOfOrder where the times go back.
    """
    in_order(times, levels)
    there = np.isfinite(levels)
    time, level = times[there], levels[there]
    if level.size < 3:
        return np.empty(0, np.int64)
    before, first, second = level[:-2], level[1:-1], level[2:]
    fell = (before - first >= filling.drop) & (before - second >= filling.drop)
    return time[1:-1][fell]


def forecast(
    filling: Filling, times: Ints, levels: Floats, threshold: float = 1.0
) -> Forecast | None:
    """When a container (its series in order) will hold threshold, by what it took since emptied.

    The rate is the median of the slopes between any two readings (Theil and Sen): up to 29 % of
    the readings may be wrong. full_at is the time of the last reading where threshold is reached
    already; a higher threshold is never reached earlier. None where too little is known since
    it was emptied. Raises OutOfOrder where the times go back.
    """
    emptied = emptyings(filling, times, levels)
    there = np.isfinite(levels)
    if emptied.size:
        there &= times >= emptied[-1]
    time, level = times[there][-filling.most :], levels[there][-filling.most :]
    if time.size < filling.fewest or time[-1] - time[0] < filling.shortest:
        return None
    hours = (time - time[-1]) / HOUR
    rate = median_slope(hours, level)
    now = float(np.median(level - rate * hours))
    return Forecast(now, rate, reached(int(time[-1]), now, rate, threshold))


def median_slope(x: Floats, y: Floats) -> float:
    """The median of the slopes between any two points of different x (there are some)."""
    one, two = np.triu_indices(x.size, 1)
    apart = x[two] - x[one]
    return float(np.median((y[two] - y[one])[apart > 0] / apart[apart > 0]))


# Beyond a year nothing is foreseen.
FORESEEN_HOURS = 366 * 24


def reached(time: int, level: float, rate: float, threshold: float) -> int | None:
    """When a level (at a time, in microseconds) reaches a threshold at a rate an hour."""
    if level >= threshold:
        return time
    if rate <= 0 or threshold - level > rate * FORESEEN_HOURS:
        return None
    return time + round((threshold - level) / rate * HOUR)


def fires(heat: Heat, times: Ints, temperatures: Floats) -> Fires:
    """The Fire of each reading of a series in order; it depends on nothing before its window.

    UNKNOWN where the temperature is nan. Raises OutOfOrder where the times go back.
    """
    in_order(times, temperatures)
    found = np.full(times.shape, Fire.UNKNOWN, np.int8)
    known = np.flatnonzero(np.isfinite(temperatures))
    time, degrees = times[known], temperatures[known]
    first = np.searchsorted(time, time - heat.window)
    for i, start in enumerate(first.tolist()):
        rose = degrees[i] - degrees[start : i + 1].min() >= heat.rise
        hot = degrees[i] >= heat.hot
        found[known[i]] = Fire.BURNING if hot else Fire.SMOULDERING if rose else Fire.NONE
    return found
