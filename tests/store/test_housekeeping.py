from datetime import UTC, datetime, timedelta

from models.frame import frame
from models.reading import microseconds
from services.store import arrivals, derivations, housekeeping, readings, rejects
from services.store.derivations import Row
from services.store.pool import Connection, Pool, transaction

NOW = datetime.now(UTC)
KEEP = timedelta(hours=2)


def feed(pool: Pool, hours_ago: float, stream: int = 1) -> None:
    at = microseconds(NOW - timedelta(hours=hours_ago))
    with transaction(pool) as conn:
        arrivals.append(conn, frame([stream], [at], [1.0]), at)


def read_all(conn: Connection, *readers: str) -> int:
    """How many readings these readers find; without one, those known from the beginning."""
    known = conn.execute("SELECT reader FROM cursors").fetchall()
    for reader in readers or [str(name) for (name,) in known]:
        delivery = arrivals.read_on(conn, arrivals.lock_cursor(conn, reader))
        arrivals.move_cursor(conn, reader, delivery)
    return len(delivery.readings)


def left(conn: Connection) -> int:
    row = conn.execute("SELECT count(*) FROM arrivals").fetchone()
    return int(str(row[0])) if row else -1


def test_what_everybody_has_read_goes_after_a_while(pool: Pool) -> None:
    for hours in (10, 5, 0):
        feed(pool, hours)
    with transaction(pool) as conn:
        assert read_all(conn) == 3
        assert housekeeping.drop_read_arrivals(conn, KEEP) == 2
        assert left(conn) == 1


def test_nothing_goes_before_a_reader_has_come_for_it(pool: Pool) -> None:
    feed(pool, 10)
    with transaction(pool) as conn:
        assert housekeeping.drop_read_arrivals(conn, KEEP) == 0  # detection never ran
        assert read_all(conn) == 1
    for hours in (8, 5):
        feed(pool, hours)
    with transaction(pool) as conn:
        assert housekeeping.drop_read_arrivals(conn, KEEP) == 1  # what it had read before
        assert read_all(conn) == 2
        arrivals.lock_cursor(conn, "another")
        assert housekeeping.drop_read_arrivals(conn, KEEP) == 0  # a new reader begins at the start
        assert read_all(conn, "another") == 2
        assert housekeeping.drop_read_arrivals(conn, KEEP) == 2


def test_rejects_go_by_age_and_by_size_the_oldest_first(pool: Pool) -> None:
    with transaction(pool) as conn:
        for days, size in ((100, 1), (3, 600), (2, 600), (1, 300)):
            at = NOW - timedelta(days=days)
            rejects.append(conn, [rejects.Reject(at, "t", b"x" * size, "why", 1)], "w")
        assert housekeeping.drop_old_rejects(conn, timedelta(days=90), 10_000) == 1
        assert housekeeping.drop_old_rejects(conn, timedelta(days=90), 1000) == 1
        assert [each.payload_bytes for each in rejects.page(conn)] == [300, 600]
        assert housekeeping.drop_old_rejects(conn, timedelta(days=90), 1000) == 0


def test_readings_go_by_age_and_only_when_asked(pool: Pool) -> None:
    for days in (100, 1):
        at = microseconds(NOW - timedelta(days=days))
        with transaction(pool) as conn:
            readings.append(conn, frame([1], [at], [1.0]), at)
    with transaction(pool) as conn:
        assert housekeeping.drop_old_readings(conn, timedelta(days=30)) == 1
        assert len(readings.latest(conn, 1, 10)) == 1


def test_what_a_reading_was_made_of_goes_before_the_reading(pool: Pool) -> None:
    with transaction(pool) as conn:
        old = microseconds(NOW - timedelta(days=500))
        rows = [Row(1, old, 1.0, {"a": 1}), Row(1, microseconds(NOW), 2.0, {"a": 2})]
        derivations.keep(conn, rows, NOW)
        assert housekeeping.drop_old_derivations(conn, timedelta(days=400)) == 1
        assert len(readings.latest(conn, 1, 10)) == 2
        found = derivations.latest(conn, 1, readings.FOR_EVER, 10)
        assert [each.inputs for each in found] == [{"a": 2}]
