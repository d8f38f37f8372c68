"""The table `late_spans`: spans of event time whose rollups have to be computed again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from psycopg.rows import class_row

from models.reading import DAY, HOUR, moment
from services.store.pool import Connection

BEHIND = 2 * HOUR  # microseconds: what comes later than this after its time is remembered


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


def remember(conn: Connection, times: NDArray[np.int64], now: int) -> None:
    """Remembers those of the times (microseconds, event time) that lie long before now, by day."""
    late = times[times < now - BEHIND]
    for day in np.unique(late // DAY):
        of_day = late[late // DAY == day]
        append(conn, moment(int(of_day.min())), moment(int(of_day.max())))


def all_of(conn: Connection) -> list[Span]:
    """What is to be computed again, by time."""
    with conn.cursor(row_factory=class_row(Span)) as cursor:
        return cursor.execute(
            "SELECT id, began_at, ended_at FROM late_spans ORDER BY began_at"
        ).fetchall()


def drop(conn: Connection, ids: list[int]) -> None:
    """Forgets spans that are computed."""
    conn.execute("DELETE FROM late_spans WHERE id = ANY(%s)", [ids])


def merged(spans: Iterable[Span], margin: timedelta) -> list[tuple[datetime, datetime]]:
    """Spans, ordered by their beginning, with those that lie no more than margin apart as one."""
    found: list[tuple[datetime, datetime]] = []
    for span in spans:
        if found and span.began_at <= found[-1][1] + margin:
            found[-1] = found[-1][0], max(found[-1][1], span.ended_at)
        else:
            found.append((span.began_at, span.ended_at))
    return found
