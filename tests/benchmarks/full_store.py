"""A running store that is filled once: thrown away behind the run, or kept in a folder for the next."""

import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
import typer

from scripts.stack.cluster import (
    Cluster,
    memory_settings,
    physical_memory,
    throwaway_cluster,
)
from scripts.stack.ports import free_port
from services.store import logins, migrations, rollups
from services.store.pool import Connection
from tests.benchmarks import board_store
from tests.conftest import conninfo

OWNER, VIEWER, DATABASE = "cityops", "cityops_viewer", "cityops"
# Memory as scripts/up would give it. No workers: a run is not to meet a job of TimescaleDB's.
SETTINGS = {"max_wal_size": "8GB", "timescaledb.max_background_workers": "0"} | memory_settings(
    physical_memory()
)
PASSWORD, FACTS = "bench-password", "filled.json"  # files of a folder that is kept


class Store(NamedTuple):
    """How Grafana's role signs in, up to when there are readings, and what is there."""

    viewer: dict[str, str]
    now: datetime
    facts: dict[str, object]


@contextmanager
def full_store(
    size: board_store.Size, kept: Path | None, told: Callable[[str], None]
) -> Iterator[Store]:
    """A full store; where the folder `kept` holds one already, that one as large as it is."""
    with cluster_of(kept) as cluster, tempfile.TemporaryDirectory() as folder:
        password = secrets.token_urlsafe(16)
        cluster.provision(DATABASE, OWNER, password)
        owner = conninfo(cluster.connection(OWNER, password, DATABASE))
        with psycopg.connect(owner) as conn:
            migrations.migrate(conn)
        facts = remembered(kept) or filled(owner, size, told)
        if kept is not None:
            (kept / FACTS).write_text(json.dumps(facts))
        viewer = viewer_of(cluster, Path(folder))
        yield Store(viewer, datetime.fromisoformat(str(facts["now"])), facts)


def cluster_of(kept: Path | None) -> AbstractContextManager[Cluster]:
    """The servers' cluster: of nobody's but this run, or the one in the folder."""
    if kept is None:
        return throwaway_cluster(settings=SETTINGS)
    if kept.exists() and any(kept.iterdir()) and remembered(kept) is None:
        raise typer.BadParameter(
            f"{kept} is not empty and holds no store that was filled to its end: take it away, "
            "or name another folder."
        )
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / PASSWORD
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(16))
    password = file.read_text()
    return Cluster(kept, port=free_port(), password=password, durable=False, settings=SETTINGS)


def remembered(kept: Path | None) -> dict[str, object] | None:
    """What was written down of a store that was filled to its end."""
    if kept is None or not (kept / FACTS).exists():
        return None
    facts: dict[str, object] = json.loads((kept / FACTS).read_text())
    return facts


def filled(owner: str, size: board_store.Size, told: Callable[[str], None]) -> dict[str, object]:
    """Fills the store, has its rollups made and settles it; says what is in it and took how long."""
    now = datetime.now(UTC)
    took: dict[str, int] = {}
    with psycopg.connect(owner) as conn:
        began = time.monotonic()
        stored = board_store.fill(conn, size, now, told)
        took["filled_s"] = round(time.monotonic() - began)
        told(f"{stored:,} readings in {took['filled_s']} s; now their rollups")
        began = time.monotonic()
        rollups.keep_on(conn, now)
        took["rollups_s"] = round(time.monotonic() - began)
        told(f"rollups in {took['rollups_s']} s; now VACUUM")
        began = time.monotonic()
        settle(conn)
        took["vacuum_s"] = round(time.monotonic() - began)
        told(f"vacuum in {took['vacuum_s']} s")
        row = conn.execute("SELECT pg_database_size(current_database())").fetchone()
    bytes_ = int(str(row[0])) if row else 0
    facts = {"now": now.isoformat(), "readings": stored, "database_bytes": bytes_}
    return size._asdict() | facts | took


def settle(conn: Connection) -> None:
    """Leaves the tables as autovacuum would have left them after some weeks."""
    conn.commit()
    conn.autocommit = True
    conn.execute("VACUUM ANALYZE")
    conn.autocommit = False


def viewer_of(cluster: Cluster, folder: Path) -> dict[str, str]:
    """How Grafana's role signs in."""
    password = secrets.token_urlsafe(16)
    (folder / VIEWER).write_text(password)
    with psycopg.connect(conninfo(cluster.superuser(DATABASE))) as admin:
        logins.grant(admin, folder)
    return cluster.connection(VIEWER, password, DATABASE)
