"""Chance that repeats: the same keys give the same numbers, in any order and on any machine."""

import math
from functools import lru_cache
from hashlib import blake2b
from typing import Final

_MASK: Final = (1 << 64) - 1


@lru_cache(maxsize=100_000)
def key_of(*parts: str | int) -> int:
    """Return the number that stands for a name among the dice, 64 bits of it."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def bits(key: int, number: int) -> int:
    """Return 64 even bits for the number-th throw of a key (SplitMix64, Steele et al. 2014)."""
    mixed = (key + (number + 1) * 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def even(key: int, number: int = 0) -> float:
    """Return a number in [0, 1)."""
    return (bits(key, number) >> 11) / (1 << 53)


def bell(key: int, number: int) -> float:
    """Return a number that is near normal (mean 0, deviation 1), never beyond 3.5."""
    thrown = bits(key, number)
    quarters = (thrown & 0xFFFF) + (thrown >> 16 & 0xFFFF) + (thrown >> 32 & 0xFFFF)
    quarters += thrown >> 48
    return (quarters / 65535 - 2) * math.sqrt(3)


def drift(key: int, at: float, period: float) -> float:
    """Return a smooth wandering in [-1, 1] that turns about once a period (seconds)."""
    step, share = divmod(at / period, 1.0)
    before, after = (2 * even(key, int(step) + turn) - 1 for turn in (0, 1))
    share = share * share * (3 - 2 * share)
    return before + (after - before) * share
