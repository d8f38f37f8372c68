"""Dated limits: which one is in force on a day, and by how much a value exceeds it.

The figures themselves (QCVN 05:2023/BNNMT of the air, and whatever comes after it) are data.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar

from models.city.series import given

AVERAGING = ("1h", "8h", "24h", "1y")


class LimitsOverlap(ValueError):
    """Two limits for one metric and averaging time are in force on one day."""


class Limit(NamedTuple):
    """What a metric's mean over an averaging time (one of AVERAGING) may not exceed.

    unit is a UCUM code. In force from valid_from on, until the day before valid_to; None is open.
    source names the regulation.
    """

    metric: str
    averaging: str
    value: float
    unit: str
    valid_from: date
    valid_to: date | None = None
    source: str = ""


class Exceedance(NamedTuple):
    """How a value stands to its limit: value / limit, value - limit, and whether it is above."""

    ratio: float
    excess: float
    exceeded: bool


class Dated(Protocol):
    """What is in force from a day on, until the day before another; None is open."""

    @property
    def valid_from(self) -> date | None:
        """The first day."""
        ...

    @property
    def valid_to(self) -> date | None:
        """The day after the last."""
        ...


Each = TypeVar("Each", bound=Dated)


def newest(rows: Iterable[Each], day: date) -> Each | None:
    """Of the rows in force on a day the one that came into force last; None where none is."""
    there = [row for row in rows if in_force_on(row, day)]
    return max(there, key=lambda row: row.valid_from or date.min, default=None)


def in_force_on(row: Dated, day: date) -> bool:
    """Whether a row is in force on a day."""
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_to is None or day < row.valid_to)


def in_force(limits: Iterable[Limit], metric: str, averaging: str, day: date) -> Limit | None:
    """The limit of a metric and averaging time on a day; None where there is none."""
    mine = (row for row in limits if (row.metric, row.averaging) == (metric, averaging))
    return newest(mine, day)


def exceedance(limit: Limit, value: float | None) -> Exceedance | None:
    """How a mean (in the limit's unit) stands to its limit; None where it is missing."""
    present = given(value)
    if present is None:
        return None
    return Exceedance(present / limit.value, present - limit.value, present > limit.value)


def checked(limits: Sequence[Limit]) -> Sequence[Limit]:
    """These limits. Raises ValueError for one that makes no sense, LimitsOverlap for two."""
    before: dict[tuple[str, str], Limit] = {}
    for row in sorted(limits, key=lambda row: row.valid_from):
        ends_early = row.valid_to is not None and row.valid_to <= row.valid_from
        if row.averaging not in AVERAGING or row.value <= 0 or ends_early:
            raise ValueError(f"no limit: {row.metric} {row.averaging} from {row.valid_from}")
        other = before.get((row.metric, row.averaging))
        if other is not None and in_force_on(other, row.valid_from):
            raise LimitsOverlap(f"{row.metric} {row.averaging} has two limits on {row.valid_from}")
        before[row.metric, row.averaging] = row
    return limits
