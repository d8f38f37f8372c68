"""Chance that repeats: the same keys give the same numbers, in any order and on any machine.

Every number is a function of a key and a place (a count, or a moment), never of what was thrown
before: so any hour of any year can be looked at without living through those before it, and a
series is the same however it is cut into pieces.
"""

import math
from functools import lru_cache
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB


@lru_cache(maxsize=100_000)
def key_of(*parts: str | int) -> int:
    """Return the number that stands for a name among the dice, 64 bits of it."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def bits(key: int, number: int) -> int:
    """Return 64 even bits for the number-th throw of a key (SplitMix64, Steele et al. 2014)."""
    mixed = (key + (number + 1) * _GOLDEN) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * _FIRST) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * _SECOND) & _MASK
    return mixed ^ (mixed >> 31)


def even(key: int, number: int = 0) -> float:
    """Return a number in [0, 1)."""
    return (bits(key, number) >> 11) / (1 << 53)


def many_bits(key: int, numbers: Ints) -> NDArray[np.uint64]:
    """Return what `bits` gives for each of many numbers."""
    mixed = np.atleast_1d(np.asarray(numbers, np.int64)).view(np.uint64) + np.uint64(1)
    mixed = mixed * np.uint64(_GOLDEN) + np.uint64(key)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(_FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(_SECOND)
    return mixed ^ (mixed >> np.uint64(31))


def evens(key: int, numbers: Ints) -> Floats:
    """Return what `even` gives for each of many numbers."""
    return (many_bits(key, numbers) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def bells(key: int, numbers: Ints) -> Floats:
    """Return numbers that are near normal (mean 0, deviation 1), never beyond 3.5."""
    thrown = many_bits(key, numbers)
    low = np.uint64(0xFFFF)
    quarters = (thrown & low) + (thrown >> np.uint64(16) & low) + (thrown >> np.uint64(32) & low)
    quarters = quarters + (thrown >> np.uint64(48))
    near: Floats = (quarters.astype(np.float64) / 65535 - 2) * math.sqrt(3)
    return near


def drift(key: int, at: Floats, period: float) -> Floats:
    """Return a smooth wandering in [-1, 1] that turns about once a period (seconds)."""
    if not len(at):
        return np.zeros(0)
    step = np.floor(at / period)
    share = at / period - step
    step = step.astype(np.int64)
    first = int(step.min())
    lattice = 2 * evens(key, np.arange(first, int(step.max()) + 2)) - 1
    before, after = lattice[step - first], lattice[step - first + 1]
    share = share * share * (3 - 2 * share)
    wandered: Floats = before + (after - before) * share
    return wandered


def poisson(key: int, number: int, mean: float) -> int:
    """Return how often something happens that is to happen `mean` times, by inversion."""
    left, share, count = even(key, number), math.exp(-mean), 0
    while left > share and count < 10 * mean + 50:
        left -= share
        count += 1
        share *= mean / count
    return count
