"""The table `commands`: what people told devices to do, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from models.command import Move, Status, statuses_before
from services.store.pool import Connection

CHANNEL = "commands"


class Command(NamedTuple):
    """A command as people see it."""

    id: UUID
    asset: str
    command: str
    arguments: dict[str, object]
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    status: str
    attempts: int
    sent_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    answer: dict[str, object] | None
    detail: str


class Outgoing(NamedTuple):
    """A command on its way out; `left` is how long it may still be sent, by the database's clock."""

    id: UUID
    asset: str
    command: str
    arguments: dict[str, object]
    expires_at: datetime
    left: timedelta


class Standing(NamedTuple):
    """What has to be known of a command before it is moved."""

    asset: str
    status: Status
    attempts: int
    answered: bool


def hold_asset(conn: Connection, name: str) -> int | None:
    """The id of an asset, held until the transaction ends; None where there is no such asset.

    Whoever counts its commands and adds one is alone with it.
    """
    row = conn.execute("SELECT id FROM assets WHERE name = %s FOR NO KEY UPDATE", [name]).fetchone()
    return int(str(row[0])) if row else None


def unanswered(conn: Connection, asset_id: int) -> int:
    """How many commands of an asset wait for an answer, whose time is not over."""
    row = conn.execute(
        """SELECT count(*) FROM commands WHERE asset_id = %s
           AND status IN ('requested', 'sent') AND expires_at > clock_timestamp()""",
        [asset_id],
    ).fetchone()
    return int(str(row[0])) if row else 0


def request(  # noqa: PLR0913 (who tells which to do what, and for how long)
    conn: Connection,
    asset_id: int,
    command: str,
    arguments: Mapping[str, object],
    *,
    requested_by: str,
    timeout: timedelta,
) -> UUID:
    """Writes a command down and wakes who sends it; returns its id."""
    row = conn.execute(
        """INSERT INTO commands (asset_id, name, arguments, requested_by, requested_at, expires_at)
           SELECT %s, %s, %s, %s, moment, moment + %s FROM (SELECT clock_timestamp() AS moment) t
           RETURNING id, pg_notify(%s, '')""",
        [asset_id, command, Jsonb(dict(arguments)), requested_by, timeout, CHANNEL],
    ).fetchone()
    assert row is not None  # noqa: S101 (an INSERT of one row returns one)
    return UUID(str(row[0]))


def take(conn: Connection, limit: int, lease: timedelta) -> list[Outgoing]:
    """Takes commands that wait to be sent, oldest first; nobody else gets them before `lease` ends.

    None that has expired, however late the sender is. A crash before `note_sent` costs a second
    sending after the lease, with the same id.
    """
    with conn.cursor(row_factory=class_row(Outgoing)) as cursor:
        found = cursor.execute(
            """WITH waiting AS (
                   SELECT id FROM commands
                   WHERE status = 'requested' AND expires_at > clock_timestamp()
                     AND (taken_until IS NULL OR taken_until < clock_timestamp())
                   ORDER BY number LIMIT %s FOR UPDATE SKIP LOCKED),
               taken AS (
                   UPDATE commands SET attempts = attempts + 1,
                          taken_until = clock_timestamp() + %s
                   WHERE id IN (SELECT id FROM waiting) RETURNING *)
               SELECT t.id, a.name AS asset, t.name AS command, t.arguments, t.expires_at,
                      t.expires_at - clock_timestamp() AS left
               FROM taken t JOIN assets a ON a.id = t.asset_id ORDER BY t.number""",
            [limit, lease],
        )
        return found.fetchall()


def release(conn: Connection, command_ids: Sequence[UUID]) -> None:
    """Gives commands back that could not be sent: they may be taken again at once."""
    conn.execute("UPDATE commands SET taken_until = NULL WHERE id = ANY(%s)", [list(command_ids)])


def lock(conn: Connection, command_id: UUID) -> Standing | None:
    """One command, held until the transaction ends."""
    row = conn.execute(
        """SELECT a.name, c.status, c.attempts, c.answered_at IS NOT NULL
           FROM commands c JOIN assets a ON a.id = c.asset_id
           WHERE c.id = %s FOR UPDATE OF c""",
        [command_id],
    ).fetchone()
    if row is None:
        return None
    asset, status, attempts, answered = row
    return Standing(str(asset), Status(str(status)), int(str(attempts)), bool(answered))


def move(conn: Connection, command_id: UUID, to: Status, detail: str = "") -> None:
    """Puts a command into a status; an empty detail leaves what was said of it."""
    conn.execute(
        """UPDATE commands SET status = %(status)s,
               detail = CASE WHEN %(detail)s = '' THEN detail ELSE %(detail)s END,
               ended_at = CASE WHEN %(ended)s THEN clock_timestamp() END
           WHERE id = %(id)s""",
        {"id": command_id, "status": to.value, "detail": detail, "ended": to.ended},
    )


def note_sent(conn: Connection, command_id: UUID, detail: str) -> None:
    """Writes down that the broker has a command, whatever has become of it since."""
    conn.execute(
        """UPDATE commands SET sent_at = coalesce(sent_at, clock_timestamp()), taken_until = NULL,
               detail = CASE WHEN status = 'requested' THEN %s ELSE detail END
           WHERE id = %s""",
        [detail, command_id],
    )


def note_answer(conn: Connection, command_id: UUID, answer: Mapping[str, object]) -> None:
    """Keeps what a device answered."""
    conn.execute(
        "UPDATE commands SET answer = %s, answered_at = clock_timestamp() WHERE id = %s",
        [Jsonb(dict(answer)), command_id],
    )


def remark(conn: Connection, command_id: UUID, detail: str) -> None:
    """Says something of a command without moving it."""
    conn.execute("UPDATE commands SET detail = %s WHERE id = %s", [detail, command_id])


def expire(conn: Connection) -> int:
    """Ends the commands whose time is over by the database's clock; returns how many."""
    done = conn.execute(
        """UPDATE commands SET status = %s, ended_at = clock_timestamp(), taken_until = NULL,
               detail = concat_ws('; ',
                   CASE WHEN sent_at IS NOT NULL THEN 'no answer in time'
                        WHEN attempts = 0 THEN 'it could not be sent in time'
                        ELSE 'the broker never said that it has it' END, nullif(detail, ''))
           WHERE status = ANY(%s) AND expires_at <= clock_timestamp()""",
        [Status.EXPIRED.value, [status.value for status in statuses_before(Move.EXPIRE)]],
    )
    return done.rowcount


def find(conn: Connection, command_id: UUID) -> Command | None:
    """One command."""
    with conn.cursor(row_factory=class_row(Command)) as cursor:
        return cursor.execute(
            """SELECT id, asset, command, arguments, requested_by, requested_at, expires_at,
                      status, attempts, sent_at, answered_at, ended_at, answer, detail
               FROM command_list WHERE id = %s""",
            [command_id],
        ).fetchone()


def page(
    conn: Connection,
    asset_id: int,
    *,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Command]:
    """The commands of an asset before one of them, newest first."""
    with conn.cursor(row_factory=class_row(Command)) as cursor:
        return cursor.execute(
            """SELECT c.id, a.name AS asset, c.name AS command, c.arguments, c.requested_by,
                      c.requested_at, c.expires_at, c.status, c.attempts, c.sent_at,
                      c.answered_at, c.ended_at, c.answer, c.detail
               FROM commands c JOIN assets a ON a.id = c.asset_id
               WHERE c.asset_id = %(asset)s
                 AND (%(before)s::uuid IS NULL
                      OR c.number < (SELECT number FROM commands WHERE id = %(before)s))
                 AND (%(status)s::text IS NULL OR c.status = %(status)s)
               ORDER BY c.number DESC LIMIT %(limit)s""",
            {"asset": asset_id, "before": before, "status": status, "limit": limit},
        ).fetchall()
