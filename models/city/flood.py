"""Flood alarm levels of a river station: level, historic, rate of rise, and the words for them.

Decision 05/2020/QĐ-TTg of 31 January 2020 gives each station three alarm levels (báo động, BĐ)
in metres. The stations are dated data: limits.newest finds the one in force on a day.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.city.series import Flags, Floats, Ints, floats, given, in_order
from models.reading import HOUR, MINUTE

Levels = NDArray[np.int8]

UNKNOWN = -1  # the level of a height that is missing
GRAIN = 6  # decimals of a metre: beyond them a float is noise


class Station(NamedTuple):
    """A station and the heights (m) of its three alarm levels, and of its record where known.

    In force from valid_from on, until the day before valid_to; None is open.
    """

    name: str
    river: str
    first: float
    second: float
    third: float
    record: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    @property
    def thresholds(self) -> tuple[float, float, float]:
        """The heights (m) of levels 1, 2 and 3."""
        return self.first, self.second, self.third

    def checked(self) -> "Station":
        """This station. Raises ValueError where its levels do not rise."""
        record = np.inf if self.record is None else self.record
        if not self.first < self.second < self.third <= record:
            raise ValueError(f"{self.name}: alarm levels rise from I to III, a record is above")
        return self


class Rules(NamedTuple):
    """How a level is left, and what is a fast rise: all four [D].

    A level is entered at once. It is left when every reading for dwell (microseconds) has been
    lower than its height less hysteresis (m): one wrong reading ends no alarm. The rate of rise is the slope over window
    (microseconds); from fast (m/h) on it is an alarm.
    """

    hysteresis: float = 0.05
    dwell: int = 30 * MINUTE
    window: int = HOUR
    fast: float = 0.3


class State(NamedTuple):
    """Where a station stands: its level, since when, and since when the water has been lower.

    Times are in microseconds since 1970; since is 0 where nothing was known before, lower None
    while the water is not lower.
    """

    level: int = 0
    since: int = 0
    lower: int | None = None


class Course(NamedTuple):
    """What became of a series: the level after each reading, and the state after the last."""

    levels: Levels
    state: State


class Report(NamedTuple):
    """One line for people, in Vietnamese and in English."""

    vi: str
    en: str


def level(station: Station, height: float | None) -> int | None:
    """The alarm level 0 to 3 of one height (m), without any memory; None where it is missing."""
    present = given(height)
    return None if present is None else int(levels(station, floats([present]))[0])


def levels(station: Station, heights: Floats, lowered: float = 0.0) -> Levels:
    """The alarm level of each height (m), thresholds lowered by so many metres; -1 of nan."""
    thresholds = np.round(np.array(station.thresholds) - lowered, GRAIN)
    found = np.searchsorted(thresholds, np.round(heights, GRAIN), side="right")
    return np.where(np.isnan(heights), UNKNOWN, found).astype(np.int8)


def historic(station: Station, heights: Floats) -> Flags:
    """Whether each height (m) reaches the station's record; never where none is known, or nan."""
    record = np.inf if station.record is None else round(station.record, GRAIN)
    return np.round(heights, GRAIN) >= record


def course(station: Station, rules: Rules, state: State, times: Ints, heights: Floats) -> Course:
    """Follows a series (in order) on from a state.

    times are in microseconds since 1970, heights in m; where one is nan, nothing changes. A
    series that is cut anywhere, and gone on with from the state at the cut, gives the same.
    Raises OutOfOrder where the times go back.
    """
    in_order(times, heights)
    reached = levels(station, heights).tolist()
    held = levels(station, heights, rules.hysteresis).tolist()
    now, since, lower = state
    found = np.empty(len(times), np.int8)
    for i, time in enumerate(times.tolist()):
        if reached[i] > now:
            now, since, lower = reached[i], time, None
        elif held[i] >= now:
            lower = None
        elif held[i] != UNKNOWN:
            lower = time if lower is None else lower
            if time - lower >= rules.dwell:
                now, since, lower = held[i], time, None
        found[i] = now
    return Course(found, State(now, since, lower))


def rise(rules: Rules, times: Ints, heights: Floats) -> Floats:
    """The rate of rise (m/h; negative: falling) at each reading of a series in order.

    The least-squares slope over the readings of the window that ends with it. nan where they
    span less than half of the window, and where the height is missing. It depends on nothing
    before that window. Raises OutOfOrder where the times go back.
    """
    in_order(times, heights)
    found = np.full(heights.shape, np.nan)
    known = np.flatnonzero(np.isfinite(heights))
    time, height = times[known], heights[known]
    first = np.searchsorted(time, time - rules.window)
    for i, start in enumerate(first.tolist()):
        span = time[start : i + 1] - time[i]
        if -span[0] * 2 >= rules.window:
            found[known[i]] = slope(span / HOUR, height[start : i + 1])
    return found


def slope(x: Floats, y: Floats) -> float:
    """The slope of the straight line through the points, by least squares."""
    away = x - x.mean()
    return float((away * (y - y.mean())).sum() / (away * away).sum())


def fast_rise(rules: Rules, rates: Floats) -> Flags:
    """Whether each rate (m/h) is an alarm; never where it is nan."""
    return np.round(rates, GRAIN) >= rules.fast


def report(station: Station, height: float | None) -> Report | None:
    """How far the height (m) is above the highest level that it exceeds, as reports write it.

    "<" and how far below where it reaches none, "=" at the very level (to the centimetre).
    None where the height is missing.

    >>> report(Station("Đáp Cầu", "Cầu", 4.30, 5.30, 6.30), 4.37).vi
    '>BĐ1: 0,07'
    """
    reached = level(station, height)
    if height is None or reached is None:
        return None
    which = max(reached, 1)
    away = round(height - station.thresholds[which - 1], 2)
    if away == 0:
        return Report(f"=BĐ{which}", f"=AL{which}")
    sign = ">" if away > 0 else "<"
    number = f"{abs(away):.2f}"
    return Report(f"{sign}BĐ{which}: {number.replace('.', ',')}", f"{sign}AL{which}: {number}")
