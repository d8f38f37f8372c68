"""The table `metrics`: what can be measured, in which unit and range, whoever measures it."""

from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Metric(NamedTuple):
    """One metric. unit is UCUM; a reading beyond low or high cannot be, max_rate is per second.

    title is Vietnamese, title_en English; fiware_model and fiware_attribute say what it is called
    among FIWARE's Smart Data Models.
    """

    name: str
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    max_rate: float | None = None
    title: str | None = None
    title_en: str | None = None
    fiware_model: str | None = None
    fiware_attribute: str | None = None


class AssetKind(NamedTuple):
    """One kind of asset."""

    name: str
    title: str
    title_en: str
    fiware_model: str | None


def kinds(conn: Connection, *, after: str, limit: int) -> list[AssetKind]:
    """The kinds whose names come after this one, in order of name."""
    with conn.cursor(row_factory=class_row(AssetKind)) as cursor:
        return cursor.execute(
            """SELECT name, title, title_en, fiware_model FROM kinds
               WHERE name COLLATE "C" > %s ORDER BY name COLLATE "C" LIMIT %s""",
            [after, limit],
        ).fetchall()


def catalogue(conn: Connection, *, after: str = "", limit: int | None = None) -> list[Metric]:
    """The metrics whose names come after this one, in order of name."""
    with conn.cursor(row_factory=class_row(Metric)) as cursor:
        return cursor.execute(
            """SELECT name, unit, low, high, max_rate, title, title_en, fiware_model,
                      fiware_attribute
               FROM metrics
               WHERE name COLLATE "C" > %s ORDER BY name COLLATE "C" LIMIT %s""",
            [after, limit],
        ).fetchall()


def find(conn: Connection, name: str) -> Metric | None:
    """One metric by name."""
    with conn.cursor(row_factory=class_row(Metric)) as cursor:
        return cursor.execute(
            """SELECT name, unit, low, high, max_rate, title, title_en, fiware_model,
                      fiware_attribute
               FROM metrics
               WHERE name = %s""",
            [name],
        ).fetchone()


def put(conn: Connection, metric: Metric) -> bool:
    """Says all of a metric; returns whether it is new.

    Streams that are there keep the unit they had from the catalogue: their readings are in it.
    Raises RangeUpsideDown and NoSuchRate.
    """
    before = conn.execute(
        "SELECT unit FROM metrics WHERE name = %s FOR UPDATE", [metric.name]
    ).fetchone()
    if before is not None and before[0] not in (None, metric.unit):
        conn.execute(
            "UPDATE streams SET unit = %s WHERE metric = %s AND unit IS NULL",
            [before[0], metric.name],
        )
    conn.execute(
        """INSERT INTO metrics (name, unit, low, high, max_rate, title, title_en, fiware_model,
                                fiware_attribute)
           VALUES (%(name)s, %(unit)s, %(low)s, %(high)s, %(max_rate)s, %(title)s, %(title_en)s,
                   %(fiware_model)s, %(fiware_attribute)s)
           ON CONFLICT (name) DO UPDATE SET
               unit = excluded.unit, low = excluded.low, high = excluded.high,
               max_rate = excluded.max_rate, title = excluded.title,
               title_en = excluded.title_en, fiware_model = excluded.fiware_model,
               fiware_attribute = excluded.fiware_attribute""",
        metric._asdict(),
    )
    return before is None
