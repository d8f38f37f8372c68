"""The life of an incident: one table of moves, and how grave it is.

People move the status (open, acknowledged, resolved); the world moves the condition (active
or back to normal). Together they are the states of ISA-18.2:

    status        active       normal
    open          UNACK        RTNUN (returned, unacknowledged)
    acknowledged  ACKED        NORM, as soon as it has stayed normal
    resolved      NORM         NORM
"""

import hashlib
import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """How far people are with it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Move(StrEnum):
    """What may happen to an incident; each is one line in its timeline."""

    OPEN = "open"
    RECUR = "recur"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


class Situation(NamedTuple):
    """Where an incident stands."""

    status: Status
    active: bool


class MoveNotAllowed(Exception):
    """An incident in this situation does not take this step."""

    http_status = 409


class StaleIncident(Exception):
    """The incident has moved since it was looked at; look again."""

    http_status = 409


OPEN, ACKNOWLEDGED, RESOLVED = Status.OPEN, Status.ACKNOWLEDGED, Status.RESOLVED

MOVES: dict[tuple[Situation, Move], Situation] = {
    (Situation(OPEN, active=True), Move.ACKNOWLEDGE): Situation(ACKNOWLEDGED, active=True),
    (Situation(OPEN, active=False), Move.ACKNOWLEDGE): Situation(ACKNOWLEDGED, active=False),
    (Situation(OPEN, active=True), Move.CLEAR): Situation(OPEN, active=False),
    (Situation(ACKNOWLEDGED, active=True), Move.CLEAR): Situation(ACKNOWLEDGED, active=False),
    (Situation(OPEN, active=False), Move.RECUR): Situation(OPEN, active=True),
    (Situation(ACKNOWLEDGED, active=False), Move.RECUR): Situation(ACKNOWLEDGED, active=True),
    (Situation(OPEN, active=True), Move.RESOLVE): Situation(RESOLVED, active=False),
    (Situation(OPEN, active=False), Move.RESOLVE): Situation(RESOLVED, active=False),
    (Situation(ACKNOWLEDGED, active=True), Move.RESOLVE): Situation(RESOLVED, active=False),
    (Situation(ACKNOWLEDGED, active=False), Move.RESOLVE): Situation(RESOLVED, active=False),
}


def after(situation: Situation, move: Move) -> Situation:
    """Where a move leads. Raises MoveNotAllowed where the table has none.

    >>> after(Situation(Status.OPEN, active=True), Move.ACKNOWLEDGE).status
    <Status.ACKNOWLEDGED: 'acknowledged'>
    """
    try:
        return MOVES[situation, move]
    except KeyError:
        condition = "active" if situation.active else "back to normal"
        raise MoveNotAllowed(
            f"an incident that is {situation.status} and {condition} does not take the step"
            f" '{move}'"
        ) from None


# What people do; the rest is the world's.
BY_PEOPLE = (Move.ACKNOWLEDGE, Move.RESOLVE)


def steps(situation: Situation) -> list[Move]:
    """What people may do in a situation, by the table.

    >>> [str(step) for step in steps(Situation(Status.ACKNOWLEDGED, active=True))]
    ['resolve']
    """
    return [step for step in BY_PEOPLE if (situation, step) in MOVES]


class Severity(StrEnum):
    """How loud it is: the three priorities of ISA-18.2."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# A condition that stands so long is no glitch: as long as a stream has to be normal, by default,
# for one to count as over.
LASTING = timedelta(minutes=30)


def severity(score: float, stood: timedelta) -> Severity:
    """From how improbable the worst point is, and how long the condition has stood.

    >>> hour = timedelta(hours=1)
    >>> severity(0.9999, 0 * hour), severity(0.9999, hour), severity(0.999999, hour)
    (<Severity.LOW: 'low'>, <Severity.MEDIUM: 'medium'>, <Severity.HIGH: 'high'>)
    """
    improbable = -math.log10(max(1.0 - score, 1e-12)) >= 5
    lasting = stood >= LASTING
    if improbable and lasting:
        return Severity.HIGH
    return Severity.MEDIUM if improbable or lasting else Severity.LOW


GRAVER = tuple(Severity)  # from low to high


def worst(severities: Iterable[Severity]) -> Severity | None:
    """The gravest of them; None of none.

    >>> worst([Severity.LOW, Severity.HIGH, Severity.MEDIUM])
    <Severity.HIGH: 'high'>
    """
    return max(severities, key=GRAVER.index, default=None)


class Line(NamedTuple):
    """One line of a timeline."""

    at: datetime
    actor: str
    move: Move
    note: str


GENESIS = bytes(32)  # what the first line of a timeline follows


def chained(previous: bytes, incident: int, line: Line) -> bytes:
    """The hash of a line: over the hash before it and all it says."""
    said = "\x1f".join([str(incident), line.at.isoformat(), line.actor, line.move.value, line.note])
    return hashlib.sha256(previous + said.encode()).digest()
