"""An absent world is waited for and recovered from; wrong configuration is not."""

import threading
from pathlib import Path

import psycopg
import pytest

from scripts.stack.broker import Broker
from scripts.stack.cluster import Cluster
from services.store import migrations
from services.store.pool import Connection
from simulators.address import Address
from simulators.load import Load, Outcome, publish_load
from tests.conftest import conninfo
from tests.flow.platform import Process, eventually, number, running, wait_until


@pytest.mark.parametrize(
    ("module", "variable", "value", "said"),
    [
        ("ingest", "INGEST_BATCH_SIZE", "many", "INGEST_BATCH_SIZE"),
        ("ingest", "INGEST_BATCH_SIZE", "50000", "no batch could fill"),
        ("ingest", "INGEST_OLDEST", "2000-01-01T00:00:00", "INGEST_OLDEST needs a zone"),
        ("ingest", "MQTT_PORT", "0", "MQTT_PORT"),
        ("ingest", "MQTT_PASSWORD_FILE", "/nowhere", "MQTT_PASSWORD_FILE names no file"),
        ("services.detection", "DETECTION_THRESHOLD", "2", "DETECTION_THRESHOLD"),
        ("services.connectivity", "CONNECTIVITY_WARM_UP", "1", "CONNECTIVITY_WARM_UP"),
        ("services.connectivity", "CONNECTIVITY_WARM_UP", "31", "over CONNECTIVITY_MEMORY"),
        ("services.derivation", "DERIVATION_PATIENCE", "-1", "DERIVATION_PATIENCE"),
        ("services.incidents", "INCIDENTS_QUIET_MINUTES", "-1", "INCIDENTS_QUIET_MINUTES"),
    ],
)
def test_wrong_configuration_refuses_to_start_naming_the_variable(
    tmp_path: Path, module: str, variable: str, value: str, said: str
) -> None:
    process = Process(tmp_path, module, **{variable: value}).start()
    assert process.exit_code() == 2
    assert said in process.said


def test_a_broker_that_refuses_us_is_not_waited_for(
    own_broker: Broker, database: str, tmp_path: Path
) -> None:
    account = {**own_broker.connection("ingest"), "MQTT_PASSWORD": "guessed-at"}
    process = Process(tmp_path, "ingest", **account).start()
    assert process.exit_code() == 1
    assert "the broker refuses us" in process.said
    assert "guessed-at" not in process.said


def load_of(broker: Broker, rate: float, seconds: float) -> Outcome:
    """Publishes from 50 assets and returns what the broker acknowledged."""
    account = broker.connection("simulator")
    address = Address(broker.host, broker.port, account["MQTT_USERNAME"], account["MQTT_PASSWORD"])
    return publish_load(Load(rate=rate, seconds=seconds, assets=50, connections=2), address)


def test_a_worker_killed_in_mid_load_loses_nothing_and_stores_nothing_twice(
    ingest: Process, own_broker: Broker, conn: Connection
) -> None:
    outcomes: list[Outcome] = []
    with running(ingest):
        sender = threading.Thread(target=lambda: outcomes.append(load_of(own_broker, 2000, 3)))
        sender.start()
        for wanted in (2000, 9000):
            wait_until(
                lambda wanted=wanted: number(conn, "SELECT count(*) FROM readings") > wanted,
                "some are stored",
                ingest.log,
            )
            ingest.kill()
            ingest.start()
        sender.join()
        eventually(conn, "SELECT count(*) FROM readings", outcomes[0].acknowledged * 7)
    assert number(conn, "SELECT sum(stored) FROM ledger") == outcomes[0].acknowledged * 7
    assert number(conn, "SELECT count(*) FROM rejects") == 0
    assert number(conn, "SELECT sum(imbalance) FROM ledger_balance") == 0


def test_a_broker_that_comes_late_and_goes_away_is_waited_for(
    ingest: Process, own_broker: Broker, conn: Connection
) -> None:
    own_broker.stop()
    ingest.start()
    try:
        wait_until(lambda: "waiting for the broker" in ingest.said, "it says so", ingest.log)
        own_broker.start()
        ingest.ready()
        first = load_of(own_broker, 500, 1)
        eventually(conn, "SELECT count(*) FROM readings", first.acknowledged * 7)
        own_broker.stop()
        own_broker.start()
        wait_until(
            lambda: ingest.said.count("connected to the broker") == 2, "it is back", ingest.log
        )
        second = load_of(own_broker, 500, 1)
        total = (first.acknowledged + second.acknowledged) * 7
        eventually(conn, "SELECT count(*) FROM readings", total)
    finally:
        ingest.stop()


def test_a_database_that_comes_late_and_goes_away_costs_nothing(
    own_broker: Broker, tmp_path: Path, own_cluster: Cluster
) -> None:
    owner = own_cluster.connection("cityops", "owner", "cityops")
    own_cluster.stop()
    processes = [
        Process(tmp_path, "ingest", **owner, **own_broker.connection("ingest")),
        Process(tmp_path, "services.detection", **owner),
        Process(tmp_path, "services.incidents", **owner),
    ]
    for process in processes:
        process.start()
    try:
        for process in processes:
            wait_until(
                lambda process=process: "waiting for the database" in process.said,
                "it says what it waits for",
                process.log,
            )
        own_cluster.start()
        with psycopg.connect(conninfo(owner)) as conn:
            migrations.migrate(conn)
        for process in processes:
            process.ready()
        before = load_of(own_broker, 500, 1)
        own_cluster.stop()
        during = load_of(own_broker, 500, 2)
        wait_until(
            lambda: processes[0].said.count("waiting for the database") >= 2,
            "ingest says it waits again",
            processes[0].log,
        )
        own_cluster.start()
        with psycopg.connect(conninfo(owner)) as conn:
            total = (before.acknowledged + during.acknowledged) * 7
            eventually(conn, "SELECT count(*) FROM readings", total)
            eventually(
                conn,
                """SELECT count(*) FROM streams s WHERE NOT EXISTS (
                       SELECT FROM detector_states d WHERE d.stream_id = s.id AND d.judged_until =
                           (SELECT max(time) FROM readings r WHERE r.stream_id = s.id))""",
                0,
            )
            assert number(conn, "SELECT sum(imbalance) FROM ledger_balance") == 0
    finally:
        for process in processes:
            process.stop()
