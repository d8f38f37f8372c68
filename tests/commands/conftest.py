"""A broker, a database, the API and the sender of commands, each under its own small account."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from scripts.stack.broker import Broker, throwaway_broker
from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.store import assets, logins, tokens
from services.store.pool import Connection, Pool, transaction
from tests.commands.device import Device
from tests.conftest import conninfo
from tests.flow.platform import Process, running, wait_until

PASSWORD = "opens-a-throwaway-database"
MakeDevice = Callable[..., Device]
StartLight = Callable[..., Process]


def account(broker: Broker, name: str) -> dict[str, str]:
    """The environment of one who connects: by the account of that name, where there is one."""
    return broker.connection(name if name in broker.accounts else "engineer")


@pytest.fixture
def own_broker() -> Iterator[Broker]:
    """A durable broker of the test's own, whose sessions are nobody else's."""
    with throwaway_broker(durable=True) as broker:
        yield broker


@pytest.fixture
def sign_in(
    cluster: Cluster, database: str, conn: Connection, tmp_path: Path
) -> Callable[[str], dict[str, str]]:
    """libpq's variables for one of the platform's roles."""

    def signed_in(role: str) -> dict[str, str]:
        folder = tmp_path / "logins"
        folder.mkdir(exist_ok=True)
        (folder / role).write_text(PASSWORD)
        with psycopg.connect(conninfo(cluster.superuser(database))) as owner:
            logins.grant(owner, folder)
        return cluster.connection(role, PASSWORD, database)

    return signed_in


@pytest.fixture
def lamps(pool: Pool) -> None:
    """lamp-3, lamp-4 and a child of a gateway, known to the registry."""
    with transaction(pool) as conn:
        names = ("lamp-3", "lamp-4", "cabinet-1:lamp-5")
        assets.register(conn, [(name, "light") for name in names])


@pytest.fixture
def commands(
    lamps: None,
    own_broker: Broker,
    sign_in: Callable[[str], dict[str, str]],
    tmp_path: Path,
) -> Process:
    """python -m ingest.commands, not started yet."""
    return Process(
        tmp_path,
        "ingest.commands",
        **account(own_broker, "commands"),
        **sign_in("cityops_commands"),
    )


@pytest.fixture
def ingest(database: str, own_broker: Broker, tmp_path: Path) -> Process:
    """python -m ingest, not started yet."""
    return Process(tmp_path, "ingest", **own_broker.connection("ingest"))


@pytest.fixture
def api(
    lamps: None, sign_in: Callable[[str], dict[str, str]], tmp_path: Path, conn: Connection
) -> Iterator[httpx.Client]:
    """An operator's client of the API, which runs as its own role."""
    token = tokens.create(conn, "lan", "operator")
    conn.commit()
    port = free_port()
    process = Process(tmp_path, "services.api", API_PORT=str(port), **sign_in("cityops_api"))
    with (
        running(process),
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        ) as client,
    ):
        yield client


@pytest.fixture
def light(own_broker: Broker, tmp_path: Path) -> Iterator[StartLight]:
    """Starts simulated street lights, which hear their commands when this returns."""
    started: list[Process] = []

    def start(asset: str, *options: str) -> Process:
        process = Process(
            tmp_path,
            "simulators",
            *("light", "--asset", asset, "--every", "1", *options),
            **account(own_broker, asset),
        )
        process.log = tmp_path / f"{asset}.log"
        started.append(process.start())
        wait_until(lambda: "hears its commands" in process.said, f"{asset} hears", process.log)
        return process

    yield start
    for process in started:
        process.stop()


@pytest.fixture
def device(own_broker: Broker) -> Iterator[MakeDevice]:
    """Makes devices that do what a test tells them to."""
    made: list[Device] = []

    def make(asset: str, *, version: int = 4, client_id: str = "") -> Device:
        environment = account(own_broker, asset)
        made.append(Device(environment, asset, version=version, client_id=client_id))
        return made[-1]

    yield make
    for each in made:
        each.hang_up()
