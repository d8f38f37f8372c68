"""What happens to dossiers, move by move: codes and times, and nothing about people."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

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
from simulators.egov.held_up import delayed, told_at
from simulators.egov.procedures import procedures
from simulators.egov.units import Unit
from simulators.egov.worktime import DAY, NEVER
from simulators.happening import Happening
from simulators.labels import spoken
from simulators.rhythm import LOCAL_OFFSET

Flags = NDArray[np.bool_]

PROVINCE: Final = "H02"  # how the province is called in document codes
WINDOW: Final = 28  # days worked out at a time
EARLIEST: Final = HORIZON * DAY  # before a dossier's last move, its first
STARTED, ENDED = 3, 6  # the steps between which the office in charge has it


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


class Told(NamedTuple):
    """An event, and when it is told: at its time, or later where the office cannot be heard."""

    at: float
    event: DossierEvent


# What goes on at offices, by their names.
Parts = Mapping[str, Sequence[Happening]]


class _Moves(NamedTuple):
    place: Ints  # among the dossiers
    step: Ints
    state: Ints
    at: Ints


def events(unit: Unit, since: float, until: float) -> Iterator[DossierEvent]:
    """Yield the moves of an office's dossiers in [since, until), oldest first."""
    return (told.event for told in telling(unit, since, until, {}))


def telling(unit: Unit, since: float, until: float, parts: Parts) -> Iterator[Told]:
    """Yield what is told in [since, until) of an office's dossiers, in that order.

    parts are what goes on at it and at the office above, from CAUGHT_UP_WITHIN seconds before since on.
    """
    if unit.parts:
        raise ValueError(f"{unit.name} has no dossiers of its own: ask its parts")
    while since < until:
        next_window = _midnight(_day(since) + WINDOW)
        yield from _within(unit, since, min(until, next_window), parts)
        since = next_window


def whole(unit: Unit, since: float, until: float, parts: Parts) -> Iterator[Told]:
    """Yield all that was told until a moment of those dossiers that were not over before since.

    So that whoever hears of them for the first time hears of their beginning. parts are what went
    on from EARLIEST seconds before since on. Oldest first.
    """
    found = dossiers(unit, _day(since) - HORIZON, _last_day(until) + 1)
    found = delayed(found, parts.get(unit.name, ()))
    moves = _moves(found)
    going_on = np.zeros(len(found.day), bool)
    going_on[moves.place[moves.at >= since]] = True
    told = _told(unit, found, moves, going_on[moves.place] & (moves.at < until), parts)
    return (each for each in told if each.at < until)


def line(event: DossierEvent) -> str:
    """Return an event as it is told: JSON, its times in UTC."""
    told = event._asdict() | {"at": spoken(event.at)}
    if event.due_at is not None:
        told["due_at"] = spoken(event.due_at)
    return json.dumps(told, separators=(",", ":"))


def _within(unit: Unit, since: float, until: float, parts: Parts) -> Iterator[Told]:
    found = delayed(
        _course(unit, _day(since) - HORIZON, _last_day(until) + 1), parts.get(unit.name, ())
    )
    moves = _moves(found)
    earliest = min([since, *(part.began_at for each in parts.values() for part in each)])
    near = (moves.at >= earliest) & (moves.at < until)
    return (each for each in _told(unit, found, moves, near, parts) if since <= each.at < until)


def _told(unit: Unit, found: Dossiers, moves: _Moves, which: Flags, parts: Parts) -> Iterator[Told]:
    place, step, state, at = (column[which] for column in moves)
    above = (found.handed[place] == 1) & (step >= STARTED) & (step <= ENDED)
    when = np.where(
        above, told_at(at, parts.get(unit.above, ())), told_at(at, parts.get(unit.name, ()))
    )
    for each in np.lexsort((step, place, at, when)):
        who = unit.above if above[each] else unit.name
        move = int(step[each]), int(state[each]), int(at[each])
        yield Told(float(when[each]), _event(unit, who, found, int(place[each]), move))


@lru_cache(maxsize=300)
def _course(unit: Unit, first: int, last: int) -> Dossiers:
    """Return an office's dossiers of these days: the same are asked for all day long."""
    return dossiers(unit, first, last)


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


def _event(
    unit: Unit, who: str, found: Dossiers, number: int, move: tuple[int, int, int]
) -> DossierEvent:
    step, state, at = move
    dossier = _code(unit, int(found.day[number]), int(found.serial[number]))
    answered = step > 4 and found.asked[number] != NEVER
    due = (found.due if answered else found.promised)[number]
    return DossierEvent(
        event=f"{dossier}-{step}",
        dossier=dossier,
        unit=who,
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


def _last_day(until: float) -> int:
    """Return the last day that [..., until) touches."""
    return math.ceil((until + LOCAL_OFFSET) / DAY) - 1


def _midnight(day: int) -> float:
    return float(day * DAY - LOCAL_OFFSET)
