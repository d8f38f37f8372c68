"""The table `console_sessions`: whose browser this is. Only the SHA-256 of what it shows is kept."""

import secrets
from datetime import timedelta

from psycopg.rows import class_row

from services.store.pool import Connection
from services.store.tokens import Bearer, digest


def begin(conn: Connection, token: str, lasts: timedelta) -> str | None:
    """Signs in with a token; the secret for the browser, this once, or None for a wrong token.

    Sessions whose time is over are forgotten on the way.
    """
    conn.execute("DELETE FROM console_sessions WHERE expires_at < now()")
    secret = secrets.token_urlsafe(32)
    begun = conn.execute(
        """INSERT INTO console_sessions (sha256, token_id, expires_at)
           SELECT %s, id, now() + %s FROM tokens WHERE sha256 = %s AND revoked_at IS NULL""",
        [digest(secret), lasts, digest(token)],
    )
    return secret if begun.rowcount else None


def bearer(conn: Connection, secret: str) -> Bearer | None:
    """Who signed in; None where the session, or the token it began with, is over."""
    with conn.cursor(row_factory=class_row(Bearer)) as cursor:
        return cursor.execute(
            """SELECT t.name, t.role FROM console_sessions s JOIN tokens t ON t.id = s.token_id
               WHERE s.sha256 = %s AND s.expires_at > now() AND t.revoked_at IS NULL""",
            [digest(secret)],
        ).fetchone()


def end(conn: Connection, secret: str) -> bool:
    """Signs out; False where nobody was in."""
    ended = conn.execute("DELETE FROM console_sessions WHERE sha256 = %s", [digest(secret)])
    return ended.rowcount == 1
