"""The dated tables of the city, row by row: written over, ended by what comes after, listed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from psycopg.rows import dict_row

from services.store import audit
from services.store.city_sheets import Found, Row, Value
from services.store.pool import Connection


class Tables(NamedTuple):
    """The statements of a family of dated tables, by table.

    put writes a row over, end lets what comes into force end what was before it, listing gives
    all rows; needs says why a row cannot be, where only the store can know.
    """

    put: Mapping[str, str]
    end: Mapping[str, str]
    listing: Mapping[str, str]
    needs: Mapping[str, Callable[[Connection, Row], str | None]]


# One statement a table; each changes nothing where everything is as it is said.
PUT = {
    "limits": """
        INSERT INTO limits (metric, averaging, value, unit, valid_from, valid_to, source, mark)
        VALUES (%(metric)s, %(averaging)s, %(value)s, %(unit)s, %(valid_from)s, %(valid_to)s,
                %(source)s, %(mark)s)
        ON CONFLICT (metric, averaging, valid_from) DO UPDATE SET value = excluded.value,
            unit = excluded.unit, source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, limits.valid_to)
        WHERE (limits.value, limits.unit, limits.source, limits.mark, limits.valid_to)
            IS DISTINCT FROM (excluded.value, excluded.unit, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, limits.valid_to))""",
    "flood_stations": """
        INSERT INTO flood_stations (asset, title, river, first_m, second_m, third_m, record_m,
                                    record_at, valid_from, valid_to, source, mark)
        VALUES (%(asset)s, %(title)s, %(river)s, %(first_m)s, %(second_m)s, %(third_m)s,
                %(record_m)s, %(record_at)s, %(valid_from)s, %(valid_to)s, %(source)s, %(mark)s)
        ON CONFLICT (asset, valid_from) DO UPDATE SET title = excluded.title,
            river = excluded.river, first_m = excluded.first_m, second_m = excluded.second_m,
            third_m = excluded.third_m, record_m = excluded.record_m,
            record_at = excluded.record_at, source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, flood_stations.valid_to)
        WHERE (flood_stations.title, flood_stations.river, flood_stations.first_m,
               flood_stations.second_m, flood_stations.third_m, flood_stations.record_m,
               flood_stations.record_at, flood_stations.source, flood_stations.mark,
               flood_stations.valid_to)
            IS DISTINCT FROM (excluded.title, excluded.river, excluded.first_m,
                              excluded.second_m, excluded.third_m, excluded.record_m,
                              excluded.record_at, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, flood_stations.valid_to))""",
    "noise_limits": """
        INSERT INTO noise_limits (area_class, period, value, valid_from, valid_to, source, mark)
        VALUES (%(area_class)s, %(period)s, %(value)s, %(valid_from)s, %(valid_to)s, %(source)s,
                %(mark)s)
        ON CONFLICT (area_class, period, valid_from) DO UPDATE SET value = excluded.value,
            source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, noise_limits.valid_to)
        WHERE (noise_limits.value, noise_limits.source, noise_limits.mark, noise_limits.valid_to)
            IS DISTINCT FROM (excluded.value, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, noise_limits.valid_to))""",
    "rule_parameters": """
        INSERT INTO rule_parameters (rule, name, value, unit, valid_from, valid_to, source, mark)
        VALUES (%(rule)s, %(name)s, %(value)s, %(unit)s, %(valid_from)s, %(valid_to)s,
                %(source)s, %(mark)s)
        ON CONFLICT (rule, name, valid_from) DO UPDATE SET value = excluded.value,
            unit = excluded.unit, source = excluded.source, mark = excluded.mark,
            valid_to = coalesce(excluded.valid_to, rule_parameters.valid_to)
        WHERE (rule_parameters.value, rule_parameters.unit, rule_parameters.source,
               rule_parameters.mark, rule_parameters.valid_to)
            IS DISTINCT FROM (excluded.value, excluded.unit, excluded.source, excluded.mark,
                              coalesce(excluded.valid_to, rule_parameters.valid_to))""",
    "asset_facts": """
        INSERT INTO asset_facts (asset_id, name, value)
        SELECT id, %(name)s, %(value)s FROM assets WHERE assets.name = %(asset)s
        ON CONFLICT (asset_id, name) DO UPDATE SET value = excluded.value,
            changed_at = clock_timestamp()
        WHERE asset_facts.value <> excluded.value""",
}

# What comes into force ends what was in force before it.
END = {
    "limits": """
        UPDATE limits l SET valid_to = n.next FROM (
            SELECT metric, averaging, valid_from, lead(valid_from)
                OVER (PARTITION BY metric, averaging ORDER BY valid_from) AS next FROM limits) n
        WHERE (l.metric, l.averaging, l.valid_from) = (n.metric, n.averaging, n.valid_from)
          AND (l.valid_to IS NULL OR l.valid_to > n.next)""",
    "flood_stations": """
        UPDATE flood_stations f SET valid_to = n.next FROM (
            SELECT asset, valid_from, lead(valid_from)
                OVER (PARTITION BY asset ORDER BY valid_from) AS next FROM flood_stations) n
        WHERE (f.asset, f.valid_from) = (n.asset, n.valid_from)
          AND (f.valid_to IS NULL OR f.valid_to > n.next)""",
    "noise_limits": """
        UPDATE noise_limits l SET valid_to = n.next FROM (
            SELECT area_class, period, valid_from, lead(valid_from)
                OVER (PARTITION BY area_class, period ORDER BY valid_from) AS next
            FROM noise_limits) n
        WHERE (l.area_class, l.period, l.valid_from) = (n.area_class, n.period, n.valid_from)
          AND (l.valid_to IS NULL OR l.valid_to > n.next)""",
    "rule_parameters": """
        UPDATE rule_parameters p SET valid_to = n.next FROM (
            SELECT rule, name, valid_from, lead(valid_from)
                OVER (PARTITION BY rule, name ORDER BY valid_from) AS next
            FROM rule_parameters) n
        WHERE (p.rule, p.name, p.valid_from) = (n.rule, n.name, n.valid_from)
          AND (p.valid_to IS NULL OR p.valid_to > n.next)""",
    "asset_facts": "SELECT",
}

LIST = {
    "limits": """
        SELECT metric, averaging, value, unit, valid_from, valid_to, source, mark FROM limits
        ORDER BY metric, averaging, valid_from""",
    "flood_stations": """
        SELECT asset, title, river, first_m, second_m, third_m, record_m, record_at, valid_from,
               valid_to, source, mark
        FROM flood_stations ORDER BY asset, valid_from""",
    "noise_limits": """
        SELECT area_class, period, value, valid_from, valid_to, source, mark FROM noise_limits
        ORDER BY area_class, period DESC, valid_from""",
    "rule_parameters": """
        SELECT rule, name, value, unit, valid_from, valid_to, source, mark FROM rule_parameters
        ORDER BY rule, name, valid_from""",
    "asset_facts": """
        SELECT a.name AS asset, f.name, f.value FROM asset_facts f JOIN assets a ON a.id = f.asset_id
        ORDER BY 1, 2""",
}


def limit_in_its_unit(conn: Connection, row: Row) -> str | None:
    """Why a limit compares with nothing, or None."""
    unit = conn.execute("SELECT unit FROM metrics WHERE name = %s", [row["metric"]]).fetchone()
    if unit is None:
        return f"the catalogue has no metric {row['metric']}"
    return None if unit[0] == row["unit"] else f"{row['metric']} is in {unit[0]}"


def asset_is_there(conn: Connection, row: Row) -> str | None:
    """Why a fact is of nothing, or None."""
    known = conn.execute("SELECT FROM assets WHERE name = %s", [row["asset"]]).fetchall()
    return None if known else f"there is no asset {row['asset']}"


NEEDS: Mapping[str, Callable[[Connection, Row], str | None]] = {
    "limits": limit_in_its_unit,
    "asset_facts": asset_is_there,
}
CITY = Tables(PUT, END, LIST, NEEDS)


def check(conn: Connection, found: Found, tables: Tables = CITY) -> None:
    """Raises BadSheet with every flaw of the file, those that only the store can know too."""
    wanted = tables.needs.get(found.sheet.name)
    if wanted is not None:
        for line, row in found.rows.items():
            if why := wanted(conn, row):
                found.flaws.setdefault(line, why)
    found.check()


def write(conn: Connection, found: Found, actor: str, tables: Tables = CITY) -> int:
    """Writes all rows, in the caller's transaction, each change kept in the audit; how many."""
    name, changed = found.sheet.name, 0
    for row in found.rows.values():
        if conn.execute(tables.put[name].encode(), row).rowcount:
            changed += 1
            target = " ".join(str(row[column]) for column in found.sheet.key)
            said = {column: told(value) for column, value in row.items() if value is not None}
            audit.append(conn, actor, f"import {name}", target, said)
    conn.execute(tables.end[name].encode())
    return changed


def told(value: Value) -> Value:
    """A value as JSON and CSV tell it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def rows(conn: Connection, name: str, tables: Tables = CITY) -> Iterator[dict[str, Value]]:
    """All rows of a table, as import takes them."""
    with conn.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(tables.listing[name].encode()):
            yield {column: told(value) for column, value in row.items()}
