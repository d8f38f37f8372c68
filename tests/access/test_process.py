"""The process that renders: with its own small role, woken by a change, at peace with an outage."""

import os
from pathlib import Path

import psycopg
import pytest

from models import access
from models.access import Account, Convention, Kind
from scripts.stack.broker import Broker
from scripts.stack.cluster import Cluster
from services import process
from services.accounts import files
from services.accounts.__main__ import LONGEST_REST, rest
from services.accounts.settings import AccountsSettings
from services.store import accounts, logins
from services.store.accounts import Living
from services.store.pool import Connection
from tests.conftest import conninfo
from tests.flow.platform import Process, running, wait_until

ROLE, PASSWORD = "cityops_accounts", "opens-a-throwaway-database"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "accounts"
    made.mkdir()
    return made


@pytest.fixture
def own_role(cluster: Cluster, conn: Connection, database: str, tmp_path: Path) -> dict[str, str]:
    (tmp_path / "logins").mkdir()
    (tmp_path / "logins" / ROLE).write_text(PASSWORD)
    logins.grant(conn, tmp_path / "logins")
    conn.commit()
    return cluster.connection(ROLE, PASSWORD, database)


def create(conn: Connection, account: Account) -> str:
    made = accounts.create(conn, "ana", account)
    conn.commit()
    return made


def test_a_change_is_in_the_files_long_before_it_would_have_looked(
    conn: Connection, own_role: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    create(conn, Account("pump-1"))
    renders = Process(
        tmp_path,
        "services.accounts",
        **own_role,
        ACCOUNTS_FOLDER=str(folder),
        ACCOUNTS_LOOK_SECONDS="600",
    )
    with running(renders):
        assert (folder / "access").read_text().startswith("user pump-1\n")
        password = create(conn, Account("pump-2"))
        wait_until(lambda: "user pump-2\n" in (folder / "access").read_text(), "pump-2 is there")
        wait_until(lambda: "pump-2:$7$" in (folder / "passwords").read_text(), "and may sign in")
        accounts.disable(conn, "ana", "pump-1")
        conn.commit()
        wait_until(lambda: "pump-1" not in (folder / "passwords").read_text(), "pump-1 is not")
        assert (folder / "access").stat().st_mode & 0o777 == 0o640
        assert password not in renders.said
        assert "$7$" not in renders.said
    assert {path.name for path in folder.iterdir()} == {"access", "passwords"}


def test_its_role_reads_accounts_and_nothing_else(own_role: dict[str, str]) -> None:
    with psycopg.connect(conninfo(own_role), autocommit=True) as mine:
        assert mine.execute("SELECT name FROM accounts").fetchall() == []
        for forbidden in (
            "SELECT FROM tokens",
            "SELECT FROM readings",
            "SELECT asset_id FROM accounts",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                mine.execute(forbidden.encode())
        mine.execute("SET default_transaction_read_only = off")
        for forbidden in ("UPDATE accounts SET disabled_at = NULL", "DELETE FROM accounts"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                mine.execute(forbidden.encode())


def test_an_account_of_every_convention_is_rendered(conn: Connection) -> None:
    place = {
        Convention.SPARKPLUG: "Bắc Giang/trạm 1",
        Convention.CHIRPSTACK: "17",
        Convention.TTS: "app1@tenant",
    }
    for number, convention in enumerate(Convention):
        kind = access.KINDS[convention][-1]
        accounts.create(
            conn, "ana", Account(f"x-{number}", kind, convention, place.get(convention))
        )
    made = files.rendered(accounts.living(conn))
    assert made.passwords.count("\n") == len(Convention)
    assert made.access.count("user ") == len(Convention)
    assert "topic write spBv1.0/Bắc Giang/NDATA/trạm 1\n" in made.access


def test_the_more_accounts_the_longer_the_broker_is_left_alone() -> None:
    assert rest(0) == 0
    assert rest(100) < 0.01
    assert rest(5000) == 7.5
    assert rest(10**6) == LONGEST_REST


def test_what_does_not_change_is_not_written_again(folder: Path) -> None:
    one = files.rendered([Living(Account("pump-1"), access.hashed("x", bytes(12)))])
    assert files.keep(folder, one)
    before = (folder / "passwords").stat().st_mtime_ns
    assert not files.keep(folder, one)
    assert (folder / "passwords").stat().st_mtime_ns == before
    assert files.keep(folder, files.rendered([]))
    assert (folder / "passwords").read_text() == ""


def test_a_file_that_cannot_be_written_leaves_nothing_behind(folder: Path) -> None:
    (folder / "taken").mkdir()
    with pytest.raises(OSError, match="directory"):
        files.put(folder / "taken", "x")
    assert [path.name for path in folder.iterdir()] == ["taken"]


@pytest.mark.parametrize("trap", ["link", "pipe", "folder"])
def test_the_broker_follows_no_link_and_waits_on_no_pipe(folder: Path, trap: str) -> None:
    path = folder / "passwords"
    (folder / "secret").write_text("root:$7$\n")
    if trap == "link":
        path.symlink_to(folder / "secret")
    elif trap == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    broker = Broker(folder / "mosquitto", port=1, accounts={"ingest": "x"}, registry=folder)
    (folder / "mosquitto").mkdir()
    with pytest.raises(OSError, match=r"link|no file|directory"):
        broker.refresh()
    assert not (folder / "mosquitto/passwords").exists()


def test_a_folder_that_is_not_there_is_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("ACCOUNTS_FOLDER", raising=False)
    with pytest.raises(process.WrongConfiguration, match="ACCOUNTS_FOLDER"):
        process.read_settings(AccountsSettings)
    monkeypatch.setenv("ACCOUNTS_FOLDER", str(tmp_path / "nowhere"))
    with pytest.raises(process.WrongConfiguration, match="ACCOUNTS_FOLDER: there is no folder"):
        process.read_settings(AccountsSettings)


def test_the_database_itself_refuses_what_would_be_two_lines(conn: Connection) -> None:
    for column, value in (("name", "a\nb"), ("password_hash", "x\ny:z"), ("place", "a/#")):
        said = {"name": "x-1", "place": "a/b", "password_hash": access.hashed("x", bytes(12))}
        with pytest.raises(psycopg.errors.CheckViolation):
            conn.execute(
                """INSERT INTO accounts (name, kind, convention, place, password_hash)
                   VALUES (%(name)s, 'gateway', 'sparkplug', %(place)s, %(password_hash)s)""",
                said | {column: value},
            )
        conn.rollback()


def test_kinds_and_conventions_are_those_of_the_models(conn: Connection) -> None:
    for kind in Kind:
        accounts.create(conn, "ana", Account(f"kind-{kind}", kind))
    assert len(accounts.page(conn)) == len(Kind)
    assert [each.name for each in accounts.page(conn, after=accounts.page(conn)[0].id, limit=1)]
