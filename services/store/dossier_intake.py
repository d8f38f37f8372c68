"""The one way in for dossier events, whatever door they come through.

Idempotent by an event's id, in the caller's transaction: what comes again changes nothing, what
contradicts what is stored is rejected, and a dossier is folded from all of its events, so that
any order of arrival gives the same state and a late event mends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.egov.course import Event, Rules
from models.egov.dossier import Dossier, fold
from models.egov.told import UNIT, Refused, Told, kept_from, read
from services.store import dossiers, organisation, procedures
from services.store.dossiers import Kept, Reject
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
    dossiers.hold(conn, (event.dossier for event in events.values()))
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
    flaws = refold(conn, {events[fresh[name]].dossier for name in new})
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


def refold(conn: Connection, codes: set[str]) -> dict[str, str]:
    """Brings dossiers up to date with all of their events; why those that do not count do not."""
    if not codes:
        return {}
    found: dict[str, Dossier] = {}
    flaws: dict[str, str] = {}
    changed: dict[str, str | None] = {}
    its = dossiers.of(conn, sorted(codes))
    rules = procedures.rules(conn, {each.event.procedure for kept in its.values() for each in kept})
    for code, kept in its.items():
        found[code] = folded(rules, kept)
        why = {each.event.id: each.reason.words[1] for each in found[code].quarantined}
        flaws |= why
        changed |= {
            each.event.id: why.get(each.event.id)
            for each in kept
            if why.get(each.event.id) != each.flaw
        }
    dossiers.put(conn, found)
    if changed:
        dossiers.flag(conn, changed)
    return flaws


def folded(rules: procedures.RuleBook, kept: Sequence[Kept]) -> Dossier:
    """A dossier by the rules of its earliest event's procedure as of that day."""
    events = [each.event for each in kept]
    begun = min(events, key=lambda event: (event.at, event.state, event.id))
    return fold(Rules(rules.calendar, rules.term(begun.procedure, begun.at)), events)


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
