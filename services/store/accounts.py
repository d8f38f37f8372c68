"""The table `accounts`: who may sign in to the broker. Every change is in the audit."""

import secrets
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from models import access
from models.access import Account, Convention, Kind
from services.store import audit
from services.store.pool import Connection

CHANNEL = "accounts"


class NoSuchAccount(Exception):
    """There is no account of this name."""

    http_status = 404


class StoredAccount(NamedTuple):
    """An account as people see it; asset is the name of the thing it belongs to, if any."""

    id: int
    name: str
    kind: str
    convention: str
    place: str | None
    asset: str | None
    created_at: datetime
    rotated_at: datetime | None
    disabled_at: datetime | None


class Living(NamedTuple):
    """An account that may sign in, with its password as mosquitto keeps it."""

    account: Account
    password_hash: str


def create(conn: Connection, actor: str, account: Account, asset: str | None = None) -> str:
    """Makes an account and returns its password: this once, nobody can read it again.

    Raises BadAccount; AccountExists or PlaceTaken (with all of the transaction) where another
    stands in its way; UnknownAsset where there is no asset of that name.
    """
    account = access.checked(account)
    password, kept = new_password()
    # An asset that is not there becomes number 0, which the constraint of that name refuses.
    conn.execute(
        """INSERT INTO accounts (name, kind, convention, place, asset_id, password_hash)
           VALUES (%(name)s, %(kind)s, %(convention)s, %(place)s,
                   CASE WHEN %(asset)s::text IS NOT NULL THEN
                       coalesce((SELECT id FROM assets WHERE name = %(asset)s), 0) END,
                   %(kept)s)""",
        {**account._asdict(), "asset": asset, "kept": kept},
    )
    audit.append(conn, actor, "create account", account.name, {**account._asdict(), "asset": asset})
    wake(conn)
    return password


def rotate(conn: Connection, actor: str, name: str) -> str:
    """Gives an account a new password and returns it, this once; the old one ends.

    Raises NoSuchAccount.
    """
    password, kept = new_password()
    done = conn.execute(
        "UPDATE accounts SET password_hash = %s, rotated_at = now() WHERE name = %s", [kept, name]
    )
    changed(conn, actor, "rotate account", name, done.rowcount)
    return password


def disable(conn: Connection, actor: str, name: str) -> None:
    """Ends an account until it is enabled again; one that has ended stays so.

    Raises NoSuchAccount.
    """
    done = conn.execute(
        "UPDATE accounts SET disabled_at = coalesce(disabled_at, now()) WHERE name = %s", [name]
    )
    changed(conn, actor, "disable account", name, done.rowcount)


def enable(conn: Connection, actor: str, name: str) -> None:
    """Lets an account in again, with the password it had. Raises NoSuchAccount."""
    done = conn.execute("UPDATE accounts SET disabled_at = NULL WHERE name = %s", [name])
    changed(conn, actor, "enable account", name, done.rowcount)


def changed(conn: Connection, actor: str, action: str, name: str, rows: int) -> None:
    """Writes a change down and wakes who renders. Raises NoSuchAccount where nothing changed."""
    if rows != 1:
        raise NoSuchAccount(f"there is no account {name}")
    audit.append(conn, actor, action, name, {})
    wake(conn)


def wake(conn: Connection) -> None:
    """Wakes who renders the broker's files, at the commit."""
    conn.execute("SELECT pg_notify('accounts', '')")


def new_password() -> tuple[str, str]:
    """A password of 192 random bits, and what is kept of it."""
    password = secrets.token_urlsafe(24)
    return password, access.hashed(password, secrets.token_bytes(access.SALT_BYTES))


def living(conn: Connection) -> list[Living]:
    """All accounts that may sign in, in order of id."""
    rows = conn.execute(
        """SELECT name, kind, convention, place, password_hash FROM accounts
           WHERE disabled_at IS NULL ORDER BY id"""
    ).fetchall()
    return [
        Living(
            Account(
                str(name),
                Kind(str(kind)),
                Convention(str(convention)),
                None if place is None else str(place),
            ),
            str(kept),
        )
        for name, kind, convention, place, kept in rows
    ]


def find(conn: Connection, name: str) -> StoredAccount:
    """One account. Raises NoSuchAccount."""
    with conn.cursor(row_factory=class_row(StoredAccount)) as cursor:
        found = cursor.execute(
            """SELECT c.id, c.name, c.kind, c.convention, c.place, a.name AS asset,
                      c.created_at, c.rotated_at, c.disabled_at
               FROM accounts c LEFT JOIN assets a ON a.id = c.asset_id WHERE c.name = %s""",
            [name],
        ).fetchone()
    if found is None:
        raise NoSuchAccount(f"there is no account {name}")
    return found


def page(
    conn: Connection, *, disabled: bool | None = None, after: int = 0, limit: int = 100
) -> list[StoredAccount]:
    """The accounts after an id, in order of id."""
    with conn.cursor(row_factory=class_row(StoredAccount)) as cursor:
        return cursor.execute(
            """SELECT c.id, c.name, c.kind, c.convention, c.place, a.name AS asset,
                      c.created_at, c.rotated_at, c.disabled_at
               FROM accounts c LEFT JOIN assets a ON a.id = c.asset_id
               WHERE c.id > %(after)s AND (%(disabled)s::boolean IS NULL
                                           OR (c.disabled_at IS NOT NULL) = %(disabled)s)
               ORDER BY c.id LIMIT %(limit)s""",
            {"disabled": disabled, "after": after, "limit": limit},
        ).fetchall()
