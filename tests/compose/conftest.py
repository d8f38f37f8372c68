"""One installation for the folder: every command of compose.yaml on real servers."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from scripts.stack.broker import Broker
from scripts.stack.cluster import Cluster
from scripts.stack.person import unprivileged
from scripts.stack.ports import answers, free_port
from services.store.pool import Connection
from tests.compose import model
from tests.compose.model import CHECKOUT, Compose
from tests.compose.rehearsal import Rehearsal, make_image
from tests.conftest import conninfo
from tests.flow.platform import wait_until

DEVICE = "pump-7"
# One of each process's, as a user's .env would set them.
SETTINGS = {
    "INGEST_BATCH_AGE": "0.1",
    "DETECTION_THRESHOLD": "0.99",
    "INCIDENTS_QUIET_MINUTES": "15",
    "API_POOL": "4",
    "CITYOPS_KEEP_READINGS_DAYS": "730",
}


@pytest.fixture(scope="package")
def compose() -> Compose:
    """compose.yaml with nothing set."""
    return model.read()


def make_secrets(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run compose/secrets on a folder."""
    return subprocess.run(
        [CHECKOUT / "compose/secrets", *arguments],
        check=False,
        env=os.environ | {"CITYOPS_SECRETS": str(folder)},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.fixture(scope="package")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder compose/secrets makes, with an account for a device."""
    folder = tmp_path_factory.mktemp("secrets")
    for arguments in ((), ("device", DEVICE)):
        made = make_secrets(folder, *arguments)
        assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="package")
def database_server(compose: Compose, secrets: Path) -> Iterator[Cluster]:
    """PostgreSQL with the settings and the superuser's password of the service `database`."""
    command = compose["database"].said["command"]
    settings = dict(pair.split("=", 1) for flag, pair in pairwise(command) if flag == "-c")
    folder = Path(tempfile.mkdtemp(prefix="cityops-compose-"))
    password = (secrets / "postgres").read_text().strip()
    cluster = Cluster(folder, port=free_port(), password=password, durable=False, settings=settings)
    try:
        with cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def broker_server(compose: Compose, secrets: Path) -> Iterator[Broker]:
    """mosquitto as the service of that name starts it; the Broker is its address, no more."""
    person, port = unprivileged("mosquitto"), free_port()
    folder = Path(tempfile.mkdtemp(prefix="cityops-compose-"))
    shutil.copytree(secrets, folder / "secrets")
    shutil.copytree(CHECKOUT / "compose", folder / "compose")
    for path in (folder, folder / "secrets"):
        person.own_folder(path)
    person.own_folder(folder / "data")
    rehearsal = Rehearsal(
        compose,
        app=folder,
        secrets=folder / "secrets",
        folder=folder,
        programs="",
        ports={},
        person=person,
        checkout=folder,
    )
    place = rehearsal.place(compose["mosquitto"])
    configuration = folder / "compose/mosquitto.conf"
    text = configuration.read_text().replace("listener 1883", f"listener {port} 127.0.0.1")
    text = text.replace("/run/mosquitto", str(place)).replace(
        "/mosquitto/data", str(folder / "data")
    )
    person.own_file(configuration, text)
    accounts = dict(
        line.split(":", 1) for line in (secrets / "mqtt_devices").read_text().splitlines()
    )
    for name in ("ingest", "engineer", "simulator", "health"):
        accounts[name] = (secrets / f"mqtt_{name}").read_text().strip()
    try:
        with rehearsal.started("mosquitto"):
            wait_until(
                lambda: answers("127.0.0.1", port), "mosquitto answers", rehearsal.log("mosquitto")
            )
            yield Broker(place, port=port, accounts=accounts, person=person)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def installation(
    compose: Compose,
    secrets: Path,
    database_server: Cluster,
    broker_server: Broker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Rehearsal:
    """Everything in its place, nothing run yet."""
    return Rehearsal(
        compose,
        app=make_image(tmp_path_factory.mktemp("app")),
        secrets=secrets,
        folder=tmp_path_factory.mktemp("services"),
        programs=str(Path(database_server.program("psql")).parent),
        ports={
            "database": database_server.port,
            "mosquitto": broker_server.port,
            "api": free_port(),
        },
        settings=SETTINGS,
    )


@pytest.fixture(scope="package")
def migrated(installation: Rehearsal) -> Rehearsal:
    """The errands before everything else have run."""
    for errand in ("provision", "migrate"):
        done = installation.run(errand)
        assert done.returncode == 0, done.stderr
    return installation


@pytest.fixture
def owner(migrated: Rehearsal, database_server: Cluster) -> Iterator[Connection]:
    """The database, seen by its owner."""
    password = (migrated.secrets / "cityops").read_text().strip()
    environment = database_server.connection("cityops", password, "cityops")
    with psycopg.connect(conninfo(environment), autocommit=True) as conn:
        yield conn
