"""The organisation, procedures and the calendar, row by row: written over, ended, listed."""

from datetime import date

from services.store import dossier_clocks
from services.store.city_rows import Tables
from services.store.city_sheets import Found, Row
from services.store.pool import Connection

PUT = {
    "org_units": """
        INSERT INTO org_units (code, name, kind, valid_from, valid_to, source, mark)
        VALUES (%(code)s, %(name)s, %(kind)s, %(valid_from)s, %(valid_to)s, %(source)s, %(mark)s)
        ON CONFLICT (code, valid_from) DO UPDATE SET name = excluded.name, kind = excluded.kind,
            source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, org_units.valid_to)
        WHERE (org_units.name, org_units.kind, org_units.source, org_units.mark,
               org_units.valid_to)
            IS DISTINCT FROM (excluded.name, excluded.kind, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, org_units.valid_to))""",
    "org_edges": """
        INSERT INTO org_edges (parent, child, valid_from, valid_to, source, mark)
        VALUES (%(parent)s, %(child)s, %(valid_from)s, %(valid_to)s, %(source)s, %(mark)s)
        ON CONFLICT (child, valid_from) DO UPDATE SET parent = excluded.parent,
            source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, org_edges.valid_to)
        WHERE (org_edges.parent, org_edges.source, org_edges.mark, org_edges.valid_to)
            IS DISTINCT FROM (excluded.parent, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, org_edges.valid_to))""",
    "org_successions": """
        INSERT INTO org_successions (old, new, share, date, source, mark)
        VALUES (%(old)s, %(new)s, %(share)s, %(date)s, %(source)s, %(mark)s)
        ON CONFLICT (old, new, date) DO UPDATE SET share = excluded.share,
            source = excluded.source, mark = excluded.mark
        WHERE (org_successions.share, org_successions.source, org_successions.mark)
            IS DISTINCT FROM (excluded.share, excluded.source, excluded.mark)""",
    "org_aliases": """
        INSERT INTO org_aliases (alias, unit) VALUES (%(alias)s, %(unit)s)
        ON CONFLICT (alias) DO UPDATE SET unit = excluded.unit
        WHERE org_aliases.unit <> excluded.unit""",
    "procedures": """
        INSERT INTO procedures (code, title, field, amount, span, valid_from, valid_to, source,
                                mark)
        VALUES (%(code)s, %(title)s, %(field)s, %(amount)s, %(span)s, %(valid_from)s,
                %(valid_to)s, %(source)s, %(mark)s)
        ON CONFLICT (code, valid_from) DO UPDATE SET title = excluded.title,
            field = excluded.field, amount = excluded.amount, span = excluded.span,
            source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, procedures.valid_to)
        WHERE (procedures.title, procedures.field, procedures.amount, procedures.span,
               procedures.source, procedures.mark, procedures.valid_to)
            IS DISTINCT FROM (excluded.title, excluded.field, excluded.amount, excluded.span,
                              excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, procedures.valid_to))""",
    "calendar_days": """
        INSERT INTO calendar_days (day, works, note, source, mark)
        VALUES (%(day)s, %(works)s::boolean, %(note)s, %(source)s, %(mark)s)
        ON CONFLICT (day) DO UPDATE SET works = excluded.works, note = excluded.note,
            source = excluded.source, mark = excluded.mark
        WHERE (calendar_days.works, calendar_days.note, calendar_days.source, calendar_days.mark)
            IS DISTINCT FROM (excluded.works, excluded.note, excluded.source, excluded.mark)""",
    "office_hours": """
        INSERT INTO office_hours (weekday, opens, closes, valid_from, valid_to, source, mark)
        VALUES (%(weekday)s::smallint, %(opens)s::time, %(closes)s::time, %(valid_from)s,
                %(valid_to)s, %(source)s, %(mark)s)
        ON CONFLICT (weekday, opens, valid_from) DO UPDATE SET closes = excluded.closes,
            source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, office_hours.valid_to)
        WHERE (office_hours.closes, office_hours.source, office_hours.mark,
               office_hours.valid_to)
            IS DISTINCT FROM (excluded.closes, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, office_hours.valid_to))""",
}

END = {
    "org_units": """
        UPDATE org_units u SET valid_to = n.next FROM (
            SELECT code, valid_from, lead(valid_from)
                OVER (PARTITION BY code ORDER BY valid_from) AS next FROM org_units) n
        WHERE (u.code, u.valid_from) = (n.code, n.valid_from)
          AND (u.valid_to IS NULL OR u.valid_to > n.next)""",
    "org_edges": """
        UPDATE org_edges e SET valid_to = n.next FROM (
            SELECT child, valid_from, lead(valid_from)
                OVER (PARTITION BY child ORDER BY valid_from) AS next FROM org_edges) n
        WHERE (e.child, e.valid_from) = (n.child, n.valid_from)
          AND (e.valid_to IS NULL OR e.valid_to > n.next)""",
    "org_successions": "SELECT",
    "org_aliases": "SELECT",
    "procedures": """
        UPDATE procedures p SET valid_to = n.next FROM (
            SELECT code, valid_from, lead(valid_from)
                OVER (PARTITION BY code ORDER BY valid_from) AS next FROM procedures) n
        WHERE (p.code, p.valid_from) = (n.code, n.valid_from)
          AND (p.valid_to IS NULL OR p.valid_to > n.next)""",
    "calendar_days": "SELECT",
    "office_hours": """
        UPDATE office_hours o SET valid_to = n.next FROM (
            SELECT weekday, valid_from, lead(valid_from)
                OVER (PARTITION BY weekday ORDER BY valid_from) AS next
            FROM (SELECT DISTINCT weekday, valid_from FROM office_hours) days) n
        WHERE (o.weekday, o.valid_from) = (n.weekday, n.valid_from)
          AND (o.valid_to IS NULL OR o.valid_to > n.next)""",
}

LIST = {
    "org_units": """
        SELECT code, name, kind, valid_from, valid_to, source, mark FROM org_units
        ORDER BY code, valid_from""",
    "org_edges": """
        SELECT parent, child, valid_from, valid_to, source, mark FROM org_edges
        ORDER BY child, valid_from""",
    "org_successions": """
        SELECT old, new, share, date, source, mark FROM org_successions ORDER BY date, old, new""",
    "org_aliases": "SELECT alias, unit FROM org_aliases ORDER BY alias",
    "procedures": """
        SELECT code, title, field, amount, span, valid_from, valid_to, source, mark
        FROM procedures ORDER BY code, valid_from""",
    "calendar_days": """
        SELECT day, CASE WHEN works THEN 'yes' ELSE 'no' END AS works, note, source, mark
        FROM calendar_days ORDER BY day""",
    "office_hours": """
        SELECT weekday, to_char(opens, 'HH24:MI') AS opens, to_char(closes, 'HH24:MI') AS closes,
               valid_from, valid_to, source, mark
        FROM office_hours ORDER BY valid_from, weekday, opens""",
}


def known(conn: Connection, code: object) -> bool:
    """Whether there is or was a unit of this code."""
    return bool(conn.execute("SELECT FROM org_units WHERE code = %s", [code]).fetchall())


def both_are_there(conn: Connection, row: Row) -> str | None:
    """Why an edge holds nothing, or None: on its first day both ends are units."""
    for code in (row["parent"], row["child"]):
        there = conn.execute(
            """SELECT FROM org_units WHERE code = %(code)s AND valid_from <= %(day)s
               AND (valid_to IS NULL OR valid_to > %(day)s)""",
            {"code": code, "day": row["valid_from"]},
        ).fetchall()
        if not there:
            return f"on {row['valid_from']} there is no unit {code}"
    return None


def both_are_known(conn: Connection, row: Row) -> str | None:
    """Why a succession is of nothing, or None."""
    strangers = [str(row[end]) for end in ("old", "new") if not known(conn, row[end])]
    return f"there is no unit {strangers[0]}" if strangers else None


def unit_is_known(conn: Connection, row: Row) -> str | None:
    """Why an alias is of nothing, or None."""
    return None if known(conn, row["unit"]) else f"there is no unit {row['unit']}"


ORGANISATION = Tables(
    PUT,
    END,
    LIST,
    {
        "org_edges": both_are_there,
        "org_successions": both_are_known,
        "org_aliases": unit_is_known,
    },
)


def check_written(conn: Connection, found: Found) -> None:
    """Raises BadSheet with the lines that together make no tree, or give away more than there is."""
    if found.sheet.name == "org_edges":
        for line, row in found.rows.items():
            if in_a_circle(conn, row):
                found.flaws[line] = f"{row['child']} would stand below itself"
    if found.sheet.name == "org_successions":
        for line, row in found.rows.items():
            if given_away(conn, row) > 1 + 1e-9:
                found.flaws[line] = f"more than the whole of {row['old']} would be given away"
    found.check()


def count_again(conn: Connection, found: Found) -> None:
    """Has the dossiers counted anew on which a change of holidays or office hours bears."""
    if found.sheet.name not in ("calendar_days", "office_hours"):
        return
    said = (row.get("day", row.get("valid_from")) for row in found.rows.values())
    days = [day for day in said if isinstance(day, date)]
    if days:
        dossier_clocks.mark_since(conn, min(days))


def in_a_circle(conn: Connection, row: Row) -> bool:
    """Whether a unit stands below itself on the first day of an edge."""
    rows = conn.execute(
        """WITH RECURSIVE above AS (
               SELECT %(parent)s::text AS code
               UNION SELECT e.parent FROM org_edges e JOIN above a ON e.child = a.code
               WHERE e.valid_from <= %(valid_from)s
                 AND (e.valid_to IS NULL OR e.valid_to > %(valid_from)s))
           SELECT FROM above WHERE code = %(child)s""",
        row,
    )
    return bool(rows.fetchall())


def given_away(conn: Connection, row: Row) -> float:
    """What of a unit others take over on the day of a succession."""
    found = conn.execute(
        "SELECT sum(share) FROM org_successions WHERE old = %(old)s AND date = %(date)s", row
    ).fetchone()
    return float(str(found[0])) if found else 0.0
