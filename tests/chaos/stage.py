"""A database, a broker and one ingest worker between them, all of one's own."""

import os
import secrets
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from scripts.stack.broker import Broker, throwaway_broker
from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from scripts.stack.server import throwaway_folder
from services.store import migrations
from services.store.pool import Connection
from simulators.address import Address
from tests.conftest import conninfo
from tests.flow.platform import Process, wait_until

DATABASE = OWNER = "cityops"


class Stage(NamedTuple):
    """owner is libpq's variables."""

    cluster: Cluster
    broker: Broker
    folder: Path
    owner: dict[str, str]

    def worker(self, name: str, **environment: str) -> Process:
        """An ingest worker of this name in the ledger; all of them have one session."""
        known_as = {"INGEST_WORKER": name, "INGEST_CLIENT_ID": "ingest-1"}
        account = self.broker.connection("ingest")
        return Process(
            self.folder, "ingest", **{**self.owner, **account, **known_as, **environment}
        )

    def connect(self) -> Connection:
        """A connection of the owner; each statement is a transaction."""
        return psycopg.connect(conninfo(self.owner), autocommit=True)

    @property
    def address(self) -> Address:
        """The broker's door for devices."""
        account = "simulator"
        return Address(self.broker.host, self.broker.port, account, self.broker.accounts[account])

    def save_sessions(self) -> None:
        """Has the broker write down what it knows, as it does by itself every so often."""
        file = self.broker.folder / "data" / "mosquitto.db"
        before = file.stat().st_mtime_ns if file.exists() else 0
        assert self.broker.pid is not None
        os.kill(self.broker.pid, signal.SIGUSR1)
        wait_until(
            lambda: file.exists() and file.stat().st_mtime_ns != before, "the broker has saved"
        )


@contextmanager
def stage_up(
    *,
    durable: bool = True,
    place: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Stage]:
    """Servers on free ports in throw-away folders, the cluster at a place of its own if one is named.

    Without durable nobody waits for the disk: the end of a process, which is what we deal out,
    loses nothing that the kernel has.
    """
    chosen = {"synchronous_commit": "on", "max_wal_size": "4GB"} | dict(settings or {})
    with ExitStack() as stack:
        folder = place or stack.enter_context(throwaway_folder("cityops-postgres-"))
        cluster = Cluster(
            folder,
            port=free_port(),
            password=secrets.token_urlsafe(16),
            durable=durable,
            settings=chosen,
        )
        stack.enter_context(cluster)
        broker = stack.enter_context(throwaway_broker(durable=True))
        files = stack.enter_context(tempfile.TemporaryDirectory())
        yield set_up(cluster, broker, Path(files))


def set_up(cluster: Cluster, broker: Broker, folder: Path) -> Stage:
    """Makes the migrated database."""
    password = secrets.token_urlsafe(16)
    cluster.provision(DATABASE, OWNER, password)
    made = Stage(cluster, broker, folder, cluster.connection(OWNER, password, DATABASE))
    with psycopg.connect(conninfo(made.owner)) as conn:
        migrations.migrate(conn)
    return made
