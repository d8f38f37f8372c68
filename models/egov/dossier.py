"""A dossier, folded from its events.

The same events give the same dossier in whatever order they come in, and however often.
"""

from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from models.egov.course import Course, Event, Reason, Rules, refusal, step
from models.egov.state import allowed
from models.egov.worktime import reaches


class Quarantined(NamedTuple):
    """An event that does not count, for now: a late one may still make it possible."""

    event: Event
    reason: Reason


class Dossier(NamedTuple):
    """A dossier: its course, the events that count in their order, and those that do not."""

    course: Course = Course()
    events: tuple[Event, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()


def fold(rules: Rules, events: Iterable[Event]) -> Dossier:
    """The dossier of its events, in whatever order they are given.

    Events count in the order of their times. Of several at one moment, those come first that the
    table of moves allows. Of several with one id and different content the earliest counts and
    the others are conflicts (a store that refuses the later-coming one never gets here). Raises
    ValueError for events of more than one dossier.
    """
    distinct = set(events)
    if len({event.dossier for event in distinct}) > 1:
        raise ValueError("a dossier is folded from its own events")
    quarantined = [Quarantined(each, Reason.TIME) for each in distinct if not possible(each)]
    sound, conflicts = unambiguous([each for each in distinct if possible(each)])
    quarantined += conflicts
    course = Course()
    counted: list[Event] = []
    for _, together in groupby(sorted(sound, key=order), key=attrgetter("at")):
        course, fits, refused = walked(rules, course, together)
        counted += fits
        quarantined += refused
    return Dossier(course, tuple(counted), by_event(quarantined))


def apply(rules: Rules, dossier: Dossier, event: Event) -> Dossier:
    """The dossier with one more event: the same as folding all its events anew.

    One that comes after all the others is a single step; one that comes late folds again.
    """
    known = [*dossier.events, *(each.event for each in dossier.quarantined)]
    fresh = all(each.id != event.id for each in known)
    if fresh and possible(event) and all(follows(event, each) for each in known):
        course, fits, refused = walked(rules, dossier.course, [event])
        quarantined = by_event([*dossier.quarantined, *refused])
        return Dossier(course, (*dossier.events, *fits), quarantined)
    return fold(rules, [*known, event])


def as_of(rules: Rules, dossier: Dossier, moment: datetime) -> Dossier:
    """The dossier as it stood at a moment: by its events until then (included)."""
    known = [*dossier.events, *(each.event for each in dossier.quarantined)]
    return fold(rules, [each for each in known if possible(each) and each.at <= moment])


def order(event: Event) -> tuple[datetime, int, str]:
    """By what events are put in order."""
    return event.at, event.state, event.id


def content(event: Event) -> tuple[str, ...]:
    """By what versions of one event are told apart, in whatever zones they write their times."""
    return tuple(instant(part) if isinstance(part, datetime) else str(part) for part in event)


def instant(moment: datetime) -> str:
    """A moment's name, the same in every zone; one at the ends of time keeps its own."""
    reckoned = moment.tzinfo is not None and MINYEAR < moment.year < MAXYEAR
    return str(moment.astimezone(UTC) if reckoned else moment)


def possible(event: Event) -> bool:
    """Whether an event's times can be reckoned with."""
    return reaches(event.at) and (event.due_at is None or reaches(event.due_at))


def follows(event: Event, other: Event) -> bool:
    """Whether an event is later than another, or the other has no place in time."""
    return not possible(other) or other.at < event.at


def unambiguous(events: Sequence[Event]) -> tuple[Sequence[Event], list[Quarantined]]:
    """One event an id, the earliest; the others of that id are conflicts."""
    if len({event.id for event in events}) == len(events):
        return events, []
    chosen: dict[str, Event] = {}
    conflicts: list[Quarantined] = []
    for event in sorted(events, key=lambda event: (order(event), content(event))):
        if event.id in chosen:
            conflicts.append(Quarantined(event, Reason.CONFLICT))
        else:
            chosen[event.id] = event
    return list(chosen.values()), conflicts


class Walk(NamedTuple):
    """A course after events, those that count in their order, and those that do not."""

    course: Course
    counted: list[Event]
    refused: list[Quarantined]


def walked(rules: Rules, course: Course, together: Iterable[Event]) -> Walk:
    """A course after the events of one moment, in the first order that the table allows."""
    counted, left = [], list(together)
    while fit := next((each for each in left if allowed(course.state, each.state)), None):
        left.remove(fit)
        course = moved(step(rules, course, fit))
        counted.append(fit)
    return Walk(course, counted, [Quarantined(each, refusal(course.state)) for each in left])


def moved(outcome: Course | Reason) -> Course:
    """A step that the table allows: it is a course, and never a reason."""
    if isinstance(outcome, Reason):
        raise TypeError(f"the move was not looked up: {outcome}")
    return outcome


def by_event(quarantined: Iterable[Quarantined]) -> tuple[Quarantined, ...]:
    """Quarantined events in an order that does not depend on how they came."""
    return tuple(sorted(quarantined, key=lambda each: content(each.event)))
