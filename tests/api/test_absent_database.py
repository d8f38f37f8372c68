"""The API while its database is away, or is not what it should be."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest

from scripts.stack.cluster import Cluster
from scripts.stack.ports import free_port
from services.api.headers import HEADERS
from services.api.settings import ApiSettings
from services.store import tokens
from services.store.pool import Connection, Pool, transaction
from tests.api.conftest import serving
from tests.conftest import conninfo


@pytest.fixture
def admin(cluster: Cluster) -> Iterator[Connection]:
    with psycopg.connect(conninfo(cluster.superuser()), autocommit=True) as conn:
        yield conn


@pytest.fixture
def alone(pool: Pool) -> Iterator[httpx.Client]:
    """A viewer of an API on a database of the test's own."""
    with transaction(pool) as conn:
        token = tokens.create(conn, "viewer-1", "viewer")
    headers = {"Authorization": f"Bearer {token}"}
    with (
        serving(ApiSettings(port=free_port(), pool=2, queue_seconds=0.5)) as address,
        httpx.Client(base_url=address, headers=headers) as client,
    ):
        yield client


def test_an_absent_database_is_said_and_waited_for(
    alone: httpx.Client, admin: Connection, database: str
) -> None:
    assert alone.get("/assets").status_code == 200
    admin.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false".encode())
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database]
    )
    for path in ("/health", "/assets", "/incidents"):
        answer = alone.get(path)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["detail"] == "the database does not answer; try again"
    admin.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true".encode())
    # Each look waits up to two seconds for a connection.
    assert any(alone.get("/health").status_code == 200 for _ in range(30))
    assert alone.get("/assets").status_code == 200


def test_a_fault_of_ours_tells_nothing_of_the_inside(alone: httpx.Client, conn: Connection) -> None:
    conn.execute("DROP VIEW ledger_balance")
    conn.commit()
    answer = alone.get("/ledger")
    assert answer.status_code == 500
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "something went wrong here; the log says what",
    }
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert alone.get("/assets").status_code == 200
