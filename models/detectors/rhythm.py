"""Out of rhythm: samples come faster or slower than they used to, or every now and then not.

One gap is no change of rhythm, however long: silence is told by whoever listens for it. What
counts is that the gaps of late, taken together, are not those of before.
"""

from typing import NamedTuple

import numpy as np

from models.detectors import cusum
from models.detectors.glance import Glance, copied, rated
from models.detectors.promise import Bools, Floats, Ints, Rows, Verdicts
from models.reading import DAY, SECOND

# In logarithms of seconds: a device that is late by a seventh is on time.
JITTER = 0.15
SHORTEST, LONGEST = 1e-3, 1e9  # seconds: what counts as a gap
MANNERS = cusum.Manners(
    allowance=0.5,
    clip=3.0,
    margin=1.5,
    memory=20_000,
    short=20,
)
LEAST = 20.0  # scales over the allowance, added up
A_CHANGE = 1.0  # scales: back within so much of the rhythm before, nothing has changed
MEMORY = 500  # gaps
SEEN_MOST = 1_000_000_000


class Gaps(NamedTuple):
    """From the sample before to this one: arrays of n, the last three in logarithms of seconds.

    newer says whether there is such a gap; off is how far it is from the pace.
    """

    newer: Bools
    gap: Floats
    off: Floats
    scale: Floats


class Rhythm(Glance):
    """See the module. warm_up gaps and warm_up_time microseconds pass before it judges.

    A new rhythm is told of once. It is learned from then on, and is the usual one after `usual`
    samples; where the stream has come back to its old one by then, that is not told.
    """

    name = "rhythm"
    layout = np.dtype(
        [
            ("born", "<i8"),
            ("time", "<i8"),  # of the newest sample
            ("seen", "<i4"),
            ("gaps", "<i4"),  # since it was learned (anew)
            ("pace", "<f4"),  # mean logarithm of the gap in seconds
            ("spread", "<f4"),  # mean deviation from it
            ("before", "<f4"),  # pace, before the change that was told of
            ("left", "<i4"),  # samples until that is forgotten; 0: there is none
            ("sums", np.dtype(cusum.LAYOUT)),
        ],
        align=False,
    )
    alarm = 1.0

    def __init__(self, warm_up: int = 200, warm_up_time: int = 2 * DAY, usual: int = 2000) -> None:
        if warm_up < 2:
            raise ValueError("a rhythm needs a warm-up of at least 2 gaps")
        self.warm_up, self.warm_up_time, self.usual = warm_up, warm_up_time, usual

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts, and the records after the samples; the value plays no part."""
        newer = (known["seen"] > 0) & (time > known["time"])
        gap = np.where(newer, time - known["time"], SECOND) / SECOND
        gap = np.log(np.clip(gap, SHORTEST, LONGEST))
        off = np.where(newer & (known["gaps"] > 0), gap - known["pace"], 0.0)
        ready = newer & (known["gaps"] >= self.warm_up)
        ready &= time - known["born"] >= self.warm_up_time
        scale = np.maximum(known["spread"], JITTER).astype(np.float64)
        bar = cusum.Bar(np.full(len(value), LEAST), asked)
        sums = cusum.added(known["sums"], off / scale, ready, bar, MANNERS)
        lately = known["pace"] + scale * sums.after["lately"]
        back = (known["left"] > 0) & (np.abs(lately - known["before"]) < A_CHANGE * scale)
        news = sums.loud & ~back
        after = self.after(known, time, Gaps(newer, gap, off, scale))
        after["sums"] = sums.after
        after["gaps"][sums.loud] = 0  # it is learned anew
        after["before"] = np.where(news & (known["left"] == 0), known["pace"], known["before"])
        left = np.where(sums.loud & back, 0, np.maximum(known["left"], 1) - 1)
        after["left"] = np.where(news, self.usual, left)
        loudness = np.where(news, sums.loudness, 0.0)
        nothing = np.zeros(len(value))
        return Verdicts(rated(loudness, self.alarm), value, nothing, after["left"] > 0), after

    def after(self, known: Rows, time: Ints, gaps: Gaps) -> Rows:
        """The records after samples, but for what came of their sums."""
        first, known_gaps = known["seen"] == 0, known["gaps"]
        after = copied(known)
        after["born"] = np.where(first, time, known["born"])
        after["time"] = np.where(first | gaps.newer, time, known["time"])
        after["seen"] = np.minimum(known["seen"], SEEN_MOST) + 1
        after["gaps"] = np.minimum(known_gaps, SEEN_MOST) + gaps.newer
        # A running mean at first; later a gap out of all proportion moves it as a large one does.
        most = np.where(known_gaps < self.warm_up, np.inf, MANNERS.clip * gaps.scale)
        step = np.clip(gaps.off, -most, most)
        weight = np.where(gaps.newer, 1.0 / np.clip(known_gaps + 1, 1, MEMORY), 0.0)
        begins = gaps.newer & (known_gaps == 0)
        after["pace"] = np.where(begins, gaps.gap, known["pace"] + weight * step)
        after["spread"] += weight * (np.abs(step) - known["spread"])
        return after
