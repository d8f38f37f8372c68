"""Many series and past windows on the whole path: from a file or the store, over the wire, into rows."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scripts.stack.ports import free_port
from services.store import tokens
from services.store.pool import Connection
from simulators.series.block import Block
from simulators.series.writer import SeriesWriter
from tests.flow.platform import CHECKOUT, Process, eventually, number, running, simulate, wait_until

BEGIN = 1_772_323_200_000_000  # 2026-03-01T00:00Z
MINUTES = 90
ASSETS = ["air-1", "air-2", "gw:pump-3"]
METRICS = ["pm25", "temperature"]
ROWS = MINUTES * len(ASSETS) * len(METRICS)


@pytest.fixture
def month(tmp_path: Path) -> Path:
    """Three assets with two metrics each, a reading a minute, one of them in another unit."""
    file = tmp_path / "month.parquet"
    each = len(ASSETS) * len(METRICS)
    with SeriesWriter(file) as writer:
        for begin in range(0, MINUTES, 30):
            minutes = np.repeat(np.arange(begin, begin + 30), each)
            metric = np.tile(np.tile(np.arange(2), 3), 30).astype(np.int32)
            writer.write(
                Block(
                    ASSETS,
                    METRICS,
                    ["mg/m3", "Cel"],
                    np.tile(np.repeat(np.arange(3), 2), 30).astype(np.int32),
                    metric,
                    metric,
                    BEGIN + minutes * 60_000_000 + 123,  # microseconds are kept, too
                    np.where(metric, 20.0, 0.02) + minutes / 1000,
                )
            )
    return file


def backfill(file: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "backfill", str(file)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def stored(conn: Connection, prefix: str = "") -> list[tuple[object, ...]]:
    """The readings of the assets whose names begin so, without the beginning."""
    rows = conn.execute(
        """SELECT substr(a.name, length(%(prefix)s) + 1), s.metric, r.time, r.value, r.quality
           FROM readings r JOIN streams s ON s.id = r.stream_id JOIN assets a ON a.id = s.asset_id
           WHERE starts_with(a.name, %(prefix)s) AND s.metric <> 'online' ORDER BY 1, 2, 3""",
        {"prefix": prefix},
    ).fetchall()
    conn.rollback()
    return rows


def test_a_file_is_the_same_by_bulk_import_and_over_the_wire(
    ingest: Process, conn: Connection, month: Path
) -> None:
    assert f"{ROWS:,} rows: {ROWS:,} stored, 0 there already, 0 rejected" in backfill(month)
    before = stored(conn)
    assert len(before) == ROWS
    assert before[0][3:] == (pytest.approx(20.0), 0)  # in the catalogue's ug/m3
    with running(ingest):
        account = json.loads(simulate("replay", str(month), "--as-fast-as-possible", "--json"))
        eventually(conn, "SELECT sum(duplicate) FROM ledger", ROWS)
    assert (account["rows"], account["published"]) == (ROWS, ROWS // 2)
    assert stored(conn) == before
    assert number(conn, "SELECT count(*) FROM rejects") == 0
    assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0


def test_a_stopped_import_says_how_far_it_came_and_the_next_one_completes_it(
    conn: Connection, tmp_path: Path
) -> None:
    file, rows = tmp_path / "long.parquet", 500_000
    nothing = np.zeros(rows, np.int32)
    with SeriesWriter(file) as writer:
        times = BEGIN - np.arange(rows) * 1_000_000
        values = np.ones(rows)
        writer.write(Block(["a"], ["x"], [], nothing, nothing, nothing - 1, times, values))
    command = [sys.executable, "-m", "ingest", "backfill", str(file)]
    process = subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: number(conn, "SELECT count(*) FROM ledger") > 0, "a piece is stored")
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped after" in said
    assert "the same command takes in the rest" in said
    assert 0 < number(conn, "SELECT sum(stored) FROM ledger") < rows
    assert "0 rejected" in backfill(file)
    assert number(conn, "SELECT count(*) FROM readings") == rows
    assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0


@pytest.fixture
def api(
    database: str, conn: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Process]:
    """The API on this test's database; API_URL and API_TOKEN name it and a viewer's token."""
    port = str(free_port())
    monkeypatch.setenv("API_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("API_TOKEN", tokens.create(conn, "player", "viewer"))
    conn.commit()
    process = Process(tmp_path, "services.api", API_PORT=port)
    with running(process):
        yield process


WINDOW = ["--from", "2026-03-01T00:10:00Z", "--to", "2026-03-01T01:10:00Z"]


def test_a_past_window_is_played_by_devices_of_other_names(
    api: Process, ingest: Process, conn: Connection, month: Path
) -> None:
    backfill(month)
    command = ["replay", "--from-store", *WINDOW, "--as-fast-as-possible"]
    with running(ingest):
        said = simulate(*command, "--asset", "air-1", "--asset", "gw:pump-3")
        eventually(conn, "SELECT sum(stored) FROM ledger WHERE worker <> 'backfill'", 240)
        assert "rows read 240, published 120, acknowledged by the broker 120" in said
        again = simulate(*command, "--metric", "pm25")  # what was played is not played again
        assert "rows read 180," in again
        eventually(conn, "SELECT sum(duplicate) FROM ledger WHERE worker <> 'backfill'", 120)
        simulate(*command, "--prefix", "", "--asset", "air-1")  # they are there: nothing changes
        eventually(conn, "SELECT sum(duplicate) FROM ledger WHERE worker <> 'backfill'", 240)
        simulate(*command, "--asset", "air-2", "--prefix", "now-", "--shift-to-now")
        eventually(conn, "SELECT sum(stored) FROM ledger WHERE worker <> 'backfill'", 420)
    wanted = [row for row in stored(conn) if row[0] in {"air-1", "gw:pump-3"}]
    played = [row for row in stored(conn, "replay-") if row[0] != "air-2"]
    assert len(played) == 240
    assert set(played) <= set(wanted)
    assert {row[2] for row in played} == {
        row[2] for row in wanted if "2026-03-01 00:10" <= str(row[2]) < "2026-03-01 01:10"
    }
    newest = "SELECT floor(extract(epoch FROM now() - max(time))) FROM readings"
    assert 0 <= number(conn, newest) < 120
    assert number(conn, "SELECT count(*) FROM rejects") == 0


@pytest.mark.usefixtures("own_broker")
def test_what_cannot_be_played_is_one_sentence_and_a_code(api: Process, conn: Connection) -> None:
    store = ["--from-store", "--from", "-6h"]
    nowhere, wrong = {"API_URL": "http://127.0.0.1:1"}, {"API_TOKEN": "wrong"}
    for arguments, environment, code, sentence in [
        (store, nowhere, 3, "the API at http://127.0.0.1:1 cannot be reached"),
        (store, wrong, 3, "does not take API_TOKEN"),
        (store, {"API_URL": "nowhere"}, 2, "API_URL is 'nowhere', not an address"),
        (store, {"API_TOKEN": ""}, 2, "API_TOKEN is not set"),
        (store, {}, 2, "the store has no streams to play"),
        ([*store, "--asset", "nobody"], {}, 2, "there is no asset nobody"),
        ([*store, "--to", "-7h"], {}, 2, "before it begins"),
        (["--from-store"], {}, 2, "--from-store needs --from"),
        (["--from-store", "--from", "soon"], {}, 2, "'soon' is no ISO 8601 time"),
        (["x.csv", *store], {}, 2, "--from-store plays no file"),
        (["x.csv", "--to", "now"], {}, 2, "--from and --to choose a window"),
        ([], {}, 2, "there is nothing to play"),
    ]:
        done = subprocess.run(
            [sys.executable, "-m", "simulators", "replay", *arguments],
            cwd=CHECKOUT,
            env=os.environ | environment | {"COLUMNS": "300"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
        assert sentence in done.stderr
