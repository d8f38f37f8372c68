"""How rare a large number is among all before it: peaks over a threshold that rises.

Above the threshold the excess is taken as exponential. Whenever enough numbers lie above it,
the threshold is raised by the distance that halves an exponential tail, and the count with
it: a handful of numbers a stream says how far the upper end reaches, whatever the number of
samples. (Peaks over threshold with shape 0: Pickands 1975; the halving is ours.)
"""

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Floats, Ints, Rows

TAIL = [("threshold", "<f4"), ("above", "<f4"), ("excess", "<f4")]
# An excess of more mean excesses than this teaches no more than this: one storm does not make
# all later ones ordinary.
CLIP = 12.0
LOG_2 = float(np.log(2.0))
TINY = 1e-12


def mean_excess(tail: Rows) -> Floats:
    """How far those above the threshold lie over it, on average; 0 where there are none."""
    above = tail["above"].astype(np.float64)
    return np.where(above > 0, tail["excess"] / np.maximum(above, 1e-6), 0.0)


def surprise(tail: Rows, seen: Ints, value: Floats, most: float) -> Floats:
    """Minus the logarithm of how probable so large a value is, in [0, most].

    0 below the threshold, where there is nothing to tell.
    """
    above = tail["above"].astype(np.float64)
    over = value - tail["threshold"]
    told = np.log(np.maximum(seen, 1) / np.maximum(above, 1e-6))
    told = told + np.minimum(over / (mean_excess(tail) + TINY), most)
    return np.where((over > 0) & (above > 0), np.clip(told, 0.0, most), 0.0)


def learned(tail: Rows, value: Floats, sure: NDArray[np.bool_], enough: int) -> Rows:
    """The tails after these values. sure: seen enough to clip a value."""
    usual = mean_excess(tail)
    over = value - tail["threshold"]
    clipped = np.where(sure & (usual > 0), np.minimum(over, CLIP * usual), over)
    is_over = over > 0
    after = tail.copy()
    after["above"] += is_over
    after["excess"] += np.where(is_over, clipped, 0.0)
    many = after["above"] >= 2 * enough
    usual = mean_excess(after)
    after["threshold"] += np.where(many, LOG_2 * usual, 0.0)
    after["above"] *= np.where(many, 0.5, 1.0)
    after["excess"] = np.where(many, usual * after["above"], after["excess"])
    return after
