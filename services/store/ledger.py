"""The table `ledger`: everything received is accounted for, per worker and minute."""

from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Count(NamedTuple):
    """What became of the readings of one batch: received is the sum of the others."""

    stored: int
    duplicate: int
    rejected: int

    @property
    def received(self) -> int:
        """All of them."""
        return self.stored + self.duplicate + self.rejected


class Line(NamedTuple):
    """One minute of one worker, in readings. imbalance is 0, or something is wrong."""

    time: datetime
    worker: str
    received: int
    stored: int
    duplicate: int
    rejected: int
    held: int
    imbalance: int


def add(conn: Connection, worker: str, count: Count) -> None:
    """Adds a batch to the worker's line of this minute."""
    conn.execute(
        """INSERT INTO ledger AS l (worker, minute, received, stored, duplicate, rejected)
           VALUES (%s, date_trunc('minute', now()), %s, %s, %s, %s)
           ON CONFLICT (worker, minute) DO UPDATE SET
               received = l.received + excluded.received, stored = l.stored + excluded.stored,
               duplicate = l.duplicate + excluded.duplicate,
               rejected = l.rejected + excluded.rejected""",
        [worker, count.received, count.stored, count.duplicate, count.rejected],
    )


def lines(conn: Connection, since: datetime, until: datetime, limit: int = 1000) -> list[Line]:
    """The lines of [since, until), newest first."""
    with conn.cursor(row_factory=class_row(Line)) as cursor:
        return cursor.execute(
            """SELECT time, worker, received, stored, duplicate, rejected, held, imbalance
               FROM ledger_balance WHERE time >= %s AND time < %s
               ORDER BY time DESC, worker LIMIT %s""",
            [since, until, limit],
        ).fetchall()
