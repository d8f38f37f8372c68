"""How ready an organisation is: a weighted mean of what is known of it.

Which inputs there are and what they weigh is dated data [D]. What is missing is not assessed: it
lowers the coverage, and never the score.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from models.city.limits import in_force_on
from models.city.series import given

FULL = 100.0


class Weight(NamedTuple):
    """What an input weighs, from valid_from on, until the day before valid_to; None is open."""

    code: str
    name_vi: str
    name_en: str
    weight: float
    valid_from: date | None = None
    valid_to: date | None = None


class Part(NamedTuple):
    """An input (0 to 100, None: not assessed) and the points of the score that it gives."""

    weight: Weight
    value: float | None
    points: float | None


class Readiness(NamedTuple):
    """A score of 0 to 100, None where nothing is assessed; coverage is the share of all weight.

    parts are in the order of the weights; missing are the codes that are not assessed.
    """

    score: float | None
    coverage: float
    parts: tuple[Part, ...]
    missing: tuple[str, ...]


def readiness(
    weights: Iterable[Weight], inputs: Mapping[str, float | None], day: date
) -> Readiness:
    """How ready an organisation is on a day, by the weights in force then.

    Inputs are shares of 100; outside of 0 to 100 they are cut. One without a weight counts for
    nothing.
    """
    today = [each for each in weights if in_force_on(each, day)]
    values = {each.code: cut(inputs.get(each.code)) for each in today}
    known = sum(each.weight for each in today if values[each.code] is not None)
    parts = tuple(part(each, values[each.code], known) for each in today)
    whole = sum(each.weight for each in today)
    score = sum(each.points for each in parts if each.points is not None) if known else None
    missing = tuple(code for code, value in values.items() if value is None)
    return Readiness(score, known / whole if whole else 0.0, parts, missing)


def part(weight: Weight, value: float | None, known: float) -> Part:
    """What an input gives, of the weight of all that are known."""
    if value is None or not known:
        return Part(weight, value, None)
    return Part(weight, value, value * weight.weight / known)


def cut(value: float | None) -> float | None:
    """An input within 0 and 100; None where it is missing."""
    present = given(value)
    return None if present is None else min(max(present, 0.0), FULL)


def checked(weights: Sequence[Weight]) -> Sequence[Weight]:
    """These weights. Raises ValueError for one that weighs nothing, or two of a code on one day."""
    for place, each in enumerate(weights):
        if not each.weight > 0:
            raise ValueError(f"{each.code} weighs nothing")
        for other in weights[:place]:
            begins = max(each.valid_from or date.min, other.valid_from or date.min)
            both = in_force_on(each, begins) and in_force_on(other, begins)
            if other.code == each.code and both:
                raise ValueError(f"{each.code} has two weights on {begins}")
    return weights
