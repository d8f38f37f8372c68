"""Puts right what is in quarantine: fields of a refused event, or of one that makes no possible move."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from models.egov.told import read
from services.store import dossier_intake, dossiers
from services.store.dossier_intake import Answer, Item, Outcome
from services.store.pool import Connection


class NothingHeld(Exception):
    """Nothing of this name is in quarantine."""


class StillRefused(Exception):
    """It cannot be taken as it was put right either; it stays as it was."""


class Held(NamedTuple):
    """What is in quarantine: a reject by its number, or a move by its event's name."""

    what: str
    name: str
    door: str
    source: str
    line: int | None
    kept: dict[str, str | int]


def mend(conn: Connection, name: str, fields: Mapping[str, str], now: datetime) -> Answer:
    """Takes it once more with these fields; an event that was stored is replaced.

    Raises NothingHeld, and StillRefused with the reason.
    """
    held = held_under(conn, name)
    [told, *_] = read({**held.kept, **fields}, now)
    item = Item(told, held.line, held.source if held.door == "mqtt" else None)
    with conn.transaction():  # what is refused again stays where it was
        if held.what == "move":
            drop(conn, held.name)
        [answer], _ = dossier_intake.judged(conn, held.door, held.source, [item])
        if answer.outcome is Outcome.REJECTED:
            raise StillRefused(answer.reason)
        if held.what == "reject":
            dossiers.settle(conn, [int(held.name)])
            stored, duplicate, _ = dossier_intake.counted([answer])
            again = dossier_intake.Counted(stored, duplicate, -stored - duplicate)
            dossier_intake.account(conn, "retry", 0, again)
    return answer


def held_under(conn: Connection, name: str) -> Held:
    """What is in quarantine under a name. Raises NothingHeld."""
    with conn.cursor(row_factory=class_row(Held)) as cursor:
        found = cursor.execute(
            """SELECT 'reject' AS what, r.id::text AS name, s.door, s.name AS source, r.line, r.kept
               FROM dossier_rejects r JOIN dossier_sources s ON s.id = r.source_id
               WHERE r.id::text = %(name)s AND r.settled_at IS NULL
               UNION ALL
               SELECT 'move', e.event, s.door, s.name, e.line,
                      jsonb_strip_nulls(jsonb_build_object(
                          'event', e.event, 'dossier', e.dossier, 'unit', e.unit,
                          'procedure', e.procedure, 'channel', e.channel, 'state', e.state,
                          'at', e.at, 'due_at', e.due_at))
               FROM dossier_events e JOIN dossier_sources s ON s.id = e.source_id
               WHERE e.event = %(name)s AND e.flaw IS NOT NULL""",
            {"name": name},
        ).fetchone()
    if found is None:
        raise NothingHeld(f"nothing called {name} is in quarantine: see dossiers quarantine")
    return found


def drop(conn: Connection, event: str) -> None:
    """Takes an event away that does not count."""
    conn.execute("DELETE FROM dossier_events WHERE event = %s AND flaw IS NOT NULL", [event])
