"""Each alert rule is silent on a store that is well, and fires when what it is for goes wrong."""

import json
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from dashboards import alerts, provisioning
from dashboards.alerts import RULES, Rule
from models.frame import frame
from models.reading import microseconds
from scripts.stack.cluster import Cluster
from services.store import arrivals, assets, ledger, readings, streams
from services.store.assets import Claim
from services.store.pool import Connection
from tests.conftest import conninfo
from tests.dashboards.conftest import VIEWER, VIEWER_PASSWORD, database_of_the_boards, viewed

BY_UID = {rule.uid: rule for rule in RULES}
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.uid)
TIME, FLOAT = 1184, 701  # PostgreSQL's type numbers
AGO = datetime.now(UTC) - timedelta(minutes=10)


def value(viewer: Connection, rule: Rule, now: datetime | None = None) -> float | None:
    """The rule's number, asked at that moment; None: no data. Checks the shape of a series."""
    moment = "now()" if now is None else f"'{now.isoformat()}'::timestamptz"
    cursor = viewer.execute(rule.sql.replace("now()", moment).encode())
    assert cursor.description is not None
    assert [(each.name, each.type_code) for each in cursor.description] == [
        ("time", TIME),
        ("value", FLOAT),
    ]
    rows = cursor.fetchall()
    assert len(rows) <= 1
    assert all(math.isfinite(float(str(number))) for _, number in rows)
    return float(str(rows[0][1])) if rows else None


@every_rule
def test_a_store_that_is_well_raises_nothing(rule: Rule, filled: Connection, now: datetime) -> None:
    found = value(filled, rule, now)
    assert found is not None
    assert found <= rule.above


def test_a_store_without_anything_says_that_nothing_comes_and_no_more(empty: Connection) -> None:
    found = {uid: value(empty, rule) for uid, rule in BY_UID.items()}
    assert found.pop("cityops-no-data") == 24 * 60
    assert found.pop("cityops-canary") is None, "where no beat was ever sent, none is late"
    assert all(number is not None and number < 0.5 for number in found.values())


def silence(conn: Connection) -> None:
    conn.execute("INSERT INTO ledger (worker, minute, stored) VALUES ('w', %s, 5)", [AGO])


def loss(conn: Connection) -> None:
    ledger.add(conn, "w", ledger.Count(received=10, stored=9))


def sleepers(conn: Connection) -> None:
    at = microseconds(AGO)
    arrivals.append(conn, frame([1], [at], [1.0]), at)


def late_beat(conn: Connection) -> None:
    assets.claim(conn, [Claim("platform", "platform", "Nền tảng")])
    streams.declare(conn, [("platform", "canary", "1")])
    stream_id = streams.find(conn, "platform", "canary")
    assert stream_id is not None
    readings.append(conn, frame([stream_id], [microseconds(AGO)], [1.0]), microseconds(AGO))


SMALL_DISK = b"ALTER DATABASE boards_broken SET cityops.database_limit_gb = '0.01'"


def nonsense(conn: Connection) -> None:
    ledger.add(conn, "w", ledger.Count(received=100, stored=50, rejected=50))


FAULTS: dict[str, Callable[[Connection], None]] = {
    "cityops-imbalance": loss,
    "cityops-reader": sleepers,
    "cityops-canary": late_beat,
    "cityops-rejected": nonsense,
}


@pytest.fixture(scope="module")
def broken(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A store in which everything is wrong that a rule is for, seen by cityops_viewer."""
    with database_of_the_boards(cluster, "boards_broken") as owner:
        for fault in FAULTS.values():
            fault(owner)
        owner.commit()
        with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
            admin.execute(SMALL_DISK)
        with viewed(cluster, "boards_broken", tmp_path_factory.mktemp("broken")):
            environment = cluster.connection(VIEWER, VIEWER_PASSWORD, "boards_broken")
            with psycopg.connect(conninfo(environment), autocommit=True) as viewer:
                yield viewer


@pytest.mark.parametrize("uid", [*FAULTS, "cityops-database"])
def test_a_fault_makes_its_rule_fire(uid: str, broken: Connection) -> None:
    found = value(broken, BY_UID[uid])
    assert found is not None
    assert found > BY_UID[uid].above


def test_where_the_newest_reading_is_old_nothing_comes(conn: Connection) -> None:
    """Apart from the others: what they do wrong is something that came."""
    silence(conn)
    assert BY_UID.keys() == {*FAULTS, "cityops-database", "cityops-no-data"}
    found = value(conn, BY_UID["cityops-no-data"])
    assert found is not None
    assert found > BY_UID["cityops-no-data"].above


def test_nothing_of_a_rule_is_mistaken_for_a_variable() -> None:
    assert "$" not in json.dumps(alerts.rules())
    texts = provisioning.files()
    assert "${CITYOPS_ALERT_WEBHOOK}" in texts["alerting/contact-points.json"]
    assert "http" not in texts["alerting/contact-points.json"].replace("httpMethod", "")


def test_no_data_and_errors_are_decided_rule_by_rule() -> None:
    decided = {rule.uid: (rule.no_data, rule.error) for rule in RULES}
    assert decided.pop("cityops-no-data") == ("Alerting", "Alerting")
    assert decided.pop("cityops-canary") == ("OK", "Error")
    assert set(decided.values()) == {("Alerting", "Error")}


def test_a_rule_says_what_to_do_in_both_languages_and_whom_it_tells() -> None:
    [group] = alerts.rules()["groups"]
    [root] = alerts.policies()["policies"]
    [contact] = alerts.contact_points()["contactPoints"]
    assert {root["receiver"], root["routes"][0]["receiver"]} == {contact["name"]}
    severities = {rule["labels"]["severity"] for rule in group["rules"]}
    assert severities == {"high", "medium"}
    for rule in group["rules"]:
        assert rule["condition"] in [part["refId"] for part in rule["data"]]
        assert len(rule["title"].split(" / ")) == 2
        assert rule["annotations"]["summary"] != rule["annotations"]["summary_en"]


def test_the_files_are_there_and_are_json(tmp_path: Path) -> None:
    provisioning.write(tmp_path)
    for name in ("rules", "contact-points", "policies"):
        assert json.loads((tmp_path / f"alerting/{name}.json").read_text())["apiVersion"] == 1
