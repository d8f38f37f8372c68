"""Connections, transactions, and what the database's refusals are called here.

libpq's own variables (PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE) configure the
database; there is no setting of ours to drift from them.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import structlog
from psycopg_pool import ConnectionPool, PoolTimeout

from services.store import refusals

log = structlog.get_logger()

Connection = psycopg.Connection[tuple[object, ...]]
Pool = ConnectionPool[Connection]

# What a process does when the database goes away: wait and try again.
DatabaseAway = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,  # a chunk that was dropped under our feet
    psycopg.errors.ReadOnlySqlTransaction,  # a standby, in a failover
    PoolTimeout,
)

# A server that is gone without a word is noticed within half a minute.
LIVELY = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# Seconds for which the pool tries by itself, ever more seldom; then whoever asks has it begin
# anew. At its own five minutes it would look only every half minute after a longer outage.
RECONNECT = 4.0
NOT_MIGRATED = "it is not migrated yet (python -m services.store migrate)"
NEWEST = max(int(file.name[:4]) for file in (Path(__file__).parent / "schema").glob("*.sql"))


class NoDatabase(Exception):
    """The database did not answer within the time that was given to it."""


def configure(conn: Connection) -> None:
    """Every connection speaks UTC and fails rather than waits for ever on a lock."""
    conn.execute("SET TIME ZONE 'UTC'")
    conn.execute("SET lock_timeout = '20s'")
    conn.commit()


@contextmanager
def open_pool(
    name: str, size: int = 4, patience: float = 60.0, queue: float = 10.0, *, checked: bool = True
) -> Iterator[Pool]:
    """A pool of connections to the migrated database, waited for.

    Raises NoDatabase after `patience` seconds, saying what was waited for. Whoever asks the
    pool for a connection gets PoolTimeout after `queue` seconds without one. checked asks each
    connection whether it lives before it is given out; who tries again by itself when one is
    dead need not.
    """
    wait_for_database(name, patience)
    with ConnectionPool(
        kwargs={"application_name": f"cityops-{name}", **LIVELY},
        min_size=1,
        max_size=size,
        configure=configure,
        check=ConnectionPool.check_connection if checked else None,
        timeout=queue,
        reconnect_timeout=RECONNECT,
        open=False,
    ) as pool:
        yield pool


def wait_for_database(name: str, patience: float) -> None:
    """Returns once the database answers and is migrated."""
    deadline = time.monotonic() + patience
    where = f"{os.environ.get('PGHOST', 'localhost')}:{os.environ.get('PGPORT', '5432')}"
    said = ""
    while True:
        try:
            with psycopg.connect(connect_timeout=5, application_name=f"cityops-{name}") as conn:
                row = conn.execute("SELECT max(number) FROM migrations").fetchone()
                if row is not None and int(str(row[0] or 0)) >= NEWEST:
                    return
                why = NOT_MIGRATED
        except psycopg.errors.UndefinedTable:
            why = NOT_MIGRATED
        except psycopg.OperationalError as error:
            why = str(error).strip().splitlines()[-1]
        if time.monotonic() > deadline:
            raise NoDatabase(f"the database at {where} was not ready within {patience:g} s: {why}")
        if why != said:
            log.info("waiting for the database", where=where, why=why)
            said = why
        time.sleep(0.3)


@contextmanager
def transaction(pool: Pool) -> Iterator[Connection]:
    """One transaction: committed at the end of the block, rolled back when it raises.

    A constraint that refuses is raised under its name in services/store/refusals.py.
    """
    with pool.connection() as conn, refusals.translated():
        yield conn
        conn.commit()


def answers(pool: Pool, within: float = 2.0) -> None:
    """Returns when the database answers. Raises one of DatabaseAway where it does not."""
    with pool.connection(timeout=within) as conn:
        conn.execute("SELECT 1")
