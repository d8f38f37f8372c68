"""A real file from the device's side to an incident, with every process running."""

import csv
import json
import math
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.store.pool import Connection
from tests.flow.platform import Process, eventually, number, running, simulate, wait_until

NAB = Path(__file__).parents[3] / "shared" / "data" / "nab" / "data"


def rows_of(files: list[Path]) -> dict[tuple[str, str], float]:
    """The value of every (file stem, timestamp): the first one where a moment comes twice."""
    found: dict[tuple[str, str], float] = {}
    for file in files:
        with file.open(newline="") as lines:
            for row in csv.DictReader(lines):
                found.setdefault((file.stem, row["timestamp"][:19]), float(row["value"]))
    return found


def stored(conn: Connection) -> dict[tuple[str, str], float]:
    """The same of what is in the store."""
    rows = conn.execute(
        """SELECT a.name, to_char(r.time, 'YYYY-MM-DD HH24:MI:SS'), r.value
           FROM readings r JOIN streams s ON s.id = r.stream_id JOIN assets a ON a.id = s.asset_id
           WHERE s.metric <> 'online'"""
    ).fetchall()
    conn.rollback()
    assert len(rows) == len({(name, time) for name, time, _ in rows})
    return {(str(name), str(time)): float(str(value)) for name, time, value in rows}


def windows() -> list[tuple[str, datetime, datetime]]:
    """(file stem, from, to) of what the benchmark's authors hold for odd in these files."""
    labelled = json.loads((NAB.parent / "labels" / "combined_windows.json").read_text())
    return [
        (Path(name).stem, moment(window[0]), moment(window[1]))
        for name, found in labelled.items()
        if name.startswith("realTraffic/") or name == "realKnownCause/nyc_taxi.csv"
        for window in found
    ]


def moment(written: str) -> datetime:
    """A moment of the labels, which are in UTC."""
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def told(conn: Connection) -> list[tuple[str, datetime]]:
    """The asset and moment of every anomaly."""
    rows = conn.execute("SELECT asset, time FROM anomaly_list").fetchall()
    conn.rollback()
    return [(str(asset), time) for asset, time in rows if isinstance(time, datetime)]


@pytest.mark.timeout(300)
def test_every_row_of_the_road_sensors_is_stored_once_and_judged(
    ingest: Process, detection: Process, incidents: Process, conn: Connection
) -> None:
    files = sorted((NAB / "realTraffic").glob("*.csv"))
    files.append(NAB / "realKnownCause" / "nyc_taxi.csv")
    if not files[0].exists():
        pytest.skip("the benchmark's files are not beside the project")
    wanted = rows_of(files)
    with running(ingest, detection, incidents):
        simulate("replay", *map(str, files), "--as-fast-as-possible")
        wait_until(lambda: len(stored(conn)) == len(wanted), "all rows are stored", ingest.log)
        wait_until(lambda: all_judged(conn), "all rows are judged", detection.log)
        eventually(conn, "SELECT count(*) FROM anomalies WHERE incident_id IS NULL", 0)
    assert stored(conn) == wanted
    assert number(conn, "SELECT count(*) FROM rejects") == 0
    assert number(conn, "SELECT sum(duplicate) FROM ledger") == 2  # moments that come twice
    assert number(conn, "SELECT sum(stored) FROM ledger") == number(
        conn, "SELECT count(*) FROM readings"
    )
    assert number(conn, "SELECT sum(imbalance) FROM ledger_balance") == 0
    found = told(conn)
    hit = {
        (file, begin)
        for file, begin, end in windows()
        if any(asset == file and begin <= time <= end for asset, time in found)
    }
    assert len(windows()) == 19
    assert len(hit) >= 14  # 16 when this was written
    assert len(found) < len(wanted) / 500  # 27 of 27,982
    assert number(conn, "SELECT count(*) FROM incidents") == len({asset for asset, _ in found})


def all_judged(conn: Connection) -> bool:
    """Whether the detectors have come to the newest reading of every stream."""
    return (
        number(
            conn,
            """SELECT count(*) FROM streams s
               WHERE judged AND NOT EXISTS (
                   SELECT FROM detector_states d WHERE d.stream_id = s.id AND d.judged_until =
                       (SELECT max(time) FROM readings r WHERE r.stream_id = s.id))""",
        )
        == 0
    )


@pytest.fixture
def made_up_series(tmp_path: Path) -> Path:
    """Two weeks at ten minutes with a daily wave and one hour that does not belong."""
    file = tmp_path / "made_up.csv"
    with file.open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["timestamp", "value"])
        for i in range(14 * 144):
            value = 50 + 10 * math.sin(2 * math.pi * i / 144) + 0.5 * math.sin(i * 1.7)
            if 1800 <= i < 1806:
                value += 60
            day, minute = divmod(i * 10, 1440)
            stamp = f"2026-03-{day + 1:02} {minute // 60:02}:{minute % 60:02}:00"
            writer.writerow([stamp, f"{value:.3f}"])
    return file


def test_an_hour_that_does_not_belong_becomes_one_incident(
    ingest: Process,
    detection: Process,
    incidents: Process,
    conn: Connection,
    made_up_series: Path,
) -> None:
    with running(ingest, detection, incidents):
        simulate(
            "replay",
            str(made_up_series),
            "--as-fast-as-possible",
            "--asset",
            "pump-7",
            "--metric",
            "flow",
        )
        eventually(conn, "SELECT count(*) FROM readings", 14 * 144 + 2)
        wait_until(lambda: all_judged(conn), "all rows are judged", detection.log)
        eventually(conn, "SELECT count(*) FROM anomalies WHERE incident_id IS NULL", 0)
    found = conn.execute(
        """SELECT asset, metric, status, began_at::text FROM incident_list"""
    ).fetchall()
    assert found == [("pump-7", "flow", "open", "2026-03-13 12:00:00+00")]
