"""The table `readings`: what was reported."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from psycopg.rows import args_row

from models.frame import FRAME, Frame
from services.store.pool import Connection

# One row as PostgreSQL's binary COPY takes it: the number of fields, then each field behind
# its length, all big-endian. Filled as whole columns, a batch costs no work per row.
FIELDS = [
    ("stream_id", ">i4"),
    ("time", ">i8"),
    ("value", ">f8"),
    ("received_at", ">i8"),
    ("quality", ">i2"),
]
Quality = NDArray[np.int8]


def row_of(fields: list[tuple[str, str]]) -> np.dtype[np.void]:
    """The packed record of one row of these fields."""
    pairs = [((f"{name}_length", ">i4"), (name, kind)) for name, kind in fields]
    return np.dtype([("fields", ">i2"), *(part for pair in pairs for part in pair)])


ROW, ALL_GOOD = row_of(FIELDS), row_of(FIELDS[:-1])  # good is the column's default
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)  # no reading is later
POSTGRES_EPOCH = 946_684_800_000_000  # 2000-01-01T00:00Z in microseconds since 1970


class Reading(NamedTuple):
    """One row: value in the unit of its stream; quality 0 good, 1 uncertain, 2 bad, 3 stale."""

    time: datetime
    value: float
    quality: int
    received_at: datetime


class Bucket(NamedTuple):
    """What a stream did in one span of time."""

    time: datetime
    mean: float
    low: float
    high: float
    samples: int


def append(
    conn: Connection, readings: Frame, received_at: int, quality: Quality | None = None
) -> int:
    """Stores readings, none of which may be stored already; the database's count of them.

    received_at is in microseconds since 1970; quality holds a number of models.reading.Quality
    for each, None means good. Raises ReadingExists (through the transaction) when one is stored
    already: roll back, then take append_new.
    """
    return copy_in(conn, readings, received_at, quality, table=b"readings")


def append_new(
    conn: Connection, readings: Frame, received_at: int, quality: Quality | None = None
) -> tuple[Frame, Quality]:
    """Stores those readings whose moment is free and returns them; the others change nothing."""
    conn.execute(
        """CREATE TEMP TABLE IF NOT EXISTS incoming
           (LIKE readings INCLUDING DEFAULTS) ON COMMIT DELETE ROWS"""
    )
    copy_in(conn, readings, received_at, quality, table=b"incoming")
    rows = conn.execute(
        """INSERT INTO readings (stream_id, time, value, quality, received_at)
           SELECT DISTINCT ON (stream_id, time) stream_id, time, value, quality, received_at
           FROM incoming
           ON CONFLICT (stream_id, time) DO NOTHING
           RETURNING stream_id, (extract(epoch FROM time) * 1000000)::bigint, value, quality"""
    ).fetchall()
    conn.execute("DELETE FROM incoming")  # there may be more in this transaction
    stored = np.array([row[:3] for row in rows], FRAME) if rows else np.empty(0, FRAME)
    return stored, np.array([row[3] for row in rows], np.int8)


def copy_in(
    conn: Connection, readings: Frame, received_at: int, quality: Quality | None, table: bytes
) -> int:
    """Copies a frame into `readings` or its staging twin; returns the database's count.

    In the order of the index: neighbours go to the same pages of it, and two writers with the
    same readings wait for each other instead of each for the other.
    """
    order = np.lexsort((readings["time"], readings["stream_id"]))
    readings = readings[order]
    all_good = quality is None or not quality.any()
    fields = FIELDS[:-1] if all_good else FIELDS
    rows = np.empty(len(readings), ALL_GOOD if all_good else ROW)
    rows["fields"] = len(fields)
    for name, kind in fields:
        rows[f"{name}_length"] = np.dtype(kind).itemsize
    rows["stream_id"] = readings["stream_id"]
    rows["time"] = readings["time"] - POSTGRES_EPOCH
    rows["value"] = readings["value"]
    rows["received_at"] = received_at - POSTGRES_EPOCH
    if quality is not None and not all_good:
        rows["quality"] = quality[order]
    columns = ", ".join(name for name, _ in fields).encode()
    statement = b"COPY %b (%b) FROM STDIN (FORMAT BINARY)" % (table, columns)
    with conn.cursor() as cursor:
        with cursor.copy(statement) as copy:
            copy.write(HEADER + rows.tobytes() + TRAILER)
        return cursor.rowcount


def window(
    conn: Connection, stream_id: int, since: datetime, until: datetime, limit: int
) -> list[Reading]:
    """The readings of one stream in [since, until), oldest first."""
    with conn.cursor(row_factory=args_row(Reading), binary=True) as cursor:
        return cursor.execute(
            """SELECT time, value, quality, received_at FROM readings
               WHERE stream_id = %s AND time >= %s AND time < %s ORDER BY time LIMIT %s""",
            [stream_id, since, until, limit],
        ).fetchall()


def judged_between(
    conn: Connection,
    since: datetime,
    until: datetime,
    *,
    received_until: datetime | None = None,
    stream_ids: Sequence[int] | None = None,
) -> tuple[Frame, Frame]:
    """The readings of judged streams in [since, until): those that are believed, and those not.

    received_until leaves out what came later, stream_ids all other streams.
    """
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(
            """SELECT r.stream_id, (extract(epoch FROM r.time) * 1000000)::bigint, r.value,
                      r.quality < 2
               FROM readings r JOIN streams s ON s.id = r.stream_id
               WHERE s.judged AND r.time >= %(since)s AND r.time < %(until)s
                 AND (%(received)s::timestamptz IS NULL OR r.received_at <= %(received)s)
                 AND (%(streams)s::integer[] IS NULL OR r.stream_id = ANY(%(streams)s))""",
            {
                "since": since,
                "until": until,
                "received": received_until,
                "streams": None if stream_ids is None else list(stream_ids),
            },
        ).fetchall()
    found = np.array([row[:3] for row in rows], FRAME) if rows else np.empty(0, FRAME)
    believed = np.array([row[3] for row in rows], bool)
    return found[believed], found[~believed]


def latest(
    conn: Connection, stream_id: int, limit: int, until: datetime = FOR_EVER
) -> list[Reading]:
    """The newest readings of one stream before `until`, oldest first."""
    with conn.cursor(row_factory=args_row(Reading), binary=True) as cursor:
        return cursor.execute(
            """SELECT time, value, quality, received_at FROM readings
               WHERE stream_id = %s AND time < %s ORDER BY time DESC LIMIT %s""",
            [stream_id, until, limit],
        ).fetchall()[::-1]


def buckets(  # noqa: PLR0913 (a window, its grain and its bound)
    conn: Connection,
    stream_id: int,
    since: datetime,
    until: datetime,
    *,
    seconds: int,
    limit: int,
) -> list[Bucket]:
    """What one stream did in each span of `seconds`, oldest first.

    Spans are whole: those at the ends of [since, until) count what lies beyond it, too.
    """
    with conn.cursor(row_factory=args_row(Bucket), binary=True) as cursor:
        return cursor.execute(
            """SELECT time_bucket(make_interval(secs => %(span)s), time) AS time,
                      avg(value) AS mean, min(value) AS low, max(value) AS high,
                      count(*) AS samples
               FROM readings
               WHERE stream_id = %(stream)s
                 AND time >= time_bucket(make_interval(secs => %(span)s), %(since)s)
                 AND time < time_bucket(make_interval(secs => %(span)s),
                                        %(until)s - INTERVAL '1 microsecond')
                            + make_interval(secs => %(span)s)
               GROUP BY 1 ORDER BY 1 LIMIT %(limit)s""",
            {"span": seconds, "stream": stream_id, "since": since, "until": until, "limit": limit},
        ).fetchall()


def latest_buckets(
    conn: Connection, stream_id: int, *, seconds: int, limit: int, until: datetime = FOR_EVER
) -> list[Bucket]:
    """What one stream did in its newest spans of `seconds` before `until`, oldest first.

    Spans are whole, and one without a reading is none. The index is read backwards and no
    further than asked.
    """
    with conn.cursor(row_factory=args_row(Bucket), binary=True) as cursor:
        return cursor.execute(
            """SELECT time_bucket(make_interval(secs => %(span)s), time) AS time,
                      avg(value) AS mean, min(value) AS low, max(value) AS high,
                      count(*) AS samples
               FROM readings
               WHERE stream_id = %(stream)s
                 AND time < time_bucket(make_interval(secs => %(span)s),
                                        %(until)s - INTERVAL '1 microsecond')
                            + make_interval(secs => %(span)s)
               GROUP BY 1 ORDER BY 1 DESC LIMIT %(limit)s""",
            {"span": seconds, "stream": stream_id, "until": until, "limit": limit},
        ).fetchall()[::-1]
