"""Rollups that are kept say what the readings themselves would say, also of what came late."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from models.frame import frame
from models.reading import microseconds
from services.store import late_spans, readings, rollups
from services.store.pool import Connection

NOW = datetime(2026, 3, 10, 12, 34, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Bucket = tuple[object, ...]


@pytest.fixture(autouse=True)
def stream(conn: Connection) -> None:
    """Stream 1, of a station of the air."""
    conn.execute("INSERT INTO assets (id, name) OVERRIDING SYSTEM VALUE VALUES (1, 'air-1')")
    conn.execute(
        "INSERT INTO streams (id, asset_id, metric) OVERRIDING SYSTEM VALUE VALUES (1, 1, 'pm25')"
    )


def say(conn: Connection, at: datetime, value: float, quality: int = 0) -> None:
    """A reading of stream 1 that comes now."""
    time = microseconds(at)
    readings.append(conn, frame([1], [time], [value]), microseconds(NOW), np.array([quality]))
    late_spans.remember(conn, np.array([time]), microseconds(NOW))


def rolled(conn: Connection, table: str, width: str) -> tuple[list[Bucket], list[Bucket]]:
    """What a rollup says, and what the readings do."""
    query = b"SELECT stream_id, time, mean, low, high, samples FROM %b ORDER BY 1, 2"
    told = conn.execute(query % table.encode()).fetchall()
    true = conn.execute(
        """SELECT stream_id, time_bucket(%s::interval, time), avg(value), min(value), max(value),
                  count(*) FROM readings WHERE quality < 2 GROUP BY 1, 2 ORDER BY 1, 2""",
        [width],
    ).fetchall()
    return told, true


def right(conn: Connection) -> bool:
    """Whether both rollups are what the readings say."""
    five, truly_five = rolled(conn, "readings_5m", "5 minutes")
    hour, truly_hour = rolled(conn, "readings_1h", "1 hour")
    if five != truly_five:
        return False
    return close(hour, truly_hour) and close(*days(conn))


def days(conn: Connection) -> tuple[list[Bucket], list[Bucket]]:
    """What the rollup of days says, and what the readings do, in the province's days."""
    told = conn.execute(
        "SELECT stream_id, time, mean, low, high, samples, hours FROM readings_1d ORDER BY 1, 2"
    ).fetchall()
    true = conn.execute(
        """SELECT stream_id, date_trunc('day', time, 'Asia/Ho_Chi_Minh'), avg(value), min(value),
                  max(value), count(*), count(DISTINCT date_trunc('hour', time))
           FROM readings WHERE quality < 2 GROUP BY 1, 2 ORDER BY 1, 2"""
    ).fetchall()
    return told, true


def close(told: list[Bucket], true: list[Bucket]) -> bool:
    """Whether both have the same buckets; sums may differ in their last digits."""
    return len(told) == len(true) and all(
        row == pytest.approx(truth) for row, truth in zip(numbers(told), numbers(true), strict=True)
    )


def numbers(buckets: list[Bucket]) -> list[tuple[float, ...]]:
    """Each with its time in seconds."""
    return [(float(str(row[0])), row[1].timestamp(), *map(float, row[2:])) for row in buckets]  # type: ignore[attr-defined,arg-type]


@pytest.fixture
def kept(conn: Connection) -> Connection:
    """Two days of a reading a minute, of which all but the last hours are kept."""
    times = [microseconds(NOW - n * MINUTE) for n in range(2 * 24 * 60)]
    values = [float(n % 7) for n in range(len(times))]
    readings.append(conn, frame([1] * len(times), times, values), times[0])
    assert rollups.keep_on(conn, NOW) > 0
    return conn


def test_what_is_kept_and_what_is_not_yet_meet_without_a_seam(kept: Connection) -> None:
    assert rollups.kept_until(kept) == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert right(kept)
    assert rollups.keep_on(kept, NOW) == 0
    assert rollups.keep_on(kept, NOW + HOUR) == 1
    assert right(kept)


def test_what_comes_late_is_in_the_rollups_after_the_next_round(kept: Connection) -> None:
    say(kept, NOW - timedelta(hours=30, seconds=20), 1000.0)
    say(kept, NOW - timedelta(days=400), 5.0)
    say(kept, NOW - timedelta(hours=31, seconds=20), 9999.0, quality=2)
    assert not right(kept)
    assert rollups.repair(kept) == 3
    assert right(kept)
    assert late_spans.all_of(kept) == []


def test_what_comes_a_little_late_is_no_matter_for_anybody(kept: Connection) -> None:
    say(kept, NOW - HOUR - timedelta(seconds=20), 1000.0)
    assert late_spans.all_of(kept) == []
    assert right(kept)


def test_the_boards_see_the_same(kept: Connection) -> None:
    for name, least in ((b"5m", 40), (b"1h", 40), (b"1d", 3)):
        row = kept.execute(
            b"""SELECT count(*), count(DISTINCT time), sum(abs(s.mean - r.mean) + s.samples - r.samples)
                FROM series_%b s FULL JOIN readings_%b r USING (time)"""
            % (name, name)
        ).fetchone()
        assert row is not None
        assert row[0] == row[1]
        assert int(str(row[0])) >= least
        assert row[2] == 0


def test_a_round_that_was_ended_goes_on_where_it_was(conn: Connection) -> None:
    for days in (0, 3, 20):
        say(conn, NOW - timedelta(days=days), 1.0)
    conn.commit()
    whole = list(rollups.days(conn, rollups.kept_until(conn), NOW))
    rollups.compute(conn, *whole[0])
    conn.execute("UPDATE kept_until SET until = %s", [whole[0][1]])
    conn.commit()
    assert rollups.keep_on(conn, NOW) == len(whole) - 1
    assert right(conn)
