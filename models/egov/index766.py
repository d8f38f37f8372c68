"""The index of public service quality, of a unit or of all of them together.

Decision 766/QĐ-TTg of 23 June 2022: six groups, 100 points. Weights, targets and grades are dated
data that is passed in; weights766 has those that were published. Everything is a ratio of two
counts: what is missing is not assessed, and never 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from models.city.limits import newest
from models.city.series import given

CENT = Decimal("0.01")  # points are told with two decimals
GRAIN = Decimal("0.0000001")  # beyond it a float is noise, and a half would be rounded down
FULL = 100.0  # points


class Group(StrEnum):
    """The six groups of the Decision."""

    TRANSPARENCY = "TRANSPARENCY"
    PROGRESS = "PROGRESS"
    ONLINE = "ONLINE"
    PAYMENT = "PAYMENT"
    SATISFACTION = "SATISFACTION"
    DIGITIZATION = "DIGITIZATION"

    @property
    def words(self) -> tuple[str, str]:
        """What the group is called in Vietnamese and in English."""
        return WORDS[self]


WORDS: dict[Group, tuple[str, str]] = {
    Group.TRANSPARENCY: ("Công khai, minh bạch", "Transparency"),
    Group.PROGRESS: ("Tiến độ giải quyết", "Progress"),
    Group.ONLINE: ("Dịch vụ công trực tuyến", "Online services"),
    Group.PAYMENT: ("Thanh toán trực tuyến", "Online payment"),
    Group.SATISFACTION: ("Mức độ hài lòng", "Satisfaction"),
    Group.DIGITIZATION: ("Số hoá hồ sơ", "Digitisation"),
}


class Empty(StrEnum):
    """What a sub-metric is worth whose denominator is 0: nothing, everything, or not assessed."""

    ZERO = "zero"
    FULL = "full"
    NONE = "none"


class Weight(NamedTuple):
    """How a sub-metric counts, from valid_from on, until the day before valid_to; None is open.

    Its score is slope * numerator / denominator, the ratio cut to [0, 1] first [D] and the score
    to max points. slope is max / target where it is not given: the target is the ratio (0 to 1)
    that gives all points. Of max 0 it is for information. resolved is False where the formula is
    our reading and not the portal's.
    """

    code: str
    group: Group
    name_vi: str
    name_en: str
    max: float
    target: float = 1.0
    slope: float | None = None
    empty: Empty = Empty.NONE
    resolved: bool = True
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""

    @property
    def steepness(self) -> float:
        """Points for a ratio of 1, if there were no maximum."""
        return self.max / self.target if self.slope is None else self.slope

    @property
    def full_at(self) -> float:
        """The ratio from which on all points are given."""
        return self.max / self.steepness if self.steepness else 0.0


class Grade(NamedTuple):
    """What a total from low points on is called."""

    low: float
    name_vi: str
    name_en: str


class Count(NamedTuple):
    """What a sub-metric is reckoned from; None where nobody knows."""

    numerator: float | None
    denominator: float | None


class Score(NamedTuple):
    """What a sub-metric is worth. ratio and score are None where it is not assessed."""

    weight: Weight
    counted: Count
    ratio: float | None
    score: float | None

    @property
    def lost(self) -> float:
        """The points that it costs; 0 where it is not assessed."""
        return 0.0 if self.score is None else told(self.weight.max - self.score)


class Part(NamedTuple):
    """Points of a group or of the whole; None where nothing of it is assessed.

    assessed are the points that could have been had from what is, max those of everything.
    """

    points: float | None
    assessed: float
    max: float


class Index(NamedTuple):
    """The index with its parts.

    grade is None unless everything is assessed: what is missing would be taken for bad work.
    """

    total: Part
    groups: dict[Group, Part]
    scores: tuple[Score, ...]
    grade: Grade | None


def in_force(weights: Iterable[Weight], day: date) -> tuple[Weight, ...]:
    """The weights of a day, one a sub-metric, in their order."""
    rows: dict[str, list[Weight]] = {}
    for weight in weights:
        rows.setdefault(weight.code, []).append(weight)
    found = (newest(each, day) for each in rows.values())
    return tuple(weight for weight in found if weight is not None)


def index(weights: Sequence[Weight], counts: Mapping[str, Count], grades: Sequence[Grade]) -> Index:
    """The index of counts by code, under the weights of one day (see in_force).

    Groups and total are the sums of the rounded scores, so that what is shown adds up [D].
    """
    missing = Count(None, None)
    scores = tuple(score(weight, counts.get(weight.code, missing)) for weight in weights)
    groups = {
        group: part([each for each in scores if each.weight.group is group]) for group in Group
    }
    total = part(scores)
    whole = total.points is not None and total.assessed == total.max
    return Index(total, groups, scores, grade(grades, total.points or 0.0) if whole else None)


def score(weight: Weight, count: Count) -> Score:
    """What one sub-metric is worth.

    >>> weight = Weight("X", Group.DIGITIZATION, "", "", max=2, target=0.8)
    >>> score(weight, Count(3, 10)).score
    0.75
    """
    numerator, denominator = given(count.numerator), given(count.denominator)
    if denominator == 0:
        points = {Empty.ZERO: 0.0, Empty.FULL: weight.max, Empty.NONE: None}[weight.empty]
        return Score(weight, count, None, points)
    if numerator is None or denominator is None or denominator < 0:
        return Score(weight, count, None, None)
    ratio = min(max(numerator / denominator, 0.0), 1.0)
    return Score(weight, count, ratio, told(min(weight.max, weight.steepness * ratio)))


def told(points: float) -> float:
    """Points with two decimals, a half upwards."""
    exact = Decimal(str(points)).quantize(GRAIN, ROUND_HALF_UP)
    return float(exact.quantize(CENT, ROUND_HALF_UP))


def part(scores: Iterable[Score]) -> Part:
    """The sum of scores."""
    every = list(scores)
    there = [(each.score, each.weight.max) for each in every if each.score is not None]
    points = told(sum(points for points, _ in there)) if there else None
    most = sum((each.weight.max for each in every), 0.0)
    return Part(points, sum((most for _, most in there), 0.0), most)


def grade(grades: Sequence[Grade], points: float) -> Grade:
    """What a total is called. Raises ValueError where no grade is low enough."""
    reached = [each for each in grades if points >= each.low]
    if not reached:
        raise ValueError(f"no grade for {points} points")
    return max(reached, key=lambda each: each.low)


def summed(counts: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    """The counts of several units together: sums by code, of those that know both numbers."""
    found: dict[str, Count] = {}
    for each in counts:
        for code, (numerator, denominator) in each.items():
            here = found.setdefault(code, Count(None, None))
            if numerator is not None and denominator is not None:
                sums = (here.numerator or 0.0) + numerator, (here.denominator or 0.0) + denominator
                found[code] = Count(*sums)
    return found


def checked(weights: Sequence[Weight], day: date) -> Sequence[Weight]:
    """These weights. Raises ValueError unless those of a day make sense and add up to 100."""
    today = in_force(weights, day)
    for each in today:
        reachable = each.max == 0 or (each.target > 0 and 0 < each.full_at <= 1)
        if each.max < 0 or not reachable:
            raise ValueError(f"the points of {each.code} cannot be reached")
    total = sum(each.max for each in today)
    if abs(total - FULL) > float(CENT):
        raise ValueError(f"the weights of {day} add up to {total}, not to {FULL:.0f}")
    return weights
