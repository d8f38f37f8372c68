"""Real services for the tests: one PostgreSQL cluster and one broker a session, a database a test."""

import itertools
from collections.abc import Iterator

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

from scripts.stack.broker import Broker, throwaway_broker
from scripts.stack.cluster import Cluster, throwaway_cluster
from services.store import migrations
from services.store.pool import Connection, Pool, open_pool

OWNER, OWNER_PASSWORD = "cityops", "owner-of-a-throwaway-database"
TEMPLATE = "template_cityops"
NUMBERS = itertools.count(1)

# How long an example takes is no law. The same examples each time; others are looked for with
# `scripts/test --hypothesis-profile=explore`.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("steady")

NEEDS = {"cluster": "postgres", "broker": "mosquitto"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test by the services its fixtures start."""
    for item in items:
        for fixture, marker in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    # No background workers: they would hold on to the template while it is copied.
    settings = {"timescaledb.max_background_workers": "0", "max_connections": "200"}
    with throwaway_cluster(settings=settings) as cluster:
        cluster.provision(TEMPLATE, OWNER, OWNER_PASSWORD)
        with psycopg.connect(conninfo(cluster.connection(OWNER, OWNER_PASSWORD, TEMPLATE))) as conn:
            migrations.migrate(conn)
        yield cluster


def conninfo(environment: dict[str, str]) -> str:
    """libpq's variables as one connection string."""
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
    names |= {"PGPASSWORD": "password", "PGDATABASE": "dbname"}
    return make_conninfo(**{names[name]: value for name, value in environment.items()})


@pytest.fixture
def database(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A migrated, empty database of the test's own, named by libpq's variables."""
    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                *map(sql.Identifier, (name, TEMPLATE, OWNER))
            )
        )
        for variable, value in cluster.connection(OWNER, OWNER_PASSWORD, name).items():
            monkeypatch.setenv(variable, value)
        yield name
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def pool(database: str) -> Iterator[Pool]:
    with open_pool("tests", size=8) as pool:
        yield pool


@pytest.fixture
def conn(pool: Pool) -> Iterator[Connection]:
    with pool.connection() as conn:
        yield conn


@pytest.fixture(scope="session")
def session_broker() -> Iterator[Broker]:
    with throwaway_broker() as broker:
        yield broker


@pytest.fixture
def broker(session_broker: Broker, monkeypatch: pytest.MonkeyPatch) -> Broker:
    """A running broker; MQTT_* name it and the engineer's account."""
    for variable, value in session_broker.connection("engineer").items():
        monkeypatch.setenv(variable, value)
    return session_broker
