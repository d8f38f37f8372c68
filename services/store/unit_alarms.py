"""What dossiers alone say of units that somebody may have to act on, and where it is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import args_row, class_row

from services.store.pool import Connection

# What comes later than this after it happened is history, through whatever door: an office that
# was cut off for a weekend tells of it on Monday.
FRESH = timedelta(days=3)


class Waiting(NamedTuple):
    """Hand-overs that a unit has done nothing with: since when the oldest, and how many."""

    unit: str
    since: datetime
    dossiers: int


class Overdue(NamedTuple):
    """How many of a unit's dossiers are overdue, and were a day before."""

    unit: str
    now: int
    before: int


class Spot(NamedTuple):
    """The asset that stands for a unit."""

    unit: str
    asset: str
    title: str
    area_code: str | None


def waiting(conn: Connection) -> list[Waiting]:
    """The hand-overs that were told as they happened and wait, by who has taken them.

    What came out of a file, or long after it happened, is history and not among them.
    """
    with conn.cursor(row_factory=class_row(Waiting)) as cursor:
        return cursor.execute(
            """SELECT h.taker AS unit, min(h.at) AS since, count(*)::integer AS dossiers
               FROM hand_overs h JOIN dossier_clocks c ON c.code = h.dossier
               WHERE h.moved_at IS NULL AND c.ended_at IS NULL AND EXISTS (
                   SELECT FROM dossier_events e JOIN dossier_sources s ON s.id = e.source_id
                   WHERE e.dossier = h.dossier AND e.at = h.at AND e.unit = h.taker
                     AND s.door <> 'file' AND e.received_at < e.at + %s)
               GROUP BY h.taker ORDER BY h.taker""",
            [FRESH],
        ).fetchall()


def overdue(conn: Connection, before: datetime, now: datetime) -> list[Overdue]:
    """How many dossiers of its own each unit had overdue at two moments, where any."""
    with conn.cursor(row_factory=args_row(Overdue)) as cursor:
        return cursor.execute(
            """SELECT unit, (sum(stands))::integer, (sum(stood))::integer
               FROM (SELECT unit, 1 AS stands, (late_at <= %(before)s)::integer AS stood
                     FROM dossier_clocks
                     WHERE ended_at IS NULL AND accepted_at IS NOT NULL AND late_at <= %(now)s
                     UNION ALL
                     SELECT unit, (ended_at > %(now)s)::integer, 1
                     FROM dossier_clocks
                     WHERE ended_at > %(before)s AND late_at <= %(before)s) AS each
               GROUP BY unit ORDER BY unit""",
            {"before": before, "now": now},
        ).fetchall()


def fell_in_sight(conn: Connection, unit: str, before: datetime, now: datetime) -> int | None:
    """How many of a unit's open dossiers fell overdue between two moments and were known by then.

    None where nothing of what it has open was told as it happened in the last days: its dossiers
    are history.
    """
    row = conn.execute(
        """WITH mine AS (
               SELECT c.late_at,
                      (SELECT min(received_at) FROM dossier_events WHERE dossier = c.code) AS known,
                      EXISTS (SELECT FROM dossier_events e
                              JOIN dossier_sources s ON s.id = e.source_id
                              WHERE e.dossier = c.code AND s.door <> 'file'
                                AND e.received_at < e.at + %(fresh)s
                                AND e.received_at > %(now)s - %(fresh)s) AS fresh
               FROM dossier_clocks c
               WHERE c.unit = %(unit)s AND c.ended_at IS NULL AND c.accepted_at IS NOT NULL)
           SELECT count(*) FILTER (WHERE late_at > %(before)s AND late_at <= %(now)s
                                     AND known < late_at),
                  bool_or(fresh)
           FROM mine""",
        {"unit": unit, "before": before, "now": now, "fresh": FRESH},
    ).fetchone()
    return int(str(row[0])) if row and row[1] else None


def told_of(conn: Connection, rule: str) -> list[str]:
    """The units of which something was told before, under a rule's name."""
    rows = conn.execute(
        """SELECT DISTINCT l.unit FROM streams s JOIN assets a ON a.id = s.asset_id
           JOIN unit_asset_list l ON l.asset = a.name
           WHERE s.derived_by = %s ORDER BY l.unit""",
        [rule],
    )
    return [str(unit) for (unit,) in rows]


def spots(conn: Connection, units: Sequence[str]) -> list[Spot]:
    """Where something of these units is told."""
    with conn.cursor(row_factory=args_row(Spot)) as cursor:
        return cursor.execute(
            """SELECT unit, asset, unit_name, area_code FROM unit_asset_list
               WHERE unit = ANY(%s) ORDER BY unit""",
            [list(units)],
        ).fetchall()


def stand(conn: Connection, spots: Sequence[Spot]) -> None:
    """Makes those of these assets that are not there; what somebody said of one stays."""
    conn.execute(
        """INSERT INTO assets (name, kind, title, area_code, claimed_at)
           SELECT name, 'service', title, area, now()
           FROM unnest(%s::text[], %s::text[], %s::text[]) AS said (name, title, area)
           ON CONFLICT (name) DO NOTHING""",
        [
            [spot.asset for spot in spots],
            [spot.title for spot in spots],
            [spot.area_code for spot in spots],
        ],
    )
