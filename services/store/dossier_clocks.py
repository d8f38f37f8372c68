"""The tables `dossier_changes` and `dossier_clocks`: what changed, and what each dossier is counted by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import args_row

from models.egov.clock import Clock
from models.egov.daybook import midnight
from services.store.dossiers import Standing, standing
from services.store.pool import Connection

CHANNEL = "dossiers"


class OpenCount(NamedTuple):
    """How many dossiers of its own a unit has open that have a deadline, and overdue as a day ends."""

    unit: str
    open: int
    overdue: int


class Spell(NamedTuple):
    """A dossier in seconds since 1970: accepted, overdue, ended; nan where it is not by now."""

    unit: str
    accepted: float
    late: float
    ended: float


def lock(conn: Connection) -> None:
    """Waits until no other process counts, and keeps it so until the transaction ends."""
    conn.execute("SELECT pg_advisory_xact_lock(hashtext('cityops-egov'))")


def take_changes(conn: Connection, dossiers: int) -> list[str]:
    """Takes away what changed first, about so many dossiers; their codes, each once.

    Who takes holds the lock (see lock): nobody else does.
    """
    rows = conn.execute(
        """DELETE FROM dossier_changes WHERE id IN (
               SELECT id FROM (
                   SELECT id, sum(cardinality(codes)) OVER (ORDER BY id) - cardinality(codes)
                              AS before_it
                   FROM (SELECT id, codes FROM dossier_changes ORDER BY id LIMIT 1000) AS first)
                   AS counted
               WHERE before_it < %s)
           RETURNING codes""",
        [dossiers],
    )
    return sorted({code for (codes,) in rows if isinstance(codes, list) for code in codes})


def mark_all(conn: Connection, size: int = 1000) -> int:
    """Marks every dossier as changed, as after a change of a rule; how many there are."""
    return mark_since(conn, None, size)


def mark_since(conn: Connection, day: date | None, size: int = 1000) -> int:
    """Marks as changed what working time from a day on bears upon; None marks all of them.

    That is what was open by then, or due after it. Returns how many dossiers it is.
    """
    rows = conn.execute(
        """WITH touched AS (
               SELECT code FROM dossiers
               WHERE %(since)s::timestamptz IS NULL
                  OR ended_at IS NULL OR ended_at >= %(since)s OR due_at >= %(since)s),
           parts AS (
               INSERT INTO dossier_changes (codes)
               SELECT array_agg(code) FROM (
                   SELECT code, row_number() OVER (ORDER BY code) / %(size)s AS part FROM touched)
                   AS every
               GROUP BY part)
           SELECT count(*) FROM touched""",
        {"since": None if day is None else midnight(day), "size": size},
    )
    return sum(int(str(count)) for (count,) in rows)


def waiting(conn: Connection) -> int:
    """How many batches of changes have not been looked at."""
    row = conn.execute("SELECT count(*) FROM dossier_changes").fetchone()
    return int(str(row[0])) if row else 0


def standings(conn: Connection, codes: Sequence[str]) -> dict[str, Standing]:
    """What holds now of these dossiers."""
    rows = conn.execute(
        """SELECT code, state, moved_at, unit, procedure, channel, accepted_at, stated_due_at,
                  due_at, paused, waiting_since, supplements, ended_at, submitted_at, last_at
           FROM dossiers WHERE code = ANY(%s)""",
        [list(codes)],
        binary=True,
    )
    return {str(code): standing(its) for code, *its in rows}


def of(conn: Connection, codes: Sequence[str]) -> dict[str, Clock]:
    """The clocks of these dossiers as they are counted."""
    with conn.cursor(row_factory=args_row(lambda code, *its: (str(code), Clock(*its)))) as cursor:
        return dict(
            cursor.execute(
                """SELECT code, unit, procedure, channel, begun_at, accepted_at, due_at, soon_at,
                          late_at, long_at, ended_at, returned_at, with_result, stands, in_time,
                          missed_at
                   FROM dossier_clocks WHERE code = ANY(%s)""",
                [list(codes)],
                binary=True,
            ).fetchall()
        )


def put(conn: Connection, clocks: Mapping[str, Clock]) -> None:
    """Writes down clocks, over those that were there."""
    if not clocks:
        return
    rows = [(code, *its) for code, its in sorted(clocks.items())]
    conn.execute(
        """INSERT INTO dossier_clocks
           SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::smallint[],
               %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
               %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
               %s::boolean[], %s::text[], %s::boolean[], %s::timestamptz[])
           ON CONFLICT (code) DO UPDATE SET unit = excluded.unit, procedure = excluded.procedure,
               channel = excluded.channel, begun_at = excluded.begun_at,
               accepted_at = excluded.accepted_at, due_at = excluded.due_at,
               soon_at = excluded.soon_at, late_at = excluded.late_at,
               long_at = excluded.long_at, ended_at = excluded.ended_at,
               returned_at = excluded.returned_at, with_result = excluded.with_result,
               stands = excluded.stands, in_time = excluded.in_time,
               missed_at = excluded.missed_at""",
        [list(column) for column in zip(*rows, strict=True)],
    )


def forget(conn: Connection, codes: Iterable[str]) -> None:
    """Drops the clocks of dossiers none of whose events counts any more."""
    conn.execute("DELETE FROM dossier_clocks WHERE code = ANY(%s)", [sorted(codes)])


def open_now(conn: Connection, day: date) -> list[OpenCount]:
    """What every unit has open that has a deadline; overdue counts those that fell late by a day."""
    with conn.cursor(row_factory=args_row(OpenCount)) as cursor:
        return cursor.execute(
            """SELECT unit, count(*)::integer,
                      (count(*) FILTER (WHERE (missed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                                              <= %s))::integer
               FROM dossier_clocks
               WHERE ended_at IS NULL AND accepted_at IS NOT NULL AND due_at IS NOT NULL
               GROUP BY unit""",
            [day],
        ).fetchall()


def spells(conn: Connection, since: datetime) -> list[Spell]:
    """The dossiers with a deadline that are open or ended since a moment."""
    with conn.cursor(row_factory=args_row(Spell)) as cursor:
        return cursor.execute(
            """SELECT unit, extract(epoch FROM accepted_at)::double precision,
                      coalesce(extract(epoch FROM late_at)::double precision, 'NaN'),
                      coalesce(extract(epoch FROM ended_at)::double precision, 'NaN')
               FROM dossier_clocks
               WHERE accepted_at IS NOT NULL AND due_at IS NOT NULL
                 AND (ended_at IS NULL OR ended_at >= %s)""",
            [since],
            binary=True,
        ).fetchall()
