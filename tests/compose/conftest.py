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

from models.access import FIXED
from scripts.stack.broker import Broker, Encrypted
from scripts.stack.cluster import Cluster
from scripts.stack.person import unprivileged
from scripts.stack.ports import answers, free_port
from services.store.pool import Connection
from tests.compose import model
from tests.compose.model import CHECKOUT, Compose
from tests.compose.rehearsal import Rehearsal, make_image
from tests.conftest import conninfo
from tests.flow.platform import wait_until

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
    """The folder compose/secrets makes."""
    folder = tmp_path_factory.mktemp("secrets")
    made = make_secrets(folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="package")
def volumes(compose: Compose, secrets: Path) -> Iterator[dict[str, Path]]:
    """The volumes that several services share, with the errand's certificates in them.

    In its container the errand has the broker's group; here the folder gives it to its files.
    """
    folder = Path(tempfile.mkdtemp(prefix="cityops-compose-"))
    folder.chmod(0o755)
    person = unprivileged("mosquitto")
    shared = {name: folder / name for name in ("accounts", "authority")}
    for place in shared.values():
        place.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(shared["accounts"], 0, person.gid)
    shared["accounts"].chmod(0o2755)
    errand = Rehearsal(compose, CHECKOUT, secrets, folder, programs="", ports={}, volumes=shared)
    done = errand.run("certificates")
    assert done.returncode == 0, done.stderr
    yield shared
    shutil.rmtree(folder, ignore_errors=True)


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
def broker_server(compose: Compose, secrets: Path, volumes: dict[str, Path]) -> Iterator[Broker]:
    """mosquitto as the service of that name starts it; the Broker is its address, no more."""
    person = unprivileged("mosquitto")
    ports = {door: free_port() for door in (1883, 8883, 8884)}
    port = ports[1883]
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
        volumes=volumes,
    )
    place = rehearsal.place(compose["mosquitto"])
    configuration = folder / "compose/mosquitto.conf"
    text = configuration.read_text()
    for door, free in ports.items():
        text = text.replace(f"listener {door}", f"listener {free} 127.0.0.1")
    text = text.replace("/run/mosquitto", str(place)).replace(
        "/mosquitto/data", str(folder / "data")
    )
    person.own_file(configuration, text)
    accounts = {name: (secrets / f"mqtt_{name}").read_text().strip() for name in (*FIXED, "health")}
    doors = Encrypted(ports[8883], ports[8884], volumes["authority"])
    try:
        with rehearsal.started("mosquitto"):
            wait_until(
                lambda: answers("127.0.0.1", port), "mosquitto answers", rehearsal.log("mosquitto")
            )
            yield Broker(place, port=port, accounts=accounts, person=person, encrypted=doors)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="package")
def installation(
    secrets: Path,
    database_server: Cluster,
    broker_server: Broker,
    volumes: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Rehearsal:
    """Everything in its place, nothing run yet."""
    return Rehearsal(
        model.read(),
        app=make_image(tmp_path_factory.mktemp("app")),
        secrets=secrets,
        folder=tmp_path_factory.mktemp("services"),
        programs=str(Path(database_server.program("psql")).parent),
        ports={
            "database": database_server.port,
            "mosquitto": broker_server.port,
            "api": free_port(),
            "console": free_port(),
        },
        settings=SETTINGS,
        volumes=volumes,
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
