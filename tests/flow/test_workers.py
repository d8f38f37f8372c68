"""Several ingest workers share the messages; one that is not needed any more leaves nothing behind."""

import os
import signal
import threading
from pathlib import Path

import pytest

from ingest.crew import member
from ingest.settings import IngestSettings
from scripts.stack.broker import Broker
from services.store.pool import Connection
from tests.flow.platform import Process, eventually, number, running, wait_until
from tests.flow.test_absence import load_of


@pytest.fixture
def two(tmp_path: Path, database: str, own_broker: Broker) -> Process:
    return Process(
        tmp_path, "ingest", "--workers", "2", **own_broker.connection("ingest"), INGEST_SHARE="both"
    )


def test_two_workers_store_every_message_once_between_them(
    two: Process, own_broker: Broker, conn: Connection
) -> None:
    with running(two):
        outcome = load_of(own_broker, 1000, 2)
        eventually(conn, "SELECT count(*) FROM readings", outcome.acknowledged * 7)
    assert number(conn, "SELECT sum(stored) FROM ledger") == outcome.acknowledged * 7
    assert number(conn, "SELECT count(DISTINCT worker) FROM ledger WHERE stored > 0") == 2
    assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0


def test_a_worker_killed_among_others_loses_nothing_and_all_leave_to_come_back(
    two: Process, own_broker: Broker, conn: Connection
) -> None:
    acknowledged: list[int] = []
    with running(two):
        sender = threading.Thread(
            target=lambda: acknowledged.append(load_of(own_broker, 1000, 3).acknowledged)
        )
        sender.start()
        wait_until(lambda: number(conn, "SELECT count(*) FROM readings") > 3000, "some are stored")
        os.kill(children(two)[1], signal.SIGKILL)
        assert two.exit_code() == 1
        assert "1 of 2 workers ended" in two.said
        two.start().ready()
        sender.join()
        eventually(conn, "SELECT count(*) FROM readings", acknowledged[0] * 7)
    assert number(conn, "SELECT sum(abs(imbalance)) FROM ledger_balance") == 0


def children(process: Process) -> list[int]:
    """The process ids of the workers."""
    assert process.process is not None
    path = Path(f"/proc/{process.process.pid}/task/{process.process.pid}/children")
    return [int(each) for each in path.read_text().split()]


def test_what_a_dismissed_workers_session_holds_is_stored_before_it_goes(
    two: Process, own_broker: Broker, conn: Connection, tmp_path: Path
) -> None:
    with running(two):
        before = load_of(own_broker, 500, 1).acknowledged
        eventually(conn, "SELECT count(*) FROM readings", before * 7)
    # Nobody is there: each of the two sessions gets its share.
    during = load_of(own_broker, 500, 1).acknowledged
    assert number(conn, "SELECT count(*) FROM workers WHERE left_at IS NULL") == 2
    one = Process(tmp_path, "ingest", **own_broker.connection("ingest"), INGEST_SHARE="both")
    with running(one):
        assert "the session is drained and gone" in one.said
        after = load_of(own_broker, 500, 1).acknowledged
        eventually(conn, "SELECT count(*) FROM readings", (before + during + after) * 7)
    assert number(conn, "SELECT count(*) FROM workers WHERE left_at IS NULL") == 1


def test_a_worker_that_shares_no_more_reads_nothing_twice(
    own_broker: Broker, database: str, conn: Connection, tmp_path: Path
) -> None:
    account = own_broker.connection("ingest")
    with running(Process(tmp_path, "ingest", **account, INGEST_SHARE="once")):
        load_of(own_broker, 200, 0.5)
    with running(Process(tmp_path, "ingest", **account)):
        load_of(own_broker, 200, 0.5)
        wait_until(
            lambda: number(conn, "SELECT sum(received) FROM ledger") >= 2 * 100 * 7, "all is there"
        )
    assert number(conn, "SELECT sum(duplicate) FROM ledger") == 0


def test_members_have_names_sessions_and_ports_of_their_own() -> None:
    settings = IngestSettings(client_id="secret", metrics_port=9464, workers=2)
    first, second = member(settings, 1), member(settings, 2)
    assert (first["INGEST_WORKER"], second["INGEST_WORKER"]) == ("ingest-1", "ingest-2")
    assert (first["INGEST_CLIENT_ID"], second["INGEST_CLIENT_ID"]) == ("secret", "secret-2")
    assert (first["INGEST_REMEMBERS"], second["INGEST_REMEMBERS"]) == ("true", "false")
    assert (first["INGEST_METRICS_PORT"], second["INGEST_METRICS_PORT"]) == ("9464", "9465")
