"""The table `late_spans`: spans of event time whose rollups have to be computed again."""

from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Span(NamedTuple):
    """Event time from the first to the last late reading of one batch, or of several."""

    id: int
    began_at: datetime
    ended_at: datetime


def append(conn: Connection, began_at: datetime, ended_at: datetime) -> None:
    """Remembers that readings of this span came long after it."""
    conn.execute(
        "INSERT INTO late_spans (began_at, ended_at) VALUES (%s, %s)", [began_at, ended_at]
    )


def all_of(conn: Connection) -> list[Span]:
    """What is to be computed again, by time."""
    with conn.cursor(row_factory=class_row(Span)) as cursor:
        return cursor.execute(
            "SELECT id, began_at, ended_at FROM late_spans ORDER BY began_at"
        ).fetchall()


def drop(conn: Connection, ids: list[int]) -> None:
    """Forgets spans that are computed."""
    conn.execute("DELETE FROM late_spans WHERE id = ANY(%s)", [ids])
