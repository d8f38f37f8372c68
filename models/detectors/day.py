"""What the hours of the day usually bring: their running mean, and their bounds of late.

Bounds are the least and the greatest of the present week and the one before it, two hours
together. Where the day begins plays no part, so no time zone does.
"""

from typing import NamedTuple

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


class When(NamedTuple):
    """Where moments lie: days and stretches since 1970, hours and parts of the day."""

    day: Ints
    hour: Ints
    part: Ints
    stretch: Ints


def when(time: Ints) -> When:
    """Where these moments lie."""
    days = time // DAY
    hour = (time - days * DAY) // HOUR
    return When(days, hour, hour // (HOURS // PARTS), days // (STRETCH // DAY))


class Habits(NamedTuple):
    """What is known of the hour of one sample each of several streams: arrays of n rows.

    bounds (n, bounded, 2, 2) are the two stretches' as they stand, outdated (n, 2) says which
    are over, valid are the bounds without those.
    """

    samples: NDArray[np.uint8]
    mean: Singles
    bounds: Singles
    outdated: NDArray[np.bool_]
    valid: Singles


def habits(rows: Rows, who: Ints, at: When) -> Habits:
    """What is known of these hours."""
    was = rows["stretch"][who].astype(np.int64)
    taken_over = (at.stretch > was)[:, None] & ((at.stretch % 2)[:, None] == np.arange(2))
    outdated = taken_over | (at.stretch > was + 1)[:, None]
    bounds = rows["bounds"][who, at.part]
    valid = np.where(outdated[:, None, :, None], FREE, bounds)
    return Habits(rows["count"][who, at.hour], rows["mean"][who, at.hour], bounds, outdated, valid)


def over_mean(known: Habits, value: Floats) -> Floats:
    """How far values lie over the mean of their hour; 0 in an hour not seen yet."""
    return np.where(known.samples > 0, value - known.mean, 0.0)


def learn_mean(rows: Rows, who: Ints, at: When, known: Habits, value: Floats) -> None:
    """Moves the mean of each hour towards the values."""
    count = np.minimum(known.samples.astype(np.int64) + 1, MEMORY)
    mean = known.mean.astype(np.float64)
    rows["mean"][who, at.hour] = mean + (value - mean) / count
    rows["count"][who, at.hour] = count


def out_of_bounds(known: Habits, numbers: Floats) -> Floats:
    """How far each of the numbers (n, bounded) lies out of its bounds; 0 without bounds."""
    bounds = known.valid
    least = np.minimum(bounds[:, :, 0], bounds[:, :, 1])
    over = least - both_ways(numbers)
    farther = np.maximum(over[..., 0], over[..., 1])
    return np.where(least[..., 0] < FREE, np.maximum(farther, 0.0), 0.0).astype(np.float64)


def learn_bounds(rows: Rows, who: Ints, at: When, known: Habits, numbers: Floats) -> None:
    """Widens the bounds to hold the numbers; a new stretch begins with none."""
    for each in (0, 1):
        over = who[known.outdated[:, each]]
        if len(over):
            rows["bounds"][over, :, :, each] = FREE
    now = np.maximum(at.stretch, rows["stretch"][who])
    rows["stretch"][who] = now
    slot = now % 2
    wider = np.minimum(known.valid[np.arange(len(who)), :, slot], both_ways(numbers))
    rows["bounds"][who, at.part, :, slot] = wider


def both_ways(numbers: Floats) -> Singles:
    """Each number, as precise as bounds are, and its negative: so the greatest is a least too."""
    single = numbers.astype(np.float32)
    return np.stack([single, -single], axis=-1)


def middle(known: Habits) -> tuple[Singles, Singles]:
    """The middle of the first number's bounds and half their width; the mean and 0 without."""
    bounds = np.minimum(known.bounds[:, 0, 0], known.bounds[:, 0, 1])
    bounded = bounds[:, 0] < FREE
    least, greatest = bounds[:, 0], -bounds[:, 1]
    return (
        np.where(bounded, least / 2 + greatest / 2, known.mean),
        np.where(bounded, greatest / 2 - least / 2, np.float32(0)),
    )
