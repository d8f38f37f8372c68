"""The table `hand_overs`: dossiers that went from one unit to another, and when the taker moved them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class HandOver(NamedTuple):
    """A dossier went from one unit to another; moved_at is when the taker first did something."""

    dossier: str
    at: datetime
    giver: str
    taker: str
    moved_at: datetime | None


def keep(conn: Connection, codes: Sequence[str]) -> None:
    """Finds the hand-overs of these dossiers in their events that count, and drops what was there."""
    conn.execute("DELETE FROM hand_overs WHERE dossier = ANY(%s)", [list(codes)])
    conn.execute(
        """INSERT INTO hand_overs (dossier, at, giver, taker, moved_at)
           SELECT DISTINCT ON (dossier, at) dossier, at, giver, taker, moved_at
           FROM (SELECT dossier, at, unit AS taker, lag(unit) OVER told AS giver,
                        lead(at) OVER told AS moved_at
                 FROM dossier_events WHERE dossier = ANY(%s) AND flaw IS NULL
                 WINDOW told AS (PARTITION BY dossier ORDER BY at, state, event)) AS steps
           WHERE giver <> taker ORDER BY dossier, at, moved_at NULLS LAST""",
        [list(codes)],
    )


def waiting(conn: Connection, until: datetime, limit: int) -> list[HandOver]:
    """The hand-overs of before a moment that the taker has done nothing with, oldest first.

    Of dossiers that are open: what has ended waits for nobody.
    """
    with conn.cursor(row_factory=class_row(HandOver)) as cursor:
        return cursor.execute(
            """SELECT h.dossier, h.at, h.giver, h.taker, h.moved_at
               FROM hand_overs h JOIN dossier_clocks c ON c.code = h.dossier
               WHERE h.moved_at IS NULL AND h.at < %s AND c.ended_at IS NULL
               ORDER BY h.at, h.dossier LIMIT %s""",
            [until, limit],
        ).fetchall()
