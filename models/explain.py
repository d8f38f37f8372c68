"""Why a point is odd: against its band, by which evidence, with whom, and like what before.

As data, and as whole sentences in Vietnamese and English (models/told_odd.py).
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.egov.worktime import VIETNAM

# A neighbour has moved when the hour is so many of its usual deviations away: 1 in 370 of a
# normal one. Its deviation is taken as half a percent of its size at least, as detectors do.
MOVED = 3.0
BREATH = 0.005
# How alike two incidents are: what they look like counts more than at what hour they came.
OF_LOOKS, OF_HOUR = 0.7, 0.3
ALIKE = 0.5
MOST_SIMILAR = 3
HOURS_A_DAY = 24.0


class Side(StrEnum):
    """Where a value lies to its normal band."""

    ABOVE = "above"
    BELOW = "below"
    WITHIN = "within"  # odd by its course, not by its size
    UNKNOWN = "unknown"  # there is no band (yet)


class Stance(StrEnum):
    """What a neighbour did at the same time."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    SILENT = "silent"


class Subject(NamedTuple):
    """Whose point it is: names for people in both languages; unit is UCUM, '' where unknown."""

    asset: str
    metric_vi: str
    metric_en: str
    unit: str


class Point(NamedTuple):
    """An odd reading. band is half the width of the normal band around expected.

    parts are surprises in nats, by detector or statistic.
    """

    time: datetime
    value: float
    expected: float
    band: float
    detector: str
    parts: Mapping[str, float]


class Neighbour(NamedTuple):
    """Another stream of the same kind and metric: what it did in that hour, and usually does.

    None where it said nothing. odd: it had an anomaly of its own then.
    """

    asset: str
    title: str
    distance_km: float | None
    usual: float | None
    spread: float | None
    now: float | None
    odd: bool


class Past(NamedTuple):
    """An incident that is over or stands, and what became of it."""

    incident_id: int
    title: str
    began_at: datetime
    detector: str
    parts: Mapping[str, float]
    status: str
    verdict: str | None
    minutes: float


class Share(NamedTuple):
    """How much of the surprise is one detector's or statistic's; shares add up to 1."""

    name: str
    surprise: float
    share: float


class Beside(NamedTuple):
    """A neighbour and what it says; deviations is how far it moved, in its usual deviations."""

    neighbour: Neighbour
    stance: Stance
    deviations: float | None


class Like(NamedTuple):
    """A past incident and how alike it is, 0 to 1."""

    past: Past
    likeness: float


class Explanation(NamedTuple):
    """All there is to say of a point. low and high are the normal band, None where there is none."""

    subject: Subject
    point: Point
    side: Side
    low: float | None
    high: float | None
    shares: list[Share]
    beside: list[Beside]
    similar: list[Like]


def explain(
    subject: Subject, point: Point, neighbours: Sequence[Neighbour], past: Sequence[Past]
) -> Explanation:
    """What can be said of a point, most telling first."""
    low, high = bounds(point)
    beside = [beside_of(point, each) for each in neighbours]
    return Explanation(
        subject, point, side(point), low, high, shares(point), beside, similar(point, past)
    )


def bounds(point: Point) -> tuple[float | None, float | None]:
    """The normal band; (None, None) where it is not known.

    A detector that has no band of its own says a width of 0.
    """
    low, high = point.expected - point.band, point.expected + point.band
    if not (math.isfinite(low) and math.isfinite(high) and point.band > 0):
        return None, None
    return low, high


def side(point: Point) -> Side:
    """Where the value lies to its band."""
    low, high = bounds(point)
    if low is None or high is None or math.isnan(point.value):
        return Side.UNKNOWN
    if point.value > high:
        return Side.ABOVE
    return Side.BELOW if point.value < low else Side.WITHIN


def told(parts: Mapping[str, float]) -> dict[str, float]:
    """The parts that say something: finite and above 0."""
    return {name: each for name, each in parts.items() if math.isfinite(each) and each > 0}


def shares(point: Point) -> list[Share]:
    """Who contributed how much, the most first; the detector alone where no parts were kept.

    >>> at = datetime(2026, 1, 1)
    >>> [tuple(each) for each in shares(Point(at, 9, 1, 1, "level", {"a": 1.0, "b": 3.0}))]
    [('b', 3.0, 0.75), ('a', 1.0, 0.25)]
    """
    parts = told(point.parts)
    if not parts:
        return [Share(point.detector, 0.0, 1.0)]
    largest = max(parts.values())
    whole = math.fsum(each / largest for each in parts.values())
    ordered = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
    return [Share(name, each, each / largest / whole) for name, each in ordered]


def beside_of(point: Point, neighbour: Neighbour) -> Beside:
    """What a neighbour says: it agrees where it was odd itself, or moved to the same side."""
    moved = deviations(neighbour)
    if neighbour.odd:
        return Beside(neighbour, Stance.AGREES, moved)
    if moved is None:
        return Beside(neighbour, Stance.SILENT, None)
    upwards = point.value >= point.expected
    agrees = abs(moved) >= MOVED and (moved > 0) == upwards
    return Beside(neighbour, Stance.AGREES if agrees else Stance.DISAGREES, moved)


def deviations(neighbour: Neighbour) -> float | None:
    """How far a neighbour moved, in its usual deviations; None where it is not known."""
    usual, spread, now = neighbour.usual, neighbour.spread, neighbour.now
    if usual is None or spread is None or now is None:
        return None
    scale = max(spread, BREATH * abs(usual), 1e-9)
    moved = (now - usual) / scale
    return moved if math.isfinite(moved) else None


def similar(point: Point, past: Sequence[Past]) -> list[Like]:
    """The past incidents most like this one, the most alike first, then the newest."""
    likes = [Like(each, likeness(point, each)) for each in past]
    alike = [like for like in likes if like.likeness >= ALIKE]
    alike.sort(key=lambda like: (like.likeness, like.past.began_at), reverse=True)
    return alike[:MOST_SIMILAR]


def likeness(point: Point, past: Past) -> float:
    """How alike a past incident is, 0 to 1: by its parts, and by the hour of the local day."""
    apart = abs(hour_of(point.time) - hour_of(past.began_at)) / HOURS_A_DAY
    near = 0.5 * (1.0 + math.cos(2.0 * math.pi * apart))
    return OF_LOOKS * looks(point, past) + OF_HOUR * near


def hour_of(moment: datetime) -> float:
    """The hour of the local day, with its fraction."""
    local = moment.astimezone(VIETNAM)
    return local.hour + local.minute / 60.0


def looks(point: Point, past: Past) -> float:
    """The cosine between what surprised then and now; without parts, whether the detector is one.

    >>> at = datetime(2026, 1, 1)
    >>> one = Point(at, 9, 1, 1, "level", {"a": 1.0})
    >>> looks(one, Past(1, "pump", at, "level", {"a": 2.0}, "resolved", None, 5))
    1.0
    """
    here, there = told(point.parts), told(past.parts)
    if not here or not there:
        return float(point.detector == past.detector)
    here_most, there_most = max(here.values()), max(there.values())
    ours = {name: each / here_most for name, each in here.items()}
    theirs = {name: each / there_most for name, each in there.items()}
    dot = math.fsum(each * theirs.get(name, 0.0) for name, each in ours.items())
    return min(dot / (math.hypot(*ours.values()) * math.hypot(*theirs.values())), 1.0)
