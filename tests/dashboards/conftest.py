"""A filled and an empty store for the boards, seen as Grafana's own role sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from scripts.stack.cluster import Cluster
from services.store import logins
from services.store.pool import Connection
from tests.conftest import OWNER, OWNER_PASSWORD, TEMPLATE, conninfo
from tests.dashboards.made_up import a_province

VIEWER, VIEWER_PASSWORD = "cityops_viewer", "viewer-of-a-throwaway-database"


@contextmanager
def database_of_the_boards(cluster: Cluster, name: str) -> Iterator[Connection]:
    """A migrated database for a whole session, seen by its owner."""
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}".encode())
        environment = cluster.connection(OWNER, OWNER_PASSWORD, name)
        with psycopg.connect(conninfo(environment)) as conn:
            conn.execute("SET TIME ZONE 'UTC'")
            yield conn
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def viewed(cluster: Cluster, name: str, folder: Path) -> Iterator[Connection]:
    """The database as Grafana's role sees it once it has signed in."""
    (folder / VIEWER).write_text(VIEWER_PASSWORD)
    with psycopg.connect(conninfo(cluster.superuser(name))) as admin:
        logins.grant(admin, folder)
    environment = cluster.connection(VIEWER, VIEWER_PASSWORD, name)
    with psycopg.connect(conninfo(environment), autocommit=True) as conn:
        yield conn


@pytest.fixture(scope="session")
def now() -> datetime:
    """When the made-up province was last heard of."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def filled(
    cluster: Cluster, now: datetime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Connection]:
    """A made-up province, seen by cityops_viewer."""
    with database_of_the_boards(cluster, "boards_filled") as owner:
        a_province(owner, now)
        folder = tmp_path_factory.mktemp("filled")
        with viewed(cluster, "boards_filled", folder) as viewer:
            yield viewer


@pytest.fixture(scope="session")
def empty(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A migrated store without anything in it, seen by cityops_viewer."""
    with database_of_the_boards(cluster, "boards_empty"):
        folder = tmp_path_factory.mktemp("empty")
        with viewed(cluster, "boards_empty", folder) as viewer:
            yield viewer
