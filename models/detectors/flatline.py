"""Stuck: a value stands longer than the stream's own values ever do.

A run is a stretch of equal values. How far a stream's runs reach is counted by octaves of
their length, so that one that repeats itself by nature (whole numbers, coarse steps) is held
against its own habit. The value a stream rests at (a lamp by day, a gauge without rain, a
counter at night) may stand as long as it likes, in the hours of the day it was seen to.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors import octaves
from models.detectors.glance import Glance, copied, put, rated, taken
from models.detectors.promise import UNSURE, Bools, Floats, Ints, Rows, Verdicts
from models.reading import DAY, HOUR

OCTAVES = 12  # runs of 2^11 samples and more are one class: a day and a half of minutes
FEWEST = 20  # runs before anything is said
SAME = 0.002  # of what a stream usually moves by: within it a value is the same
MOVES_MEMORY = 200  # samples
LEAP = 10.0
A_REST = 8  # samples: a shorter run is no rest
# Of all samples, at the resting value: less is a habit of nothing. A day in ten.
REST_SHARE = 0.1
REST_KNOWN = 8 * DAY  # the hours of rest are known when a whole week was seen
ALL_HOURS = (1 << 24) - 1


class Run(NamedTuple):
    """The run each stream is in after a sample: arrays of n.

    stood is its length without the hours in which a stream may rest.
    """

    same: Bools
    length: Ints
    stood: Ints


class Flatline(Glance):
    """See the module.

    A run of `least` samples or more is odd when so long a one is rarer than one in e^alarm. warm_up
    samples and warm_up_time microseconds pass before a stream is judged.
    """

    name = "flatline"
    layout = np.dtype(
        [
            ("born", "<i8"),
            ("seen", "<i4"),
            ("since", "<i8"),  # the run began
            ("held", "<f8"),  # its value
            ("length", "<i4"),
            ("stood", "<i4"),
            ("told", "?"),
            ("times", "u1"),  # that runs were told of
            ("moves", "<f4"),  # from sample to sample, on average
            ("rest", "<f8"),
            ("rested", "<f4"),  # samples, less those of other long runs
            ("hours", "<u4"),  # of the day it rests in, one bit each
            ("reached", "<u2", OCTAVES),  # so many runs had 1, 2, 4, 8... samples
        ],
        align=False,
    )

    def __init__(
        self, least: int = 16, alarm: float = 13.0, warm_up: int = 200, warm_up_time: int = 2 * DAY
    ) -> None:
        if least < 2 or warm_up < 1:
            raise ValueError("a run has at least 2 samples, and a warm-up at least 1")
        self.least, self.alarm = least, alarm
        self.warm_up, self.warm_up_time = warm_up, warm_up_time

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts, and the records after the samples."""
        resting = (value == known["rest"]) & is_habit(known)
        run = self.run(known, time, value, resting)
        surprise = self.surprise(known, time, run, resting)
        loud = surprise >= asked
        news = loud & ~(run.same & known["told"])
        verdicts = Verdicts(
            rated(np.where(news, surprise, 0.0), self.alarm),
            np.where(known["seen"] > 0, known["held"], 0.0),
            known["moves"].astype(np.float64),
            loud,
        )
        return verdicts, self.after(known, time, value, run, news)

    def run(self, known: Rows, time: Ints, value: Floats, resting: Bools) -> Run:
        """The run each stream is in now."""
        near = np.abs(value - known["held"]) <= SAME * known["moves"].astype(np.float64)
        same = near & (known["seen"] > 0)
        may_rest, rests = resting.copy(), np.flatnonzero(resting)
        may_rest[rests] = usual_hour(known["hours"][rests], time[rests])
        return Run(
            same,
            np.where(same, known["length"].astype(np.int64) + 1, 1),
            np.where(may_rest, 0, np.where(same, known["stood"].astype(np.int64) + 1, 1)),
        )

    def surprise(self, known: Rows, time: Ints, run: Run, resting: Bools) -> Floats:
        """How rare so long a run is, in nats."""
        age = time - known["born"]
        may_rest = resting | (known["held"] == 0)
        begun = np.where(run.same, known["since"], time) - known["born"]
        long = run.stood >= self.least
        long &= (known["seen"] >= self.warm_up) & (age >= self.warm_up_time)
        long &= (known["reached"][:, 0] >= FEWEST) & ~(may_rest & (begun < REST_KNOWN))
        surprise = np.full(len(known), UNSURE)
        which = np.flatnonzero(long)
        if len(which):
            stood = run.stood[which].astype(np.float64)
            surprise[which] = octaves.rareness(known["reached"][which], stood)
        return surprise

    def after(self, known: Rows, time: Ints, value: Floats, run: Run, news: Bools) -> Rows:
        """The records after samples."""
        new = known["seen"] == 0
        over = ~run.same & ~new
        after = copied(known)
        finish(after, over, time)
        after["born"] = np.where(new, time, known["born"])
        after["seen"] = np.minimum(known["seen"], 2_000_000_000 - 1) + 1
        after["since"] = np.where(run.same, known["since"], time)
        after["held"] = np.where(run.same, known["held"], value)
        after["length"] = np.minimum(run.length, 2_000_000_000)
        after["stood"] = np.minimum(run.stood, 2_000_000_000)
        after["told"] = news | (run.same & known["told"])
        after["moves"] = np.where(over, moved(known, value), known["moves"])
        return after


def moved(known: Rows, value: Floats) -> Floats:
    """What streams move by, after samples; a leap counts no more than LEAP moves."""
    usual = known["moves"].astype(np.float64)
    move = np.abs(value - known["held"])
    move = np.where(usual > 0, np.minimum(move, LEAP * usual), move)
    weight = 1.0 / np.minimum(known["seen"].astype(np.int64) + 1, MOVES_MEMORY)
    return np.asarray(usual + weight * (move - usual))


def usual_hour(hours: NDArray[np.uint32], time: Ints) -> Bools:
    """Whether a stream rests in this hour of the day, or the one before or after.

    The sun does not keep to hours.
    """
    bits, hour = hours.astype(np.int64), time % DAY // HOUR
    around = sum((bits >> ((hour + each) % 24)) & 1 for each in (-1, 0, 1))
    return np.asarray(around > 0)


def finish(after: Rows, over: Bools, time: Ints) -> None:
    """Takes in the runs that are over: a rest, or one of the others.

    The first that is told of is neither: one stuck day is no habit.
    """
    length = after["length"].astype(np.int64)
    (long,) = np.nonzero(over & (length >= A_REST))
    if len(long):
        records = taken(after, long)
        rest(records, time[long])
        put(after, long, records)
    known = (after["rested"] > length) | (after["held"] == 0)
    rests = (after["held"] == after["rest"]) & known & is_habit(after)
    counts = over & ~rests & ~(after["told"] & (after["times"] == 0))
    octaves.learn(after["reached"], np.where(counts, length, 0))
    after["times"] = np.minimum(after["times"], 254) + (over & after["told"])


def is_habit(known: Rows) -> Bools:
    """Whether the streams were at their resting value for a good part of all samples."""
    return np.asarray(known["rested"] >= REST_SHARE * known["seen"])


def rest(ended: Rows, time: Ints) -> None:
    """Lets long runs vote which value a stream rests at, and in which hours of the day.

    (A majority vote by length: Boyer and Moore 1981.)
    """
    length = ended["length"].astype(np.float64)
    vote = ended["rested"] + np.where(ended["held"] == ended["rest"], length, -length)
    changed = vote < 0
    ended["rest"] = np.where(changed, ended["held"], ended["rest"])
    ended["hours"] = np.where(changed, 0, ended["hours"])
    ended["rested"] = np.abs(vote)
    calm = (ended["held"] == ended["rest"]) & ~ended["told"]
    ended["hours"] |= np.where(calm, hours_between(ended["since"], time), 0).astype(np.uint32)


def hours_between(begin: Ints, end: Ints) -> Ints:
    """The hours of the day from one moment to another, one bit each."""
    first = begin % DAY // HOUR
    many = np.clip(end // HOUR - begin // HOUR + 1, 1, 24)
    straight = ((np.int64(1) << many) - 1) << first
    return np.asarray((straight | (straight >> 24)) & ALL_HOURS)
