"""The table `streams`: one metric of one asset."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from services.store import stream_rules
from services.store.pool import Connection
from services.store.refusals import UnitFixed


class Stream(NamedTuple):
    """One metric of one asset. unit is UCUM, None where nobody has said it.

    Unit and bounds are the metric's where the stream has none of its own. converted_from are the
    units its readings also came in; derived_by is the rule that gives it, None: a device does.
    """

    id: int
    asset: str
    metric: str
    unit: str | None
    low: float | None
    high: float | None
    max_rate: float | None
    judged: bool
    created_at: datetime
    converted_from: list[str]
    derived_by: str | None


class Place(NamedTuple):
    """Where a stream belongs: its asset, that one's kind, area and gateway."""

    asset: str
    metric: str
    kind: str
    area: str | None
    parent: str | None


class Settings(NamedTuple):
    """What an engineer says of one stream; None leaves it to the metric's catalogue."""

    unit: str | None
    low: float | None
    high: float | None
    max_rate: float | None
    judged: bool


def register(conn: Connection, streams: Sequence[tuple[int, str, bool, str | None]]) -> None:
    """Makes a stream of each (asset id, metric, judged, unit) that is not known yet."""
    rows = sorted(set(streams), key=lambda row: row[:2])
    conn.execute(
        """INSERT INTO streams (asset_id, metric, judged, unit)
           SELECT * FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::text[])
           ON CONFLICT (asset_id, metric) DO NOTHING""",
        [[row[column] for row in rows] for column in range(4)],
    )


def ids(conn: Connection, asset_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The ids of these assets' streams, by asset and metric."""
    found: dict[int, dict[str, int]] = {asset_id: {} for asset_id in asset_ids}
    for asset_id, metric, stream_id in conn.execute(
        "SELECT asset_id, metric, id FROM streams WHERE asset_id = ANY(%s)", [list(asset_ids)]
    ):
        found[int(str(asset_id))][str(metric)] = int(str(stream_id))
    return found


def given_by_rules(conn: Connection, asset_ids: Sequence[int]) -> dict[int, set[str]]:
    """The metrics of these assets that a rule of the city gives, and no device."""
    found: dict[int, set[str]] = {}
    for asset_id, metric in conn.execute(
        "SELECT asset_id, metric FROM streams WHERE asset_id = ANY(%s) AND derived_by IS NOT NULL",
        [list(asset_ids)],
    ):
        found.setdefault(int(str(asset_id)), set()).add(str(metric))
    return found


def owners(conn: Connection, stream_ids: Sequence[int]) -> list[tuple[int, int, str]]:
    """(stream id, asset id, metric) of those streams that are known."""
    found = conn.execute(
        "SELECT id, asset_id, metric FROM streams WHERE id = ANY(%s)", [list(stream_ids)]
    )
    return [(int(str(row[0])), int(str(row[1])), str(row[2])) for row in found]


def places(conn: Connection, stream_ids: Sequence[int]) -> dict[int, Place]:
    """Where each of these streams belongs."""
    found = conn.execute(
        """SELECT s.id, a.name, s.metric, a.kind, a.area_code, g.name
           FROM streams s JOIN assets a ON a.id = s.asset_id
           LEFT JOIN assets g ON g.id = a.parent_id
           WHERE s.id = ANY(%s)""",
        [list(stream_ids)],
    )
    return {
        int(str(stream_id)): Place(
            str(asset),
            str(metric),
            str(kind),
            None if area is None else str(area),
            None if parent is None else str(parent),
        )
        for stream_id, asset, metric, kind, area, parent in found
    }


def declare(conn: Connection, units: Sequence[tuple[str, str, str]]) -> None:
    """Registers or completes streams with their unit, given as (asset, metric, unit), each once."""
    conn.execute(
        """INSERT INTO streams (asset_id, metric, unit)
           SELECT a.id, said.metric, said.unit
           FROM unnest(%s::text[], %s::text[], %s::text[]) AS said (asset, metric, unit)
           JOIN assets a ON a.name = said.asset
           ON CONFLICT (asset_id, metric) DO UPDATE SET unit = excluded.unit
           WHERE streams.unit IS DISTINCT FROM excluded.unit""",
        [list(column) for column in zip(*units, strict=True)] or [[], [], []],
    )


def fixed(conn: Connection, units: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Those of (asset, metric, unit) whose stream has readings in another unit: that unit."""
    found = conn.execute(
        """SELECT said.asset, said.metric, r.unit
           FROM unnest(%s::text[], %s::text[], %s::text[]) AS said (asset, metric, unit)
           JOIN assets a ON a.name = said.asset
           JOIN stream_rules r ON r.asset_id = a.id AND r.metric = said.metric
           WHERE r.unit <> said.unit
             AND EXISTS (SELECT FROM readings WHERE readings.stream_id = r.stream_id)""",
        [list(column) for column in zip(*units, strict=True)] or [[], [], []],
    ).fetchall()
    return [(str(asset), str(metric), str(unit)) for asset, metric, unit in found]


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
            """SELECT s.id, a.name AS asset, s.metric, r.unit, r.low, r.high, r.max_rate,
                      s.judged, s.created_at,
                      ARRAY(SELECT DISTINCT from_unit FROM conversions c
                            WHERE c.stream_id = s.id ORDER BY 1) AS converted_from,
                      s.derived_by
               FROM streams s JOIN assets a ON a.id = s.asset_id
               JOIN stream_rules r ON r.stream_id = s.id
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


def settings(conn: Connection, stream_id: int) -> Settings | None:
    """What is said of one stream, locked until the transaction ends."""
    with conn.cursor(row_factory=class_row(Settings)) as cursor:
        return cursor.execute(
            "SELECT unit, low, high, max_rate, judged FROM streams WHERE id = %s FOR UPDATE",
            [stream_id],
        ).fetchone()


def settle(conn: Connection, stream_id: int, said: Settings) -> None:
    """Says all of this of one known stream.

    Raises UnitFixed where that gives it another unit than the one its readings are in,
    RangeUpsideDown and NoSuchRate.
    """
    before = stream_rules.of(conn, [stream_id])
    conn.execute(
        """UPDATE streams SET unit = %(unit)s, low = %(low)s, high = %(high)s,
                  max_rate = %(max_rate)s, judged = %(judged)s
           WHERE id = %(id)s""",
        {"id": stream_id, **said._asdict()},
    )
    was, now = before[0].unit, stream_rules.of(conn, [stream_id])[0].unit
    if was not in (None, now) and has_readings(conn, stream_id):
        raise UnitFixed(f"the stream has readings in {was}; they would not become {now}")


def has_readings(conn: Connection, stream_id: int) -> bool:
    """Whether anything of this stream is stored."""
    return bool(
        conn.execute("SELECT FROM readings WHERE stream_id = %s LIMIT 1", [stream_id]).fetchall()
    )
