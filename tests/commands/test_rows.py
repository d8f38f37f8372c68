"""The rows of commands: who takes them, how they end, and which answer counts."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from ingest.commands.caller import Receipt
from ingest.commands.receiver import store
from ingest.commands.sender import note
from models.command import Status
from services.store import commands
from services.store.commands import Command
from services.store.pool import Connection, Pool, transaction
from tests.conftest import conninfo

LAMP = "city/lamp-3/commands/response"
LEASE = timedelta(seconds=10)
TAKEN, UNHEARD, FORBIDDEN, LATER = (
    Receipt(0x00, "Success"),
    Receipt(0x10, "No matching subscribers"),
    Receipt(0x87, "Not authorized"),
    Receipt(0x97, "Quota exceeded"),
)

pytestmark = pytest.mark.usefixtures("lamps")


def order(conn: Connection, seconds: float = 60, asset: str = "lamp-3") -> UUID:
    """A command that waits to be sent."""
    asset_id = commands.hold_asset(conn, asset)
    assert asset_id is not None
    timeout = timedelta(seconds=seconds)
    return commands.request(conn, asset_id, "on", {}, requested_by="lan", timeout=timeout)


def seen(conn: Connection, command_id: UUID) -> Command:
    """A command that there is."""
    found = commands.find(conn, command_id)
    assert found is not None
    return found


def answered(conn: Connection, command_id: UUID, status: str = "done", topic: str = LAMP) -> str:
    """How a command stands after an answer."""
    payload = json.dumps({"id": str(command_id), "status": status, "detail": "so it is"})
    store(conn, topic, payload.encode(), None)
    return seen(conn, command_id).status


def test_two_senders_never_take_the_same_command(pool: Pool) -> None:
    with transaction(pool) as conn:
        made = {order(conn) for _ in range(40)}
    together, found = threading.Barrier(2), list[UUID]()

    def take() -> None:
        together.wait()
        with transaction(pool) as conn:
            found.extend(each.id for each in commands.take(conn, 25, LEASE))

    threads = [threading.Thread(target=take, name=f"sender-{n}") for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 40
    assert set(found) == made


def test_what_is_taken_is_given_out_again_after_its_lease_or_its_release(conn: Connection) -> None:
    first, second = order(conn), order(conn)
    assert [each.id for each in commands.take(conn, 1, timedelta(0))] == [first]
    assert [each.id for each in commands.take(conn, 9, LEASE)] == [first, second]
    assert commands.take(conn, 9, LEASE) == []
    commands.release(conn, [second])
    assert [each.id for each in commands.take(conn, 9, LEASE)] == [second]
    assert seen(conn, first).attempts == seen(conn, second).attempts == 2


def test_what_has_expired_is_never_sent(conn: Connection) -> None:
    short, long = order(conn, 0.001), order(conn)
    conn.execute("SELECT pg_sleep(0.01)")  # this test is about time
    assert [each.id for each in commands.take(conn, 9, LEASE)] == [long]
    assert commands.expire(conn) == 1
    ended = seen(conn, short)
    assert (ended.status, ended.detail) == ("expired", "it could not be sent in time")
    assert ended.ended_at is not None
    assert commands.expire(conn) == 0


def test_what_was_sent_expires_with_what_was_known_of_it(conn: Connection) -> None:
    heard, unheard = order(conn, 0.05), order(conn, 0.05)
    commands.take(conn, 9, LEASE)
    note(conn, heard, TAKEN)
    note(conn, unheard, UNHEARD)
    assert seen(conn, heard).status == seen(conn, unheard).status == "sent"
    assert seen(conn, unheard).detail == "nobody was subscribed"
    conn.execute("SELECT pg_sleep(0.1)")  # this test is about time
    assert commands.expire(conn) == 2
    assert seen(conn, heard).detail == "no answer in time"
    assert seen(conn, unheard).detail == "no answer in time; nobody was subscribed"


def test_what_may_have_been_sent_does_not_expire_as_if_it_never_was(conn: Connection) -> None:
    command_id = order(conn, 0.05)
    commands.take(conn, 9, LEASE)
    conn.execute("SELECT pg_sleep(0.1)")  # this test is about time
    commands.expire(conn)
    assert seen(conn, command_id).detail == "the broker never said that it has it"


def test_what_the_broker_does_not_take_has_failed_or_is_tried_again(conn: Connection) -> None:
    never, later = order(conn), order(conn)
    note(conn, never, FORBIDDEN)
    note(conn, later, LATER)
    failed = seen(conn, never)
    assert (failed.status, failed.detail) == (
        "failed",
        "the broker does not take it: Not authorized",
    )
    assert failed.sent_at is None
    assert seen(conn, later).status == "requested"
    note(conn, uuid4(), TAKEN)  # and a command that is gone is nobody's mistake


@pytest.mark.parametrize("status", ["done", "refused", "failed"])
def test_an_answer_that_overtakes_the_note_of_its_sending_counts(
    conn: Connection, status: str
) -> None:
    command_id = order(conn)
    commands.take(conn, 1, LEASE)
    assert answered(conn, command_id, status) == status
    note(conn, command_id, TAKEN)
    command = seen(conn, command_id)
    assert (command.status, command.detail) == (status, "so it is")
    assert command.sent_at is not None


def test_the_first_answer_decides(conn: Connection) -> None:
    command_id = order(conn)
    assert answered(conn, command_id, "refused") == "refused"
    before = seen(conn, command_id)
    assert answered(conn, command_id, "done") == "refused"
    assert seen(conn, command_id) == before


@pytest.mark.parametrize(
    "topic",
    [
        "city/lamp-4/commands/response",
        "city/lamp-3/lamp-3/commands/response",
        "city/lamp-3/commands",
        "",
    ],
)
def test_an_answer_from_elsewhere_changes_nothing(conn: Connection, topic: str) -> None:
    command_id = order(conn)
    before = seen(conn, command_id)
    assert answered(conn, command_id, topic=topic) == "requested"
    store(conn, topic, b"what?", command_id.bytes)
    assert seen(conn, command_id) == before


@pytest.mark.parametrize(
    ("ended", "detail"),
    [
        (Status.EXPIRED, "answered 'done' when it had expired already"),
        (Status.CANCELLED, "cancelled, and answered 'done' all the same"),
    ],
)
def test_an_answer_that_comes_too_late_is_kept_and_moves_nothing(
    conn: Connection, ended: Status, detail: str
) -> None:
    command_id = order(conn)
    commands.move(conn, command_id, ended)
    assert answered(conn, command_id) == ended
    command = seen(conn, command_id)
    assert command.detail == detail
    assert command.answer == {"id": str(command_id), "status": "done", "detail": "so it is"}
    assert command.answered_at is not None


def test_what_cannot_be_read_is_noted_where_it_was_meant_for(conn: Connection) -> None:
    command_id = order(conn)
    store(conn, LAMP, b"done!", command_id.bytes)
    command = seen(conn, command_id)
    assert (command.status, command.detail) == (
        "requested",
        "an answer could not be read: the answer is not JSON",
    )
    assert answered(conn, command_id) == "done"
    store(conn, LAMP, b"done!", command_id.bytes)
    assert seen(conn, command_id).detail == "so it is"


def test_an_answer_to_nothing_is_ignored(conn: Connection) -> None:
    store(conn, LAMP, b'{"id": "%s", "status": "done"}' % str(uuid4()).encode(), None)
    store(conn, LAMP, b"?", uuid4().bytes)
    assert conn.execute("SELECT count(*) FROM commands").fetchone() == (0,)


def test_the_roles_may_do_their_part_and_no_more(
    sign_in: Callable[[str], dict[str, str]], pool: Pool
) -> None:
    with transaction(pool) as conn:
        order(conn)
    forbidden = {
        "cityops_commands": (
            "INSERT INTO commands (name) VALUES ('on')",
            "UPDATE commands SET name = 'off'",
            "UPDATE commands SET arguments = '{}'",
            "DELETE FROM commands",
            "SELECT FROM tokens",
            "SELECT FROM readings",
        ),
        "cityops_api": (
            "UPDATE commands SET answer = '{}'",
            "UPDATE commands SET requested_by = 'you'",
            "DELETE FROM commands",
        ),
        "cityops_viewer": ("SELECT FROM commands",),
    }
    for role, statements in forbidden.items():
        with psycopg.connect(conninfo(sign_in(role)), autocommit=True) as own:
            if role != "cityops_commands":
                assert own.execute("SELECT count(*) FROM command_list").fetchone() == (1,)
            for statement in statements:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    own.execute(statement.encode())
