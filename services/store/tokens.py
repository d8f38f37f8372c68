"""The table `tokens`: who may speak to the API, or sign in to the console. Only the SHA-256 of a token is kept."""

import hashlib
import secrets
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection

ROLES = ("viewer", "operator", "engineer")  # each may do what those before it may


class Bearer(NamedTuple):
    """Whoever holds a token: the name is the actor of what is done with it."""

    name: str
    role: str

    def may(self, role: str) -> bool:
        """Whether they may do what this role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def create(conn: Connection, name: str, role: str) -> str:
    """Makes a token and returns it: this once, nobody can read it again.

    Raises TokenExists where the name has one.
    """
    token = secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO tokens (name, role, sha256) VALUES (%s, %s, %s)", [name, role, digest(token)]
    )
    return token


def revoke(conn: Connection, name: str) -> bool:
    """Ends a token at once; False where there is none of this name."""
    done = conn.execute(
        "UPDATE tokens SET revoked_at = now() WHERE name = %s AND revoked_at IS NULL", [name]
    )
    return done.rowcount == 1


def bearer(conn: Connection, token: str) -> Bearer | None:
    """Who holds this token, or None."""
    with conn.cursor(row_factory=class_row(Bearer)) as cursor:
        return cursor.execute(
            "SELECT name, role FROM tokens WHERE sha256 = %s AND revoked_at IS NULL",
            [digest(token)],
        ).fetchone()


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
