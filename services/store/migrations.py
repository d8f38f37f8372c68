"""Numbered SQL files, applied once each and in order.

Forward only: a release expands, a later one contracts. An applied file that was edited
afterwards is refused by its checksum. Concurrent migrators wait for each other. A file named
`NNNN_title.EDITION.sql` is applied where TimescaleDB runs under that licence (`apache` or
`community`) and has a twin of the same names and columns for the other.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple, cast

import psycopg

from services.store.pool import Connection

SCHEMA = Path(__file__).parent / "schema"
ONE_AT_A_TIME = 7660000  # the advisory lock all migrators take
APACHE, COMMUNITY = "apache", "community"


class EditedMigration(Exception):
    """A migration that was applied already has other content now."""


class NoTimescale(Exception):
    """The database has no TimescaleDB, or too old a one."""


class Migration(NamedTuple):
    """One file of the schema folder."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, as hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def edition(conn: Connection) -> str:
    """Which TimescaleDB this is: 'apache' or 'community' (the setting's word is 'timescale')."""
    row = conn.execute("SELECT current_setting('timescaledb.license', true)").fetchone()
    return APACHE if row == (APACHE,) else COMMUNITY


def known(edition: str, folder: Path = SCHEMA) -> list[Migration]:
    """The migrations for an edition, in order."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        stem, _, suffix = path.stem.partition(".")
        if suffix in ("", edition):
            found.append(Migration(int(stem[:4]), stem, path.read_text(encoding="utf-8")))
    return found


def migrate(conn: Connection, folder: Path = SCHEMA) -> list[str]:
    """Applies what is missing, each file in a transaction of its own; returns their names.

    Raises EditedMigration when an applied file has changed, NoTimescale where the extension
    cannot be had.
    """
    conn.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    conn.commit()
    try:
        return list(apply(conn, folder))
    finally:
        if not conn.closed:  # else the lock went with it
            conn.rollback()
            conn.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
            conn.commit()


def apply(conn: Connection, folder: Path) -> list[str]:
    """Applies the missing files under the lock that migrate holds."""
    prepare(conn)
    applied = dict(
        cast(
            "list[tuple[int, str]]",
            conn.execute("SELECT number, checksum FROM migrations").fetchall(),
        )
    )
    done = []
    for migration in known(edition(conn), folder):
        if migration.number in applied:
            if applied[migration.number] != migration.checksum:
                raise EditedMigration(f"{migration.name} was edited after it was applied")
            continue
        conn.execute(migration.sql.encode())
        conn.execute(
            "INSERT INTO migrations (number, name, checksum) VALUES (%s, %s, %s)",
            [migration.number, migration.name, migration.checksum],
        )
        conn.commit()
        done.append(migration.name)
    return done


def prepare(conn: Connection) -> None:
    """Makes sure of the extension and of the table that remembers what was applied."""
    try:
        conn.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")
    except (
        psycopg.errors.FeatureNotSupported,
        psycopg.errors.UndefinedFile,
        psycopg.errors.InsufficientPrivilege,
    ) as error:
        raise NoTimescale(f"no TimescaleDB here: {str(error).splitlines()[0]}") from error
    conn.execute("""
        CREATE TABLE IF NOT EXISTS migrations (
            number     integer PRIMARY KEY,
            name       text NOT NULL,
            checksum   text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT now())""")
    conn.execute("GRANT SELECT ON migrations TO PUBLIC")
    conn.commit()
