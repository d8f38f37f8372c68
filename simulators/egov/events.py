"""What happens to dossiers, move by move: codes and times, and nothing about people."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from simulators.dice import Ints
from simulators.egov.arrivals import ONLINE
from simulators.egov.dossiers import (
    DONE,
    HORIZON,
    IN_PROCESS,
    NEW,
    RECEIVED,
    REFUSED,
    RETURNED,
    Dossiers,
    dossiers,
)  # fmt: skip
from simulators.egov.procedures import procedures
from simulators.egov.units import Unit
from simulators.egov.worktime import DAY, NEVER
from simulators.rhythm import LOCAL_OFFSET

PROVINCE: Final = "H02"  # how the province is called in document codes
WINDOW: Final = 28  # days worked out at a time


class DossierEvent(NamedTuple):
    """One move of one dossier; times are whole seconds since 1970."""

    event: str  # the same move always has the same name
    dossier: str
    unit: str
    procedure: str
    channel: int  # 1 at the counter, 2 online, 3 by post
    state: int  # the code it moves to
    at: int
    due_at: int | None  # from its acceptance on


class _Moves(NamedTuple):
    place: Ints  # among the dossiers
    step: Ints
    state: Ints
    at: Ints


def events(unit: Unit, since: float, until: float) -> Iterator[DossierEvent]:
    """Yield the moves of an office's dossiers in [since, until), oldest first."""
    if unit.parts:
        raise ValueError(f"{unit.name} has no dossiers of its own: ask its parts")
    while since < until:
        next_window = _midnight(_day(since) + WINDOW)
        yield from _within(unit, since, min(until, next_window))
        since = next_window


def _within(unit: Unit, since: float, until: float) -> Iterator[DossierEvent]:
    found = dossiers(unit, _day(since) - HORIZON, _day(until) + 1)
    moves = _moves(found)
    inside = (moves.at >= since) & (moves.at < until)
    place, step, state, at = (column[inside] for column in moves)
    for each in np.lexsort((step, place, at)):
        number = int(place[each])
        yield _event(unit, found, number, (int(step[each]), int(state[each]), int(at[each])))


def _moves(found: Dossiers) -> _Moves:
    """Return all moves: by the states' table none but these, in this order."""
    refused, asked = found.last == REFUSED, found.asked != NEVER
    steps = (
        (found.submitted, NEW, found.channel == ONLINE),
        (found.accepted, np.where(refused, REFUSED, RECEIVED), np.ones(len(refused), bool)),
        (found.started, IN_PROCESS, ~refused),
        (found.asked, found.asks, asked),
        (found.answered, IN_PROCESS, asked),
        (found.ended, found.last, ~refused),
        (found.returned, RETURNED, found.last == DONE),
    )
    columns = []
    for step, (at, state, which) in enumerate(steps, 1):
        place = np.flatnonzero(which)
        states = np.broadcast_to(np.asarray(state, np.int64), at.shape)
        columns.append((place, np.full(len(place), step), states[place], at[place]))
    return _Moves(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _event(unit: Unit, found: Dossiers, number: int, move: tuple[int, int, int]) -> DossierEvent:
    step, state, at = move
    dossier = _code(unit, int(found.day[number]), int(found.serial[number]))
    answered = step > 4 and found.asked[number] != NEVER
    due = (found.due if answered else found.promised)[number]
    return DossierEvent(
        event=f"{dossier}-{step}",
        dossier=dossier,
        unit=unit.name,
        procedure=procedures()[found.procedure[number]].code,
        channel=int(found.channel[number]),
        state=state,
        at=at,
        due_at=None if state in {NEW, REFUSED} else int(due),
    )


def _code(unit: Unit, day: int, serial: int) -> str:
    """Return a dossier's code: province, office, date and number of the day."""
    date = np.datetime64(day, "D").astype(str).replace("-", "")[2:]
    return f"{PROVINCE}.{unit.code}-{date}-{serial:04d}"


def _day(at: float) -> int:
    return int((at + LOCAL_OFFSET) // DAY)


def _midnight(day: int) -> float:
    return float(day * DAY - LOCAL_OFFSET)
