"""Small deviations that do not end: their sum, held against the largest one of a stream's past.

Two sums are kept, of what lies over and under the usual by more than an allowance (Page 1954).
Streams whose deviations last by nature (weather, seasons of work) have large sums by nature:
an alarm takes `margin` times the largest one that was, and a least sum at any rate.
"""

from typing import NamedTuple

import numpy as np

from models.detectors.glance import copied
from models.detectors.promise import Bools, Floats, Rows

LAYOUT = [
    ("up", "<f4"),
    ("down", "<f4"),
    ("peak", "<f4"),  # of the sums since they were both 0
    ("most", "<f4"),  # peak there was, slowly forgotten
    ("lately", "<f4"),  # mean deviation since they were both 0, or over `short` samples
    ("length", "<i4"),  # samples since then
    ("times", "u1"),  # that there was an alarm
]


FAR = 1e6  # scales: farther off is not farther off


class Manners(NamedTuple):
    """How sums are made; deviations are in scales, lengths in samples.

    A deviation counts by what it is over `allowance`, and up to `clip`. The largest sum is
    forgotten over `memory`; what is called `lately` is a mean over `short` at most.
    """

    allowance: float
    clip: float
    margin: float
    memory: float
    short: float


class Bar(NamedTuple):
    """What an alarm of each stream takes: a sum at any rate, and the loudness (1 usually)."""

    least: Floats
    asked: Floats


class Sums(NamedTuple):
    """What comes of deviations: loudness (1 is an alarm), and which are loud enough."""

    loudness: Floats
    loud: Bools
    after: Rows


def added(known: Rows, deviation: Floats, ready: Bools, bar: Bar, manners: Manners) -> Sums:
    """What comes of one deviation of each stream, and the records after it.

    After an alarm the sums begin anew. Streams that are not ready only get to know themselves.
    """
    deviation = np.clip(deviation, -FAR, FAR)
    step = np.clip(deviation, -manners.clip, manners.clip)
    up = np.maximum(known["up"] + step - manners.allowance, 0.0)
    down = np.maximum(known["down"] - step - manners.allowance, 0.0)
    total = np.maximum(up, down)
    loudness = total / np.maximum(bar.least, manners.margin * known["most"])
    loud = ready & (loudness >= bar.asked)
    begins = (total == 0) | loud
    length = np.where(known["length"] < manners.short, known["length"] + 1, manners.short)
    after = copied(known)
    after["up"], after["down"] = np.where(loud, 0.0, up), np.where(loud, 0.0, down)
    after["lately"] = known["lately"] + (deviation - known["lately"]) / length
    after["length"] = np.where(begins, 0, length)
    # What was told of is no habit, unless it was told of before.
    peak = np.maximum(known["peak"], total)
    over = (total == 0) | ~ready | (loud & (known["times"] > 0))
    most = known["most"] * (1.0 - 1.0 / manners.memory)
    after["most"] = np.where(over, np.maximum(most, peak), most)
    after["peak"] = np.where(over | loud, 0.0, peak)
    after["times"] = np.minimum(known["times"], 254) + loud
    return Sums(loudness, loud, after)
