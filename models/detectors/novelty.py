"""How far a number lies from everything seen before, with a memory of fixed size.

The memory keeps numbers as far apart as it can: a new one enters only where it is farther
from all known ones than the two closest known ones are from each other, and then one of those
two goes; the smallest and the largest never do. So it covers the range that was visited,
holes included, whatever the number of samples. (Incremental k-center covering, one dimension.)
"""

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Ints

Singles = NDArray[np.float32]

PLACES = 32  # of the memory of one number; a power of two
# What stands in a place of the memory that is still free: beyond every number a detector
# reckons with, and its distance to any of them is still a number.
FREE = np.float32(3e38)


def distance(memory: Singles, who: Ints, value: Singles) -> Singles:
    """How far each value is from the nearest remembered one; 0 where nothing is remembered.

    memory is (streams, numbers, places), sorted, the free places last; value is (n, numbers), of
    the streams `who`. Halving finds the neighbours: five looks instead of one at each place.

    >>> memory = np.full((1, 1, PLACES), FREE)
    >>> memory[0, 0, :2] = 1.0, 5.0
    >>> distance(memory, np.array([0]), np.array([[4.0]], np.float32)).tolist()
    [[1.0]]
    """
    if not memory.flags.c_contiguous:
        memory, who = memory[who], np.arange(len(who))
    flat, numbers = memory.reshape(-1), memory.shape[1]
    first = (who[:, None] * numbers + np.arange(numbers)) * PLACES
    below = first.copy()
    step = PLACES // 2
    while step:
        below += step * (flat.take(below + step) <= value)
        step //= 2
    above = np.minimum(below + 1, first + (PLACES - 1))
    nearest = np.minimum(np.abs(flat.take(below) - value), np.abs(flat.take(above) - value))
    return np.where(flat.take(first) < FREE, nearest, np.float32(0))


def tightest(memory: Singles) -> Singles:
    """The least distance between two remembered values; 0 while places are free."""
    closest = np.diff(memory, axis=-1).min(axis=-1)
    return np.where(memory[..., -1] < FREE, closest, np.float32(0))


def remembered(memory: Singles, value: Singles) -> Singles:
    """The memories (n, places) after each has taken in its value (n)."""
    wide = np.sort(np.concatenate([memory, value[:, None]], axis=1), axis=1)
    places = memory.shape[1]
    taken = np.arange(places) + (np.arange(places) >= crowded(wide)[:, None])
    return np.take_along_axis(wide, taken, axis=1)


def crowded(wide: Singles) -> Ints:
    """The place to give up in each sorted row: a free one, or one of the closest two.

    Of the two it is the one whose other neighbour is nearer; never an end.
    """
    gaps = np.diff(wide, axis=1)
    last = wide.shape[1] - 1
    # Free places lie at one point; the gap between number and free place is no gap.
    gaps = np.where(wide[:, 1:] < FREE, gaps, FREE)
    left = gaps.argmin(axis=1)
    each = np.arange(len(wide))
    before, after = gaps[each, np.maximum(left - 1, 0)], gaps[each, np.minimum(left + 1, last - 1)]
    inner = np.where(before < after, left, left + 1)
    drop = np.where(left == 0, 1, np.where(left + 1 == last, left, inner))
    return np.where(wide[:, -1] < FREE, drop, last)
