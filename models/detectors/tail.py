"""How rare a large number is among all before it: peaks over a threshold that rises.

Above the threshold the excess is taken as exponential. Whenever enough numbers lie above it,
the threshold is raised by the distance that halves an exponential tail, and the count with
it: a handful of numbers a stream says how far the upper end reaches, whatever the number of
samples. (Peaks over threshold with shape 0: Pickands 1975; the halving is ours.)
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Floats, Ints, Rows

TAIL = [("threshold", "<f4"), ("above", "<f4"), ("excess", "<f4")]
# An excess of more mean excesses than this teaches no more than this: one storm does not make
# all later ones ordinary.
CLIP = 12.0
LOG_2 = float(np.log(2.0))
TINY = 1e-12


class Peaks(NamedTuple):
    """The few numbers that lie above their thresholds, and what was known of them before.

    sample and which say where they are in the array that was asked about.
    """

    sample: Ints
    which: Ints
    over: Floats
    above: Floats
    excess: Floats

    @property
    def usual(self) -> Floats:
        """How far those above a threshold lie over it, on average; 0 where there are none."""
        return mean_excess(self.above, self.excess)


def peaks(tails: Rows, who: Ints, value: Floats) -> Peaks:
    """The peaks among the values (n, tails) of the streams `who`."""
    over = value - tails["threshold"].take(who, axis=0)
    sample, which = np.nonzero(over > 0)
    place = who[sample], which
    above, excess = (tails[name][place].astype(np.float64) for name in ("above", "excess"))
    return Peaks(sample, which, over[sample, which], above, excess)


def mean_excess(above: Floats, excess: Floats) -> Floats:
    """The mean of so many excesses; 0 of none."""
    return np.where(above > 0, excess / np.maximum(above, 1e-6), 0.0)


def surprise(found: Peaks, seen: Ints, most: float) -> Floats:
    """Minus the logarithm of how probable such a peak is, in [0, most].

    seen is how many samples each peak's stream has had. Below a threshold there is nothing to
    tell.
    """
    told = np.log(np.maximum(seen, 1) / np.maximum(found.above, 1e-6))
    told = told + np.minimum(found.over / (found.usual + TINY), most)
    return np.where(found.above > 0, np.clip(told, 0.0, most), 0.0)


def learn(tails: Rows, who: Ints, found: Peaks, sure: NDArray[np.bool_], enough: int) -> None:
    """Takes the peaks in. sure: seen enough to clip a value, of each peak's stream."""
    usual = found.usual
    clipped = np.where(sure & (usual > 0), np.minimum(found.over, CLIP * usual), found.over)
    above = found.above + 1.0
    excess = (found.excess + clipped).astype(np.float32)
    usual = mean_excess(above, excess.astype(np.float64))
    many = above >= 2 * enough
    above = np.where(many, above * 0.5, above)
    place = who[found.sample], found.which
    tails["threshold"][place] += np.where(many, LOG_2 * usual, 0.0)
    tails["above"][place] = above
    tails["excess"][place] = np.where(many, usual * above, excess)
