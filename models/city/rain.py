"""Rain: what fell in the last hours, and what such a rain is called.

Amounts are in mm (litres a square metre). The classes are those of Vietnam's hydrometeorological
service, by the rain of 24 hours: mưa vừa 16 to 50 mm, mưa to 51 to 100 mm, mưa rất to above;
they are data that is passed in, CLASSES being what the service publishes today.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np

from models.city.series import Floats, Ints, given, in_order
from models.reading import HOUR

WINDOWS = (HOUR, 3 * HOUR, 24 * HOUR)

# Amounts are summed as whole millionths of a mm: a sum is exact, wherever the summing began.
GRAINS = 1_000_000


class Class(NamedTuple):
    """What a rain of at least so many mm in 24 hours is called."""

    least: float
    name_vi: str
    name_en: str


# Provincial hydrometeorological service of An Giang, "Kiến thức KTTV", section 1.1. Rain is
# told to a tenth of a mm: "51 to 100" begins with what is more than 50.
CLASSES = (
    Class(0.0, "Không mưa", "No rain"),
    Class(0.1, "Mưa nhỏ", "Light rain"),
    Class(6.0, "Mưa", "Rain"),
    Class(16.0, "Mưa vừa", "Moderate rain"),
    Class(50.1, "Mưa to", "Heavy rain"),
    Class(100.1, "Mưa rất to", "Very heavy rain"),
)


def depths(times: Ints, intensities: Floats, longest: int = HOUR) -> Floats:
    """What fell (mm) up to each reading of an intensity (mm/h), of a series in order.

    A reading stands for the time since the one before, up to `longest` (microseconds): of a gap
    nobody knows. The first reading stands for none. nan stays nan, and the time before it counts
    to the next one that is there. Raises OutOfOrder where the times go back.
    """
    in_order(times, intensities)
    found = np.full(intensities.shape, np.nan)
    there = np.isfinite(intensities)
    since = np.diff(times[there], prepend=times[there][:1])
    found[there] = intensities[there] * np.minimum(since, longest) / HOUR
    return found


def accumulation(times: Ints, fallen: Floats, window: int) -> Floats:
    """What fell (mm) in the window (microseconds) that ends with each reading, of a series.

    fallen is what fell between the reading before and this one: tips of a gauge times its mm a
    tip, or depths(). The window is open at its beginning. nan counts as nothing: the sum is what
    fell at least. Below 0 nothing falls. It depends on nothing before the window. Raises
    OutOfOrder where the times go back.
    """
    in_order(times, fallen)
    amount = np.rint(np.maximum(np.nan_to_num(fallen), 0.0) * GRAINS).astype(np.int64)
    total = np.concatenate([[0], np.cumsum(amount)])
    first = np.searchsorted(times, times - window, side="right")
    last = np.searchsorted(times, times, side="right")
    return np.asarray((total[last] - total[first]) / GRAINS)


def classify(amount: float | None, classes: Sequence[Class] = CLASSES) -> Class | None:
    """What a rain of so many mm in 24 hours is called; None where it is missing.

    classes are given by what they begin with, ascending; the first one begins with 0. The amount
    is rounded to a tenth of a mm, as rain is told.
    """
    present = given(amount)
    if present is None:
        return None
    told = float(Decimal(str(present)).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return [each for each in classes if each.least <= max(told, 0.0)][-1]
