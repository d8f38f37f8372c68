"""The tables `egov_unit_days` and `egov_unit_hours`: what units did of their own; and what is due of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import args_row

from models.egov.daybook import Entry, Hour
from services.store.dossiers import columns
from services.store.pool import Connection


class UnitDay(NamedTuple):
    """What a unit did of its own on a day, in the order of models.egov.daybook.COLUMNS."""

    unit: str
    day: date
    received: int
    online: int
    accepted: int
    dated: int
    ended: int
    early: int
    on_time: int
    late: int
    returned: int
    closed: int
    closed_in_time: int
    fell_late: int


class Share(NamedTuple):
    """What of a unit counts in another (or itself) on a day."""

    unit: str
    counted_in: str
    share: float


def add(conn: Connection, counts: Mapping[Entry, int]) -> None:
    """Adds to what units did; less than nothing takes away."""
    rows = [(*entry, count) for entry, count in sorted(counts.items())]
    if not rows:
        return
    conn.execute(
        """INSERT INTO egov_unit_days AS d
           SELECT unit, day,
                  coalesce(sum(n) FILTER (WHERE what = 'received'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'online'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'accepted'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'dated'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'ended'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'early'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'on_time'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'late'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'returned'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'closed'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'closed_in_time'), 0),
                  coalesce(sum(n) FILTER (WHERE what = 'fell_late'), 0)
           FROM unnest(%s::text[], %s::date[], %s::text[], %s::integer[])
                AS said (unit, day, what, n)
           GROUP BY unit, day ORDER BY unit, day
           ON CONFLICT (unit, day) DO UPDATE SET received = d.received + excluded.received,
               online = d.online + excluded.online, accepted = d.accepted + excluded.accepted,
               dated = d.dated + excluded.dated, ended = d.ended + excluded.ended,
               early = d.early + excluded.early, on_time = d.on_time + excluded.on_time,
               late = d.late + excluded.late, returned = d.returned + excluded.returned,
               closed = d.closed + excluded.closed,
               closed_in_time = d.closed_in_time + excluded.closed_in_time,
               fell_late = d.fell_late + excluded.fell_late""",
        columns(rows, 4),
    )


def add_hours(conn: Connection, counts: Mapping[Hour, int]) -> None:
    """Adds to what units received in hours."""
    rows = [(*hour, count) for hour, count in sorted(counts.items())]
    conn.execute(
        """INSERT INTO egov_unit_hours AS h
           SELECT * FROM unnest(%s::text[], %s::timestamptz[], %s::integer[])
           ON CONFLICT (unit, hour) DO UPDATE SET received = h.received + excluded.received""",
        columns(rows, 3),
    )


def mark(conn: Connection, first: date, last: date, now: datetime) -> None:
    """Marks the days from first to last, both included, as to be reckoned (again)."""
    conn.execute(
        """INSERT INTO egov_due (day, marked_at)
           SELECT day::date, %s FROM generate_series(%s::date, %s::date, INTERVAL '1 day') AS day
           ON CONFLICT (day) DO NOTHING""",
        [now, first, last],
    )


def take_due(conn: Connection, marked_before: datetime, limit: int) -> list[date]:
    """Takes away days that have been due since a moment, the newest first."""
    rows = conn.execute(
        """DELETE FROM egov_due WHERE day IN (
               SELECT day FROM egov_due WHERE marked_at <= %s ORDER BY day DESC LIMIT %s)
           RETURNING day""",
        [marked_before, limit],
    )
    return sorted(day for (day,) in rows if isinstance(day, date))


def due(conn: Connection) -> int:
    """How many days have to be reckoned."""
    row = conn.execute("SELECT count(*) FROM egov_due").fetchone()
    return int(str(row[0])) if row else 0


def between(conn: Connection, first: date, last: date) -> list[UnitDay]:
    """What units did of their own on the days from first to last, both included."""
    with conn.cursor(row_factory=args_row(UnitDay)) as cursor:
        return cursor.execute(
            """SELECT unit, day, received, online, accepted, dated, ended, early, on_time, late,
                      returned, closed, closed_in_time, fell_late
               FROM egov_unit_days WHERE day >= %s AND day <= %s""",
            [first, last],
            binary=True,
        ).fetchall()


def change_after(conn: Connection, day: date, today: date) -> dict[str, tuple[int, int]]:
    """By how much what each unit has open, and overdue, grew after a day until today ended."""
    rows = conn.execute(
        """SELECT unit, sum(dated - closed)::bigint,
                  sum(fell_late - closed + closed_in_time)::bigint
           FROM egov_unit_days WHERE day > %s AND day <= %s GROUP BY unit""",
        [day, today],
    )
    return {str(unit): (int(str(opened)), int(str(late))) for unit, opened, late in rows}


def hours(conn: Connection, since: datetime, until: datetime) -> list[tuple[str, datetime, int]]:
    """What units received of their own in the hours of [since, until), where there was any."""
    with conn.cursor(row_factory=args_row(lambda *row: row)) as cursor:
        return cursor.execute(
            """SELECT unit, hour, received FROM egov_unit_hours
               WHERE hour >= %s AND hour < %s AND received <> 0""",
            [since, until],
            binary=True,
        ).fetchall()


def hourly_totals(conn: Connection, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """What all units together received in the hours of [since, until), where it was anything."""
    with conn.cursor(row_factory=args_row(lambda hour, number: (hour, int(number)))) as cursor:
        return cursor.execute(
            """SELECT hour, sum(received) FROM egov_unit_hours
               WHERE hour >= %s AND hour < %s GROUP BY hour ORDER BY hour""",
            [since, until],
        ).fetchall()


def first_day(conn: Connection) -> date | None:
    """The first day of which anything is known."""
    row = conn.execute("SELECT min(day) FROM egov_unit_days").fetchone()
    return row[0] if row and isinstance(row[0], date) else None


def shares(conn: Connection, day: date) -> list[Share]:
    """What counts in whom by the tree of a day."""
    with conn.cursor(row_factory=args_row(Share)) as cursor:
        return cursor.execute(
            "SELECT unit, counted_in, share FROM org_counts_in(%s)", [day]
        ).fetchall()


def put_totals(
    conn: Connection, days: Sequence[date], rows: Sequence[tuple[str, date, Sequence[float]]]
) -> None:
    """Writes the totals of days: ten numbers a unit, in the order of the table's columns."""
    conn.execute("DELETE FROM egov_day_totals WHERE day = ANY(%s)", [list(days)])
    conn.execute(
        """INSERT INTO egov_day_totals (unit, day, received, online, accepted, ended, early,
                                        on_time, late, returned, open, overdue)
           SELECT * FROM unnest(%s::text[], %s::date[], %s::double precision[],
               %s::double precision[], %s::double precision[], %s::double precision[],
               %s::double precision[], %s::double precision[], %s::double precision[],
               %s::double precision[], %s::double precision[], %s::double precision[])""",
        columns([(unit, day, *map(float, numbers)) for unit, day, numbers in rows], 12),
    )
