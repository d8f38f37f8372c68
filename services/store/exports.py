"""The registry as it is exported: one line an asset, its streams' own units in it."""

from collections.abc import Iterator
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection

AT_A_TIME = 2000


class Line(NamedTuple):
    """An asset as the registry file says it; metrics like `pm25=ug/m3;humidity=1`."""

    name: str
    kind: str
    title: str | None
    area: str | None
    latitude: float | None
    longitude: float | None
    metrics: str | None
    parent: str | None
    owner_unit: str | None


def lines(conn: Connection, *, claimed: bool) -> Iterator[Line]:
    """The assets that are claimed, or those that are not, in order of name."""
    with conn.cursor("registry", row_factory=class_row(Line)) as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(
            """SELECT name, kind, title, area_code AS area, latitude, longitude,
                      (SELECT string_agg(metric || '=' || unit, ';' ORDER BY metric COLLATE "C")
                       FROM streams s
                       WHERE s.asset_id = a.id AND unit IS NOT NULL) AS metrics,
                      parent, owner_unit
               FROM asset_list a WHERE (claimed_at IS NOT NULL) = %s
               ORDER BY name COLLATE "C" """,
            [claimed],
        )
        yield from cursor
