"""The rollups `readings_5m`, `_1h`, `_1d`: kept up to date, in either edition's own way.

The community edition has continuous aggregates; of what came long after its time they are told.
In the Apache edition they are tables (`kept_5m`, `kept_1h`, `kept_1d`) up to a mark, and views
that compute the rest: the mark is moved on here, and what came late is computed again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from psycopg.rows import tuple_row

from models.egov.daybook import day_of, midnight
from services.store import late_spans, migrations
from services.store.pool import Connection

MARGIN = timedelta(hours=1)
# With the width of a bucket, at least: a refresh computes whole ones only. Each is made of the
# one before it, or might be.
ROLLUPS = {"readings_5m": MARGIN, "readings_1h": MARGIN, "readings_1d": timedelta(days=1)}
# What comes later than late_spans.BEHIND is remembered; an hour more, since a writer's
# transaction may be open when the mark is moved.
LAG = timedelta(hours=3)
NEVER = datetime(1, 1, 1, tzinfo=UTC)
STEP = timedelta(days=1)  # of readings that one transaction computes


def repair(conn: Connection) -> int:
    """Computes the rollups of late spans again; returns how many spans there were."""
    spans = late_spans.all_of(conn)
    if migrations.edition(conn) == migrations.COMMUNITY:
        refresh(conn, spans)
    else:
        for began_at, ended_at in late_spans.merged(spans, MARGIN):
            repair_kept(conn, *whole_hours(began_at, ended_at))
    late_spans.drop(conn, [span.id for span in spans])
    return len(spans)


def repair_kept(conn: Connection, begin: datetime, end: datetime) -> None:
    """Computes what is kept of hours [begin, end) again, and of the days they lie in."""
    hours, days = marks(conn)
    if begin < hours:
        forget(conn, begin, min(end, hours))
        compute(conn, begin, min(end, hours))
    first, last = midnight(day_of(begin)), midnight(day_of(end - MARGIN))
    if first < days:
        forget_days(conn, first, min(last + STEP, days))
        compute_days(conn, first, min(last + STEP, days))


def refresh(conn: Connection, spans: list[late_spans.Span]) -> None:
    """Has the continuous aggregates look at late spans.

    Their policy looks back some weeks and no further. A refresh takes no transaction around it:
    what was done in this one is committed first.
    """
    if not spans:
        return
    conn.commit()
    conn.autocommit = True
    try:
        for began_at, ended_at in late_spans.merged(spans, MARGIN):
            for rollup, width in ROLLUPS.items():
                conn.execute(
                    "CALL refresh_continuous_aggregate(%s, %s, %s)",
                    [rollup, began_at - width, ended_at + width],
                )
    finally:
        conn.autocommit = False


def keep_on(conn: Connection, now: datetime | None = None) -> int:
    """Moves the mark on, a day a transaction; returns how many there were.

    Whenever it is ended, the next one goes on from where this one was.
    """
    if migrations.edition(conn) == migrations.COMMUNITY:
        return 0
    mark = kept_until(conn)
    target = ((now or datetime.now(UTC)) - LAG).replace(minute=0, second=0, microsecond=0)
    done = 0
    for begin, end in days(conn, mark, target):
        compute(conn, begin, end)
        keep_days(conn, end)
        conn.execute("UPDATE kept_until SET until = %s", [end])
        conn.commit()
        done += 1
    if mark < target:
        conn.execute("UPDATE kept_until SET until = %s", [target])
        conn.commit()
    return done


def days(conn: Connection, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The days of [since, until) in which there may be readings, oldest first."""
    chunks: list[tuple[datetime, datetime]] = (
        conn.cursor(row_factory=tuple_row)
        .execute(
            """SELECT greatest(range_start, %(since)s), least(range_end, %(until)s)
           FROM timescaledb_information.chunks
           WHERE hypertable_name = 'readings' AND range_end > %(since)s AND range_start < %(until)s
           ORDER BY range_start""",
            {"since": since, "until": until},
        )
        .fetchall()
    )
    for begin, end in chunks:
        for number in range(-(-(end - begin) // STEP)):
            yield begin + number * STEP, min(begin + (number + 1) * STEP, end)


def marks(conn: Connection) -> tuple[datetime, datetime]:
    """The marks of hours and of days: before them the tables speak, from them on the readings.

    Year 1 at first.
    """
    with conn.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            """SELECT CASE WHEN isfinite(until) THEN until END,
                      CASE WHEN isfinite(days_until) THEN days_until END FROM kept_until"""
        ).fetchone()
    hours, days = row or (None, None)
    return hours or NEVER, days or NEVER


def kept_until(conn: Connection) -> datetime:
    """The mark of the hours."""
    return marks(conn)[0]


def whole_hours(began_at: datetime, ended_at: datetime) -> tuple[datetime, datetime]:
    """The hours, from the first one's beginning to the last one's end, that a span touches."""
    begin = began_at.replace(minute=0, second=0, microsecond=0)
    end = ended_at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return begin, end


def compute(conn: Connection, begin: datetime, end: datetime) -> None:
    """Computes whole hours [begin, end) at or behind the mark, of which nothing is kept yet.

    Stream by stream, each through its index: the readings of a day lie among those of a week.
    """
    span = {"begin": begin, "end": end}
    conn.execute(
        """INSERT INTO kept_5m (stream_id, time, mean, low, high, samples)
           SELECT s.id, r.time, r.mean, r.low, r.high, r.samples
           FROM (SELECT id FROM streams ORDER BY id) s
           CROSS JOIN LATERAL (
               SELECT time_bucket(INTERVAL '5 minutes', time) AS time, avg(value) AS mean,
                      min(value) AS low, max(value) AS high, count(*) AS samples
               FROM readings
               WHERE stream_id = s.id AND quality < 2 AND time >= %(begin)s AND time < %(end)s
               GROUP BY 1) r
           ORDER BY 1, 2""",
        span,
    )
    conn.execute(
        """INSERT INTO kept_1h (stream_id, time, mean, low, high, samples)
           SELECT s.id, r.time, r.mean, r.low, r.high, r.samples
           FROM (SELECT id FROM streams ORDER BY id) s
           CROSS JOIN LATERAL (
               SELECT time_bucket(INTERVAL '1 hour', time) AS time,
                      sum(mean * samples) / sum(samples) AS mean,
                      min(low) AS low, max(high) AS high, sum(samples) AS samples
               FROM kept_5m
               WHERE stream_id = s.id AND time >= %(begin)s AND time < %(end)s
               GROUP BY 1) r
           ORDER BY 1, 2""",
        span,
    )


def keep_days(conn: Connection, until: datetime) -> None:
    """Moves the mark of the days on to the province's midnight before the hours' mark."""
    begin, end = marks(conn)[1], midnight(day_of(until))
    if begin < end:
        compute_days(conn, begin, end)
        conn.execute("UPDATE kept_until SET days_until = %s", [end])


def compute_days(conn: Connection, begin: datetime, end: datetime) -> None:
    """Computes whole days [begin, end) of the province, of which nothing is kept, from the hours."""
    conn.execute(
        """INSERT INTO kept_1d (stream_id, time, mean, low, high, samples, hours)
           SELECT s.id, r.time, r.mean, r.low, r.high, r.samples, r.hours
           FROM (SELECT id FROM streams ORDER BY id) s
           CROSS JOIN LATERAL (
               SELECT time_bucket(INTERVAL '1 day', time, 'Asia/Ho_Chi_Minh') AS time,
                      sum(mean * samples) / sum(samples) AS mean, min(low) AS low,
                      max(high) AS high, sum(samples) AS samples, count(*) AS hours
               FROM kept_1h
               WHERE stream_id = s.id AND time >= %(begin)s AND time < %(end)s
               GROUP BY 1) r
           ORDER BY 1, 2""",
        {"begin": begin, "end": end},
    )


def forget(conn: Connection, begin: datetime, end: datetime) -> None:
    """Drops what is kept of whole hours [begin, end), stream by stream: no index leads with time."""
    span = {"begin": begin, "end": end}
    conn.execute(
        """DELETE FROM kept_5m k USING streams s
           WHERE k.stream_id = s.id AND k.time >= %(begin)s AND k.time < %(end)s""",
        span,
    )
    conn.execute(
        """DELETE FROM kept_1h k USING streams s
           WHERE k.stream_id = s.id AND k.time >= %(begin)s AND k.time < %(end)s""",
        span,
    )


def forget_days(conn: Connection, begin: datetime, end: datetime) -> None:
    """Drops what is kept of whole days [begin, end), likewise."""
    conn.execute(
        """DELETE FROM kept_1d k USING streams s
           WHERE k.stream_id = s.id AND k.time >= %(begin)s AND k.time < %(end)s""",
        {"begin": begin, "end": end},
    )
