"""The table `held`: readings put aside until their time comes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Reason(StrEnum):
    """Why readings wait; the words are those of the column `reason`."""

    UNCLAIMED = "unclaimed"  # nobody has said yet what the asset is
    HISTORY = "history"  # they may not delay what is live


class Held(NamedTuple):
    """Readings of one asset that wait. samples is the form of ingest/aside.py; items counts them."""

    received_at: datetime
    asset: str
    reason: Reason
    samples: bytes
    items: int


class Waiting(NamedTuple):
    """What waits, as the lane takes it."""

    id: int
    received_at: datetime
    samples: bytes
    items: int


HISTORY = """
    SELECT id, received_at, samples, items FROM held
    WHERE reason = 'history' AND (%(only)s::bigint IS NULL OR id = %(only)s)
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""
CLAIMED = """
    SELECT h.id, h.received_at, h.samples, h.items
    FROM assets a JOIN held h ON h.asset = a.name AND h.reason = 'unclaimed'
    WHERE a.claimed_at IS NOT NULL AND (%(only)s::bigint IS NULL OR h.id = %(only)s)
    ORDER BY h.id LIMIT %(limit)s FOR UPDATE OF h SKIP LOCKED"""


def append(conn: Connection, held: Iterable[Held]) -> None:
    """Puts readings aside."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO held (received_at, asset, reason, samples, items)
               VALUES (%s, %s, %s, %s, %s)""",
            [(*each[:2], each.reason.value, *each[3:]) for each in held],
        )


def take(conn: Connection, reason: Reason, limit: int, only: int | None = None) -> list[Waiting]:
    """The oldest of one reason that may go on (or the one row), held by the transaction.

    History may always; what waited for a claim may once its asset is claimed.
    """
    query = HISTORY if reason is Reason.HISTORY else CLAIMED
    with conn.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(query, {"limit": limit, "only": only}).fetchall()


def may_go_on(conn: Connection, reason: Reason, limit: int) -> list[int]:
    """The ids of the oldest that may go on; nobody is kept from taking them."""
    found = take(conn, reason, limit)
    conn.rollback()
    return [each.id for each in found]


def drop(conn: Connection, ids: Sequence[int]) -> None:
    """Forgets what has gone on."""
    conn.execute("DELETE FROM held WHERE id = ANY(%s)", [list(ids)])


def newest(conn: Connection) -> int:
    """The number of the row that was put aside last; 0 where none waits."""
    row = conn.execute("SELECT coalesce(max(id), 0) FROM held").fetchone()
    return int(str(row[0])) if row else 0


def history_until(conn: Connection, number: int) -> int:
    """How many readings of history wait in the rows up to a number."""
    row = conn.execute(
        "SELECT coalesce(sum(items), 0) FROM held WHERE reason = 'history' AND id <= %s", [number]
    ).fetchone()
    return int(str(row[0])) if row else 0


def drop_unclaimed(conn: Connection, before: datetime) -> int:
    """Forgets what nobody has claimed for so long; returns how many readings that were."""
    row = conn.execute(
        """WITH gone AS (
               DELETE FROM held WHERE reason = 'unclaimed' AND received_at < %s RETURNING items)
           SELECT coalesce(sum(items), 0) FROM gone""",
        [before],
    ).fetchone()
    return int(str(row[0])) if row else 0
