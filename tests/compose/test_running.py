"""Every command of compose.yaml is run, with its own words and only its own variables."""

import json
import subprocess

import httpx
import psycopg
import pytest
from paho.mqtt import MQTTException, publish

from scripts.stack.broker import Broker
from scripts.stack.cluster import Cluster
from services.store.logins import ROLES
from services.store.pool import Connection
from tests.compose.rehearsal import Rehearsal
from tests.conftest import conninfo
from tests.flow.platform import number, wait_until

DEVICE = "pump-7"
PROCESSES = (
    "ingest",
    "detection",
    "connectivity",
    "derivation",
    "egov",
    "incidents",
    "api",
    "console",
    "accounts",
    "commands",
    "housekeeping",
)


def test_the_database_takes_the_settings_of_its_command(
    migrated: Rehearsal, owner: Connection
) -> None:
    command = migrated.compose["database"].said["command"]
    for pair in (word for word in command if "=" in word):
        name, value = pair.split("=")
        assert owner.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)


def test_the_errands_can_run_again(migrated: Rehearsal) -> None:
    for errand in ("provision", "migrate"):
        assert migrated.run(errand).returncode == 0


def test_the_owner_is_no_superuser(owner: Connection) -> None:
    row = owner.execute(
        "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    assert row == (False, True, False)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_signs_in_with_its_secret_and_no_other(
    migrated: Rehearsal, database_server: Cluster, role: str
) -> None:
    password = (migrated.secrets / role).read_text().strip()
    with psycopg.connect(conninfo(database_server.superuser())) as admin:
        if not admin.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchall():
            pytest.skip("no migration makes this role yet")
    with psycopg.connect(conninfo(database_server.connection(role, password, "cityops"))) as conn:
        assert conn.execute("SELECT current_user").fetchone() == (role,)
    wrong = conninfo(database_server.connection(role, password[::-1], "cityops"))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_from_a_device_to_the_api_with_every_process(
    migrated: Rehearsal, broker_server: Broker, owner: Connection
) -> None:
    assert not any(migrated.healthy(name) for name in PROCESSES)
    token = made_token(migrated, "ana")
    with migrated.started(*PROCESSES) as processes:
        migrated.wait_until_healthy(processes)
        password = made_account(migrated, DEVICE)
        wait_until(
            lambda: report(broker_server, DEVICE, password, 41.5), "the device's account works"
        )
        wait_until(lambda: flow_of(migrated, token) == [41.5], "the API shows the reading")
        hear_the_simulated_city(migrated, owner)
    assert all_claimed(owner)
    assert "of readings" in migrated.log("housekeeping").read_text()
    assert exit_codes(processes) == dict.fromkeys(PROCESSES, 0)


def hear_the_simulated_city(migrated: Rehearsal, owner: Connection) -> None:
    """What the profile `simulators` starts: the errand, then the city."""
    assert migrated.run("registry").returncode == 0
    with migrated.started("simulators"):
        wait_until(
            lambda: number(owner, "SELECT count(*) FROM readings") > 20,
            "the simulated city is heard",
            migrated.log("simulators"),
        )


def made_token(migrated: Rehearsal, name: str) -> str:
    """What `docker compose run --rm migrate python -m services.store token NAME` prints."""
    done = migrated.run("migrate", ["python", "-m", "services.store", "token", name])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def made_account(migrated: Rehearsal, name: str) -> str:
    """What `docker compose run --rm migrate python -m services.store account create` prints."""
    words = ["python", "-m", "services.store", "account", "create", name]
    done = migrated.run("migrate", words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def report(broker: Broker, device: str, password: str, value: float) -> bool:
    """Publish as a device does, with the device's own account; whether it was let in."""
    try:
        publish.single(
            f"city/{device}/telemetry",
            json.dumps({"values": {"flow": value}}),
            qos=1,
            hostname=broker.host,
            port=broker.port,
            auth={"username": device, "password": password},
        )
    except MQTTException:
        return False
    return True


def flow_of(migrated: Rehearsal, token: str) -> list[float]:
    """The device's readings as the API has them."""
    answer = httpx.get(
        f"http://127.0.0.1:{migrated.ports['api']}/readings",
        params={"asset": DEVICE, "metric": "flow"},
        headers={"Authorization": f"Bearer {token}"},
    )
    return [each["value"] for each in answer.json()] if answer.is_success else []


def all_claimed(owner: Connection) -> bool:
    """Whether every asset but the device, and the platform, was registered before it was heard."""
    unclaimed = """SELECT count(*) FROM assets
        WHERE claimed_at IS NULL AND name <> %s AND kind <> 'platform'"""
    return number(owner, unclaimed, DEVICE) == 0


def exit_codes(processes: dict[str, "subprocess.Popen[bytes]"]) -> dict[str, int | None]:
    """How the processes ended."""
    return {name: process.returncode for name, process in processes.items()}
