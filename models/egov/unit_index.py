"""The index of every unit with all below it, and what cost it points."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from models.egov.index766 import Count, Grade, Index, Weight, index
from models.egov.losses import Loss, blame, losses
from models.egov.yearbook import Pair, Rollup


def indexes(
    weights: Sequence[Weight], grades: Sequence[Grade], roll: Rollup, counts: Mapping[str, Pair]
) -> dict[str, Index]:
    """The index of each whole of a roll-up, from the units' own counts under a day's weights."""
    sums = {code: summed(roll, pair) for code, pair in counts.items()}
    return {
        name: index(weights, {code: pair[place] for code, pair in sums.items()}, grades)
        for place, name in enumerate(roll.whole)
    }


def summed(roll: Rollup, pair: Pair) -> list[Count]:
    """The counts of each whole; unknown where nobody in it counts."""
    known = np.isfinite(pair[0]) & np.isfinite(pair[1])
    there = roll.up(known.astype(np.float64)) > 0
    up = [roll.up(np.where(known, each, 0.0)) for each in pair]
    return [
        Count(float(numerator), float(denominator)) if known_here else Count(None, None)
        for numerator, denominator, known_here in zip(*up, there, strict=True)
    ]


def version(weights: Iterable[Weight]) -> date:
    """Which weights these are: from when on the newest is in force."""
    return max((each.valid_from or date.min for each in weights), default=date.min)


def costs(
    found: Index, parts: Mapping[str, Mapping[str, Count]]
) -> list[tuple[Loss, dict[str, float]]]:
    """What costs an index points, the most first; and by parts (of each sub-metric) who costs them."""
    weights = {each.weight.code: each.weight for each in found.scores}
    return [(loss, blame(weights[loss.code], parts.get(loss.code, {}))) for loss in losses(found)]
