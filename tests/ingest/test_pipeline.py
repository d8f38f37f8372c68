"""One worker on a real database, fed by a source that remembers what was acknowledged."""

import threading
from collections.abc import Sequence

import psycopg
import pytest

from ingest.delivery import Delivery
from ingest.pipeline import Pipeline
from ingest.registry import Registry
from ingest.routes import read_routes
from ingest.settings import IngestSettings
from models.reading import Reply
from services.store import rejects
from services.store.pool import Pool, transaction
from tests.flow.platform import number

NOW = 1_767_225_600_000_000


class Fed:
    """Gives these deliveries, then tells the worker to stop."""

    def __init__(self, deliveries: list[Delivery], stop: threading.Event) -> None:
        self.waiting, self.stop = deliveries, stop
        self.acknowledged: list[int] = []
        self.sent: list[Reply] = []

    def take(self, limit: int, _wait: float) -> list[Delivery]:
        taken, self.waiting = self.waiting[:limit], self.waiting[limit:]
        if not self.waiting:
            self.stop.set()
        return taken

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        self.acknowledged += [each.message_id for each in deliveries]

    def send(self, replies: Sequence[Reply]) -> None:
        self.sent += replies


def message(i: int, payload: bytes | None = None, asset: str = "a") -> Delivery:
    body = payload or b'{"ts": %d, "values": {"x": %d}}' % (NOW // 1000 + i, i)
    return Delivery(f"city/{asset}/telemetry", body, NOW, qos=1, connection=1, message_id=i)


def run(pool: Pool, deliveries: list[Delivery], writers: int = 2) -> Fed:
    stop = threading.Event()
    source = Fed(deliveries, stop)
    Pipeline(source, pool, IngestSettings(batch_size=10, writers=writers), read_routes()).run(stop)
    return source


@pytest.mark.parametrize("writers", [1, 2, 4])
def test_batches_are_acknowledged_in_the_order_in_which_they_came(pool: Pool, writers: int) -> None:
    source = run(pool, [message(i, asset=f"a{i % 7}") for i in range(200)], writers=writers)
    assert source.acknowledged == list(range(200))
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM readings") == 200


def test_the_ledger_accounts_for_every_reading_twice_delivered_and_bad_ones_included(
    pool: Pool,
) -> None:
    good = [message(i) for i in range(30)]
    bad = [message(100 + i, b"?") for i in range(5)]
    run(pool, [*good, *bad, *good])
    with transaction(pool) as conn:
        row = conn.execute(
            "SELECT sum(received), sum(stored), sum(duplicate), sum(rejected) FROM ledger"
        ).fetchone()
        assert row == (65, 30, 30, 5)
        assert len(rejects.page(conn)) == 5
        assert number(conn, "SELECT sum(octet_length(frame)) / 20 FROM arrivals") == 30


def test_what_the_database_refuses_is_found_and_its_neighbours_are_stored(pool: Pool) -> None:
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE readings ADD CONSTRAINT no_thirteen CHECK (value <> 13)")
    source = run(pool, [message(i) for i in range(30)])
    assert source.acknowledged == list(range(30))
    with transaction(pool) as conn:
        (kept,) = rejects.page(conn)
        assert "the database refuses it" in kept.reason
        assert number(conn, "SELECT count(*) FROM readings") == 29
        assert number(conn, "SELECT sum(imbalance) FROM ledger_balance") == 0


def test_a_mistake_of_ours_ends_the_worker_and_acknowledges_nothing(pool: Pool) -> None:
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE ledger RENAME TO elsewhere")
    stop = threading.Event()
    source = Fed([message(i) for i in range(50)], stop)
    with pytest.raises(psycopg.errors.UndefinedTable):
        Pipeline(source, pool, IngestSettings(batch_size=10), read_routes()).run(stop)
    assert source.acknowledged == []
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM readings") == 0


class Refused(Fed):
    """Gives what it has, then finds out that the broker does not want us any more."""

    def take(self, limit: int, wait: float) -> list[Delivery]:
        if not self.waiting:
            raise ConnectionRefusedError
        return super().take(limit, wait)


def test_an_error_is_not_held_up_by_a_writer_that_waits_for_the_database(pool: Pool) -> None:
    pool.close()  # for good: the writer would wait as long as it lives
    source = Refused([message(i) for i in range(15)], threading.Event())
    with pytest.raises(ConnectionRefusedError):
        Pipeline(source, pool, IngestSettings(batch_size=10), read_routes()).run(threading.Event())
    assert source.acknowledged == []


def test_ids_of_a_transaction_that_failed_are_not_remembered(pool: Pool) -> None:
    registry = Registry(pool, metrics_per_asset=5, max_assets=5)
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE streams RENAME TO elsewhere")
    with pytest.raises(Exception, match="streams"):
        registry.learn({("pump", "unknown"): {"flow": None}})
    assert registry.asset_ids == {}
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE elsewhere RENAME TO streams")
    registry.learn({("pump", "unknown"): {"flow": None}})
    assert set(registry.streams_of("pump")) == {"flow"}


def test_names_are_bounded_and_the_refusal_names_the_setting(pool: Pool) -> None:
    registry = Registry(pool, metrics_per_asset=2, max_assets=1)
    registry.learn({("a", "unknown"): dict.fromkeys("xyz"), ("b", "unknown"): {"x": None}})
    assert set(registry.streams_of("a")) == {"x", "y"}
    assert registry.streams_of("b") == {}
    assert "INGEST_METRICS_PER_ASSET" in registry.refusal("a")
    assert "INGEST_MAX_ASSETS" in registry.refusal("b")
