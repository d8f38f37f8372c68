"""What the simulated offices tell is taken in: all of it, over MQTT and from a file."""

import json
from pathlib import Path

from scripts.stack.broker import Broker
from services.store import city_rows, city_sheets, org_rows
from services.store.org_sheets import SHEETS
from services.store.pool import Connection
from tests.egov.test_files import taken
from tests.flow.platform import Process, eventually, number, running, simulate

SMALL = ("--units", "25", "--duration", "1")


def imported(conn: Connection, file: Path) -> None:
    """The simulator's procedures are in force."""
    found = city_sheets.read(file.read_text(encoding="utf-8").splitlines(keepends=True), SHEETS)
    found.check()
    city_rows.write(conn, found, "an", org_rows.ORGANISATION)
    conn.commit()


def test_a_province_tells_of_its_dossiers_and_every_event_counts(
    ingest: Process, own_broker: Broker, conn: Connection, tmp_path: Path
) -> None:
    """A day of it over MQTT as fast as possible, then the same day from a file: nothing new."""
    procedures, file = tmp_path / "procedures.csv", tmp_path / "day.jsonl"
    simulate("dossiers", "--procedures", str(procedures))
    imported(conn, procedures)
    when = ("--start", "2026-03-09T17:00:00Z", *SMALL)
    with running(ingest):
        said = simulate(
            "dossiers", "--publish", "--as-fast-as-possible", "--json", *when,
            environment=own_broker.connection("simulator"),
        )  # fmt: skip
        told = json.loads(said.splitlines()[0])
        assert told["events"] == told["acknowledged"] > 500
        eventually(conn, "SELECT count(*) FROM dossier_events", told["events"])
    assert number(conn, "SELECT count(*) FROM dossier_rejects") == 0
    assert number(conn, "SELECT sum(stored) FROM ledger") == told["events"]
    assert number(conn, "SELECT sum(imbalance) FROM ledger_balance") == 0
    simulate("dossiers", "--to", str(file), *when)
    tally = taken(file)
    assert tally.counted == (0, told["events"], 0)
    early = number(
        conn,
        """SELECT count(*) FROM dossier_events e WHERE flaw IS NOT NULL AND EXISTS (
               SELECT FROM dossier_events b WHERE b.dossier = e.dossier AND b.state IN (1, 2))""",
    )
    assert early == 0, "only what began before the day does not count"
