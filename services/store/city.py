"""The dated tables of the city: limits, flood stations, noise limits, rule parameters, facts."""

from collections.abc import Sequence

from psycopg.rows import args_row

from models.city.book import Book, NamedStation, Parameter
from models.city.derivation import Place
from models.city.flood import Station
from models.city.limits import Limit
from models.city.noise import Area, NoiseLimit, Period
from services.store import procedures
from services.store.pool import Connection


def book(conn: Connection) -> Book:
    """All that is or was in force."""
    calendar = procedures.calendar(conn)
    return Book(limits(conn), stations(conn), noise_limits(conn), parameters(conn), calendar)


def limits(conn: Connection) -> list[Limit]:
    """Limits of concentrations."""
    with conn.cursor(row_factory=args_row(Limit)) as cursor:
        return cursor.execute(
            "SELECT metric, averaging, value, unit, valid_from, valid_to, source FROM limits"
        ).fetchall()


def stations(conn: Connection) -> list[NamedStation]:
    """Flood stations by their assets."""
    rows = conn.execute("SELECT asset FROM flood_stations ORDER BY asset, valid_from").fetchall()
    with conn.cursor(row_factory=args_row(Station)) as cursor:
        found = cursor.execute(
            """SELECT title, river, first_m, second_m, third_m, record_m, valid_from, valid_to,
                      source
               FROM flood_stations ORDER BY asset, valid_from"""
        ).fetchall()
    return [NamedStation(str(asset), its) for (asset,), its in zip(rows, found, strict=True)]


def noise_limits(conn: Connection) -> list[NoiseLimit]:
    """Noise limits of the classes of areas that the rule knows."""
    with conn.cursor(row_factory=args_row(NoiseLimit)) as cursor:
        found = cursor.execute(
            """SELECT area_class, period, value, valid_from, valid_to, source FROM noise_limits
               WHERE area_class = ANY(%s)""",
            [list(Area)],
        ).fetchall()
    return [row._replace(area=Area(row.area), period=Period(row.period)) for row in found]


def parameters(conn: Connection) -> list[Parameter]:
    """What rules are told."""
    with conn.cursor(row_factory=args_row(Parameter)) as cursor:
        return cursor.execute(
            "SELECT rule, name, value, valid_from, valid_to FROM rule_parameters"
        ).fetchall()


def places(conn: Connection, asset_ids: Sequence[int]) -> dict[int, Place]:
    """These assets with what is known of them; one without a place stands where its area does."""
    with conn.cursor(row_factory=args_row(Place)) as cursor:
        found = cursor.execute(
            """SELECT a.id, a.name, coalesce(a.latitude, p.latitude),
                      coalesce(a.longitude, p.longitude),
                      (SELECT coalesce(jsonb_object_agg(f.name, f.value), '{}') FROM asset_facts f
                       WHERE f.asset_id = a.id)
               FROM assets a LEFT JOIN areas p ON p.code = a.area_code
               WHERE a.id = ANY(%s)""",
            [list(asset_ids)],
        ).fetchall()
    return {place.asset_id: place for place in found}


def parents(conn: Connection, asset_ids: Sequence[int]) -> dict[int, int]:
    """The parent of each of these assets that has one."""
    rows = conn.execute(
        "SELECT id, parent_id FROM assets WHERE id = ANY(%s) AND parent_id IS NOT NULL",
        [list(asset_ids)],
    )
    return {int(str(asset_id)): int(str(parent)) for asset_id, parent in rows}


def reporting(conn: Connection, metrics: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """The assets that have one of these metrics and are of these kinds; of any, without kinds."""
    rows = conn.execute(
        """SELECT DISTINCT CASE WHEN %(kinds)s::text[] = '{}' THEN a.parent_id ELSE a.id END
           FROM assets a JOIN streams s ON s.asset_id = a.id
           WHERE s.metric = ANY(%(metrics)s)
             AND (a.kind = ANY(%(kinds)s) OR %(kinds)s::text[] = '{}' AND a.parent_id IS NOT NULL)
           ORDER BY 1""",
        {"metrics": list(metrics), "kinds": list(kinds)},
    )
    return [int(str(asset_id)) for (asset_id,) in rows]
