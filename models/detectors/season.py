"""Odd for the hour of the week: counters, portals and dossiers keep office hours and free days.

An hour is held against the same hour of the same weekday, and while that has hardly been seen,
against the same hour of all working (or all free) days. Holidays are days of their own, a worked
Saturday is an ordinary day; what comes on the first day after a long holiday is wide of the mark
anyway, so that twice as much is allowed, and it teaches nothing.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors import octaves
from models.detectors.glance import Glance, copied, rated
from models.detectors.promise import Bools, Floats, Ints, Rows, Verdicts
from models.reading import DAY, HOUR

THURSDAY = 3  # 1970-01-01 was one; Monday is 0
WEDNESDAY, HOLIDAY = 2, 7  # a worked Saturday is like the one; the other is no weekday
KINDS = 8  # of days
WEEKEND = (5, 6)
REST = 3  # free days in a row, after which people come at once
OCTAVES = 12
UNIT = 0.5  # usual deviations: the first octave
MEMORY = 8  # days of a kind that what is usual is made of
BORROWED = 2  # days of a kind weigh as much as all working (or free) days
# Mean deviation of a count by chance alone, on the scale of `evened`.
COUNTED = 0.8
BAND = 6.0  # usual deviations: about as rare as an alarm
CLIP = 3.0  # usual deviations: nothing teaches more
HELD = 0.5  # of the deviation of an alarm: from there on it goes on
NONE = np.zeros(0, np.int64)


class Hour(NamedTuple):
    """Which hour of what kind of day each moment is: arrays of n."""

    kind: Ints  # a weekday, Monday is 0, or HOLIDAY
    free: Ints  # 1 on weekends and holidays
    hour: Ints
    rested: Bools  # the first working day after a long holiday


class Season(Glance):
    """See the module.

    days pass before a stream is judged. free_days are the holidays, worked_days the working days
    at weekends, both sorted days since 1970, by the city's clock: utc_offset_hours (7 in Vietnam).
    """

    name = "season"
    layout = np.dtype(
        [
            ("born", "<i8"),
            ("seen", "<i4"),
            ("usual", "<f4", (KINDS, 24)),
            ("count", "u1", (KINDS, 24)),  # samples, up to 255
            ("pooled", "<f4", (2, 24)),  # of working days, of free days
            ("spread", "<f4", (2, 24)),  # mean deviation
            ("many", "<u2", (2, 24)),
            ("whole", "?"),
            ("loudest", "<f4"),  # deviation of the alarm that goes on; 0: there is none
            ("reached", "<u2", OCTAVES),
        ],
        align=False,
    )

    def __init__(
        self,
        days: int = 14,
        alarm: float = 10.0,
        free_days: NDArray[np.int64] = NONE,
        worked_days: NDArray[np.int64] = NONE,
        utc_offset_hours: int = 7,
    ) -> None:
        if days < 1:
            raise ValueError("a season takes at least 1 day, of days that are known")
        self.days, self.alarm = days, alarm
        self.free_days, self.worked_days = np.sort(free_days), np.sort(worked_days)
        self.offset = utc_offset_hours * HOUR

    def hours(self, time: Ints) -> Hour:
        """Which hour of what kind of day it is."""
        local = time + self.offset
        day = local // DAY
        kind = self.kind(day)
        before = [self.is_free(self.kind(day - each)) for each in range(1, REST + 1)]
        rested = np.logical_and.reduce(before) & ~self.is_free(kind)
        return Hour(kind, self.is_free(kind).astype(np.int64), local % DAY // HOUR, rested)

    def kind(self, day: Ints) -> Ints:
        """The weekday that a day is like, or HOLIDAY."""
        weekday = (day + THURSDAY) % 7
        worked = np.where(np.isin(weekday, WEEKEND) & among(day, self.worked_days), WEDNESDAY, 0)
        return np.where(among(day, self.free_days), HOLIDAY, np.where(worked, worked, weekday))

    def is_free(self, kind: Ints) -> Bools:
        """Whether people stay at home."""
        return np.isin(kind, (*WEEKEND, HOLIDAY))

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts, and the records after the samples."""
        at, hourly = self.hours(time), an_hour(known, time)
        expected, spread = expectation(known, at, hourly)
        off = np.abs(evened(value, known["whole"]) - evened(expected, known["whole"]))
        off /= np.where(at.rested, 2.0 * spread, spread)
        size = np.minimum(off / UNIT, 2.0**OCTAVES)
        warm = time - known["born"] >= self.days * DAY
        judged = warm & familiar(known, at, hourly)
        surprise = np.zeros(len(value))
        some = judged & (size > 1.0)
        surprise[some] = octaves.rareness(known["reached"][some], size[some])
        loud = surprise >= asked
        goes_on = judged & (off >= HELD * known["loudest"]) & (known["loudest"] > 0)
        news = loud & ~goes_on
        verdicts = Verdicts(
            rated(np.where(news, surprise, 0.0), self.alarm),
            expected,
            BAND * spread * grain(expected, known["whole"]),
            news | goes_on,
        )
        after = learned(known, time, value, at, ~(at.rested | loud | goes_on))
        after["loudest"] = np.where(news, off, np.where(goes_on, known["loudest"], 0.0))
        octaves.learn(after["reached"], np.where(judged & ~loud & ~goes_on, size.clip(1.0), 0.0))
        return verdicts, after


def among(day: Ints, days: Ints) -> Bools:
    """Which days are among some."""
    if not len(days):
        return np.zeros(len(day), bool)
    return np.asarray(days[np.minimum(np.searchsorted(days, day), len(days) - 1)] == day)


def an_hour(known: Rows, time: Ints) -> Floats:
    """How many samples an hour has, as far as is known."""
    age = np.maximum(time - known["born"], DAY)
    return np.asarray(np.clip(known["seen"] * (HOUR / age), 1.0, 1e6))


def expectation(known: Rows, at: Hour, hourly: Floats) -> tuple[Floats, Floats]:
    """What is usual at this hour, and how far from it a stream usually is."""
    each = np.arange(len(known))
    count = known["count"][each, at.kind, at.hour].astype(np.float64)
    own = count / (count + np.minimum(BORROWED * hourly, 255.0))
    usual = known["usual"][each, at.kind, at.hour].astype(np.float64)
    pooled = known["pooled"][each, at.free, at.hour].astype(np.float64)
    expected = own * usual + (1.0 - own) * pooled
    breath = np.where(known["whole"], COUNTED, 0.01 * np.abs(expected) + 1e-9)
    return expected, np.maximum(known["spread"][each, at.free, at.hour], breath)


def familiar(known: Rows, at: Hour, hourly: Floats) -> Bools:
    """Whether this hour was seen on two working (or two free) days."""
    return np.asarray(known["many"][np.arange(len(known)), at.free, at.hour] >= 2 * hourly)


def evened(value: Floats, whole: Bools) -> Floats:
    """Counts on a scale where all are spread alike (Anscombe 1948); other values as they are."""
    return np.where(whole, np.sign(value) * 2.0 * np.sqrt(np.abs(value) + 0.375), value)


def back(evened: Floats, whole: Bools) -> Floats:
    """Values again, of what was evened; counts are not negative.

    >>> back(evened(np.array([7.0, 7.5]), np.array([True, False])), np.array([True, False])).round(6)
    array([7. , 7.5])
    """
    return np.where(whole, np.maximum(np.maximum(evened, 0.0) ** 2 / 4.0 - 0.375, 0.0), evened)


def grain(expected: Floats, whole: Bools) -> Floats:
    """What a unit of that scale is worth, about there."""
    return np.where(whole, np.sqrt(np.abs(expected) + 1.0), 1.0)


def learned(known: Rows, time: Ints, value: Floats, at: Hour, teaches: Bools) -> Rows:
    """The records after samples; what is odd, or was bound to be, moves what is usual little."""
    first = known["seen"] == 0
    after = copied(known)
    after["born"] = np.where(first, time, known["born"])
    after["whole"] = (known["whole"] | first) & (value == np.round(value))
    each, hourly = np.arange(len(known)), an_hour(known, time)
    day, pool = (each, at.kind, at.hour), (each, at.free, at.hour)
    many = np.where(known["whole"] & ~after["whole"], 0, known["many"][pool]).astype(np.float64)
    expected, spread = expectation(known, at, hourly)
    most = np.where(many >= 2 * hourly, CLIP * spread * grain(expected, known["whole"]), np.inf)
    memory = np.where(teaches, 1.0, 10.0) * MEMORY * hourly
    for name, place, count in (("pooled", pool, many), ("usual", day, known["count"][day])):
        before = known[name][place].astype(np.float64)
        weight = 1.0 / np.minimum(count + 1.0, memory)
        off = value - before
        after[name][place] = before + np.where(count == 0, off, weight * np.clip(off, -most, most))
    off = np.abs(evened(value, after["whole"]) - evened(expected, after["whole"]))
    off = np.where(many == 0, 0.0, np.minimum(off, CLIP * np.where(many < 2 * hourly, 9e9, spread)))
    weight = np.where(teaches, 1.0 / np.minimum(many + 1.0, 5.0 * memory), 0.0)
    after["spread"][pool] += weight * (off - known["spread"][pool])
    after["count"][day] = np.minimum(known["count"][day], 254) + 1
    after["many"][pool] = np.minimum(many, 65_534) + 1
    after["seen"] = np.minimum(known["seen"], 1_000_000_000) + 1
    return after
