"""The tables `desks` and `desk_thresholds`: who watches what, and how loud their alarms have to be."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Desk(NamedTuple):
    """Who watches what; kinds, areas and natures are None where they watch all.

    budget is the number of false alarms a shift may bring, least_factor how far it may make
    alarms quieter than the model's own.
    """

    name: str
    title: str
    title_en: str
    kinds: list[str] | None
    areas: list[str] | None
    natures: list[str] | None
    budget: float
    shift_hours: int
    first_shift_hour: int
    least_factor: float
    changed_by: str
    changed_at: datetime


class Threshold(NamedTuple):
    """How loud a desk's alarms have to be, and the window that says so."""

    desk: str
    factor: float
    bound: str
    budget: float
    expected: float
    candidates: int
    called_real: int
    data_from: datetime
    data_to: datetime


class StoredThreshold(NamedTuple):
    """A threshold as it was written down."""

    id: int
    at: datetime
    factor: float
    bound: str
    budget: float
    expected: float
    candidates: int
    called_real: int
    data_from: datetime
    data_to: datetime


class SeenShift(NamedTuple):
    """Promised against seen in one shift; seen are the alarms nobody called real."""

    desk: str
    time: datetime
    ended_at: datetime
    promised: float
    seen: int
    alarms: int
    real_alarms: int
    false_alarms: int
    unjudged: int
    kept: bool
    factor: float | None
    bound: str | None


def page(conn: Connection, *, after: str = "", limit: int | None = None) -> list[Desk]:
    """The desks whose names come after this one, in order of name."""
    with conn.cursor(row_factory=class_row(Desk)) as cursor:
        return cursor.execute(
            """SELECT name, title, title_en, kinds, areas, natures, budget, shift_hours,
                      first_shift_hour, least_factor, changed_by, changed_at
               FROM desks WHERE name COLLATE "C" > %s ORDER BY name COLLATE "C" LIMIT %s""",
            [after, limit],
        ).fetchall()


def find(conn: Connection, name: str) -> Desk | None:
    """One desk by name."""
    with conn.cursor(row_factory=class_row(Desk)) as cursor:
        return cursor.execute(
            """SELECT name, title, title_en, kinds, areas, natures, budget, shift_hours,
                      first_shift_hour, least_factor, changed_by, changed_at
               FROM desks WHERE name = %s""",
            [name],
        ).fetchone()


def put(conn: Connection, desk: Desk) -> bool:
    """Says all of this of a desk; True where it is new. Running detection takes it up."""
    row = conn.execute(
        """INSERT INTO desks (name, title, title_en, kinds, areas, natures, budget, shift_hours,
                              first_shift_hour, least_factor, changed_by, changed_at)
           VALUES (%(name)s, %(title)s, %(title_en)s, %(kinds)s, %(areas)s, %(natures)s,
                   %(budget)s, %(shift_hours)s, %(first_shift_hour)s, %(least_factor)s,
                   %(changed_by)s, %(changed_at)s)
           ON CONFLICT (name) DO UPDATE SET title = excluded.title,
               title_en = excluded.title_en, kinds = excluded.kinds, areas = excluded.areas,
               natures = excluded.natures, budget = excluded.budget,
               shift_hours = excluded.shift_hours,
               first_shift_hour = excluded.first_shift_hour,
               least_factor = excluded.least_factor, changed_by = excluded.changed_by,
               changed_at = excluded.changed_at
           RETURNING xmax = 0""",
        desk._asdict(),
    ).fetchone()
    return bool(row and row[0])


def unknown_areas(conn: Connection, codes: Sequence[str]) -> list[str]:
    """Those of these codes that no area has."""
    rows = conn.execute(
        """SELECT said FROM unnest(%s::text[]) AS said
           WHERE NOT EXISTS (SELECT FROM areas WHERE code = said) ORDER BY 1""",
        [list(codes)],
    )
    return [str(row[0]) for row in rows]


def note_threshold(conn: Connection, found: Threshold) -> None:
    """Writes down how loud a desk's alarms have to be from now on."""
    conn.execute(
        """INSERT INTO desk_thresholds (desk, factor, bound, budget, expected, candidates,
                                        called_real, data_from, data_to)
           VALUES (%(desk)s, %(factor)s, %(bound)s, %(budget)s, %(expected)s, %(candidates)s,
                   %(called_real)s, %(data_from)s, %(data_to)s)""",
        found._asdict(),
    )


def thresholds(conn: Connection, desk: str, limit: int = 20) -> list[StoredThreshold]:
    """How loud a desk's alarms had to be, newest first; the first one holds."""
    with conn.cursor(row_factory=class_row(StoredThreshold)) as cursor:
        return cursor.execute(
            """SELECT id, at, factor, bound, budget, expected, candidates, called_real,
                      data_from, data_to
               FROM desk_thresholds WHERE desk = %s ORDER BY id DESC LIMIT %s""",
            [desk, limit],
        ).fetchall()


def factors(
    conn: Connection, stream_ids: Sequence[int] | None = None
) -> dict[int, dict[str, float]]:
    """What each desk asks of these streams (None: of all) by stream and desk, where it is not 1."""
    found: dict[int, dict[str, float]] = {}
    for stream_id, desk, factor in conn.execute(
        """SELECT w.stream_id, t.desk, t.factor
           FROM (SELECT DISTINCT ON (desk) desk, factor FROM desk_thresholds
                 ORDER BY desk, id DESC) t
           JOIN desk_streams w ON w.desk = t.desk
           WHERE t.factor <> 1
             AND (%(streams)s::integer[] IS NULL OR w.stream_id = ANY(%(streams)s))""",
        {"streams": None if stream_ids is None else list(stream_ids)},
    ):
        found.setdefault(int(str(stream_id)), {})[str(desk)] = float(str(factor))
    return found


def watching(conn: Connection, stream_id: int) -> list[str]:
    """The desks that watch a stream, in order of name."""
    rows = conn.execute(
        "SELECT desk FROM desk_streams WHERE stream_id = %s ORDER BY desk", [stream_id]
    )
    return [str(row[0]) for row in rows]


def seen(
    conn: Connection,
    desk: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 1000,
) -> list[SeenShift]:
    """A desk's shifts that end after since and begin before until, newest first."""
    with conn.cursor(row_factory=class_row(SeenShift)) as cursor:
        return cursor.execute(
            """SELECT desk, time, ended_at, promised, seen, alarms, real_alarms, false_alarms,
                      unjudged, kept, factor, bound
               FROM desk_budget
               WHERE desk = %(desk)s
                 AND (%(since)s::timestamptz IS NULL OR ended_at > %(since)s)
                 AND (%(until)s::timestamptz IS NULL OR time < %(until)s)
               ORDER BY time DESC LIMIT %(limit)s""",
            {"desk": desk, "since": since, "until": until, "limit": limit},
        ).fetchall()
