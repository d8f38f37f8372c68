"""The table `conversions`: which streams came in another unit than they are kept in."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from psycopg.rows import class_row

from services.store.pool import Connection


class Applied(Protocol):
    """What was done to a value: value * scale + offset."""

    @property
    def scale(self) -> float:
        """What it is multiplied by."""

    @property
    def offset(self) -> float:
        """What is added then."""


class Conversion(NamedTuple):
    """kept = came * scale + offset, of one stream, since a moment."""

    stream_id: int
    from_unit: str
    to_unit: str
    scale: float
    offset: float
    first_at: datetime


def record(conn: Connection, rows: Sequence[tuple[int, str, str, float, float]]) -> None:
    """Writes down (stream id, from unit, to unit, scale, offset); what is written stays."""
    conn.execute(
        """INSERT INTO conversions (stream_id, from_unit, to_unit, scale, "offset")
           SELECT * FROM unnest(%s::integer[], %s::text[], %s::text[], %s::float8[], %s::float8[])
           ON CONFLICT (stream_id, from_unit, to_unit) DO NOTHING""",
        [list(column) for column in zip(*rows, strict=True)] or [[]] * 5,
    )


def of(conn: Connection, stream_id: int) -> list[Conversion]:
    """The conversions of one stream, oldest first."""
    with conn.cursor(row_factory=class_row(Conversion)) as cursor:
        return cursor.execute(
            """SELECT stream_id, from_unit, to_unit, scale, "offset", first_at FROM conversions
               WHERE stream_id = %s ORDER BY first_at, from_unit""",
            [stream_id],
        ).fetchall()
