"""The table `ledger`: everything received is accounted for, per worker and minute."""

from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Count(NamedTuple):
    """What became of the readings of one batch.

    received is counted where messages are read, the others where they end: it is for the
    ledger to say whether they agree. Of the stored, late is how many came long after their time,
    uncertain and bad (or stale) how many were of that quality.
    """

    received: int
    stored: int = 0
    duplicate: int = 0
    rejected: int = 0
    held: int = 0
    late: int = 0
    uncertain: int = 0
    bad: int = 0


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
    late: int


class Imbalance(NamedTuple):
    """A minute in which readings went missing, or came from nowhere."""

    time: datetime
    worker: str
    imbalance: int


def add(conn: Connection, worker: str, count: Count) -> None:
    """Adds a batch to the worker's line of this minute."""
    conn.execute(
        """INSERT INTO ledger AS l
               (worker, minute, received, stored, duplicate, rejected, held, late,
                uncertain, bad)
           VALUES (%s, date_trunc('minute', now()), %s, %s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (worker, minute) DO UPDATE SET
               received = l.received + excluded.received, stored = l.stored + excluded.stored,
               duplicate = l.duplicate + excluded.duplicate,
               rejected = l.rejected + excluded.rejected, held = l.held + excluded.held,
               late = l.late + excluded.late,
               uncertain = l.uncertain + excluded.uncertain, bad = l.bad + excluded.bad""",
        [worker, *count],
    )


def lines(conn: Connection, since: datetime, until: datetime, limit: int = 1000) -> list[Line]:
    """The lines of [since, until), newest first."""
    with conn.cursor(row_factory=class_row(Line)) as cursor:
        return cursor.execute(
            """SELECT time, worker, received, stored, duplicate, rejected, held, imbalance,
                      late
               FROM ledger_balance WHERE time >= %s AND time < %s
               ORDER BY time DESC, worker LIMIT %s""",
            [since, until, limit],
        ).fetchall()


def imbalances(conn: Connection, since: datetime, limit: int = 1000) -> list[Imbalance]:
    """The minutes since then whose line does not add up, oldest first."""
    with conn.cursor(row_factory=class_row(Imbalance)) as cursor:
        return cursor.execute(
            """SELECT time, worker, imbalance FROM ledger_balance
               WHERE time >= %s AND imbalance <> 0 ORDER BY time, worker LIMIT %s""",
            [since, limit],
        ).fetchall()
