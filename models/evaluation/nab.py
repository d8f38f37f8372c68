"""Scores detectors by the rules of the Numenta Anomaly Benchmark.

The rules: Lavin and Ahmad, "Evaluating Real-time Anomaly Detection Algorithms - the Numenta
Anomaly Benchmark" (2015), version 1.1. An alarm inside a labelled window earns the more the
earlier it comes, only the best one of a window counts, a window without one costs; an alarm
outside costs the more the farther it lies behind the last window. Nothing counts in the first
rows of a series. One threshold serves all series: the one that scores best.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Floats, Ints

NO_WINDOW = -1


class Profile(NamedTuple):
    """What an application pays for a false positive and a missed window; a find earns 1."""

    name: str
    false_positive: float
    false_negative: float


# The benchmark's three application profiles.
PROFILES = (
    Profile("standard", 0.11, 1.0),
    Profile("reward_low_FP_rate", 0.22, 1.0),
    Profile("reward_low_FN_rate", 0.11, 2.0),
)


class Truth(NamedTuple):
    """What is known of one series, row by row.

    window is the number of the labelled window a row lies in, or NO_WINDOW; credit what an
    alarm there is worth before weights, in [-1, 1]; counted is false during probation.
    """

    window: Ints
    credit: Floats
    counted: NDArray[np.bool_]


class Outcome(NamedTuple):
    """What one threshold brings: points before normalising, and the windows there were."""

    threshold: float
    points: float
    windows: int

    def normalised(self, profile: Profile) -> float:
        """0 for a detector that says nothing, 100 for a perfect one."""
        nothing = -profile.false_negative * self.windows
        return 100.0 * (self.points - nothing) / (self.windows - nothing) if self.windows else 0.0


def worth(position: Floats) -> Floats:
    """The scaled sigmoid: -1 is a window's left edge, 0 its right one, from 3 on far behind.

    >>> worth(np.array([-1.0, -0.5, 0.0, 1.0, 3.0])).round(3).tolist()
    [0.987, 0.848, 0.0, -0.987, -1.0]
    """
    near = 2.0 / (1.0 + np.exp(5.0 * np.minimum(position, 3.0))) - 1.0
    return np.where(position >= 3.0, -1.0, near)


def probation(length: int) -> int:
    """How many rows a detector may learn from unjudged: 15 %, at most of the first 5,000."""
    return int(min(0.15 * length, 0.15 * 5000))


def truth(length: int, windows: Sequence[tuple[int, int]]) -> Truth:
    """The truth of a series of so many rows; windows are (first row, last row), in order."""
    rows = np.arange(length)
    window = np.full(length, NO_WINDOW)
    position = np.full(length, 3.0)
    for number, (first, last) in enumerate(windows):
        width = last - first + 1
        inside, behind = slice(first, last + 1), slice(last + 1, None)
        window[inside] = number
        position[inside] = -(last - rows[inside] + 1) / width
        position[behind] = (rows[behind] - last) / max(width - 1, 1)
    credit = worth(position)
    # A find at the very start of a window earns exactly 1.
    credit[window != NO_WINDOW] /= worth(np.array(-1.0))
    return Truth(window, credit, rows >= probation(length))


class Ranked(NamedTuple):
    """All alarms of all series, the loudest first: score, credit, and the window found."""

    score: Floats
    credit: Floats
    window: Ints
    windows: int


def ranked(truths: Sequence[Truth], scores: Sequence[Floats]) -> Ranked:
    """The counted rows of all series in one order; windows are numbered through."""
    taken: list[tuple[Floats, Floats, Ints]] = [(np.zeros(0), np.zeros(0), np.zeros(0, int))]
    known = 0
    for each, score in zip(truths, scores, strict=True):
        numbers = np.unique(each.window[each.counted & (each.window != NO_WINDOW)])
        through = np.searchsorted(numbers, each.window) + known
        window = np.where(each.window == NO_WINDOW, NO_WINDOW, through)
        taken.append((score[each.counted], each.credit[each.counted], window[each.counted]))
        known += len(numbers)
    score, credit, window = (np.concatenate(column) for column in zip(*taken, strict=True))
    order = np.argsort(-score, kind="stable")
    return Ranked(score[order], credit[order], window[order], known)


def gains(alarms: Ranked, profile: Profile) -> Floats:
    """What each alarm changes when it is added to all louder ones."""
    gain = np.where(alarms.window == NO_WINDOW, alarms.credit * profile.false_positive, 0.0)
    for number in range(alarms.windows):
        found = np.flatnonzero(alarms.window == number)
        best = np.maximum.accumulate(alarms.credit[found])
        gain[found] = np.diff(best, prepend=-profile.false_negative)
    return gain


def optimised(alarms: Ranked, profile: Profile) -> Outcome:
    """The threshold that brings most: a row is an alarm from this score on."""
    silent = -profile.false_negative * alarms.windows
    last = np.flatnonzero(np.diff(alarms.score, append=-np.inf))
    gained = np.r_[0.0, np.cumsum(gains(alarms, profile))[last]]
    thresholds = np.r_[np.inf, alarms.score[last]]
    best = int(gained.argmax())
    return Outcome(float(thresholds[best]), silent + float(gained[best]), alarms.windows)


def at_threshold(alarms: Ranked, profile: Profile, threshold: float) -> Outcome:
    """What a given threshold brings."""
    silent = -profile.false_negative * alarms.windows
    gained = float(gains(alarms, profile)[alarms.score >= threshold].sum())
    return Outcome(threshold, silent + gained, alarms.windows)
