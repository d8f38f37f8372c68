"""The one way in for dossier events, whatever door they come through.

Idempotent by an event's id, in the caller's transaction: what comes again changes nothing, what
contradicts what is stored is rejected. An event that is later than all of its dossier's is one step
on; any other has all of them folded again, so that any order of arrival gives the same state and a
late event mends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from models.egov.course import Course, Event, Rules
from models.egov.dossier import order, walked
from models.egov.told import UNIT, Refused, Told, kept_from, read
from services.store import dossiers, organisation, procedures
from services.store.dossiers import Reject, Standing
from services.store.pool import Connection

RETRIED = 1000  # rejects read again in one transaction
UNKNOWN = "unknown"  # who speaks on a topic of no unit


class Outcome(StrEnum):
    """What became of an event. One that waits is stored: its move is impossible for now."""

    STORED = "stored"
    WAITING = "waiting"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Item(NamedTuple):
    """What was told, on which line of its file, and who is bound to have told it.

    sender is the unit of a topic: it speaks for itself and for the units below it. None may speak
    for all.
    """

    told: Told
    line: int | None = None
    sender: str | None = None


class Answer(NamedTuple):
    """What became of an item, and why where it is not counted."""

    outcome: Outcome
    reason: str | None = None


class Counted(NamedTuple):
    """What became of many."""

    stored: int = 0
    duplicate: int = 0
    rejected: int = 0


def counted(answers: Iterable[Answer]) -> Counted:
    """How many were stored (those that wait too), came again, and were rejected."""
    outcomes = [answer.outcome for answer in answers]
    duplicate, rejected = outcomes.count(Outcome.DUPLICATE), outcomes.count(Outcome.REJECTED)
    return Counted(len(outcomes) - duplicate - rejected, duplicate, rejected)


def take(conn: Connection, door: str, name: str, items: Sequence[Item]) -> list[Answer]:
    """Stores what can be stored, in the caller's transaction; an answer for each, in order.

    door is mqtt, http or file; name is who speaks through it where an item has no sender.
    """
    answers, rejects = judged(conn, door, name, items)
    dossiers.reject(conn, rejects)
    return answers


def judged(
    conn: Connection, door: str, name: str, items: Sequence[Item]
) -> tuple[list[Answer], list[Reject]]:
    """Stores what can be stored; an answer for each item, and what is to be kept as rejects."""
    if not items:
        return [], []
    units = units_of(conn, items)
    names = [speaker(item, name, units) for item in items]
    ids = dossiers.sources(conn, door, names)
    source_ids = [ids[each] for each in names]
    placed = resolved(conn, items, units)
    answers: dict[int, Answer] = {
        at: Answer(Outcome.REJECTED, told.reason)
        for at, told in enumerate(placed)
        if isinstance(told, Refused)
    }
    good = {at: told for at, told in enumerate(placed) if isinstance(told, Event)}
    answers |= stored(conn, good, [item.line for item in items], source_ids)
    rejects = [
        Reject(source_ids[at], items[at].line, kept_of(placed[at]), answer.reason or "")
        for at, answer in sorted(answers.items())
        if answer.outcome is Outcome.REJECTED
    ]
    return [answers[at] for at in range(len(items))], rejects


def kept_of(told: Told) -> Mapping[str, str | int]:
    """What may be kept of what was told."""
    return told.kept if isinstance(told, Refused) else kept_from(told)


def units_of(conn: Connection, items: Sequence[Item]) -> dict[str, str]:
    """The codes of the units that are spoken of, and of those that speak."""
    said = {item.told.unit for item in items if isinstance(item.told, Event)}
    return organisation.codes(conn, said | {item.sender for item in items if item.sender})


def resolved(conn: Connection, items: Sequence[Item], units: Mapping[str, str]) -> list[Told]:
    """What was told, with the units' own codes; what is of strangers is refused."""
    events = [item.told for item in items if isinstance(item.told, Event)]
    known = procedures.known(conn, {event.procedure for event in events})
    foreign = {
        units[item.sender] for item in items if item.sender and speaks_for_others(item, units)
    }
    below = {sender: organisation.below(conn, sender) for sender in sorted(foreign)}
    return [placed(item, units, known, below) for item in items]


def speaks_for_others(item: Item, units: Mapping[str, str]) -> bool:
    """Whether the unit of a topic tells of another one."""
    if item.sender is None or item.sender not in units or isinstance(item.told, Refused):
        return False
    return units.get(item.told.unit) != units[item.sender]


def speaker(item: Item, name: str, units: Mapping[str, str]) -> str:
    """Who has told an item; a topic that is no unit's may hold anything, and is not kept."""
    if item.sender is None:
        return name
    return units.get(item.sender) or (item.sender if UNIT.fullmatch(item.sender) else UNKNOWN)


def placed(
    item: Item, units: Mapping[str, str], known: set[str], below: Mapping[str, set[str]]
) -> Told:
    """One item with its unit's own code, or why that cannot be."""
    told = item.told
    if isinstance(told, Refused):
        return told
    unit = units.get(told.unit)
    if item.sender is not None and item.sender not in units:
        return Refused(kept_from(told), "the unit of the topic is not known")
    if unit is None:
        return Refused(kept_from(told), "the unit is not known")
    if told.procedure not in known:
        return Refused(kept_from(told), "the procedure is not known")
    if item.sender is not None and unit not in below.get(units[item.sender], {unit}):
        return Refused(kept_from(told), "the unit of the topic does not speak for this unit")
    return told._replace(unit=unit)


def stored(
    conn: Connection,
    events: Mapping[int, Event],
    lines: Sequence[int | None],
    source_ids: Sequence[int],
) -> dict[int, Answer]:
    """Stores events by their place among the items; what became of each."""
    if not events:
        return {}
    held = dossiers.hold(conn, (event.dossier for event in events.values()))
    there = dossiers.by_id(conn, [event.id for event in events.values()])
    fresh: dict[str, int] = {}
    for at, event in events.items():
        if event.id not in there:
            fresh.setdefault(event.id, at)
    ordered = [fresh[name] for name in sorted(fresh)]
    new = dossiers.append(
        conn,
        [events[at] for at in ordered],
        [lines[at] for at in ordered],
        [source_ids[at] for at in ordered],
    )
    if len(new) < len(fresh):  # another dossier's event of the same name was faster
        there |= dossiers.by_id(conn, sorted(fresh.keys() - new))
    there |= {name: events[fresh[name]] for name in new}
    flaws = brought_up_to_date(conn, held, [events[fresh[name]] for name in new])
    answers = {}
    for at, event in events.items():
        if fresh.get(event.id) == at and event.id in new:
            flaw = flaws.get(event.id)
            answers[at] = Answer(Outcome.WAITING if flaw else Outcome.STORED, flaw)
        else:
            answers[at] = said_again(event, there[event.id])
    return answers


def said_again(event: Event, before: Event) -> Answer:
    """What becomes of an event whose name is there; a due date said once only is no contradiction."""
    same = event._replace(due_at=None) == before._replace(due_at=None)
    if same and (event.due_at == before.due_at or None in (event.due_at, before.due_at)):
        return Answer(Outcome.DUPLICATE)
    return Answer(Outcome.REJECTED, "an event of this name is stored with other content")


def brought_up_to_date(
    conn: Connection, held: Mapping[str, Standing], new: Sequence[Event]
) -> dict[str, str]:
    """Writes what holds of the dossiers of new events; why those that do not count do not."""
    if not new:
        return {}
    its: dict[str, list[Event]] = {}
    for event in sorted(new, key=order):
        its.setdefault(event.dossier, []).append(event)
    late = sorted(code for code, events in its.items() if not goes_on(held[code], events))
    before = dossiers.of(conn, late) if late else {}
    known = {event.procedure for event in new}
    known |= {kept.event.procedure for kept in chain(*before.values())}
    rules = procedures.rules(conn, known)
    found: dict[str, Standing] = {}
    refused: dict[str, str] = {}
    for code, events in its.items():
        all_of_it = [kept.event for kept in before[code]] if code in before else events
        start = Standing(Course(), None, None) if code in before else held[code]
        found[code], why = told_on(rules, start, sorted(all_of_it, key=order))
        refused |= why
    dossiers.put(conn, found)
    flaws: dict[str, str | None] = {kept.event.id: kept.flaw for kept in chain(*before.values())}
    changed = {name for name in flaws.keys() | refused if flaws.get(name) != refused.get(name)}
    if changed:
        dossiers.flag(conn, {name: refused.get(name) for name in sorted(changed)})
    return refused


def goes_on(before: Standing, events: Sequence[Event]) -> bool:
    """Whether events in their order can be told on from here, without what was before them.

    They are all later; and the deadline, which may hang on the first event, is known.
    """
    if before.last_at is None:
        return True
    return before.course.received_at is not None and events[0].at > before.last_at


def told_on(
    rules: procedures.RuleBook, start: Standing, events: Sequence[Event]
) -> tuple[Standing, dict[str, str]]:
    """A dossier after later events in their order, and why those that do not count do not.

    It is judged by its first event's procedure as of that day.
    """
    course, begun = start.course, start.submitted_at
    its = Rules(rules.calendar, rules.term(events[0].procedure, events[0].at))
    refused: dict[str, str] = {}
    for at, together in groupby(events, key=attrgetter("at")):
        course, counted, left = walked(its, course, together)
        if counted and begun is None:
            begun = at
        refused |= {each.event.id: each.reason.words[1] for each in left}
    return Standing(course, begun, events[-1].at), refused


def retry(conn: Connection, after: int, now: datetime) -> tuple[int, Counted, int]:
    """Reads some open rejects again, after a unit or a procedure was imported.

    Returns the number of the last one looked at (`after` where there is none), what became of
    them, and how many were looked at.
    """
    waiting = dossiers.open_rejects(conn, after, RETRIED)
    total = Counted()
    for door, source in sorted({(each.door, each.source) for each in waiting}):
        its = [each for each in waiting if (each.door, each.source) == (door, source)]
        sender = source if door == "mqtt" else None
        items = [Item(read(each.kept, now)[0], each.line, sender) for each in its]
        answers, _ = judged(conn, door, source, items)
        settled = [
            each.id
            for each, answer in zip(its, answers, strict=True)
            if answer.outcome is not Outcome.REJECTED
        ]
        dossiers.settle(conn, settled)
        total = Counted(*map(sum, zip(total, counted(answers), strict=True)))
    return (waiting[-1].id if waiting else after), total, len(waiting)
