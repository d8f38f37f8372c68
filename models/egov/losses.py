"""Where the index loses its points: by sub-metric, and by whatever adds up to one."""

from collections.abc import Mapping
from typing import NamedTuple

from models.city.series import given
from models.egov.index766 import Count, Index, Score, Weight


class Loss(NamedTuple):
    """What a sub-metric costs: points, and how much more of its numerator would give them all.

    Of a sub-metric worth nothing because it had no cases, short is 0.
    """

    code: str
    points: float
    short: float


def losses(found: Index) -> list[Loss]:
    """What costs points, the most first."""
    costly = [each for each in found.scores if each.lost > 0]
    return [
        Loss(each.weight.code, each.lost, shortage(each))
        for each in sorted(costly, key=lambda each: -each.lost)
    ]


def shortage(found: Score) -> float:
    """How much more of the numerator would give all points, the denominator being what it is."""
    have, of = given(found.counted.numerator) or 0.0, given(found.counted.denominator) or 0.0
    return max(found.weight.full_at * of - have, 0.0)


def blame(weight: Weight, parts: Mapping[str, Count]) -> dict[str, float]:
    """How many of the points that all parts lose together each part costs, the most first.

    Parts are units, procedures or whatever adds up to the whole. One that does better than needed
    costs less than nothing, and all add up to the loss of the whole. Nothing is said where
    nothing is lost, or the loss has no cases.
    """
    known = {name: each for name, each in parts.items() if None not in each}
    pairs = {name: (each.numerator or 0.0, each.denominator or 0.0) for name, each in known.items()}
    of = sum(denominator for _, denominator in pairs.values())
    have = sum(numerator for numerator, _ in pairs.values())
    if of <= 0 or have >= weight.full_at * of:
        return {}
    worth = weight.steepness / of
    costs = {name: worth * (weight.full_at * d - n) for name, (n, d) in pairs.items()}
    return dict(sorted(costs.items(), key=lambda each: -each[1]))
