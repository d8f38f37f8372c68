"""Jumps: from one sample to the next a stream moved as it hardly ever does.

How large its jumps are is counted by octaves of its usual one. One over a gap may be larger
by as many times as the gap is longer than the stream's pace. Standing still is no jump: a
gauge without rain for weeks does not make the first drop a leap.
"""

from typing import NamedTuple

import numpy as np

from models.detectors import octaves
from models.detectors.glance import Glance, copied, rated
from models.detectors.promise import Bools, Floats, Ints, Rows, Verdicts
from models.reading import DAY, SECOND

OCTAVES = 12
UNIT = 0.5  # of the usual jump is the first octave; the last is 1,000 times as much
MEMORY = 1000  # jumps
FIRST = 20  # jumps, which say what is usual and are not counted themselves
LEAP = 10.0  # usual jumps: a larger one moves what is usual no more than this
PACE_MEMORY = 50  # samples
# After an alarm a jump has to be so many times as loud, which fades from sample to sample.
LOUDER = 1.5
FADED = 0.995
COMMON = 11.0  # nats: of a jump that is common (octaves.is_common) there are never so many
SEEN_MOST = 1_000_000_000  # counts go no further
SHORTEST, LONGEST = 1e-3, 1e9  # seconds: what counts as a gap
BAND = 8.0  # usual jumps: about as rare as an alarm where jumps are normally distributed


class Step(NamedTuple):
    """From the sample before to this one: arrays of n.

    newer says whether there is one; gap is the logarithm of seconds, size the jump in the unit
    of its octaves, 0 where it does not count.
    """

    newer: Bools
    gap: Floats
    jump: Floats
    size: Floats


class Rate(Glance):
    """See the module.

    A jump is odd when so large a one is rarer than one in e^alarm. warm_up jumps and
    warm_up_time microseconds pass before a stream is judged.
    """

    name = "rate"
    layout = np.dtype(
        [
            ("born", "<i8"),
            ("time", "<i8"),  # of the newest sample
            ("value", "<f8"),
            ("seen", "<i4"),
            ("jumps", "<i4"),
            ("pace", "<f4"),  # logarithm of seconds
            ("usual", "<f4"),  # jump
            ("loudest", "<f4"),  # that was said, fading
            ("told", "u1"),  # episodes
            ("reached", "<u2", OCTAVES),
        ],
        align=False,
    )

    def __init__(
        self, alarm: float = 15.0, warm_up: int = 200, warm_up_time: int = 2 * DAY
    ) -> None:
        if alarm <= 0 or warm_up < 1:
            raise ValueError("a jump is odd at more than 0 nats, after a warm-up of 1 at least")
        self.alarm, self.warm_up, self.warm_up_time = alarm, warm_up, warm_up_time

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts, and the records after the samples."""
        step, longer = stepped(known, time, value)
        ready = known["jumps"] >= self.warm_up
        ready &= (time - known["born"] >= self.warm_up_time) & (step.size > 1.0)
        ready &= (asked < COMMON) | ~octaves.is_common(known["reached"], step.size)
        surprise = np.zeros(len(value))
        surprise[ready] = octaves.rareness(known["reached"][ready], step.size[ready])
        loudest = known["loudest"].astype(np.float64)
        loud = surprise >= asked
        news = loud & (surprise >= LOUDER * loudest)
        verdicts = Verdicts(
            rated(np.where(news, surprise, 0.0), self.alarm),
            np.where(known["seen"] > 0, known["value"], value),
            BAND * known["usual"] * longer,
            np.zeros(len(value), bool),
        )
        changed = after(known, time, value, step)
        changed["loudest"] = np.maximum(loudest * FADED, np.where(news, surprise, 0.0))
        begins = news & (loudest < asked / LOUDER)
        changed["told"] = np.minimum(known["told"], 254) + begins
        # A jump that was told of is no habit, unless others were before it.
        habit = ~loud | (begins & (known["told"] > 0))
        octaves.learn(changed["reached"], np.where(habit, step.size, 0.0))
        return verdicts, changed


def stepped(known: Rows, time: Ints, value: Floats) -> tuple[Step, Floats]:
    """The steps to these samples, and how many times longer than usual they took."""
    newer = (known["seen"] > 0) & (time > known["time"])
    gap = np.log(np.clip(np.where(newer, time - known["time"], 0) / SECOND, SHORTEST, LONGEST))
    longer = np.exp(np.maximum(np.where(newer, gap - known["pace"], 0.0), 0.0))
    jump = np.where(newer, np.abs(value - known["value"]) / longer, 0.0)
    usual = known["usual"].astype(np.float64)
    size = np.where(jump > 0, np.maximum(jump / np.where(usual > 0, UNIT * usual, 1e-30), 1.0), 0.0)
    counts = (usual > 0) & (known["jumps"] >= FIRST)
    return Step(newer, gap, jump, np.where(counts, size, 0.0)), longer


def after(known: Rows, time: Ints, value: Floats, step: Step) -> Rows:
    """The records after samples; one that is no newer than the newest changes no record."""
    first = known["seen"] == 0
    newest = step.newer | first
    changed = copied(known)
    changed["born"] = np.where(first, time, known["born"])
    changed["time"] = np.where(newest, time, known["time"])
    changed["value"] = np.where(newest, value, known["value"])
    changed["seen"] = np.minimum(known["seen"], SEEN_MOST) + newest
    changed["pace"] += np.where(
        step.newer, (step.gap - known["pace"]) / np.clip(known["seen"], 1, PACE_MEMORY), 0.0
    )
    jumped = step.jump > 0
    changed["jumps"] = np.minimum(known["jumps"], SEEN_MOST) + jumped
    usual = known["usual"].astype(np.float64)
    jump = np.where(usual > 0, np.minimum(step.jump, LEAP * usual), step.jump)
    weight = np.where(jumped, 1.0 / np.clip(changed["jumps"], 1, MEMORY), 0.0)
    changed["usual"] = usual + weight * (jump - usual)
    return changed
