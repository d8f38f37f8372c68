import math
import threading
from datetime import UTC, datetime, timedelta

import pytest

from models.frame import Frame, frame, packed
from models.reading import MINUTE, microseconds
from services.store import arrivals, ledger, readings, rejects
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import ReadingExists
from tests.flow.platform import wait_until

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
START = microseconds(NOON)


def minutes(count: int, stream: int = 1, first: int = 0) -> Frame:
    times = [START + (first + i) * MINUTE for i in range(count)]
    return frame([stream] * count, times, [float(i) for i in range(count)])


def test_readings_come_back_as_they_were_stored(pool: Pool) -> None:
    values = [0.1, -1e300, 5e-324, math.pi]
    times = [START + i for i in range(4)]  # microseconds apart
    with transaction(pool) as conn:
        readings.append(conn, frame([7] * 4, times, values), START)
        found = readings.window(conn, 7, NOON, NOON + timedelta(seconds=1), 10)
    assert [each.value for each in found] == values
    assert [microseconds(each.time) for each in found] == times
    assert {(each.quality, each.received_at) for each in found} == {(0, NOON)}


def test_a_second_delivery_is_refused_by_name_and_changes_nothing(pool: Pool) -> None:
    with transaction(pool) as conn:
        readings.append(conn, minutes(5), START)
    with pytest.raises(ReadingExists), transaction(pool) as conn:
        readings.append(conn, minutes(1, first=3), START)
    with transaction(pool) as conn:
        assert len(readings.latest(conn, 1, 100)) == 5


def test_appending_what_is_partly_there_stores_and_returns_only_the_new(pool: Pool) -> None:
    with transaction(pool) as conn:
        readings.append(conn, minutes(5), START)
    twice = minutes(8).tolist() + minutes(8).tolist()
    both = frame(*(list(column) for column in zip(*twice, strict=True)))
    with transaction(pool) as conn:
        stored, _ = readings.append_new(conn, both, START)
    assert sorted(stored["time"].tolist()) == [START + i * MINUTE for i in (5, 6, 7)]
    with transaction(pool) as conn:
        assert len(readings.append_new(conn, both, START)[0]) == 0
        assert [each.value for each in readings.latest(conn, 1, 100)] == list(range(8))


def test_buckets_sum_up_what_is_in_them(pool: Pool) -> None:
    with transaction(pool) as conn:
        readings.append(conn, minutes(10), START)
        found = readings.buckets(conn, 1, NOON, NOON + timedelta(hours=1), seconds=300, limit=100)
    assert [(each.mean, each.low, each.high, each.samples) for each in found] == [
        (2.0, 0.0, 4.0, 5),
        (7.0, 5.0, 9.0, 5),
    ]


def test_the_newest_are_given_oldest_first(pool: Pool) -> None:
    with transaction(pool) as conn:
        readings.append(conn, minutes(10), START)
        assert [each.value for each in readings.latest(conn, 1, 3)] == [7.0, 8.0, 9.0]


def feed(conn: Connection, stream: int) -> None:
    arrivals.append(conn, minutes(1, stream=stream), START)


def read(conn: Connection, reader: str = "test") -> list[int]:
    """Reads on and returns which streams came."""
    delivery = arrivals.read_on(conn, arrivals.lock_cursor(conn, reader))
    arrivals.move_cursor(conn, reader, delivery)
    return [int(each) for each in delivery.readings["stream_id"]]


def test_a_reader_gets_everything_once_and_in_order(pool: Pool) -> None:
    for stream in (1, 2, 3):
        with transaction(pool) as conn:
            feed(conn, stream)
    with transaction(pool) as conn:
        assert read(conn) == [1, 2, 3]
    with transaction(pool) as conn:
        assert read(conn) == []
        assert read(conn, "another") == [1, 2, 3]


def test_a_writer_that_began_first_and_commits_last_is_not_skipped(pool: Pool) -> None:
    with transaction(pool) as conn:
        feed(conn, 9)  # the chunk is there: who makes it makes the others wait
    with transaction(pool) as conn:
        assert read(conn) == [9]
    with pool.connection() as early, pool.connection() as late:
        feed(early, 1)  # has its transaction id now
        feed(late, 2)
        late.commit()
        with transaction(pool) as conn:
            assert read(conn) == []  # 2 is there, but 1 may still come before it
        early.commit()
    with transaction(pool) as conn:
        assert read(conn) == [1, 2]


def test_no_reader_misses_anything_while_many_write(pool: Pool) -> None:
    seen: list[int] = []
    done = threading.Event()

    def write(worker: int) -> None:
        for i in range(40):
            with transaction(pool) as conn:
                feed(conn, worker * 1000 + i)

    def read_along() -> None:
        while not done.is_set():
            with transaction(pool) as conn:
                seen.extend(read(conn))

    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    reader = threading.Thread(target=read_along)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    # Anybody's transaction, the server's own statistics included, holds the reader back a while.
    wait_until(lambda: len(seen) >= 160, "everything is read")
    done.set()
    reader.join()
    assert sorted(seen) == sorted(worker * 1000 + i for worker in range(4) for i in range(40))


def test_transactions_are_in_the_order_of_their_numbers_not_of_their_texts(pool: Pool) -> None:
    with transaction(pool) as conn:
        for number in (10, 9, 100, 99):
            conn.execute(
                "INSERT INTO arrivals (tx, received_at, frame) VALUES (%s::xid8, now(), %s)",
                [str(number), packed(minutes(1, stream=number))],
            )
    seen = []
    for _ in range(4):
        with transaction(pool) as conn:
            delivery = arrivals.read_on(conn, arrivals.lock_cursor(conn, "test"), limit=1)
            arrivals.move_cursor(conn, "test", delivery)
            seen += delivery.readings["stream_id"].tolist()
    assert seen == [9, 10, 99, 100]


def test_a_reader_is_given_no_more_than_it_asked_for_but_always_something(pool: Pool) -> None:
    with transaction(pool) as conn:
        for stream in range(5):
            arrivals.append(conn, minutes(10, stream=stream), START)
    with transaction(pool) as conn:
        cursor = arrivals.lock_cursor(conn, "test")
        assert len(arrivals.read_on(conn, cursor, readings=1).readings) == 10
        assert len(arrivals.read_on(conn, cursor, readings=20).readings) == 20
        assert len(arrivals.read_on(conn, cursor, limit=3).readings) == 30


def test_a_rolled_back_reader_reads_the_same_again(pool: Pool) -> None:
    with transaction(pool) as conn:
        feed(conn, 1)
    with pool.connection() as conn:
        assert read(conn) == [1]
        conn.rollback()
        assert read(conn) == [1]


def test_the_ledger_balances_and_adds_up(pool: Pool) -> None:
    with transaction(pool) as conn:
        ledger.add(conn, "w", ledger.Count(received=8, stored=5, duplicate=2, rejected=1))
        ledger.add(conn, "w", ledger.Count(received=1, stored=1))
        now = datetime.now(UTC)
        lines = ledger.lines(conn, now - timedelta(hours=1), now + timedelta(hours=1))
    assert sum(line.received for line in lines) == 9
    assert sum(line.stored for line in lines) == 6
    assert {line.imbalance for line in lines} == {0}


def test_a_reject_keeps_its_bytes_and_its_true_size(pool: Pool) -> None:
    payload = b"\x00\xff" * rejects.KEEP_BYTES
    with transaction(pool) as conn:
        rejects.append(conn, [rejects.Reject(NOON, "a\0b", payload, "why\0", 3)], "w")
        (kept,) = rejects.page(conn)
        found = rejects.payloads(conn, kept.id)
    assert (kept.topic, kept.reason, kept.items) == ("a\u2400b", "why\u2400", 3)
    assert kept.payload_bytes == len(payload)
    assert found is not None
    assert found == (payload[: rejects.KEEP_BYTES], None)
