"""The tables of the index of Decision 766: its dated configuration, counts of others, what it was."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import args_row, class_row

from models.egov.index766 import Empty, Grade, Group, Weight
from services.store.dossiers import columns
from services.store.pool import Connection


class DatedGrade(NamedTuple):
    """A grade, from valid_from on, until the day before valid_to."""

    grade: Grade
    valid_from: date | None
    valid_to: date | None


class OwnCount(NamedTuple):
    """What another system counted of a unit's own, summed over days."""

    unit: str
    code: str
    day: date
    numerator: float
    denominator: float


class Point(NamedTuple):
    """A line of the index of a unit and day: a sub-metric, a group, or TOTAL."""

    unit: str
    day: date
    code: str
    numerator: float | None
    denominator: float | None
    score: float | None
    assessed: float
    max: float
    grade: str | None
    grade_en: str | None
    weights_from: date


class Missed(NamedTuple):
    """A dossier that cost points: it ended late in a period, or is overdue."""

    dossier: str
    unit: str
    procedure: str
    title: str | None
    due_at: datetime | None
    ended_at: datetime | None


class ProcedureCount(NamedTuple):
    """How many dossiers of a procedure a unit's own period judged, and how many were in time."""

    unit: str
    procedure: str
    in_time: int
    judged: int


def weights(conn: Connection) -> list[Weight]:
    """All weights there ever were."""
    with conn.cursor(row_factory=args_row(weight_of)) as cursor:
        return cursor.execute(
            """SELECT code, grouped, title, title_en, max, target, slope, empty, resolved,
                      valid_from, valid_to, source
               FROM index_weights ORDER BY grouped, code, valid_from"""
        ).fetchall()


def weight_of(code: str, grouped: str, *rest: object) -> Weight:
    """A row of the query above."""
    title, title_en, most, target, slope, empty, *dated = rest
    return Weight(
        code,
        Group(grouped),
        str(title),
        str(title_en),
        float(str(most)),
        float(str(target)),
        None if slope is None else float(str(slope)),
        Empty(str(empty)),
        *dated,  # type: ignore[arg-type]
    )


def grades(conn: Connection) -> list[DatedGrade]:
    """All grades there ever were."""
    rows = conn.execute("SELECT low, title, title_en, valid_from, valid_to FROM index_grades")
    return [
        DatedGrade(Grade(float(str(low)), str(title), str(title_en)), since, until)  # type: ignore[arg-type]
        for low, title, title_en, since, until in rows
    ]


def counts(conn: Connection, first: date, last: date) -> list[OwnCount]:
    """What other systems counted on the days from first to last, both included."""
    with conn.cursor(row_factory=args_row(OwnCount)) as cursor:
        return cursor.execute(
            """SELECT unit, code, day, numerator, denominator FROM index_counts
               WHERE day >= %s AND day <= %s""",
            [first, last],
        ).fetchall()


def put(conn: Connection, days: Sequence[date], points: Sequence[Point], now: datetime) -> None:
    """Writes the index of days, over what it was."""
    conn.execute("DELETE FROM egov_index WHERE day = ANY(%s)", [list(days)])
    conn.execute(
        """INSERT INTO egov_index
           SELECT n.*, %s FROM unnest(%s::text[], %s::date[], %s::text[], %s::double precision[],
               %s::double precision[], %s::double precision[], %s::double precision[],
               %s::double precision[], %s::text[], %s::text[], %s::date[]) AS n""",
        [now, *columns(points, 11)],
    )


def last_day(conn: Connection) -> date | None:
    """The newest day that was reckoned."""
    row = conn.execute("SELECT max(day) FROM egov_day_totals").fetchone()
    return row[0] if row and isinstance(row[0], date) else None


def of_day(conn: Connection, unit: str, day: date) -> list[Point]:
    """The index of a unit on a day as it was reckoned; nothing where it was not."""
    with conn.cursor(row_factory=args_row(Point)) as cursor:
        return cursor.execute(
            """SELECT unit, day, code, numerator, denominator, score, assessed, max, grade,
                      grade_en, weights_from
               FROM egov_index WHERE unit = %s AND day = %s ORDER BY code""",
            [unit, day],
        ).fetchall()


def missed(
    conn: Connection, units: Sequence[str], since: date, day: date, limit: int
) -> list[Missed]:
    """Dossiers of these units' own that cost points from a day to another, both included."""
    with conn.cursor(row_factory=class_row(Missed)) as cursor:
        return cursor.execute(
            """WITH span AS (
                   SELECT %(since)s::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS since,
                          (%(day)s::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS until)
               SELECT c.code AS dossier, c.unit, c.procedure, p.title, c.due_at, c.ended_at
               FROM span CROSS JOIN dossier_clocks c LEFT JOIN LATERAL (
                   SELECT title FROM procedures WHERE code = c.procedure
                   ORDER BY valid_from DESC LIMIT 1) p ON true
               WHERE c.unit = ANY(%(units)s)
                 AND ((c.ended_at >= span.since AND c.ended_at < span.until AND NOT c.in_time)
                      OR ((c.ended_at IS NULL OR c.ended_at >= span.until)
                          AND c.missed_at < span.until))
               ORDER BY least(coalesce(c.ended_at, span.until), span.until) - c.due_at DESC, c.code
               LIMIT %(limit)s""",
            {"units": list(units), "since": since, "day": day, "limit": limit},
        ).fetchall()


def by_procedure(
    conn: Connection, units: Sequence[str], since: date, day: date
) -> list[ProcedureCount]:
    """How each procedure of these units' own did from a day to another, as the index judges."""
    with conn.cursor(row_factory=class_row(ProcedureCount)) as cursor:
        return cursor.execute(
            """WITH span AS (
                   SELECT %(since)s::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS since,
                          (%(day)s::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS until),
               judged AS (
                   SELECT c.unit, c.procedure,
                          CASE WHEN c.ended_at < span.until THEN c.in_time
                               ELSE c.missed_at IS NULL OR c.missed_at >= span.until END AS in_time
                   FROM span CROSS JOIN dossier_clocks c
                   WHERE c.unit = ANY(%(units)s) AND c.due_at IS NOT NULL
                     AND c.accepted_at < span.until
                     AND (c.ended_at IS NULL OR c.ended_at >= span.since))
               SELECT unit, procedure, (count(*) FILTER (WHERE in_time))::integer AS in_time,
                      count(*)::integer AS judged
               FROM judged GROUP BY unit, procedure""",
            {"units": list(units), "since": since, "day": day},
        ).fetchall()
