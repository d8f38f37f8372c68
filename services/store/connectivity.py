"""The tables of connectivity: how assets and streams are heard, and what changed when."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import class_row

from models.hearing import Member, Pace
from models.reading import moment
from models.rollcall import Change
from services.store.pool import Connection


class Connectivity(NamedTuple):
    """How an asset is heard, as people see it; durations and skew are in seconds."""

    id: int
    asset: str
    title: str
    kind: str
    area_code: str | None
    area: str | None
    parent: str | None
    state: str
    with_parent: bool
    since: datetime | None
    last_received_at: datetime | None
    last_event_at: datetime | None
    cadence_s: float | None
    late_after_s: float | None
    silent_after_s: float | None
    skew_s: float | None
    clock_wrong: bool
    misconduct: list[str]


class Cadence(NamedTuple):
    """How often one stream speaks; cadence_s is None where that is not known."""

    metric: str
    cadence_s: float | None
    spread: float
    samples: int


class StoredChange(NamedTuple):
    """One change of state as people see it."""

    time: datetime
    state: str
    with_parent: bool


class Kept(NamedTuple):
    """The records to restore, those of streams and assets by id."""

    feed: bytes | None
    streams: list[tuple[int, bytes]]
    assets: list[tuple[int, bytes]]


def finite(number: float) -> float | None:
    """The number, None where it stands for 'not known'."""
    return number if math.isfinite(number) else None


def at(time: int) -> datetime | None:
    """Microseconds since 1970 as a moment, None for 'never'."""
    return moment(time) if time else None


def save_members(conn: Connection, layout: str, members: Sequence[Member]) -> None:
    """Replaces what is known of these assets."""
    conn.execute(
        """INSERT INTO asset_connectivity AS c (asset_id, state, with_parent, since,
               last_received_at, last_event_at, cadence_s, late_after_s, silent_after_s, skew_s,
               misconduct, layout, record)
           SELECT asset_id, state, with_parent, since, last_received_at, last_event_at, cadence_s,
                  late_after_s, silent_after_s, skew_s, string_to_array(misconduct, ' '), %s, record
           FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::timestamptz[],
                       %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::float8[],
                       %s::float8[], %s::float8[], %s::text[], %s::bytea[])
                AS row (asset_id, state, with_parent, since, last_received_at, last_event_at,
                        cadence_s, late_after_s, silent_after_s, skew_s, misconduct, record)
           ON CONFLICT (asset_id) DO UPDATE SET state = excluded.state,
               with_parent = excluded.with_parent, since = excluded.since,
               last_received_at = excluded.last_received_at,
               last_event_at = excluded.last_event_at, cadence_s = excluded.cadence_s,
               late_after_s = excluded.late_after_s, silent_after_s = excluded.silent_after_s,
               skew_s = excluded.skew_s, misconduct = excluded.misconduct,
               layout = excluded.layout, record = excluded.record""",
        [
            layout,
            [each.asset_id for each in members],
            [each.state.value for each in members],
            [each.with_parent for each in members],
            [at(each.since) for each in members],
            [at(each.received_at) for each in members],
            [at(each.time) for each in members],
            [finite(each.cadence) for each in members],
            [finite(each.late) for each in members],
            [finite(each.silent) for each in members],
            [finite(each.skew) for each in members],
            [" ".join(each.misconduct) for each in members],  # no array of arrays of odd lengths
            [each.record for each in members],
        ],
    )


def save_paces(conn: Connection, layout: str, paces: Sequence[Pace]) -> None:
    """Replaces what is known of these streams."""
    conn.execute(
        """INSERT INTO stream_cadence AS c (stream_id, cadence_s, spread, samples, layout, record)
           SELECT stream_id, cadence_s, spread, samples, %s, record
           FROM unnest(%s::integer[], %s::float8[], %s::float8[], %s::integer[], %s::bytea[])
                AS row (stream_id, cadence_s, spread, samples, record)
           ON CONFLICT (stream_id) DO UPDATE SET cadence_s = excluded.cadence_s,
               spread = excluded.spread, samples = excluded.samples, layout = excluded.layout,
               record = excluded.record""",
        [
            layout,
            [each.stream_id for each in paces],
            [finite(each.cadence) for each in paces],
            [each.spread for each in paces],
            [each.samples for each in paces],
            [each.record for each in paces],
        ],
    )


def save_feed(conn: Connection, layout: str, record: bytes) -> None:
    """Replaces the listener's clock."""
    conn.execute(
        """INSERT INTO connectivity_feed (layout, record) VALUES (%s, %s)
           ON CONFLICT (single) DO UPDATE SET layout = excluded.layout, record = excluded.record""",
        [layout, record],
    )


def load(conn: Connection, layout: str) -> Kept:
    """Everything that was kept in this shape."""
    feed = conn.execute(
        "SELECT record FROM connectivity_feed WHERE layout = %s", [layout], binary=True
    ).fetchone()
    return Kept(
        feed[0] if feed and isinstance(feed[0], bytes) else None,
        list(
            records(conn, "SELECT stream_id, record FROM stream_cadence WHERE layout = %s", layout)
        ),
        list(
            records(
                conn, "SELECT asset_id, record FROM asset_connectivity WHERE layout = %s", layout
            )
        ),
    )


def records(conn: Connection, query: str, layout: str) -> Iterator[tuple[int, bytes]]:
    """(id, record) of a query's rows."""
    with conn.cursor(binary=True) as cursor:
        for number, record in cursor.stream(query.encode(), [layout]):
            if isinstance(number, int) and isinstance(record, bytes):
                yield number, record


def append_changes(conn: Connection, changes: Sequence[Change]) -> None:
    """Keeps changes of state."""
    conn.execute(
        """INSERT INTO connectivity_moves (asset_id, at, state, with_parent)
           SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::boolean[])""",
        [
            [each.asset_id for each in changes],
            [moment(each.at) for each in changes],
            [each.state.value for each in changes],
            [each.with_parent for each in changes],
        ],
    )


def bound_skew(conn: Connection, seconds: float) -> None:
    """Writes down from how many seconds on a clock counts as wrong."""
    conn.execute(
        "UPDATE connectivity_bounds SET skew_s = %s WHERE skew_s <> %s", [seconds, seconds]
    )


def family(conn: Connection) -> list[tuple[int, int]]:
    """(asset id, its gateway's id) of all that speak through one."""
    rows = conn.execute("SELECT id, parent_id FROM assets WHERE parent_id IS NOT NULL")
    return [(int(str(asset_id)), int(str(parent_id))) for asset_id, parent_id in rows]


def find(conn: Connection, asset: str) -> Connectivity | None:
    """How one asset is heard."""
    with conn.cursor(row_factory=class_row(Connectivity)) as cursor:
        return cursor.execute(
            """SELECT asset_id AS id, asset, title, kind, area_code, area, parent, state,
                      with_parent, since, last_received_at, last_event_at, cadence_s,
                      late_after_s, silent_after_s, skew_s, clock_wrong, misconduct
               FROM connectivity_list WHERE asset = %s""",
            [asset],
        ).fetchone()


def cadences(conn: Connection, asset: str) -> list[Cadence]:
    """How often each stream of an asset speaks, by metric."""
    with conn.cursor(row_factory=class_row(Cadence)) as cursor:
        return cursor.execute(
            """SELECT metric, cadence_s, spread, samples FROM stream_cadence_list
               WHERE asset = %s ORDER BY metric""",
            [asset],
        ).fetchall()


def changes(conn: Connection, asset: str, limit: int) -> list[StoredChange]:
    """How an asset was heard otherwise, newest first."""
    with conn.cursor(row_factory=class_row(StoredChange)) as cursor:
        return cursor.execute(
            """SELECT time, state, with_parent FROM connectivity_changes
               WHERE asset = %s ORDER BY time DESC LIMIT %s""",
            [asset, limit],
        ).fetchall()


def page(  # noqa: PLR0913 (the filters a person has)
    conn: Connection,
    *,
    state: str | None = None,
    kind: str | None = None,
    parent: str | None = None,
    clock_wrong: bool | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[Connectivity]:
    """How the assets after an id are heard, in order of id."""
    with conn.cursor(row_factory=class_row(Connectivity)) as cursor:
        return cursor.execute(
            """SELECT asset_id AS id, asset, title, kind, area_code, area, parent, state,
                      with_parent, since, last_received_at, last_event_at, cadence_s,
                      late_after_s, silent_after_s, skew_s, clock_wrong, misconduct
               FROM connectivity_list
               WHERE asset_id > %(after)s AND (%(state)s::text IS NULL OR state = %(state)s)
                 AND (%(kind)s::text IS NULL OR kind = %(kind)s)
                 AND (%(parent)s::text IS NULL OR parent = %(parent)s)
                 AND (%(wrong)s::boolean IS NULL OR clock_wrong = %(wrong)s)
               ORDER BY asset_id LIMIT %(limit)s""",
            {
                "after": after,
                "state": state,
                "kind": kind,
                "parent": parent,
                "wrong": clock_wrong,
                "limit": limit,
            },
        ).fetchall()


def drop_old_changes(conn: Connection, keep: timedelta) -> int:
    """Drops changes older than `keep`, but each asset's newest; returns how many went."""
    return conn.execute(
        """DELETE FROM connectivity_moves m WHERE at < now() - %s AND EXISTS (
               SELECT FROM connectivity_moves newer
               WHERE newer.asset_id = m.asset_id AND newer.at > m.at)""",
        [keep],
    ).rowcount
