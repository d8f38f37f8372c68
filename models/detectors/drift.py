"""Away from its days: a stream lies beside what its hours usually bring, little but lastingly.

Slow decay of a sensor, and a level that has shifted. What the hours of the day bring is a line
through a few points of the day, moved slowly, so that a drift of days does not move it along.
"""

from typing import NamedTuple

import numpy as np

from models.detectors import cusum
from models.detectors.glance import Glance, copied, rated
from models.detectors.promise import Bools, Floats, Ints, Rows, Verdicts
from models.reading import DAY

POINTS = 8  # of the day, three hours apart
POINT = DAY // POINTS
MEMORY = 10  # days that what is usual is made of
SCALE_MEMORY = 7  # days
CLIP = 4.0  # scales: a deviation counts no more
LEAP = 10.0  # scales: nor does a leap widen the scale more than this
# Mean deviation over root mean square: 0.8 of a normal distribution. What is still for most of
# the time (rain) and moves much then has no level to drift from.
STEADY = 0.4
DUST = 1e-6  # of a value: a deviation below it is rounding
MANNERS = cusum.Manners(allowance=1.4, clip=CLIP, margin=2.5, memory=100_000, short=200)
# Scales over the allowance, added up: in samples, and in days.
LEAST, LEAST_DAYS = 25.0, 0.07
A_CHANGE = 1.5  # scales: back within so much of the level before, nothing has changed
FARTHER = 2.0  # a drift is told of again when it has come so many times as far
USUAL = 4  # days after which a level that was told of is the usual one
SEEN_MOST = 1_000_000_000


class Usual(NamedTuple):
    """What is usual at the samples' time of day: arrays of n."""

    point: Ints  # of the day, before
    share: Floats  # of the way to the next
    value: Floats


class Drift(Glance):
    """See the module. warm_up samples and warm_up_time microseconds pass before it judges.

    A drift is told of once, and again when it has come twice as far; that a stream came back
    is not told.
    """

    name = "drift"
    layout = np.dtype(
        [
            ("born", "<i8"),
            ("seen", "<i4"),
            ("points", "<f4", POINTS),
            ("scale", "<f4"),  # root of the mean square of the deviations
            ("mean", "<f4"),  # of the deviations, without their sign
            ("shift", "<f4"),  # that was told of, in the unit of the stream
            ("left", "<i4"),  # samples until that is forgotten
            ("sums", np.dtype(cusum.LAYOUT)),
        ],
        align=False,
    )
    alarm = 1.0

    def __init__(self, warm_up: int = 300, warm_up_time: int = 5 * DAY) -> None:
        if warm_up < 1:
            raise ValueError("a drift needs a warm-up of at least 1 sample")
        self.warm_up, self.warm_up_time = warm_up, warm_up_time

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts, and the records after the samples."""
        usual = usually(known, time, value)
        off = value - usual.value
        scale = np.maximum(known["scale"], DUST * np.abs(value) + 1e-30)
        age = time - known["born"]
        warm = (known["seen"] >= self.warm_up) & (age >= self.warm_up_time)
        ready = warm & (known["mean"] > STEADY * known["scale"])
        bar = cusum.Bar(np.maximum(LEAST, LEAST_DAYS * a_day(known, time)), asked)
        sums = cusum.added(known["sums"], off / scale, ready, bar, MANNERS)
        moved = np.where(sums.loud, scale * sums.after["lately"], 0.0)
        shift = known["shift"] + moved
        back = (known["left"] > 0) & (np.abs(shift) < A_CHANGE * scale)
        same = (known["left"] > 0) & (np.abs(shift) < FARTHER * np.abs(known["shift"]))
        news = sums.loud & ~back & ~same
        after = learned(known, time, value, usual, warm)
        after["sums"] = sums.after
        after["points"] += moved[:, None]
        left = np.where(sums.loud & back, 0, np.maximum(known["left"], 1) - 1)
        after["left"] = np.where(news, USUAL * a_day(known, time), left)
        after["shift"] = np.where(after["left"] > 0, np.where(sums.loud, shift, known["shift"]), 0)
        loudness = np.where(news, sums.loudness, 0.0)
        band = MANNERS.clip * scale
        return Verdicts(rated(loudness, self.alarm), usual.value, band, after["left"] > 0), after


def usually(known: Rows, time: Ints, value: Floats) -> Usual:
    """What streams bring at this time of the day; of a new one, what it brings now."""
    point, share = time % DAY // POINT, time % POINT / POINT
    each = np.arange(len(known))
    here, there = known["points"][each, point], known["points"][each, (point + 1) % POINTS]
    between = (1.0 - share) * here + share * there
    return Usual(point, share, np.where(known["seen"] > 0, between, value))


def a_day(known: Rows, time: Ints) -> Ints:
    """How many samples a day has, as far as is known."""
    age = np.maximum(time - known["born"], 1)
    a_day = known["seen"] * (DAY / np.maximum(age, DAY))
    return np.asarray(np.clip(a_day, 1, 1e8).astype(np.int64))


def learned(known: Rows, time: Ints, value: Floats, usual: Usual, warm: Bools) -> Rows:
    """The records after samples, but for what came of their sums."""
    first, seen = known["seen"] == 0, known["seen"].astype(np.float64)
    daily = a_day(known, time)
    after = copied(known)
    after["born"] = np.where(first, time, known["born"])
    after["points"] = np.where(first[:, None], value[:, None], known["points"])
    off = value - usual.value
    most = np.where(warm, CLIP * known["scale"], np.inf)
    off = np.clip(off, -most, most)
    step = off / np.minimum(1.0 + seen / POINTS, 1.0 + MEMORY * daily / POINTS)
    each = np.arange(len(known))
    after["points"][each, usual.point] += (1.0 - usual.share) * step
    after["points"][each, (usual.point + 1) % POINTS] += usual.share * step
    scale = known["scale"].astype(np.float64)
    far = np.minimum(np.abs(value - usual.value), np.where(warm, LEAP * scale, np.inf))
    weight = 1.0 / np.minimum(1.0 + seen, 1.0 + SCALE_MEMORY * daily)
    after["scale"] = np.sqrt(scale**2 + weight * (far**2 - scale**2))
    after["mean"] += weight * (far - known["mean"])
    after["seen"] = np.minimum(known["seen"], SEEN_MOST) + 1
    return after
