"""The organisation as of a day: units by the names others have for them, the tree, the load."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import args_row, class_row

from models.egov import unit
from models.egov.unit import Organisation
from services.store.pool import Connection


class Unit(NamedTuple):
    """A unit in the tree of a day; path are the codes from the top down to it."""

    code: str
    name: str
    kind: str
    parent: str | None
    depth: int
    path: list[str]


class Life(NamedTuple):
    """A stretch of a unit's life."""

    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    source: str
    mark: str


class Heir(NamedTuple):
    """Who took over from a unit, or from whom one took over."""

    old: str
    new: str
    share: float
    date: date
    source: str
    mark: str


class Load(NamedTuple):
    """What a unit and all below it have to do, at a moment; shares may make broken numbers.

    submitted waits to be looked at; running, due_soon and overdue are accepted and not ended;
    overdue_long is that part of overdue that is so for over 7 days. ended and what follows are of
    the 30 days before.
    """

    unit: str
    submitted: float
    running: float
    due_soon: float
    overdue: float
    overdue_long: float
    ended: float
    early: float
    on_time: float
    late: float
    on_time_share: float | None


class StateCount(NamedTuple):
    """How many dossiers a unit and all below it have in a state now."""

    state: int
    grouped: str
    title: str
    title_en: str
    dossiers: float


def codes(conn: Connection, names: Iterable[str]) -> dict[str, str]:
    """Units' own codes by whatever they were called; strangers are left out."""
    rows = conn.execute(
        """SELECT n.name, coalesce(a.unit, u.code)
           FROM unnest(%s::text[]) AS n (name)
           LEFT JOIN org_aliases a ON a.alias = n.name
           LEFT JOIN LATERAL (SELECT code FROM org_units WHERE code = n.name LIMIT 1) u ON true
           WHERE coalesce(a.unit, u.code) IS NOT NULL""",
        [sorted(set(names))],
    )
    return {str(name): str(code) for name, code in rows}


def names(conn: Connection, units: Iterable[str]) -> dict[str, str]:
    """What units were called last."""
    rows = conn.execute(
        "SELECT unit, name FROM unit_name_list WHERE unit = ANY(%s)", [sorted(set(units))]
    )
    return {str(unit): str(name) for unit, name in rows}


def below(conn: Connection, code: str) -> set[str]:
    """A unit and all that ever stood below it."""
    rows = conn.execute(
        """WITH RECURSIVE within AS (
               SELECT %s::text AS code
               UNION SELECT e.child FROM org_edges e JOIN within w ON e.parent = w.code)
           SELECT code FROM within""",
        [code],
    )
    return {str(each) for (each,) in rows}


def tree(
    conn: Connection, as_of: date | None = None, *, after: str = "", limit: int = 10_000
) -> list[Unit]:
    """The units of a day (without one, today) after a code, in order of code."""
    with conn.cursor(row_factory=class_row(Unit)) as cursor:
        return cursor.execute(
            """SELECT code, name, kind, parent, depth, path
               FROM org_tree(coalesce(%s, (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date))
               WHERE code > %s ORDER BY code LIMIT %s""",
            [as_of, after, limit],
        ).fetchall()


def lives(conn: Connection, code: str) -> list[Life]:
    """The stretches of a unit's life, oldest first; none of a stranger."""
    with conn.cursor(row_factory=class_row(Life)) as cursor:
        return cursor.execute(
            """SELECT name, kind, valid_from, valid_to, source, mark FROM org_units
               WHERE code = %s ORDER BY valid_from""",
            [code],
        ).fetchall()


def heirs(conn: Connection, code: str) -> list[Heir]:
    """The successions that a unit is part of, oldest first."""
    with conn.cursor(row_factory=class_row(Heir)) as cursor:
        return cursor.execute(
            """SELECT old, new, share, date, source, mark FROM org_successions
               WHERE %(code)s IN (old, new) ORDER BY date, old, new""",
            {"code": code},
        ).fetchall()


def loads(conn: Connection, as_of: datetime, soon: datetime) -> list[Load]:
    """The load of every unit that has one at a moment; soon is one working day on."""
    with conn.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(
            """SELECT unit, submitted, running, due_soon, overdue, overdue_long, ended, early,
                      on_time, late, on_time_share
               FROM unit_load(%s, %s) ORDER BY unit""",
            [as_of, soon],
        ).fetchall()


def load(conn: Connection, code: str, as_of: datetime, soon: datetime) -> Load:
    """The load of one unit, which may be nothing at all."""
    found = (each for each in loads(conn, as_of, soon) if each.unit == code)
    return next(found, Load(code, 0, 0, 0, 0, 0, 0, 0, 0, 0, None))


def states(conn: Connection, code: str, as_of: datetime) -> list[StateCount]:
    """How many dossiers a unit has in each state now, with all that count in it on a day."""
    with conn.cursor(row_factory=class_row(StateCount)) as cursor:
        return cursor.execute(
            """SELECT s.state::integer, s.grouped, s.title, s.title_en,
                      sum(s.dossiers * c.share)::double precision AS dossiers
               FROM unit_states s
               JOIN org_counts_in((%s::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) c
                   ON c.unit = s.unit
               WHERE c.counted_in = %s GROUP BY 1, 2, 3, 4 ORDER BY 1""",
            [as_of, code],
        ).fetchall()


def whole(conn: Connection) -> Organisation:
    """All units there ever were, who belonged to whom, and who came after whom."""
    with conn.cursor(row_factory=args_row(unit.Unit)) as units:
        units.execute("SELECT code, name, name, kind, valid_from, valid_to FROM org_units")
        with conn.cursor(row_factory=args_row(unit.Edge)) as edges:
            edges.execute("SELECT parent, child, valid_from, valid_to FROM org_edges")
            with conn.cursor(row_factory=args_row(unit.Succession)) as heirs:
                heirs.execute("SELECT old, new, share, date FROM org_successions")
                return Organisation(
                    tuple(units.fetchall()), tuple(edges.fetchall()), tuple(heirs.fetchall())
                )
