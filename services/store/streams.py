"""The table `streams`: one metric of one asset."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class Stream(NamedTuple):
    """One metric of one asset. unit is UCUM, None where nobody has said it."""

    id: int
    asset: str
    metric: str
    unit: str | None
    judged: bool
    created_at: datetime


def register(conn: Connection, streams: Sequence[tuple[int, str, bool]]) -> None:
    """Makes a stream of each (asset id, metric, judged) that is not known yet."""
    rows = sorted(set(streams))
    conn.execute(
        """INSERT INTO streams (asset_id, metric, judged)
           SELECT * FROM unnest(%s::bigint[], %s::text[], %s::boolean[])
           ON CONFLICT (asset_id, metric) DO NOTHING""",
        [[row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]],
    )


def ids(conn: Connection, asset_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The ids of these assets' streams, by asset and metric."""
    found: dict[int, dict[str, int]] = {asset_id: {} for asset_id in asset_ids}
    for asset_id, metric, stream_id in conn.execute(
        "SELECT asset_id, metric, id FROM streams WHERE asset_id = ANY(%s)", [list(asset_ids)]
    ):
        found[int(str(asset_id))][str(metric)] = int(str(stream_id))
    return found


def owners(conn: Connection, stream_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(stream id, asset id, metric) of those streams that are known."""
    found = conn.execute(
        "SELECT id, asset_id, metric FROM streams WHERE id = ANY(%s)", [list(stream_ids)]
    )
    return [(int(str(row[0])), int(str(row[1])), str(row[2])) for row in found]


def unjudged(conn: Connection) -> list[int]:
    """The streams that the detectors leave alone."""
    return [int(str(row[0])) for row in conn.execute("SELECT id FROM streams WHERE NOT judged")]


def declare(conn: Connection, units: Sequence[tuple[str, str, str]]) -> None:
    """Registers or completes streams with their unit, given as (asset, metric, unit)."""
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO streams (asset_id, metric, unit)
               SELECT id, %(metric)s, %(unit)s FROM assets WHERE name = %(asset)s
               ON CONFLICT (asset_id, metric) DO UPDATE SET unit = excluded.unit""",
            [{"asset": asset, "metric": metric, "unit": unit} for asset, metric, unit in units],
        )


def page(
    conn: Connection,
    *,
    asset: str | None = None,
    metric: str | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[Stream]:
    """The streams after an id, in order of id."""
    with conn.cursor(row_factory=class_row(Stream)) as cursor:
        return cursor.execute(
            """SELECT s.id, a.name AS asset, s.metric, s.unit, s.judged, s.created_at
               FROM streams s JOIN assets a ON a.id = s.asset_id
               WHERE s.id > %(after)s AND (%(asset)s::text IS NULL OR a.name = %(asset)s)
                 AND (%(metric)s::text IS NULL OR s.metric = %(metric)s)
               ORDER BY s.id LIMIT %(limit)s""",
            {"after": after, "asset": asset, "metric": metric, "limit": limit},
        ).fetchall()


def find(conn: Connection, asset: str, metric: str) -> int | None:
    """The id of one stream."""
    row = conn.execute(
        """SELECT s.id FROM streams s JOIN assets a ON a.id = s.asset_id
           WHERE a.name = %s AND s.metric = %s""",
        [asset, metric],
    ).fetchone()
    return int(str(row[0])) if row else None


def known(conn: Connection, stream_id: int) -> bool:
    """Whether there is a stream of this id."""
    return bool(conn.execute("SELECT FROM streams WHERE id = %s", [stream_id]).fetchall())
