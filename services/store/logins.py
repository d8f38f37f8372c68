"""Gives the platform's database roles a login, from a folder of password files."""

from pathlib import Path

from psycopg import sql

from services.store.pool import Connection

ROLES = (
    "cityops_ingest",
    "cityops_detection",
    "cityops_connectivity",
    "cityops_incidents",
    "cityops_api",
    "cityops_console",
    "cityops_accounts",
    "cityops_derivation",
    "cityops_egov",
    "cityops_commands",
    "cityops_viewer",
    "cityops_engineer",
)


class NoPasswords(Exception):
    """The folder names no role of ours."""


def grant(conn: Connection, folder: Path) -> list[str]:
    """Lets every role that a file in `folder` is named for sign in with the file's content.

    The password leaves this process only as a SCRAM verifier, so that no log or activity view
    of the server can show it. Raises NoPasswords where no file is named for a role. A role that
    the schema does not make is passed over.
    """
    done = []
    for role in made(conn):
        file = folder / role
        if not file.is_file():
            continue
        verifier = conn.pgconn.encrypt_password(
            file.read_bytes().strip(), role.encode(), b"scram-sha-256"
        )
        conn.execute(
            sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
                sql.Identifier(role), sql.Literal(verifier.decode())
            )
        )
        done.append(role)
    if not done:
        raise NoPasswords(f"{folder} holds no file named {', '.join(ROLES)}")
    return done


def made(conn: Connection) -> list[str]:
    """Those of our roles that the schema has made."""
    known = {str(row[0]) for row in conn.execute("SELECT rolname FROM pg_roles")}
    return [role for role in ROLES if role in known]
