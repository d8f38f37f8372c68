"""The one way in for dossier events, whatever door they come through.

Idempotent by an event's id, in the caller's transaction: what comes again changes nothing, what
contradicts what is stored is rejected. An event that is later than all of its dossier's is one step
on; any other has all of them folded again, so that any order of arrival gives the same state and a
late event mends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import NamedTuple

from psycopg.errors import UniqueViolation

from models.egov.course import Course, Event, Rules
from models.egov.dossier import order, walked
from models.egov.told import UNIT, Refused, Told, kept_from, read
from services.store import dossiers, ledger, organisation, procedures
from services.store.dossiers import EventRow, Kept, Reject, Standing
from services.store.pool import Connection

CHANGED = 1000  # events in a statement: so many are told to readers as one change
MEETINGS = 5  # with others on the same dossiers, each of which leaves more to be seen
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


COUNTS = Answer(Outcome.STORED)
UNHEARD_OF = Standing(Course(), None, None)


class TooManyMeetings(Exception):
    """Others write on the same dossiers all the time; the same again may do."""


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


def account(conn: Connection, door: str, received: int, count: Counted) -> None:
    """Tells the ledger what became of events of a door that has no account of its own.

    received is the door's own count. Of what came over MQTT, ingest tells it with its readings.
    """
    ledger.add(conn, f"dossiers-{door}", ledger.Count(received, *count))


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
    answers |= stored(conn, good, [item.line for item in items], source_ids, file=door == "file")
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
    *,
    file: bool,
) -> dict[int, Answer]:
    """Stores events by their place among the items; what became of each.

    Of a file, what is later than all of its dossier's is taken to be new, and not looked up. Where
    that was wrong (a name of another dossier), nothing of it stays, and it is done again with every
    name looked up; so it is where somebody begins a dossier at this moment. Systems that live tell
    an event again with another time, above all after an import of what they had told: their names
    are looked up at once.
    """
    if not events:
        return {}
    names = {event.id for event in events.values()}
    there: dict[str, Kept] = {} if file else dossiers.by_id(conn, names)
    for _ in range(MEETINGS):
        try:
            with conn.transaction():  # a savepoint: the caller's transaction has begun long ago
                return written(conn, events, there, lines, source_ids)
        except (UniqueViolation, dossiers.AlreadyBegun):
            there = dossiers.by_id(conn, names)
    raise TooManyMeetings(f"others wrote on the same dossiers {MEETINGS} times in a row")


def written(
    conn: Connection,
    events: Mapping[int, Event],
    there: Mapping[str, Kept],
    lines: Sequence[int | None],
    source_ids: Sequence[int],
) -> dict[int, Answer]:
    """Writes what is new; what became of each. there are events that were looked up by name."""
    held = dossiers.hold(conn, (event.dossier for event in events.values()))
    before = looked_back(conn, held, events.values())
    known = {each.event.id: each.event for each in chain(there.values(), *before.values())}
    first: dict[str, int] = {}
    for at, event in events.items():
        if event.id not in known:
            first.setdefault(event.id, at)
    new = [events[at] for at in first.values()]
    flaws = brought_up_to_date(conn, held, before, new)
    rows = (
        EventRow(events[at], flaws.get(name), lines[at], source_ids[at])
        for name, at in sorted(first.items())
    )
    while some := list(islice(rows, CHANGED)):
        dossiers.append(conn, some)
    answers = {}
    for at, event in events.items():
        its = first.get(event.id)
        if its == at:
            flaw = flaws.get(event.id)
            answers[at] = COUNTS if flaw is None else Answer(Outcome.WAITING, flaw)
        else:
            answers[at] = said_again(event, known[event.id] if its is None else events[its])
    return answers


def looked_back(
    conn: Connection, held: Mapping[str, Standing], events: Iterable[Event]
) -> dict[str, list[Kept]]:
    """All events so far of the dossiers that cannot be told on from where they stand."""
    late = {
        event.dossier
        for event in events
        if event.dossier in held and not goes_on(held[event.dossier], event)
    }
    return dossiers.of(conn, sorted(late)) if late else {}


def said_again(event: Event, before: Event) -> Answer:
    """What becomes of an event whose name is there; a due date said once only is no contradiction."""
    same = event._replace(due_at=None) == before._replace(due_at=None)
    if same and (event.due_at == before.due_at or None in (event.due_at, before.due_at)):
        return Answer(Outcome.DUPLICATE)
    return Answer(Outcome.REJECTED, "an event of this name is stored with other content")


def brought_up_to_date(
    conn: Connection,
    held: Mapping[str, Standing],
    before: Mapping[str, Sequence[Kept]],
    new: Sequence[Event],
) -> dict[str, str]:
    """Writes what holds of the dossiers of new events; why those that do not count do not."""
    its: dict[str, list[Event]] = {}
    for event in sorted(new, key=order):
        its.setdefault(event.dossier, []).append(event)
    earlier = {code: before[code] for code in its if code in before}
    asked = {event.procedure for event in new}
    asked |= {kept.event.procedure for kept in chain(*earlier.values())}
    rules = procedures.rules(conn, asked)
    found: dict[str, Standing] = {}
    refused: dict[str, str] = {}
    for code, events in its.items():
        start, to_tell = held.get(code, UNHEARD_OF), events
        if code in earlier:
            all_of_it = [*(kept.event for kept in earlier[code]), *events]
            start, to_tell = UNHEARD_OF, sorted(all_of_it, key=order)
        found[code], why = told_on(rules, start, to_tell)
        refused |= why
    dossiers.add(conn, {code: now for code, now in found.items() if code not in held})
    if old := {code: now for code, now in found.items() if code in held}:
        dossiers.put(conn, old)
    flaws = {kept.event.id: kept.flaw for kept in chain(*earlier.values())}
    if changed := {name: refused.get(name) for name in flaws if flaws[name] != refused.get(name)}:
        dossiers.flag(conn, changed)
    return refused


def goes_on(before: Standing, event: Event) -> bool:
    """Whether an event can be told on from here, without what was before it.

    It is later than all; and the deadline, which may hang on the first event, is known.
    """
    if before.last_at is None:
        return True
    return before.course.received_at is not None and event.at > before.last_at


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
    stored, duplicate, _ = total
    account(conn, "retry", 0, Counted(stored, duplicate, -stored - duplicate))
    return (waiting[-1].id if waiting else after), total, len(waiting)
