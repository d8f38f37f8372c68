"""The polite lane on a real database: what was put aside goes on, and the ledger agrees."""

import threading
from pathlib import Path

import pytest

from ingest import backfill
from ingest.lane import Lane
from ingest.pipeline import Pipeline
from ingest.routes import read_routes
from ingest.series import BadFile
from ingest.settings import IngestSettings, Unknown
from services.store import assets, rejects, replays
from services.store.assets import Claim
from services.store.pool import Pool, transaction
from tests.flow.platform import number
from tests.ingest.test_pipeline import NOW, Fed, message


def taken_in(pool: Pool, *payloads: bytes, unknown: Unknown = Unknown.REGISTER) -> Pipeline:
    """A pipeline that has taken these in as messages of the asset a."""
    stop = threading.Event()
    source = Fed([message(i, payload) for i, payload in enumerate(payloads)], stop)
    pipeline = Pipeline(source, pool, IngestSettings(unknown=unknown), read_routes())
    pipeline.run(stop)
    return pipeline


def lane(pool: Pool, pipeline: Pipeline) -> Lane:
    return Lane(pool, pipeline.writer, lambda: False)


def balance(pool: Pool) -> tuple[object, ...] | None:
    with transaction(pool) as conn:
        assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0
        return conn.execute(
            "SELECT sum(received), sum(stored), sum(duplicate), sum(rejected), sum(held) FROM ledger"
        ).fetchone()


def buffered(minute: int) -> bytes:
    return b'{"ts": %d, "values": {"x": 1, "y": 2}, "historical": true}' % (
        NOW // 1000 - minute * 60_000
    )


def test_a_devices_buffer_is_put_aside_and_stored_as_history(pool: Pool) -> None:
    pipeline = taken_in(pool, buffered(1), buffered(2), b'{"ts": %d, "x": 3}' % (NOW // 1000))
    assert balance(pool) == (5, 1, 0, 0, 4)
    assert lane(pool, pipeline).turn()
    assert balance(pool) == (5, 5, 0, 0, 0)
    with transaction(pool) as conn:
        lanes = conn.execute(
            "SELECT lane, sum(octet_length(frame)) / 20 FROM arrivals GROUP BY 1 ORDER BY 1"
        ).fetchall()
        assert [(lane, int(str(rows))) for lane, rows in lanes] == [("history", 4), ("live", 1)]
    assert not lane(pool, pipeline).turn()


def test_the_readings_of_an_unclaimed_asset_wait_for_its_claim(pool: Pool) -> None:
    payloads = [b'{"ts": %d, "x": 1}' % (NOW // 1000 + i) for i in range(3)]
    pipeline = taken_in(pool, *payloads, buffered(9), unknown=Unknown.HOLD)
    assert balance(pool) == (5, 0, 0, 0, 5)
    assert not lane(pool, pipeline).turn()
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM assets WHERE claimed_at IS NULL") == 1
        assets.claim(conn, [Claim("a", "water")])
    pipeline.registry.refresh()
    assert lane(pool, pipeline).turn()
    assert balance(pool) == (5, 5, 0, 0, 0)  # and its buffer, like any other's


def test_what_the_database_refuses_does_not_hold_the_lane_up(pool: Pool) -> None:
    pipeline = taken_in(pool, *(buffered(minute) for minute in range(5)))
    with transaction(pool) as conn:
        third = NOW // 1_000_000 - 180
        conn.execute(
            b"ALTER TABLE readings ADD CONSTRAINT none CHECK (time <> to_timestamp(%d))" % third
        )
    lane(pool, pipeline).turn()
    assert balance(pool) == (10, 8, 0, 2, 0)
    with transaction(pool) as conn:  # and can be read again once the database takes it
        conn.execute("ALTER TABLE readings DROP CONSTRAINT none")
        (kept,) = rejects.page(conn)
        replays.many(conn, [kept.id], "lan")
    lane(pool, pipeline).turn()
    lane(pool, pipeline).turn()
    assert balance(pool) == (10, 10, 0, 0, 0)


def test_a_value_out_of_all_bounds_is_not_put_aside(pool: Pool) -> None:
    taken_in(pool, b'{"ts": %d, "values": {"x": 1e200}, "historical": true}' % (NOW // 1000))
    assert balance(pool) == (1, 0, 0, 1, 0)


def test_a_mended_reject_is_stored_and_one_that_is_not_stays_with_its_new_reason(
    pool: Pool,
) -> None:
    pipeline = taken_in(pool, b'{"ts": %d, "values": {"x": 1, "y": "?"}}' % (NOW // 1000), b"{")
    assert balance(pool) == (3, 1, 0, 2, 0)
    with transaction(pool) as conn:
        cut, part = rejects.page(conn)
        replays.edit(conn, part.id, "lan", None, b'{"ts": %d, "x": 1, "y": 2}' % (NOW // 1000))
        assert replays.many(conn, [part.id, cut.id], "lan") == [part.id, cut.id]
    assert lane(pool, pipeline).turn()
    assert balance(pool) == (4, 2, 1, 1, 0)  # x is there already: a duplicate
    with transaction(pool) as conn:
        cut, part = rejects.page(conn)
        assert (part.status, part.settled_by) == ("replayed", "ingest-1")
        assert (cut.status, cut.replays) == ("open", 1)
        assert "malformed JSON" in str(cut.last_reason)
        assert len(rejects.page(conn)) == 2


CSV = "asset,metric,time,value,unit\npump,flow,2020-01-01T00:00:00Z,{},m3/h\n"


def test_a_file_is_put_aside_whole_and_stored_by_the_lane(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    file.write_text(CSV.format("1.5") + "pump,flow,2020-01-01T07:01:00+07:00,2,L/h\n")
    backfill.put(file, dry_run=True, wait=False)
    backfill.put(file, dry_run=False, wait=False)
    pipeline = taken_in(pool)
    assert lane(pool, pipeline).turn()
    assert balance(pool) == (2, 2, 0, 0, 0)
    with transaction(pool) as conn:
        rows = conn.execute("SELECT value FROM readings ORDER BY time").fetchall()
        assert rows == [(1.5,), (0.002,)]
        assert number(conn, "SELECT sum(late) FROM ledger") == 2
        assert number(conn, "SELECT count(*) FROM late_spans") == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("asset,metric,time\n", "no column value"),
        (CSV.format("NaN"), "line 2: 'NaN' is no number"),
        (CSV.format("").replace("Z", ""), "line 2: .* has no zone"),
        (CSV.format("1").replace("m3/h", "furlong"), "line 2: 'furlong' is no unit"),
        (CSV.format("1").replace("pump", "#"), "line 2: '#' is no name of an asset"),
    ],
)
def test_a_wrong_file_is_refused_whole_with_its_lines(
    pool: Pool, text: str, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "old.csv"
    file.write_text(text)
    with pytest.raises(BadFile, match=reason):
        backfill.put(file, dry_run=False, wait=False)
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM held") == 0
