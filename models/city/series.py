"""A series as arrays: times in order (microseconds since 1970), and values, nan where missing."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# None stands for a missing value wherever people write one.
Values = Sequence[float | None] | Floats


class OutOfOrder(ValueError):
    """The times of a series go back, or are not as many as its values."""


def floats(values: Values) -> Floats:
    """The values as an array; None, and what is infinite, becomes nan."""
    array = np.asarray(values, dtype=np.float64)
    return np.where(np.isfinite(array), array, np.nan)


def in_order(times: Ints, values: NDArray[Any]) -> None:
    """Raises OutOfOrder unless there is one time a value, and none before its predecessor."""
    if times.shape != values.shape[:1]:
        raise OutOfOrder(f"{times.size} times do not fit {values.shape[:1]} values")
    if times.size > 1 and bool((np.diff(times) < 0).any()):
        raise OutOfOrder("the times of a series must not go back")


def given(value: float | None) -> float | None:
    """The value, or None where it is missing (None, nan or infinite)."""
    return None if value is None or not np.isfinite(value) else float(value)
