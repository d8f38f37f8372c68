"""The community edition for a test: a database of its own, migrated, one connection."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scripts.stack.ports import free_port
from services.store import migrations
from services.store.pool import Connection

HERE = Path(__file__).parent
READY = b"ready"


@pytest.fixture(scope="module")
def community() -> Iterator[Connection]:
    port = free_port()
    if not (HERE / "node_modules").is_dir():
        pytest.fail("tests/community has no node_modules: run scripts/setup --dev")
    with subprocess.Popen(
        ["node", "server.mjs", str(port)], cwd=HERE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        assert READY in server.stdout.readline()
        try:
            with psycopg.connect(
                host="127.0.0.1",
                port=port,
                user="postgres",
                password="postgres",
                dbname="postgres",
                sslmode="disable",
                gssencmode="disable",
            ) as conn:
                migrations.migrate(conn)
                yield conn
        finally:
            server.terminate()
