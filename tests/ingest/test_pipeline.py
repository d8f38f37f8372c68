"""One worker on a real database, fed by a source that remembers what was acknowledged."""

import threading
import urllib.request
from collections.abc import Sequence

import psycopg
import pytest

from ingest.delivery import Delivery
from ingest.patience import TooManyRejects
from ingest.pipeline import Pipeline
from ingest.registry import Registry
from ingest.routes import read_routes
from ingest.settings import IngestSettings
from models.frame import frame, unpacked
from models.reading import Reply
from scripts.stack.ports import free_port
from services.store import derivations, rejects
from services.store.pool import Pool, transaction
from tests.flow.platform import number

NOW = 1_767_225_600_000_000
FED = "SELECT sum(octet_length(frame)) / 20 FROM arrivals WHERE lane = 'live'"


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
        assert number(conn, FED) == 30


def test_what_came_again_is_in_the_feed_unless_it_may_be_our_doing(pool: Pool) -> None:
    order = [5, 0, 3, 3, 3, 1]
    run(pool, [message(i) for i in order], writers=1)
    run(pool, [message(5), message(7), message(6)], writers=1)
    run(pool, [message(i)._replace(again=True) for i in order], writers=1)
    with transaction(pool) as conn:
        rows = conn.execute("SELECT lane, frame FROM arrivals ORDER BY id", binary=True).fetchall()
    fed = [
        (lane, unpacked([part])[["time", "value"]].tolist())
        for lane, part in rows
        if isinstance(part, bytes)
    ]
    assert fed == [
        ("live", [(NOW + 1000 * i, i) for i in (5, 0, 3, 1)]),
        ("again", [(NOW + 5000, 2)]),  # the newest time of the batch, and how many readings
        ("live", [(NOW + 7000, 7), (NOW + 6000, 6)]),
        ("again", [(NOW + 7000, 1)]),
    ]


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
    assert "INGEST_METRICS_PER_ASSET" in registry.refusal("a", "x")
    assert "INGEST_MAX_ASSETS" in registry.refusal("b", "x")


def test_what_a_rule_gives_no_device_reports(pool: Pool) -> None:
    registry = Registry(pool, metrics_per_asset=5, max_assets=5)
    registry.learn({("dap-cau", "river"): {"level_m": None}})
    with transaction(pool) as conn:
        derivations.register(conn, "flood", [(registry.asset_ids["dap-cau"], "flood_level")])
    registry.learn({("dap-cau", "river"): {"flood_level": None, "level_m": None}})
    assert set(registry.streams_of("dap-cau")) == {"level_m"}
    assert "a rule of the city" in registry.refusal("dap-cau", "flood_level")


def test_quality_is_kept_and_what_is_bad_goes_another_way(pool: Pool) -> None:
    registry_of(pool, high=5)
    run(pool, [message(i) for i in range(10)])
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM readings WHERE quality = 2 AND value > 5") == 4
        assert number(conn, "SELECT count(*) FROM readings WHERE quality = 0") == 6
        assert number(conn, "SELECT samples FROM readings_1h") == 6
        query = "SELECT octet_length(frame) / 20 FROM arrivals WHERE lane = %s"
        assert number(conn, query, "bad") == 4
        assert number(conn, query, "live") == 6


def registry_of(pool: Pool, high: float) -> Registry:
    """A registry that has learned the stream x of the asset a, with a rule of its own."""
    registry = Registry(pool, metrics_per_asset=5, max_assets=5)
    registry.learn({("a", "unknown"): {"x": None}})
    with transaction(pool) as conn:
        conn.execute("UPDATE streams SET high = %s", [high])
    return registry


def test_a_changed_rule_is_taken_over_while_it_runs(pool: Pool) -> None:
    registry = registry_of(pool, high=5)
    registry.refresh()
    reading = frame([registry.streams_of("a")["x"]], [NOW], [6.0])
    assert registry.rules.judge(reading).tolist() == [2]
    with transaction(pool) as conn:
        conn.execute("UPDATE streams SET high = 10, unit = 'm'")
    registry.refresh()
    assert registry.rules.judge(reading).tolist() == [0]
    assert registry.unit_of(registry.streams_of("a")["x"]) == "m"


def test_a_unit_is_kept_and_a_conversion_written_down_once(pool: Pool) -> None:
    told = [
        b'{"ts": %d, "values": {"x": 1000}, "units": {"x": "W"}}',
        b'{"ts": %d, "values": {"x": 2}, "units": {"x": "kW"}}',
        b'{"ts": %d, "values": {"x": 3}, "units": {"x": "kW"}}',
        b'{"ts": %d, "values": {"x": 4}, "units": {"x": "Cel"}}',
    ]
    for i, payload in enumerate(told):
        run(pool, [message(i, payload % (NOW // 1000 + i))])
    with transaction(pool) as conn:
        assert conn.execute("SELECT unit FROM streams").fetchall() == [("W",)]
        rows = conn.execute("SELECT value FROM readings ORDER BY time").fetchall()
        assert rows == [(1000.0,), (2000.0,), (3000.0,)]
        assert conn.execute("SELECT from_unit, to_unit, scale FROM conversions").fetchall() == [
            ("kW", "W", 1000.0)
        ]
        (kept,) = rejects.page(conn)
        assert kept.reason == "x: Cel cannot be told in W"


def test_a_catalogues_unit_stands_and_what_cannot_be_told_in_it_gets_its_own(pool: Pool) -> None:
    payload = b'{"ts": %d, "values": {"temperature": 50, "level": 80}, "units": %s}' % (
        NOW // 1000,
        b'{"temperature": "[degF]", "level": "%"}',
    )
    run(pool, [message(1, payload)])
    with transaction(pool) as conn:
        rows = conn.execute(
            """SELECT metric, rules.unit, value, quality FROM readings
               JOIN stream_rules AS rules USING (stream_id) ORDER BY metric"""
        ).fetchall()
    assert rows == [("level", "%", 80.0, 0), ("temperature", "Cel", 10.0, 0)]


def test_too_many_rejects_in_a_row_stop_the_worker_and_the_broker_keeps_them(pool: Pool) -> None:
    stop = threading.Event()
    source = Fed([message(i, b"?", asset=f"a{i % 12}") for i in range(100)], stop)
    settings = IngestSettings(batch_size=10, reject_limit=35)
    with pytest.raises(TooManyRejects, match=r"40 messages in a row.*malformed JSON"):
        Pipeline(source, pool, settings, read_routes()).run(stop)
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM rejects") == 30
    assert source.acknowledged == list(range(len(source.acknowledged)))
    assert len(source.acknowledged) <= 30


def test_one_who_cannot_be_read_does_not_stop_the_others(pool: Pool) -> None:
    stop = threading.Event()
    source = Fed([message(i, b"?") for i in range(100)], stop)
    Pipeline(source, pool, IngestSettings(batch_size=10, reject_limit=35), read_routes()).run(stop)
    assert source.acknowledged == list(range(100))


@pytest.mark.parametrize("unit", [b"a\\u0000", b" " * 99, b"x" * 999])
def test_a_unit_that_is_none_costs_its_value_alone(pool: Pool, unit: bytes) -> None:
    payload = b'{"ts": %d, "values": {"x": 1, "y": 2}, "units": {"x": "%s"}}' % (NOW // 1000, unit)
    source = run(pool, [message(1, payload)])
    assert source.acknowledged == [1]
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM readings") == 1
        (kept,) = rejects.page(conn)
        assert "is no unit" in kept.reason
        assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0


def test_a_message_of_which_much_is_refused_is_kept_once(pool: Pool) -> None:
    payload = b"[%s]" % b",".join(b'{"m%d": 1}' % i for i in range(400))
    run(pool, [message(1, payload)])
    with transaction(pool) as conn:
        (kept,) = rejects.page(conn)
        assert kept.items == 400 - 256
        assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0


def test_one_reading_among_rejects_restores_patience(pool: Pool) -> None:
    stop = threading.Event()
    source = Fed([message(i, b"?" if i % 30 else None) for i in range(100)], stop)
    Pipeline(source, pool, IngestSettings(batch_size=10, reject_limit=35), read_routes()).run(stop)
    assert source.acknowledged == list(range(100))


def test_the_counters_at_metrics_are_those_of_the_ledger(pool: Pool) -> None:
    stop = threading.Event()
    bad = message(99, b"?")
    source = Fed([*(message(i) for i in range(20)), bad, message(3)], stop)
    pipeline = Pipeline(source, pool, IngestSettings(batch_size=5), read_routes())
    pipeline.run(stop)
    port = free_port()
    pipeline.metrics.serve("127.0.0.1", port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    with transaction(pool) as conn:
        row = conn.execute(
            "SELECT sum(received), sum(stored), sum(duplicate), sum(rejected) FROM ledger"
        ).fetchone()
    assert row is not None
    for outcome, count in zip(("received", "stored", "duplicate", "rejected"), row, strict=True):
        line = f'readings_total{{outcome="{outcome}",worker="ingest-1"}} {float(str(count))}'
        assert line in text
    assert 'messages_total{worker="ingest-1"} 22.0' in text
