"""What the reckoning of e-government is told, row by row: written over, ended, listed, checked."""

from collections.abc import Callable
from datetime import date, datetime

from models.egov.daybook import day_of
from models.egov.index766 import checked as index_checked
from models.egov.readiness import checked as readiness_checked
from services.store import index_tables, org_rows, readiness_tables, unit_days
from services.store.city_rows import Tables
from services.store.city_sheets import Found, Row
from services.store.pool import Connection

PUT = {
    "index_weights": """
        INSERT INTO index_weights AS w (code, grouped, title, title_en, max, target, slope, empty,
                                        resolved, valid_from, valid_to, source, mark)
        VALUES (%(code)s, %(grouped)s, %(title)s, %(title_en)s, %(max)s, %(target)s, %(slope)s,
                %(empty)s, %(resolved)s::boolean, %(valid_from)s, %(valid_to)s, %(source)s,
                %(mark)s)
        ON CONFLICT (code, valid_from) DO UPDATE SET grouped = excluded.grouped,
            title = excluded.title, title_en = excluded.title_en, max = excluded.max,
            target = excluded.target, slope = excluded.slope, empty = excluded.empty,
            resolved = excluded.resolved, source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, w.valid_to)
        WHERE (w.grouped, w.title, w.title_en, w.max, w.target, w.slope, w.empty, w.resolved,
               w.source, w.mark, w.valid_to)
            IS DISTINCT FROM (excluded.grouped, excluded.title, excluded.title_en, excluded.max,
                              excluded.target, excluded.slope, excluded.empty, excluded.resolved,
                              excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, w.valid_to))""",
    "index_grades": """
        INSERT INTO index_grades AS g (low, title, title_en, valid_from, valid_to, source, mark)
        VALUES (%(low)s, %(title)s, %(title_en)s, %(valid_from)s, %(valid_to)s, %(source)s,
                %(mark)s)
        ON CONFLICT (low, valid_from) DO UPDATE SET title = excluded.title,
            title_en = excluded.title_en, source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, g.valid_to)
        WHERE (g.title, g.title_en, g.source, g.mark, g.valid_to)
            IS DISTINCT FROM (excluded.title, excluded.title_en, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, g.valid_to))""",
    "index_counts": """
        INSERT INTO index_counts AS c (unit, code, day, numerator, denominator, source, mark)
        VALUES (%(unit)s, %(code)s, %(day)s, %(numerator)s, %(denominator)s, %(source)s, %(mark)s)
        ON CONFLICT (unit, code, day) DO UPDATE SET numerator = excluded.numerator,
            denominator = excluded.denominator, source = excluded.source, mark = excluded.mark
        WHERE (c.numerator, c.denominator, c.source, c.mark)
            IS DISTINCT FROM (excluded.numerator, excluded.denominator, excluded.source,
                              excluded.mark)""",
    "readiness_weights": """
        INSERT INTO readiness_weights AS w (code, title, title_en, weight, valid_from, valid_to,
                                            source, mark)
        VALUES (%(code)s, %(title)s, %(title_en)s, %(weight)s, %(valid_from)s, %(valid_to)s,
                %(source)s, %(mark)s)
        ON CONFLICT (code, valid_from) DO UPDATE SET title = excluded.title,
            title_en = excluded.title_en, weight = excluded.weight, source = excluded.source,
            mark = excluded.mark, valid_to = coalesce(excluded.valid_to, w.valid_to)
        WHERE (w.title, w.title_en, w.weight, w.source, w.mark, w.valid_to)
            IS DISTINCT FROM (excluded.title, excluded.title_en, excluded.weight, excluded.source,
                              excluded.mark, coalesce(excluded.valid_to, w.valid_to))""",
    "unit_facts": """
        INSERT INTO unit_facts AS f (unit, name, value, valid_from, valid_to, source, mark)
        VALUES (%(unit)s, %(name)s, %(value)s, %(valid_from)s, %(valid_to)s, %(source)s, %(mark)s)
        ON CONFLICT (unit, name, valid_from) DO UPDATE SET value = excluded.value,
            source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, f.valid_to)
        WHERE (f.value, f.source, f.mark, f.valid_to)
            IS DISTINCT FROM (excluded.value, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, f.valid_to))""",
    "egov_systems": """
        INSERT INTO egov_systems AS s (asset, system, unit, source, mark)
        VALUES (%(asset)s, %(system)s, %(unit)s, %(source)s, %(mark)s)
        ON CONFLICT (asset) DO UPDATE SET system = excluded.system, unit = excluded.unit,
            source = excluded.source, mark = excluded.mark
        WHERE (s.system, s.unit, s.source, s.mark)
            IS DISTINCT FROM (excluded.system, excluded.unit, excluded.source, excluded.mark)""",
    "lunar_new_years": """
        INSERT INTO lunar_new_years AS l (day, source, mark)
        VALUES (%(day)s, %(source)s, %(mark)s)
        ON CONFLICT (day) DO UPDATE SET source = excluded.source, mark = excluded.mark
        WHERE (l.source, l.mark) IS DISTINCT FROM (excluded.source, excluded.mark)""",
}

END = {
    "index_weights": """
        UPDATE index_weights w SET valid_to = n.next FROM (
            SELECT code, valid_from, lead(valid_from)
                OVER (PARTITION BY code ORDER BY valid_from) AS next FROM index_weights) n
        WHERE (w.code, w.valid_from) = (n.code, n.valid_from)
          AND (w.valid_to IS NULL OR w.valid_to > n.next)""",
    "index_grades": """
        UPDATE index_grades g SET valid_to = n.next FROM (
            SELECT low, valid_from, lead(valid_from)
                OVER (PARTITION BY low ORDER BY valid_from) AS next FROM index_grades) n
        WHERE (g.low, g.valid_from) = (n.low, n.valid_from)
          AND (g.valid_to IS NULL OR g.valid_to > n.next)""",
    "index_counts": "SELECT",
    "readiness_weights": """
        UPDATE readiness_weights w SET valid_to = n.next FROM (
            SELECT code, valid_from, lead(valid_from)
                OVER (PARTITION BY code ORDER BY valid_from) AS next FROM readiness_weights) n
        WHERE (w.code, w.valid_from) = (n.code, n.valid_from)
          AND (w.valid_to IS NULL OR w.valid_to > n.next)""",
    "unit_facts": """
        UPDATE unit_facts f SET valid_to = n.next FROM (
            SELECT unit, name, valid_from, lead(valid_from)
                OVER (PARTITION BY unit, name ORDER BY valid_from) AS next FROM unit_facts) n
        WHERE (f.unit, f.name, f.valid_from) = (n.unit, n.name, n.valid_from)
          AND (f.valid_to IS NULL OR f.valid_to > n.next)""",
    "egov_systems": "SELECT",
    "lunar_new_years": "SELECT",
}

LIST = {
    "index_weights": """
        SELECT code, grouped, title, title_en, max, target, slope, empty,
               CASE WHEN resolved THEN 'yes' ELSE 'no' END AS resolved, valid_from, valid_to,
               source, mark
        FROM index_weights ORDER BY valid_from, grouped, code""",
    "index_grades": """
        SELECT low, title, title_en, valid_from, valid_to, source, mark FROM index_grades
        ORDER BY valid_from, low DESC""",
    "index_counts": """
        SELECT unit, code, day, numerator, denominator, source, mark FROM index_counts
        ORDER BY day, unit, code""",
    "readiness_weights": """
        SELECT code, title, title_en, weight, valid_from, valid_to, source, mark
        FROM readiness_weights ORDER BY valid_from, code""",
    "unit_facts": """
        SELECT unit, name, value, valid_from, valid_to, source, mark FROM unit_facts
        ORDER BY unit, name, valid_from""",
    "egov_systems": "SELECT asset, system, unit, source, mark FROM egov_systems ORDER BY asset",
    "lunar_new_years": "SELECT day, source, mark FROM lunar_new_years ORDER BY day",
}


def counts_for_something(conn: Connection, row: Row) -> str | None:
    """Why a count is of nothing, or None."""
    if why := org_rows.unit_is_known(conn, row):
        return why
    there = conn.execute("SELECT FROM index_weights WHERE code = %s", [row["code"]]).fetchall()
    return None if there else f"there is no sub-metric {row['code']}"


TABLES = Tables(
    PUT,
    END,
    LIST,
    {
        "index_counts": counts_for_something,
        "unit_facts": org_rows.unit_is_known,
        "egov_systems": org_rows.unit_is_known,
    },
)


def check_written(conn: Connection, found: Found) -> None:
    """Raises BadSheet with the lines that together make no sense, as weights that give no 100."""
    if found.sheet.name == "index_weights":
        weights = index_tables.weights(conn)
        blame(found, lambda day: index_checked(weights, day))
    if found.sheet.name == "readiness_weights":
        blame(found, lambda _: readiness_checked(readiness_tables.weights(conn)))
    found.check()


def blame(found: Found, check: Callable[[date], object]) -> None:
    """Says of the lines of each day what is wrong with all that is in force then."""
    for line, row in found.rows.items():
        day = row["valid_from"]
        try:
            check(day if isinstance(day, date) else date.min)
        except ValueError as why:
            found.flaws[line] = str(why)


def reckon_again(conn: Connection, found: Found, now: datetime) -> None:
    """Has the days reckoned again that a change of the index's tables reaches."""
    first = unit_days.first_day(conn)
    days = [
        day
        for row in found.rows.values()
        if isinstance(day := row.get("valid_from", row.get("day")), date)
    ]
    if first is not None and days and found.sheet.name.startswith("index_"):
        since = max(min(days), first)
        if since <= day_of(now):
            unit_days.mark(conn, since, day_of(now), now)
