"""The table `rejects`: what could not be read, with its reason and its bytes."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection

KEEP_BYTES = 256 * 1024  # of each payload; a larger one is cut, its true size is kept
STATUSES = ("open", "queued", "replayed", "dismissed")
SUMMED_UP = 100_000  # of the newest rejects, in one summary


class Reject(NamedTuple):
    """A message as it came, and why it gave no reading; items counts the readings it stood for."""

    received_at: datetime
    topic: str
    payload: bytes
    reason: str
    items: int


class StoredReject(NamedTuple):
    """A reject as it is kept, and what people have done about it.

    status is one of STATUSES. edited_topic and edited_at are set where somebody has mended it;
    last_reason is why it was refused when it was last read again.
    """

    id: int
    received_at: datetime
    topic: str
    payload_bytes: int
    reason: str
    items: int
    worker: str
    status: str
    edited_topic: str | None
    edited_by: str | None
    edited_at: datetime | None
    replay_requested_by: str | None
    replay_requested_at: datetime | None
    replays: int
    last_reason: str | None
    settled_by: str | None
    settled_at: datetime | None


class Wanted(NamedTuple):
    """Which rejects; None asks for nothing.

    topic may hold MQTT's wildcards. reason is a part of the reason or of the last one, in which
    a star stands for anything. asset is a level of the topic.
    """

    status: str | None = None
    topic: str | None = None
    reason: str | None = None
    asset: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    worker: str | None = None

    def parameters(self) -> dict[str, object]:
        """What the SQL below asks for."""
        return {
            **self._asdict(),
            "topic": None if self.topic is None else topic_pattern(self.topic),
            "reason": None if self.reason is None else reason_pattern(self.reason),
        }


class Group(NamedTuple):
    """Rejects of a kind: topic and reason with stars and pluses where they differ."""

    topic: str
    reason: str
    messages: int
    items: int
    oldest: datetime
    newest: datetime
    example: int


def topic_pattern(wanted: str) -> str:
    """The topics that an MQTT filter means, as a regular expression of PostgreSQL.

    >>> topic_pattern("city/+/telemetry"), topic_pattern("city/#")
    ('^city/[^/]*/telemetry$', '^city(/.*)?$')
    """
    levels = ["[^/]*" if level == "+" else re.escape(level) for level in wanted.split("/")]
    if wanted == "#":
        return "^"
    if levels[-1] == re.escape("#"):
        return "^" + "/".join(levels[:-1]) + "(/.*)?$"
    return "^" + "/".join(levels) + "$"


def reason_pattern(wanted: str) -> str:
    """A part of a reason in which a star stands for anything, as a pattern for ILIKE.

    >>> reason_pattern("time * is in the future")
    '%time % is in the future%'
    """
    escaped = re.sub(r"([\\%_])", r"\\\1", wanted)
    return f"%{escaped.replace('*', '%')}%"


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
    conn: Connection, wanted: Wanted | None = None, *, before: int | None = None, limit: int = 100
) -> list[StoredReject]:
    """The rejects before an id, newest first."""
    with conn.cursor(row_factory=class_row(StoredReject)) as cursor:
        return cursor.execute(
            """SELECT id, received_at, topic, payload_bytes, reason, items, worker, status,
                      edited_topic, edited_by, edited_at, replay_requested_by,
                      replay_requested_at, replays, last_reason, settled_by, settled_at
               FROM wanted_rejects(%(status)s, %(topic)s, %(reason)s, %(asset)s, %(since)s,
                                   %(until)s, %(worker)s)
               WHERE %(before)s::bigint IS NULL OR id < %(before)s
               ORDER BY id DESC LIMIT %(limit)s""",
            {"before": before, "limit": limit, **(wanted or Wanted()).parameters()},
        ).fetchall()


def find(conn: Connection, reject_id: int) -> StoredReject | None:
    """One reject by its number."""
    with conn.cursor(row_factory=class_row(StoredReject)) as cursor:
        return cursor.execute(
            """SELECT id, received_at, topic, payload_bytes, reason, items, worker, status,
                      edited_topic, edited_by, edited_at, replay_requested_by,
                      replay_requested_at, replays, last_reason, settled_by, settled_at
               FROM rejects WHERE id = %s""",
            [reject_id],
        ).fetchone()


def payloads(conn: Connection, reject_id: int) -> tuple[bytes, bytes | None] | None:
    """The bytes of a reject as they came, and as somebody mended them."""
    row = conn.execute(
        "SELECT payload, edited_payload FROM rejects WHERE id = %s", [reject_id]
    ).fetchone()
    if row is None:
        return None
    came, edited = row
    return (
        came if isinstance(came, bytes) else b"",
        edited if isinstance(edited, bytes) else None,
    )


def count(conn: Connection, wanted: Wanted) -> int:
    """How many rejects are wanted."""
    row = conn.execute(
        """SELECT count(*) FROM wanted_rejects(%(status)s, %(topic)s, %(reason)s, %(asset)s,
                                               %(since)s, %(until)s, %(worker)s)""",
        wanted.parameters(),
    ).fetchone()
    return int(str(row[0])) if row else 0


def summary(conn: Connection, wanted: Wanted, limit: int = 100) -> list[Group]:
    """The newest SUMMED_UP of the wanted rejects by kind, the largest first.

    Topic and reason of a group are themselves a filter for what is in it: what has a digit in it
    or stands in quotes is a star in a reason, and a plus in a topic below its first level.
    """
    with conn.cursor(row_factory=class_row(Group)) as cursor:
        return cursor.execute(
            r"""SELECT topic_kind(topic) AS topic, reason_kind(reason) AS reason,
                       count(*) AS messages, sum(items)::bigint AS items,
                       min(received_at) AS oldest, max(received_at) AS newest, max(id) AS example
                FROM (SELECT id, received_at, topic, items, coalesce(last_reason, reason) AS reason
                      FROM wanted_rejects(%(status)s, %(topic)s, %(reason)s, %(asset)s,
                                          %(since)s, %(until)s, %(worker)s)
                      ORDER BY id DESC LIMIT %(summed_up)s) AS newest
                GROUP BY 1, 2 ORDER BY messages DESC, example DESC LIMIT %(limit)s""",
            {"limit": limit, "summed_up": SUMMED_UP, **wanted.parameters()},
        ).fetchall()
