"""The table `rejects`: what could not be read, with its reason and its bytes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection

KEEP_BYTES = 256 * 1024  # of each payload; a larger one is cut, its true size is kept


class Reject(NamedTuple):
    """A message as it came, and why it gave no reading; items counts the readings it stood for."""

    received_at: datetime
    topic: str
    payload: bytes
    reason: str
    items: int


class StoredReject(NamedTuple):
    """A reject as it is kept."""

    id: int
    received_at: datetime
    topic: str
    payload_bytes: int
    reason: str
    items: int
    worker: str


def append(conn: Connection, rejects: Sequence[Reject], worker: str) -> None:
    """Keeps rejects. PostgreSQL's text knows no NUL: it is shown as the symbol for it."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO rejects
                   (received_at, topic, payload, payload_bytes, reason, items, worker)
               VALUES (%s, %s, %s, %s, %s, %s, %s)""",
            [
                (
                    reject.received_at,
                    reject.topic.replace("\0", "\u2400"),
                    reject.payload[:KEEP_BYTES],
                    len(reject.payload),
                    reject.reason.replace("\0", "\u2400"),
                    reject.items,
                    worker,
                )
                for reject in rejects
            ],
        )


def page(
    conn: Connection, *, topic: str | None = None, before: int | None = None, limit: int = 100
) -> list[StoredReject]:
    """The rejects before an id, newest first."""
    with conn.cursor(row_factory=class_row(StoredReject)) as cursor:
        return cursor.execute(
            """SELECT id, received_at, topic, payload_bytes, reason, items, worker FROM rejects
               WHERE (%(before)s::bigint IS NULL OR id < %(before)s)
                 AND (%(topic)s::text IS NULL OR topic = %(topic)s)
               ORDER BY id DESC LIMIT %(limit)s""",
            {"topic": topic, "before": before, "limit": limit},
        ).fetchall()


def payload(conn: Connection, reject_id: int) -> tuple[StoredReject, bytes] | None:
    """One reject with its bytes."""
    with conn.cursor(row_factory=class_row(StoredReject)) as cursor:
        reject = cursor.execute(
            """SELECT id, received_at, topic, payload_bytes, reason, items, worker
               FROM rejects WHERE id = %s""",
            [reject_id],
        ).fetchone()
    row = conn.execute("SELECT payload FROM rejects WHERE id = %s", [reject_id]).fetchone()
    if reject is None or row is None:
        return None
    content = row[0]
    return reject, content if isinstance(content, bytes) else b""
