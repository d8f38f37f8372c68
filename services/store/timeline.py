"""The table `timeline`: every move of every incident, append-only and hash-chained."""

from datetime import UTC, datetime
from typing import NamedTuple

from psycopg.rows import class_row

from models.incident import GENESIS, Line, Move, chained
from services.store.pool import Connection


class StoredLine(NamedTuple):
    """One line as people see it."""

    at: datetime
    actor: str
    move: str
    note: str


def append(conn: Connection, incident: int, actor: str, move: Move, note: str = "") -> None:
    """Adds a line behind the newest one.

    Raises TimelineMoved (through the transaction) when somebody else did at the same moment.
    """
    newest = conn.execute(
        "SELECT hash FROM timeline WHERE incident_id = %s ORDER BY id DESC LIMIT 1", [incident]
    ).fetchone()
    previous = newest[0] if newest and isinstance(newest[0], bytes) else GENESIS
    note = note.replace("\0", "\u2400")
    line = Line(datetime.now(UTC), actor, move, note)
    conn.execute(
        """INSERT INTO timeline (incident_id, at, actor, move, note, previous, hash)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        [incident, line.at, actor, move.value, note, previous, chained(previous, incident, line)],
    )


def of(conn: Connection, incident: int) -> list[StoredLine]:
    """All lines of one incident, oldest first."""
    with conn.cursor(row_factory=class_row(StoredLine)) as cursor:
        return cursor.execute(
            "SELECT at, actor, move, note FROM timeline WHERE incident_id = %s ORDER BY id",
            [incident],
        ).fetchall()


def broken(conn: Connection, incident: int) -> int | None:
    """The id of the first line whose hash is not what it says, or None where all hold."""
    previous = GENESIS
    for row in conn.execute(
        """SELECT id, at, actor, move, note, previous, hash FROM timeline
           WHERE incident_id = %s ORDER BY id""",
        [incident],
    ).fetchall():
        line_id, at, actor, move, note, follows, kept = row
        if not isinstance(at, datetime):
            raise TypeError("timeline.at is a moment")
        line = Line(at, str(actor), Move(str(move)), str(note))
        if follows != previous or kept != chained(previous, incident, line):
            return int(str(line_id))
        previous = chained(previous, incident, line)
    return None
