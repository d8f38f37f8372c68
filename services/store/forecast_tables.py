"""The tables of forecasts: what was expected of loads and of overdue dossiers, and what came true."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import args_row, class_row

from services.store.dossiers import columns
from services.store.pool import Connection


class HourAhead(NamedTuple):
    """What is expected of an hour of a unit with all below it."""

    unit: str
    hour: datetime
    expected: float
    likely: float
    low: float
    high: float
    naive: float | None


class DayAhead(NamedTuple):
    """How many overdue dossiers are expected at a moment, so many working days ahead."""

    unit: str
    ahead: int
    at: datetime
    expected: float
    low: float
    high: float


class LoadForecast(NamedTuple):
    """A forecast hour as people see it."""

    unit: str
    time: datetime
    made_at: datetime
    expected: float
    likely: float
    low: float
    high: float
    naive: float | None
    actual: float | None


class OverdueForecast(NamedTuple):
    """A forecast of overdue dossiers as people see it."""

    unit: str
    made_on: date
    ahead: int
    time: datetime
    expected: float
    low: float
    high: float
    actual: float | None


class Quality(NamedTuple):
    """How good the forecasts of a stretch were; None where nothing came true yet."""

    hours: int
    error: float | None
    naive_error: float | None
    inside: float | None
    busy: float | None


def tets(conn: Connection) -> frozenset[date]:
    """The first days of lunar years."""
    rows = conn.execute("SELECT day FROM lunar_new_years")
    return frozenset(day for (day,) in rows if isinstance(day, date))


def made(conn: Connection, since: datetime, until: datetime) -> bool:
    """Whether there is a forecast of an hour in [since, until)."""
    return bool(
        conn.execute(
            "SELECT FROM egov_load_forecasts WHERE hour >= %s AND hour < %s LIMIT 1",
            [since, until],
        ).fetchall()
    )


def put_hours(conn: Connection, rows: Sequence[HourAhead], now: datetime) -> None:
    """Writes down what is expected; what was expected before stays what it was."""
    conn.execute(
        """INSERT INTO egov_load_forecasts (unit, hour, made_at, expected, likely, low, high, naive)
           SELECT unit, hour, %s, expected, likely, low, high, naive
           FROM unnest(%s::text[], %s::timestamptz[], %s::double precision[],
                       %s::double precision[], %s::double precision[], %s::double precision[],
                       %s::double precision[])
                AS n (unit, hour, expected, likely, low, high, naive)
           ON CONFLICT (unit, hour) DO NOTHING""",
        [now, *columns(rows, 7)],
    )


def settle_hours(conn: Connection, rows: Sequence[tuple[str, datetime, float]]) -> None:
    """Writes down what hours were, where a late event changed it too."""
    conn.execute(
        """UPDATE egov_load_forecasts f SET actual = n.actual
           FROM unnest(%s::text[], %s::timestamptz[], %s::double precision[])
                AS n (unit, hour, actual)
           WHERE f.unit = n.unit AND f.hour = n.hour AND f.actual IS DISTINCT FROM n.actual""",
        columns(rows, 3),
    )


def overdue_made(conn: Connection, day: date) -> bool:
    """Whether there are forecasts of overdue dossiers that were made on a day."""
    return bool(
        conn.execute(
            "SELECT FROM egov_overdue_forecasts WHERE made_on = %s LIMIT 1", [day]
        ).fetchall()
    )


def put_overdue(conn: Connection, day: date, rows: Sequence[DayAhead], now: datetime) -> None:
    """Writes down how many overdue dossiers are expected."""
    conn.execute(
        """INSERT INTO egov_overdue_forecasts (unit, made_on, ahead, at, made_at, expected, low, high)
           SELECT unit, %s, ahead, at, %s, expected, low, high
           FROM unnest(%s::text[], %s::integer[], %s::timestamptz[], %s::double precision[],
                       %s::double precision[], %s::double precision[])
                AS n (unit, ahead, at, expected, low, high)
           ON CONFLICT (unit, made_on, ahead) DO NOTHING""",
        [day, now, *columns(rows, 6)],
    )


def unsettled(conn: Connection, since: datetime, until: datetime) -> list[datetime]:
    """The moments in [since, until) of which overdue dossiers were forecast."""
    rows = conn.execute(
        "SELECT DISTINCT at FROM egov_overdue_forecasts WHERE at >= %s AND at < %s ORDER BY at",
        [since, until],
    )
    return [at for (at,) in rows if isinstance(at, datetime)]


def overdue_at(conn: Connection, at: datetime) -> list[tuple[str, int]]:
    """How many dossiers of its own each unit had overdue at a moment, where there were any."""
    with conn.cursor(row_factory=args_row(lambda unit, count: (str(unit), int(count)))) as cursor:
        return cursor.execute(
            """SELECT unit, count(*) FROM dossier_clocks
               WHERE accepted_at <= %(at)s AND late_at < %(at)s
                 AND (ended_at IS NULL OR ended_at > %(at)s) GROUP BY unit""",
            {"at": at},
        ).fetchall()


def settle_overdue(conn: Connection, at: datetime, rows: Sequence[tuple[str, float]]) -> None:
    """Writes down how many overdue dossiers there were at a moment; none where none are told of."""
    units, counts = columns(rows, 2)
    conn.execute(
        """UPDATE egov_overdue_forecasts f SET actual = coalesce(
               (SELECT n.actual FROM unnest(%s::text[], %s::double precision[]) AS n (unit, actual)
                WHERE n.unit = f.unit), 0)
           WHERE f.at = %s""",
        [units, counts, at],
    )


def load_page(conn: Connection, unit: str, since: datetime, until: datetime) -> list[LoadForecast]:
    """The forecasts of a unit's hours in [since, until), in order."""
    with conn.cursor(row_factory=class_row(LoadForecast)) as cursor:
        return cursor.execute(
            """SELECT unit, time, made_at, expected, likely, low, high, naive, actual
               FROM egov_load_forecast_list WHERE unit = %s AND time >= %s AND time < %s
               ORDER BY time""",
            [unit, since, until],
        ).fetchall()


def overdue_page(conn: Connection, unit: str, day: date) -> list[OverdueForecast]:
    """The newest forecasts of a unit's overdue dossiers that were made up to a day."""
    with conn.cursor(row_factory=class_row(OverdueForecast)) as cursor:
        return cursor.execute(
            """SELECT unit, made_on, ahead, time, expected, low, high, actual
               FROM egov_overdue_forecast_list
               WHERE unit = %(unit)s AND made_on = (
                   SELECT max(made_on) FROM egov_overdue_forecasts
                   WHERE unit = %(unit)s AND made_on <= %(day)s)
               ORDER BY ahead""",
            {"unit": unit, "day": day},
        ).fetchall()


def quality(conn: Connection, unit: str, since: datetime, until: datetime) -> Quality:
    """How good the forecasts of a unit's hours in [since, until) were."""
    with conn.cursor(row_factory=class_row(Quality)) as cursor:
        found = cursor.execute(
            """SELECT count(*)::integer AS hours, avg(abs(actual - likely)) AS error,
                      avg(abs(actual - naive)) AS naive_error,
                      avg((actual BETWEEN low AND high)::integer)::double precision AS inside,
                      avg((actual BETWEEN low AND high)::integer)
                          FILTER (WHERE expected >= 1)::double precision AS busy
               FROM egov_load_forecasts
               WHERE unit = %s AND hour >= %s AND hour < %s AND actual IS NOT NULL""",
            [unit, since, until],
        ).fetchone()
    return found or Quality(0, None, None, None, None)
