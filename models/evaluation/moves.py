"""Reads what happened to dossiers from files of moves: who had how many, and how they stood.

Moves are told as the doors of the platform take them (a line of JSON each) and judged by its own
rules (models/egov/course.py), in the order of their times.
"""

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from models.city.series import Floats, Ints
from models.egov.course import Course, Event, Reason, Rules, step
from models.egov.daykind import A_DAY, Almanac
from models.egov.forecast import History
from models.egov.occasions import HOURS
from models.egov.state import BEGINNINGS, Channel, State
from models.egov.worktime import OFFICE_HOURS, VIETNAM, Calendar, is_working_day
from models.evaluation.province import day_of, rows, special_days


class BadMoves(Exception):
    """A file that does not hold what it should: the sentence names it."""


class Spells(NamedTuple):
    """Dossiers taken in: of which unit (its number), and moments in seconds, nan where none."""

    unit: Ints
    received: Floats
    due: Floats
    finished: Floats


class Office:
    """All that is known by a moment: counts of what came in, and each dossier that is open."""

    def __init__(self, calendar: Calendar) -> None:
        self.rules = Rules(calendar)
        self.units: dict[str, int] = {}
        self.came: Counter[tuple[int, date, int]] = Counter()
        self.open: dict[str, tuple[int, Course]] = {}
        self.ended = tuple(array("d") for _ in Spells._fields)
        self.refused = 0

    def take(self, event: Event) -> None:
        """Hears of a move; what is no beginning and of no open dossier is of one that is over."""
        begun = self.open.get(event.dossier)
        if begun is None:
            if event.state not in BEGINNINGS:
                return
            begun = self.begin(event), Course()
        unit, course = begun
        outcome = step(self.rules, course, event)
        if isinstance(outcome, Reason):
            self.refused += 1
        elif outcome.finished_at is None or outcome.state is State.STOPPED:  # may go on
            self.open[event.dossier] = unit, outcome
        else:
            self.open.pop(event.dossier, None)
            self.end(unit, outcome)

    def begin(self, event: Event) -> int:
        """Counts a dossier where it came in; gives the unit's number."""
        unit = self.units.setdefault(event.unit, len(self.units))
        here = event.at.astimezone(VIETNAM)
        self.came[unit, here.date(), here.hour] += 1
        return unit

    def end(self, unit: int, course: Course) -> None:
        """Keeps what is over, where it had a deadline."""
        if course.received_at is None or course.due_at is None or course.finished_at is None:
            return
        moments = (course.received_at, course.due_at, course.finished_at)
        for column, value in zip(
            self.ended, (unit, *(each.timestamp() for each in moments)), strict=True
        ):
            column.append(value)

    def standing(self) -> Spells:
        """The dossiers that are open and have a deadline; while one waits it is not yet due."""
        rows = [
            (unit, course.received_at.timestamp(), due_of(course), seconds(course.finished_at))
            for unit, course in self.open.values()
            if course.received_at is not None and course.due_at is not None
        ]
        unit, *moments = np.array(rows, np.float64).reshape(-1, len(Spells._fields)).T
        return Spells(unit.astype(np.int64), *moments)

    def spells(self, since: float) -> Spells:
        """Those that are open, and those that were finished from a moment (seconds) on."""
        ended = [np.array(column) for column in self.ended]
        late = ended[-1] >= since
        there = self.standing()
        unit, *moments = (
            np.concatenate([old[late], new]) for old, new in zip(ended, there, strict=True)
        )
        return Spells(unit.astype(np.int64), *moments)


def due_of(course: Course) -> float:
    """When an open dossier is overdue by what is known, in seconds; nan while the clock stands."""
    waits, due = course.waiting_since, course.due_at
    stands = due is not None and waits is not None and waits <= due
    return seconds(None if stands else due)


def seconds(at: datetime | None) -> float:
    """A moment in seconds since 1970; nan for none."""
    return float("nan") if at is None else at.timestamp()


def events(files: Iterable[Path]) -> Iterator[Event]:
    """The moves of files, a line each, in the files' order. Raises BadMoves naming the line."""
    for file in files:
        try:
            with file.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines, 1):
                    yield parsed(line, file, number)
        except OSError as why:
            raise BadMoves(f"{file} cannot be read: {why.strerror}") from why


def parsed(line: str, file: Path, number: int) -> Event:
    """One move. Raises BadMoves naming the line."""
    try:
        told = json.loads(line)
        due = told["due_at"]
        return Event(
            told["event"], told["dossier"], told["unit"], told["procedure"],
            Channel(told["channel"]), State(told["state"]), moment(told["at"]),
            None if due is None else moment(due),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as why:
        raise BadMoves(f"{file}:{number} tells of no move of a dossier: {why}") from why


def moment(text: str) -> datetime:
    """A moment with its zone. Raises ValueError for one without."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} does not say its zone")
    return at.astimezone(UTC)


def mornings(office: Office, told: Iterable[Event]) -> Iterator[date]:
    """Has the office hear of all moves; stops at the opening of each working day, having heard so far."""
    calendar, day = office.rules.calendar, None
    opens = datetime.max.replace(tzinfo=UTC)
    for event in told:
        if day is None:
            day = event.at.astimezone(VIETNAM).date()
            opens = opening_of(calendar, day)
        while event.at >= opens:
            if is_working_day(calendar, day):
                yield day
            day += A_DAY
            opens = opening_of(calendar, day)
        office.take(event)


def opening_of(calendar: Calendar, day: date) -> datetime:
    """When offices open on a day, if they do."""
    return datetime.combine(day, calendar.hours[0][0], VIETNAM)


def history(office: Office) -> History:
    """What came in hour by hour, units in the order of their numbers; the last day is not whole."""
    if not office.came:
        raise BadMoves("nothing came in: there are no dossiers to learn from")
    days = [day for _, day, _ in office.came]
    first, last = min(days), max(days)
    counts = np.zeros((len(office.units), (last - first).days + 1, HOURS))
    for (unit, day, hour), number in office.came.items():
        counts[unit, (day - first).days, hour] = number
    return History(first, counts)


def almanac(days: Path | None, tets: Path | None) -> Almanac:
    """The calendar of offices, of tables as the store exports them. Raises BadProvince."""
    free, extra = special_days(days) if days else (frozenset[date](), frozenset[date]())
    lunar = frozenset(day_of(tets, row) for row in rows(tets, ("day",))) if tets else frozenset()
    return Almanac(Calendar(OFFICE_HOURS, free=free, extra=extra).checked(), lunar)
