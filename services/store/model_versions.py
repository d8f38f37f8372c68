"""The table `model_versions`: which versions of a model there are, and which one is live."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from services.store.pool import Connection
from services.store.refusals import AlreadyLive, NoEarlierVersion, UnknownVersion

ONE_AT_A_TIME = 7660021  # the advisory lock of whoever makes, promotes or rolls back a version


class ModelVersion(NamedTuple):
    """One version of a model; it is never edited. The data window is what it was tried on."""

    id: int
    name: str
    version: int
    state: str
    parameters: dict[str, object]
    layout: str
    data_from: datetime | None
    data_to: datetime | None
    scores: dict[str, object]
    note: str
    created_by: str
    created_at: datetime
    promoted_by: str | None
    promoted_at: datetime | None
    rolled_back_at: datetime | None


class Draft(NamedTuple):
    """What is said of a version when it is registered. layout names the shape of its states."""

    name: str
    parameters: Mapping[str, object]
    layout: str
    data_from: datetime | None = None
    data_to: datetime | None = None
    scores: Mapping[str, object] = {}
    note: str = ""


def page(
    conn: Connection,
    *,
    name: str | None = None,
    state: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[ModelVersion]:
    """The versions before an id, newest first."""
    with conn.cursor(row_factory=class_row(ModelVersion)) as cursor:
        return cursor.execute(
            """SELECT id, name, version, state, parameters, layout, data_from, data_to, scores,
                      note, created_by, created_at, promoted_by, promoted_at, rolled_back_at
               FROM model_version_list
               WHERE (%(before)s::integer IS NULL OR id < %(before)s)
                 AND (%(name)s::text IS NULL OR name = %(name)s)
                 AND (%(state)s::text IS NULL OR state = %(state)s)
               ORDER BY id DESC LIMIT %(limit)s""",
            {"before": before, "name": name, "state": state, "limit": limit},
        ).fetchall()


def find(conn: Connection, name: str, version: int) -> ModelVersion:
    """One version by its number. Raises UnknownVersion."""
    with conn.cursor(row_factory=class_row(ModelVersion)) as cursor:
        found = cursor.execute(
            """SELECT id, name, version, state, parameters, layout, data_from, data_to, scores,
                      note, created_by, created_at, promoted_by, promoted_at, rolled_back_at
               FROM model_versions WHERE name = %s AND version = %s""",
            [name, version],
        ).fetchone()
    if found is None:
        raise UnknownVersion(f"the model {name} has no version {version}")
    return found


def live(conn: Connection, name: str) -> ModelVersion | None:
    """The version that judges; None where none was ever promoted."""
    found = page(conn, name=name, state="live", limit=1)
    return found[0] if found else None


def register(conn: Connection, draft: Draft, actor: str) -> ModelVersion:
    """Keeps a new version, a candidate, under the next number of its name."""
    conn.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    row = conn.execute(
        """INSERT INTO model_versions (name, version, parameters, layout, data_from, data_to,
                                       scores, note, created_by)
           SELECT %(name)s, coalesce(max(version), 0) + 1, %(parameters)s, %(layout)s,
                  %(data_from)s, %(data_to)s, %(scores)s, %(note)s, %(actor)s
           FROM model_versions WHERE name = %(name)s
           RETURNING version""",
        draft._asdict()
        | {
            "parameters": Jsonb(dict(draft.parameters)),
            "scores": Jsonb(dict(draft.scores)),
            "actor": actor,
        },
    ).fetchone()
    assert row is not None  # noqa: S101 (an INSERT of one row returns one)
    return find(conn, draft.name, int(str(row[0])))


def promote(conn: Connection, name: str, version: int, actor: str) -> ModelVersion:
    """Makes a version the one that judges; the one before is retired. Returns it.

    Raises UnknownVersion, and AlreadyLive.
    """
    conn.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    if find(conn, name, version).state == "live":
        raise AlreadyLive(f"version {version} of {name} is live already")
    retire(conn, name)
    return make_live(conn, name, version, actor)


def roll_back(conn: Connection, name: str, actor: str) -> ModelVersion:
    """Takes the live version back: the one that was live before it is so again. Returns that.

    What was rolled back is not rolled back to. Raises NoEarlierVersion.
    """
    conn.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    row = conn.execute(
        """SELECT version FROM model_versions
           WHERE name = %s AND state = 'retired' AND rolled_back_at IS NULL
           ORDER BY promoted_at DESC LIMIT 1""",
        [name],
    ).fetchone()
    if row is None:
        raise NoEarlierVersion(f"no version of {name} was live before this one")
    retire(conn, name, rolled_back=True)
    return make_live(conn, name, int(str(row[0])), actor)


def retire(conn: Connection, name: str, *, rolled_back: bool = False) -> None:
    """Ends the time of the live version, where there is one."""
    conn.execute(
        """UPDATE model_versions SET state = 'retired',
                  rolled_back_at = CASE WHEN %s THEN clock_timestamp() END
           WHERE name = %s AND state = 'live'""",
        [rolled_back, name],
    )


def make_live(conn: Connection, name: str, version: int, actor: str) -> ModelVersion:
    """Begins the time of a version."""
    conn.execute(
        """UPDATE model_versions SET state = 'live', promoted_by = %s,
                  promoted_at = clock_timestamp(), rolled_back_at = NULL
           WHERE name = %s AND version = %s""",
        [actor, name, version],
    )
    return find(conn, name, version)
