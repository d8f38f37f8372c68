"""The table `derivations`: derived readings, what they were made of, and what they are made from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import args_row, class_row
from psycopg.types.json import Jsonb

from models.city.derivation import Cell, Json, Kept
from models.reading import microseconds, moment
from models.units import IDENTITY, Conversion, conversion
from services.store.pool import Connection


class Reporter(NamedTuple):
    """A stream that a device fills, with the kind and the parent of its asset."""

    stream_id: int
    asset_id: int
    metric: str
    kind: str
    parent_id: int | None


class Window(NamedTuple):
    """A stretch of time of an asset, or of all assets below it."""

    asset_id: int
    since: int
    until: int


class InputRow(NamedTuple):
    """What one metric of one asset did in one step of a window, in the unit of its stream."""

    window: int
    member: int
    metric: str
    unit: str | None
    wanted: str | None
    time: int
    mean: float
    low: float
    high: float
    last: float
    samples: int
    first_at: int
    last_at: int


class InputCell(NamedTuple):
    """What one metric did in one step of a window (by its place); member is who reported it."""

    window: int
    member: int
    metric: str
    time: int
    cell: Cell


class Row(NamedTuple):
    """A derived reading to keep."""

    stream_id: int
    time: int
    value: float
    inputs: Mapping[str, Json]


class Derivation(NamedTuple):
    """A derived reading with its inputs, as people see it."""

    time: datetime
    value: float
    quality: int
    inputs: dict[str, Json]


def reporters(conn: Connection, stream_ids: Sequence[int]) -> list[Reporter]:
    """Those of these streams that devices fill."""
    with conn.cursor(row_factory=class_row(Reporter)) as cursor:
        return cursor.execute(
            """SELECT s.id AS stream_id, s.asset_id, s.metric, a.kind, a.parent_id
               FROM streams s JOIN assets a ON a.id = s.asset_id
               WHERE s.id = ANY(%s) AND s.derived_by IS NULL""",
            [list(stream_ids)],
        ).fetchall()


def inputs(  # noqa: PLR0913 (whose what, in which steps)
    conn: Connection,
    windows: Sequence[Window],
    metrics: Sequence[str],
    step: int,
    offset: int,
    *,
    of_members: bool,
) -> Iterator[InputCell]:
    """What these metrics did in each step of each window, in the unit of their catalogue.

    Steps are `step` microseconds long, the grid moved back by offset. Bad and stale readings
    measure nothing. A stream whose unit is no way to the catalogue's is left out.
    """
    with conn.cursor(row_factory=args_row(InputRow), binary=True) as cursor:
        rows = cursor.execute(
            """SELECT w.place - 1, s.asset_id, s.metric, u.unit, m.unit, r.*
               FROM unnest(%(assets)s::bigint[], %(sinces)s::timestamptz[],
                           %(untils)s::timestamptz[])
                    WITH ORDINALITY AS w (asset_id, since, until, place)
               JOIN assets a
                    ON CASE WHEN %(of_members)s THEN a.parent_id ELSE a.id END = w.asset_id
               JOIN streams s ON s.asset_id = a.id AND s.metric = ANY(%(metrics)s)
               JOIN stream_rules u ON u.stream_id = s.id
               LEFT JOIN metrics m ON m.name = s.metric
               CROSS JOIN LATERAL (
                   SELECT (extract(epoch FROM time_bucket(%(step)s, time, %(offset)s))
                           * 1000000)::bigint,
                          avg(value), min(value), max(value), last(value, time), count(*),
                          (extract(epoch FROM min(time)) * 1000000)::bigint,
                          (extract(epoch FROM max(time)) * 1000000)::bigint
                   FROM readings
                   WHERE stream_id = s.id AND time >= w.since AND time < w.until AND quality < 2
                   GROUP BY time_bucket(%(step)s, time, %(offset)s)) r""",
            {
                "assets": [window.asset_id for window in windows],
                "sinces": [moment(window.since) for window in windows],
                "untils": [moment(window.until) for window in windows],
                "metrics": list(metrics),
                "of_members": of_members,
                "step": timedelta(microseconds=step),
                "offset": timedelta(microseconds=-offset),
            },
        ).fetchall()
    for row in rows:
        way = way_between(row.unit, row.wanted)
        if way is not None:
            yield InputCell(row.window, row.member, row.metric, row.time, converted(row, way))


def converted(row: InputRow, way: Conversion) -> Cell:
    """A row of the query above, in the unit of its catalogue."""
    scale, offset = way
    return Cell(
        row.mean * scale + offset,
        row.low * scale + offset,
        row.high * scale + offset,
        row.last * scale + offset,
        row.samples,
        row.first_at,
        row.last_at,
    )


def way_between(unit: str | None, wanted: str | None) -> Conversion | None:
    """How a value comes into the catalogue's unit; where nobody said one, it is in it."""
    if unit is None or wanted is None or unit == wanted:
        return IDENTITY
    return conversion(unit, wanted)


def outputs(
    conn: Connection, asset_ids: Sequence[int], metrics: Sequence[str]
) -> dict[tuple[int, str], tuple[int, str | None]]:
    """The id of each stream of these assets and metrics, and which rule gives it."""
    rows = conn.execute(
        """SELECT asset_id, metric, id, derived_by FROM streams
           WHERE asset_id = ANY(%s) AND metric = ANY(%s)""",
        [list(asset_ids), list(metrics)],
    )
    return {
        (int(str(asset_id)), str(metric)): (int(str(stream)), None if rule is None else str(rule))
        for asset_id, metric, stream, rule in rows
    }


def register(conn: Connection, rule: str, streams: Sequence[tuple[int, str]]) -> None:
    """Makes a derived stream of each (asset id, metric) that is not known yet."""
    rows = sorted(set(streams))
    conn.execute(
        """INSERT INTO streams (asset_id, metric, judged, derived_by)
           SELECT asset_id, metric, false, %s
           FROM unnest(%s::bigint[], %s::text[]) AS said (asset_id, metric)
           ON CONFLICT (asset_id, metric) DO NOTHING""",
        [rule, [row[0] for row in rows], [row[1] for row in rows]],
    )


def newest_before(conn: Connection, ends: Mapping[int, int]) -> dict[int, Kept]:
    """Of each stream its newest derived reading before a time, where there is one."""
    return kept_near(
        conn,
        """SELECT e.stream_id, d.time, r.value, d.inputs
           FROM unnest(%s::integer[], %s::timestamptz[]) AS e (stream_id, at)
           CROSS JOIN LATERAL (SELECT time, inputs FROM derivations
                               WHERE stream_id = e.stream_id AND time < e.at
                               ORDER BY time DESC LIMIT 1) d
           JOIN readings r ON r.stream_id = e.stream_id AND r.time = d.time""",
        ends,
    )


def at(conn: Connection, moments: Mapping[int, int]) -> dict[int, Kept]:
    """Of each stream its derived reading at a time, where there is one."""
    return kept_near(
        conn,
        """SELECT e.stream_id, d.time, r.value, d.inputs
           FROM unnest(%s::integer[], %s::timestamptz[]) AS e (stream_id, at)
           JOIN derivations d ON d.stream_id = e.stream_id AND d.time = e.at
           JOIN readings r ON r.stream_id = e.stream_id AND r.time = e.at""",
        moments,
    )


def oldest_after(conn: Connection, moments: Mapping[int, int]) -> dict[int, Kept]:
    """Of each stream its oldest derived reading after a time, where there is one."""
    return kept_near(
        conn,
        """SELECT e.stream_id, d.time, r.value, d.inputs
           FROM unnest(%s::integer[], %s::timestamptz[]) AS e (stream_id, at)
           CROSS JOIN LATERAL (SELECT time, inputs FROM derivations
                               WHERE stream_id = e.stream_id AND time > e.at
                               ORDER BY time LIMIT 1) d
           JOIN readings r ON r.stream_id = e.stream_id AND r.time = d.time""",
        moments,
    )


def kept_near(conn: Connection, query: str, moments: Mapping[int, int]) -> dict[int, Kept]:
    """What one of the three queries above finds, by stream."""
    found = {}
    streams, times = list(moments), [moment(time) for time in moments.values()]
    for stream, time, value, inputs in conn.execute(query.encode(), [streams, times]):
        if isinstance(time, datetime) and isinstance(inputs, dict):
            found[int(str(stream))] = Kept(microseconds(time), float(str(value)), inputs)
    return found


def keep(conn: Connection, rows: Sequence[Row], received_at: datetime) -> None:
    """Writes derived readings and what they were made of, over what stood there before."""
    rows = sorted(rows, key=lambda row: row[:2])
    streams, times = [row.stream_id for row in rows], [moment(row.time) for row in rows]
    conn.execute(
        """INSERT INTO readings (stream_id, time, value, quality, received_at)
           SELECT stream_id, time, value, 0, %s
           FROM unnest(%s::integer[], %s::timestamptz[], %s::double precision[])
                AS said (stream_id, time, value)
           ON CONFLICT (stream_id, time) DO UPDATE SET value = excluded.value, quality = 0,
               received_at = excluded.received_at
           WHERE readings.value <> excluded.value OR readings.quality <> 0""",
        [received_at, streams, times, [float(row.value) for row in rows]],
    )
    conn.execute(
        """INSERT INTO derivations (stream_id, time, inputs)
           SELECT * FROM ROWS FROM (unnest(%s::integer[]), unnest(%s::timestamptz[]),
                                    jsonb_array_elements(%s))
           ON CONFLICT (stream_id, time) DO UPDATE SET inputs = excluded.inputs
           WHERE derivations.inputs <> excluded.inputs""",
        [streams, times, Jsonb([row.inputs for row in rows])],
    )


def retract(conn: Connection, windows: Sequence[tuple[int, int, int]], rows: Sequence[Row]) -> None:
    """Marks as bad what stands in (stream, since, until) and does not follow any more.

    Looked for first and then written over row by row: an UPDATE that finds its rows by a join
    decompresses every chunk there is.
    """
    follows = {(row.stream_id, row.time) for row in rows}
    gone = sorted(set(standing(conn, windows)) - follows)
    if not gone:
        return
    conn.execute(
        """INSERT INTO readings (stream_id, time, value, quality, received_at)
           SELECT stream_id, time, 0, 2, now()
           FROM unnest(%s::integer[], %s::timestamptz[]) AS said (stream_id, time)
           ON CONFLICT (stream_id, time) DO UPDATE SET quality = 2 WHERE readings.quality < 2""",
        [[stream for stream, _ in gone], [moment(time) for _, time in gone]],
    )


def standing(
    conn: Connection, windows: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int]]:
    """The stream and time of every reading in (stream, since, until) that is not bad."""
    if not windows:
        return
    rows = conn.execute(
        """SELECT r.stream_id, r.time
           FROM unnest(%s::integer[], %s::timestamptz[], %s::timestamptz[])
                AS w (stream_id, since, until)
           CROSS JOIN LATERAL (SELECT stream_id, time FROM readings
                               WHERE stream_id = w.stream_id AND time >= w.since
                                 AND time < w.until AND quality < 2) r""",
        [
            [window[0] for window in windows],
            [moment(window[1]) for window in windows],
            [moment(window[2]) for window in windows],
        ],
    )
    for stream, time in rows:
        if isinstance(time, datetime):
            yield int(str(stream)), microseconds(time)


def judged(conn: Connection, until: Mapping[int, int]) -> None:
    """Remembers up to which reading each of these streams has been judged by its rule."""
    if not until:
        return
    streams = sorted(until)
    conn.execute(
        """INSERT INTO derived_until (stream_id, judged_until)
           SELECT * FROM unnest(%s::integer[], %s::timestamptz[])
           ON CONFLICT (stream_id) DO UPDATE SET
               judged_until = greatest(derived_until.judged_until, excluded.judged_until)""",
        [streams, [moment(until[stream]) for stream in streams]],
    )


def page(
    conn: Connection, stream_id: int, since: datetime, until: datetime, limit: int
) -> list[Derivation]:
    """The derived readings of one stream in [since, until) with their inputs, oldest first."""
    with conn.cursor(row_factory=class_row(Derivation)) as cursor:
        return cursor.execute(
            """SELECT d.time, r.value, r.quality, d.inputs FROM derivations d
               JOIN readings r USING (stream_id, time)
               WHERE d.stream_id = %s AND d.time >= %s AND d.time < %s
               ORDER BY d.time LIMIT %s""",
            [stream_id, since, until, limit],
        ).fetchall()


def latest(conn: Connection, stream_id: int, until: datetime, limit: int) -> list[Derivation]:
    """The newest derived readings of one stream before `until`, oldest first."""
    with conn.cursor(row_factory=class_row(Derivation)) as cursor:
        return cursor.execute(
            """SELECT d.time, r.value, r.quality, d.inputs FROM derivations d
               JOIN readings r USING (stream_id, time)
               WHERE d.stream_id = %s AND d.time < %s
               ORDER BY d.time DESC LIMIT %s""",
            [stream_id, until, limit],
        ).fetchall()[::-1]
