import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from scripts.stack.cluster import Cluster
from services.store import logins, tokens
from services.store.pool import Pool, transaction
from services.store.refusals import TokenExists
from tests.conftest import conninfo


def test_a_token_is_known_by_its_hash_alone_until_it_is_revoked(pool: Pool) -> None:
    with transaction(pool) as conn:
        token = tokens.create(conn, "an", "operator")
        assert tokens.bearer(conn, token) == tokens.Bearer("an", "operator")
        assert tokens.bearer(conn, token + "x") is None
        kept = conn.execute("SELECT tokens::text FROM tokens").fetchall()
        assert token not in str(kept)
        assert tokens.revoke(conn, "an")
        assert tokens.bearer(conn, token) is None
        assert not tokens.revoke(conn, "an")


def test_a_name_has_one_token(pool: Pool) -> None:
    with transaction(pool) as conn:
        tokens.create(conn, "an", "viewer")
    with pytest.raises(TokenExists), transaction(pool) as conn:
        tokens.create(conn, "an", "operator")


def test_the_command_prints_the_token_once_and_revokes_it(pool: Pool) -> None:
    command = [sys.executable, "-m", "services.store", "token", "an", "--role", "engineer"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    with transaction(pool) as conn:
        assert tokens.bearer(conn, printed.stdout.strip()) == tokens.Bearer("an", "engineer")
    subprocess.run([*command, "--revoke"], capture_output=True, timeout=60, check=True)
    with transaction(pool) as conn:
        assert tokens.bearer(conn, printed.stdout.strip()) is None


def test_roles_sign_in_with_the_passwords_of_their_files(
    pool: Pool, cluster: Cluster, database: str, tmp_path: Path
) -> None:
    (tmp_path / "cityops_viewer").write_text("quite-secret\n")
    with transaction(pool) as conn:
        assert logins.grant(conn, tmp_path) == ["cityops_viewer"]
    login = conninfo(cluster.connection("cityops_viewer", "quite-secret", database))
    with psycopg.connect(login) as viewer:
        assert viewer.execute("SELECT count(*) FROM asset_states").fetchone() == (0,)
        assert viewer.execute("SHOW statement_timeout").fetchone() == ("10s",)
        for forbidden in ("SELECT * FROM readings", "SELECT * FROM tokens"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), viewer.transaction():
                viewer.execute(forbidden)


def test_a_folder_without_passwords_is_refused(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(logins.NoPasswords), transaction(pool) as conn:
        logins.grant(conn, tmp_path)


def test_no_role_may_rewrite_the_timeline(cluster: Cluster, database: str) -> None:
    with psycopg.connect(conninfo(cluster.superuser(database)), autocommit=True) as conn:
        for role in logins.made(conn):
            conn.execute(f"SET ROLE {role}".encode())
            for statement in ("UPDATE timeline SET note = ''", "DELETE FROM timeline"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
                    conn.execute(statement.encode())
        conn.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            conn.execute("UPDATE timeline SET note = ''")  # nor who may do anything
