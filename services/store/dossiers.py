"""The tables `dossiers` and `dossier_events`: what was told of dossiers, and what holds now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from psycopg import Copy
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from models.egov.course import Course, Event
from models.egov.state import Channel, State
from services.store.pool import Connection

# A binary COPY casts nothing.
EVENT_TYPES = (
    *("text", "text", "text", "text", "int2", "int2", "timestamptz", "timestamptz"),
    *("text", "int4", "int4"),
)
DOSSIER_TYPES = (
    *("text", "int2", "timestamptz", "text", "text", "int2", "timestamptz", "timestamptz"),
    *("timestamptz", "interval", "timestamptz", "int2", "timestamptz", "timestamptz"),
    *("timestamptz", "timestamptz"),
)


class Kept(NamedTuple):
    """An event as the store has it; flaw is why it does not count, None where it does."""

    event: Event
    flaw: str | None


class Standing(NamedTuple):
    """What the next event of a dossier goes on from.

    submitted_at is when it began; last_at is the time of its last event, whether it counts or not.
    """

    course: Course
    submitted_at: datetime | None
    last_at: datetime | None


class StoredDossier(NamedTuple):
    """What holds now of a dossier."""

    code: str
    unit: str
    procedure: str
    channel: int
    state: int
    submitted_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    returned_at: datetime | None
    moved_at: datetime


class EventRow(NamedTuple):
    """An event as it is written: why it does not count, where it stood, and who told it."""

    event: Event
    flaw: str | None
    line: int | None
    source_id: int


class Reject(NamedTuple):
    """An event that could not be taken: what was kept of it, and why."""

    source_id: int
    line: int | None
    kept: Mapping[str, str | int]
    reason: str


class OpenReject(NamedTuple):
    """A reject that nobody has settled."""

    id: int
    door: str
    source: str
    line: int | None
    kept: dict[str, str | int]
    reason: str


class Quarantined(NamedTuple):
    """What is not counted: a reject, or a move (`what`) that waits for what was before it."""

    what: str
    name: str
    door: str
    source: str
    line: int | None
    reason: str
    kept: dict[str, str | int]
    times: int
    received_at: datetime


def sources(conn: Connection, door: str, names: Iterable[str]) -> dict[str, int]:
    """The numbers of those who speak through a door, by name."""
    ordered = sorted(set(names))
    found = sources_there(conn, door, ordered)
    if len(found) < len(ordered):
        conn.execute(
            """INSERT INTO dossier_sources (door, name) SELECT %s, unnest(%s::text[])
               ON CONFLICT DO NOTHING""",
            [door, [name for name in ordered if name not in found]],
        )
        found = sources_there(conn, door, ordered)
    return found


def sources_there(conn: Connection, door: str, names: Sequence[str]) -> dict[str, int]:
    """The numbers of those who have spoken through a door before."""
    rows = conn.execute(
        "SELECT name, id FROM dossier_sources WHERE door = %s AND name = ANY(%s)",
        [door, list(names)],
    )
    return {str(name): int(str(number)) for name, number in rows}


def hold(conn: Connection, codes: Iterable[str]) -> dict[str, Standing]:
    """Those of these dossiers that there are, nobody else's to change until the transaction ends.

    They are taken always in the same order, so that nobody waits for somebody who waits.
    """
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(
            """SELECT code, state, moved_at, unit, procedure, channel, accepted_at, stated_due_at,
                      due_at, paused, waiting_since, supplements, ended_at, submitted_at, last_at
               FROM dossiers WHERE code = ANY(%s) ORDER BY code FOR NO KEY UPDATE""",
            [sorted(set(codes))],
            prepare=False,  # a plan that was made when there were few is none for many
        ).fetchall()
    return {str(code): standing(its) for code, *its in rows}


def standing(row: Sequence[Any]) -> Standing:
    """A row as what the next event goes on from."""
    state, moved_at, unit, procedure, channel, *rest, submitted_at, last_at = row
    course = Course(
        None if state is None else State(state),
        moved_at,
        unit,
        procedure,
        None if channel is None else Channel(channel),
        *rest,
    )
    return Standing(course, submitted_at, last_at)


def by_id(conn: Connection, ids: Iterable[str]) -> dict[str, Kept]:
    """Those of these events that are stored."""
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(
            """SELECT event, dossier, unit, procedure, channel, state, at, due_at, flaw
               FROM dossier_events WHERE event = ANY(%s)""",
            [list(ids)],
            prepare=False,
        ).fetchall()
    return {each.event.id: each for each in map(kept, rows)}


def of(conn: Connection, codes: Sequence[str]) -> dict[str, list[Kept]]:
    """All events of these dossiers."""
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(
            """SELECT event, dossier, unit, procedure, channel, state, at, due_at, flaw
               FROM dossier_events WHERE dossier = ANY(%s) ORDER BY dossier""",
            [list(codes)],
            prepare=False,
        ).fetchall()
    found = map(kept, rows)
    return {code: list(its) for code, its in groupby(found, key=attrgetter("event.dossier"))}


def kept(row: Sequence[Any]) -> Kept:
    """A row as an event."""
    event, dossier, unit, procedure, channel, state, at, due_at, flaw = row
    its = Event(event, dossier, unit, procedure, Channel(channel), State(state), at, due_at)
    return Kept(its, flaw)


def append(conn: Connection, rows: Iterable[EventRow]) -> None:
    """Stores events whose names are free. Raises psycopg's UniqueViolation where one is not."""
    with (
        conn.cursor() as cursor,
        cursor.copy(
            """COPY dossier_events (event, dossier, unit, procedure, channel, state, at, due_at,
                                    flaw, line, source_id)
               FROM STDIN (FORMAT BINARY)"""
        ) as copy,
    ):
        copy.set_types(EVENT_TYPES)
        for event, flaw, line, source_id in rows:
            copy.write_row((*event, flaw, line, source_id))


def columns(rows: Sequence[Sequence[object]], width: int) -> list[list[object]]:
    """Rows as columns, for unnest; enumerations as numbers."""
    if not rows:
        return [[] for _ in range(width)]
    return [
        [int(cell) if isinstance(cell, int) else cell for cell in column]
        for column in zip(*rows, strict=True)
    ]


class AlreadyBegun(Exception):
    """Somebody else began one of these dossiers a moment ago: look again."""


def add(conn: Connection, found: Mapping[str, Standing]) -> None:
    """Writes dossiers that there were none of. Raises AlreadyBegun where there is one by now.

    Waits for whoever is beginning the same; that is nothing the server would call an error.
    """
    beside(conn, found)
    added = conn.execute(
        """INSERT INTO dossiers (code, state, moved_at, unit, procedure, channel, accepted_at,
                                 stated_due_at, due_at, paused, waiting_since, supplements,
                                 ended_at, submitted_at, last_at, returned_at)
           SELECT * FROM dossiers_now ORDER BY code ON CONFLICT (code) DO NOTHING""",
        prepare=False,
    ).rowcount
    conn.execute("DELETE FROM dossiers_now")
    if added < len(found):
        raise AlreadyBegun


def put(conn: Connection, found: Mapping[str, Standing]) -> None:
    """Writes what holds now of dossiers that are held."""
    beside(conn, found)
    conn.execute(
        """UPDATE dossiers d SET state = n.state, moved_at = n.moved_at, unit = n.unit,
               procedure = n.procedure, channel = n.channel, accepted_at = n.accepted_at,
               stated_due_at = n.stated_due_at, due_at = n.due_at, paused = n.paused,
               waiting_since = n.waiting_since, supplements = n.supplements,
               ended_at = n.ended_at, submitted_at = n.submitted_at, last_at = n.last_at,
               returned_at = n.returned_at, changed_at = clock_timestamp()
           FROM dossiers_now n WHERE d.code = n.code""",
        prepare=False,
    )
    conn.execute("DELETE FROM dossiers_now")  # there may be more in this transaction


def beside(conn: Connection, found: Mapping[str, Standing]) -> None:
    """Writes dossiers into a table of this connection's own, for one statement to take them all."""
    conn.execute(
        """CREATE TEMP TABLE IF NOT EXISTS dossiers_now (
               code text, state smallint, moved_at timestamptz, unit text, procedure text,
               channel smallint, accepted_at timestamptz, stated_due_at timestamptz,
               due_at timestamptz, paused interval, waiting_since timestamptz,
               supplements smallint, ended_at timestamptz, submitted_at timestamptz,
               last_at timestamptz, returned_at timestamptz) ON COMMIT DELETE ROWS"""
    )
    with (
        conn.cursor() as cursor,
        cursor.copy("COPY dossiers_now FROM STDIN (FORMAT BINARY)") as copy,
    ):
        written(copy, found)


def written(copy: Copy, found: Mapping[str, Standing]) -> None:
    """Copies dossiers, in the order in which everybody takes them."""
    copy.set_types(DOSSIER_TYPES)
    for code, (course, submitted_at, last_at) in sorted(found.items()):
        returned_at = course.moved_at if course.state is State.RETURNED else None
        copy.write_row((code, *course, submitted_at, last_at, returned_at))


def flag(conn: Connection, flaws: Mapping[str, str | None]) -> None:
    """Says of events why they do not count, or that they do."""
    conn.execute(
        """UPDATE dossier_events e SET flaw = n.flaw
           FROM unnest(%s::text[], %s::text[]) AS n (event, flaw) WHERE e.event = n.event""",
        [list(flaws), list(flaws.values())],
    )


def reject(conn: Connection, rejects: Sequence[Reject]) -> None:
    """Keeps what could not be taken; the same of the same source once, however often it comes."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO dossier_rejects AS r (source_id, line, kept, reason)
               VALUES (%s, %s, %s, %s)
               ON CONFLICT (source_id, coalesce(line, 0), md5(kept::text || reason))
               DO UPDATE SET times = r.times + 1, settled_at = NULL""",
            [(each.source_id, each.line, Jsonb(dict(each.kept)), each.reason) for each in rejects],
        )


def open_rejects(conn: Connection, after: int, limit: int) -> list[OpenReject]:
    """The rejects after a number that nobody has settled, held until the transaction ends."""
    with conn.cursor(row_factory=class_row(OpenReject)) as cursor:
        return cursor.execute(
            """SELECT r.id, s.door, s.name AS source, r.line, r.kept, r.reason
               FROM dossier_rejects r JOIN dossier_sources s ON s.id = r.source_id
               WHERE r.settled_at IS NULL AND r.id > %s ORDER BY r.id LIMIT %s FOR UPDATE OF r""",
            [after, limit],
        ).fetchall()


def settle(conn: Connection, ids: Sequence[int]) -> None:
    """Lets go of rejects: what they told is stored now, or dismissed."""
    conn.execute("UPDATE dossier_rejects SET settled_at = now() WHERE id = ANY(%s)", [list(ids)])


def quarantine(
    conn: Connection, before: datetime | None = None, limit: int = 100
) -> list[Quarantined]:
    """What is not counted, the newest first."""
    with conn.cursor(row_factory=class_row(Quarantined)) as cursor:
        return cursor.execute(
            """SELECT what, name, door, source, line, reason, kept, times, received_at
               FROM dossier_quarantine
               WHERE %(before)s::timestamptz IS NULL OR received_at < %(before)s
               ORDER BY received_at DESC, line DESC NULLS LAST LIMIT %(limit)s""",
            {"before": before, "limit": limit},
        ).fetchall()


def find(conn: Connection, code: str) -> StoredDossier | None:
    """One dossier that has begun."""
    with conn.cursor(row_factory=class_row(StoredDossier)) as cursor:
        return cursor.execute(
            """SELECT code, unit, procedure, channel, state, submitted_at, accepted_at, due_at,
                      ended_at, returned_at, moved_at
               FROM dossiers WHERE code = %s AND state IS NOT NULL""",
            [code],
        ).fetchone()
