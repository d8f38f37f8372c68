"""What people said of a stream's alarms, and how much louder its next one has to be.

A weighted up-and-down staircase (Kaernbach 1991): each false alarm takes the factor a step up,
each real one half a step down. Where a third of a stream's alarms are false the steps even out,
so that is the share it settles at. The factor has bounds: no word of people makes a stream mute.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.budget import LEAST

UP = 1.15  # five false alarms in a row double what is asked
DOWN = math.pow(UP, -0.5)
MOST = 2.0  # a score of 0.999975


class Verdict(StrEnum):
    """What somebody says of an incident."""

    REAL = "real"
    FALSE = "false"
    WITHDRAWN = "withdrawn"  # what was said before does not hold any more


class Line(NamedTuple):
    """One thing that was said of an incident of a stream; ids grow with time."""

    id: int
    incident_id: int
    at: datetime
    actor: str
    verdict: Verdict
    note: str


class Step(NamedTuple):
    """A line, and the factor before and after it: the same where the line moves nothing.

    in_force is false of a line that a later one of its incident replaced, or that withdraws.
    """

    line: Line
    in_force: bool
    before: float
    after: float


def steps(lines: Iterable[Line]) -> list[Step]:
    """Every line with what it did to the factor, oldest first.

    >>> said = Line(1, 7, datetime(2026, 1, 1), "lan", Verdict.FALSE, "")
    >>> [(step.before, step.after) for step in steps([said])]
    [(1.0, 1.15)]
    """
    ordered = sorted(lines, key=lambda line: line.id)
    newest = {line.incident_id: line.id for line in ordered}
    found, factor = [], 1.0
    for line in ordered:
        in_force = newest[line.incident_id] == line.id and line.verdict is not Verdict.WITHDRAWN
        after = moved(factor, line.verdict) if in_force else factor
        found.append(Step(line, in_force, factor, after))
        factor = after
    return found


def moved(factor: float, verdict: Verdict) -> float:
    """The factor one verdict later, within its bounds."""
    step: float = {Verdict.FALSE: UP, Verdict.REAL: DOWN, Verdict.WITHDRAWN: 1.0}[verdict]
    return min(max(factor * step, LEAST), MOST)


def factor(found: Sequence[Step]) -> float:
    """What is asked of a stream after all that was said of it.

    >>> factor([])
    1.0
    """
    return found[-1].after if found else 1.0
