"""What the hours of the day usually bring: their running mean, and their bounds of late.

Bounds are the least and the greatest of the present week and the one before it, two hours
together. Where the day begins plays no part, so no time zone does.
"""

import numpy as np
from numpy.typing import NDArray

from models.detectors.novelty import FREE, Singles
from models.detectors.promise import Floats, Ints, Rows
from models.reading import DAY, HOUR

HOURS = 24
PARTS = 12  # of a day, which have bounds of their own
STRETCH = 7 * DAY
MEMORY = 84  # samples of an hour that count: a week of them every five minutes


def layout(bounded: int) -> np.dtype[np.void]:
    """The record of a stream; so many of its numbers have bounds.

    The last two axes of bounds are two stretches of days, and (least, least of the negative).
    """
    return np.dtype(
        [
            ("mean", "<f4", HOURS),
            ("count", "u1", HOURS),
            ("bounds", "<f4", (PARTS, bounded, 2, 2)),
            ("stretch", "<i4"),
        ]
    )


def over_mean(rows: Rows, who: Ints, time: Ints, value: Floats) -> Floats:
    """How far values lie over the mean of their hour; 0 in an hour not seen yet."""
    hour = time % DAY // HOUR
    known = rows["count"][who, hour] > 0
    return np.where(known, value - rows["mean"][who, hour], 0.0)


def learn_mean(rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
    """Moves the mean of each hour towards the values."""
    hour = time % DAY // HOUR
    count = np.minimum(rows["count"][who, hour].astype(np.int64) + 1, MEMORY)
    mean = rows["mean"][who, hour].astype(np.float64)
    rows["mean"][who, hour] = mean + (value - mean) / count
    rows["count"][who, hour] = count


def out_of_bounds(rows: Rows, who: Ints, time: Ints, numbers: Floats) -> Floats:
    """How far each of the numbers (n, bounded) lies out of its bounds; 0 without bounds."""
    part = time % DAY // (DAY // PARTS)
    bounds = rows["bounds"][who, part]
    bounds = np.where(outdated(rows, who, time)[:, None, :, None], FREE, bounds)
    least = bounds.min(axis=2)
    over = least - both_ways(numbers)
    return np.where(least[..., 0] < FREE, np.maximum(over.max(axis=2), 0.0), 0.0).astype(np.float64)


def learn_bounds(rows: Rows, who: Ints, time: Ints, numbers: Floats) -> None:
    """Widens the bounds to hold the numbers; a new stretch begins with none."""
    old = outdated(rows, who, time)
    for each in (0, 1):
        rows["bounds"][who[old[:, each]], :, :, each] = FREE
    rows["stretch"][who] = np.maximum(time // STRETCH, rows["stretch"][who])
    part, slot = time % DAY // (DAY // PARTS), rows["stretch"][who].astype(np.int64) % 2
    known = rows["bounds"][who, part, :, slot]
    rows["bounds"][who, part, :, slot] = np.minimum(known, both_ways(numbers))


def outdated(rows: Rows, who: Ints, time: Ints) -> NDArray[np.bool_]:
    """Which of the two stretches each stream keeps (n, 2) are over at this time."""
    now, was = time // STRETCH, rows["stretch"][who].astype(np.int64)
    taken_over = (now > was)[:, None] & ((now % 2)[:, None] == np.arange(2))
    over: NDArray[np.bool_] = taken_over | (now > was + 1)[:, None]
    return over


def both_ways(numbers: Floats) -> Singles:
    """Each number, as precise as bounds are, and its negative: so the greatest is a least too."""
    single = numbers.astype(np.float32)
    return np.stack([single, -single], axis=-1)


def middle(rows: Rows, who: Ints, time: Ints) -> tuple[Singles, Singles]:
    """The middle of the first number's bounds and half their width; the mean and 0 without."""
    hour, part = time % DAY // HOUR, time % DAY // (DAY // PARTS)
    bounds = rows["bounds"][who, part, 0].min(axis=1)
    known = bounds[:, 0] < FREE
    least, greatest = bounds[:, 0], -bounds[:, 1]
    mean = rows["mean"][who, hour]
    return (
        np.where(known, least / 2 + greatest / 2, mean),
        np.where(known, greatest / 2 - least / 2, np.float32(0)),
    )
