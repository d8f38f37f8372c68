"""A database and a broker of the benchmark's own, set up as scripts/up sets them up."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg

from scripts.stack.broker import Broker, throwaway_broker
from scripts.stack.cluster import Cluster, throwaway_cluster
from services.store import logins, migrations

DATABASE, OWNER = "cityops", "cityops"


class Ground(NamedTuple):
    """What a benchmark stands on. Our own process signs in as the owner."""

    cluster: Cluster
    broker: Broker
    passwords: dict[str, str]
    folder: Path

    def libpq(self, role: str) -> dict[str, str]:
        """libpq's variables for a role."""
        return self.cluster.connection(role, self.passwords[role], DATABASE)


@contextmanager
def ground() -> Iterator[Ground]:
    """Durable services on free ports in throw-away folders; nothing of them stays."""
    settings = {"track_commit_timestamp": "on", "max_wal_size": "8GB"}
    with (
        throwaway_cluster(durable=True, settings=settings) as cluster,
        throwaway_broker(durable=True) as broker,
        tempfile.TemporaryDirectory() as folder,
    ):
        passwords = {role: secrets.token_urlsafe(16) for role in (OWNER, *logins.ROLES)}
        cluster.provision(DATABASE, OWNER, passwords[OWNER])
        made = Ground(cluster, broker, passwords, Path(folder))
        os.environ.update(made.libpq(OWNER))
        with psycopg.connect() as conn:
            migrations.migrate(conn)
            for role in logins.ROLES:
                file = made.folder / role
                file.touch(mode=0o600)
                file.write_text(passwords[role])
            logins.grant(conn, made.folder)
        yield made
