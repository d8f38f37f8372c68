"""A store as full as the boards will ever find it: weeks of readings by COPY, a year of dossiers."""

import itertools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

import numpy as np
import psycopg

from models.frame import FRAME, Frame
from models.reading import DAY, HOUR, MINUTE, microseconds
from services.store import readings
from services.store.pool import Connection
from tests.dashboards.made_up import METRICS, SERVICES, STATES

WRITERS = 2  # connections that copy at once, each a part of the days
TOLD = Callable[[str], None]


class Size(NamedTuple):
    """How much there is."""

    days: int
    streams: int
    dossiers: int
    minutes: int  # between two readings of a stream


def fill(conn: Connection, size: Size, now: datetime, told: TOLD) -> int:
    """Fills a migrated store up to now and commits; returns how many readings there are."""
    register(conn, size.streams)
    stored = fill_readings(conn, size, now, told)
    for statement in (DERIVATIONS, CONNECTIVITY, MOVES, INCIDENTS, ANOMALIES, LEDGER):
        conn.execute(statement.encode(), {"now": now, "days": size.days})
    for statement in (DOSSIERS, EVENTS):
        conn.execute(statement.encode(), {"now": now, "dossiers": size.dossiers})
    conn.commit()
    return stored


def register(conn: Connection, wanted: int) -> None:
    """Assets of every kind in turn, all over the province, until there are enough streams."""
    rows = conn.execute("SELECT code FROM areas WHERE kind = 'commune' ORDER BY code").fetchall()
    areas = [str(code) for (code,) in rows]
    known = names(conn)
    found = 0
    for number, (kind, system, metrics) in enumerate(kinds()):
        if found >= wanted:
            break
        left = known.get(system, [])
        name = left.pop() if left else f"{system}-{number}"
        conn.execute(
            """WITH asset AS (
                   INSERT INTO assets (name, kind, title, area_code, latitude, longitude, claimed_at)
                   VALUES (%s, %s, %s, %s, 21.3, 106.2, now()) RETURNING id)
               INSERT INTO streams (asset_id, metric, unit, derived_by)
               SELECT id, metric, '1', NULL FROM asset, unnest(%s::text[]) AS metric""",
            [name, kind, name, areas[number % len(areas)], metrics],
        )
        found += len(metrics)


def names(conn: Connection) -> dict[str, list[str]]:
    """What the store knows by name: river stations, and e-government's services by their kind."""
    found: dict[str, list[str]] = {}
    for system, asset in conn.execute(
        """SELECT 'river', asset FROM flood_stations GROUP BY 2
           UNION SELECT split_part(asset, '-', 1), asset FROM egov_service_list ORDER BY 1, 2"""
    ):
        found.setdefault(str(system), []).append(str(asset))
    return found


def kinds() -> Iterator[tuple[str, str, list[str]]]:
    """Kinds of assets in turn, for ever, each with its metrics; of a service the system, too."""
    services = [(name.split("-")[0], list(metrics)) for name, (_, metrics) in SERVICES.items()]
    for number in itertools.count():
        for kind, metrics in METRICS.items():
            if kind != "platform":
                yield kind, kind, list(metrics)
        yield "service", *services[number % len(services)]


def fill_readings(conn: Connection, size: Size, now: datetime, told: TOLD) -> int:
    """The readings of every stream, each writer's days in the order in which they would have come."""
    rows = conn.execute("SELECT stream_id, kind, metric FROM stream_list ORDER BY 1").fetchall()
    conn.commit()
    ids = np.array([int(str(row[0])) for row in rows], np.int32)
    level = np.array([METRICS.get(str(row[1]), {}).get(str(row[2]), ("", 20.0))[1] for row in rows])
    sway = np.array([0.0 if row[2] in STATES else 0.2 for row in rows])
    until = microseconds(now) // MINUTE * MINUTE
    first = until - size.days * DAY
    dsn = f"{conn.info.dsn} password={conn.info.password}"
    began = time.monotonic()

    def write_day(at: int) -> int:
        with psycopg.connect(dsn) as own:
            moments = np.arange(at, at + DAY, size.minutes * MINUTE)
            return sum(
                readings.append(own, lot_of(ids, level, sway, moments[i : i + 1]), int(moments[i]))
                for i in range(len(moments))
            )

    stored = 0
    with ThreadPoolExecutor(WRITERS) as writing:
        for number, rows_of_day in enumerate(writing.map(write_day, in_turn(first, size.days)), 1):
            stored += rows_of_day
            rate = stored / (time.monotonic() - began)
            told(f"day {number} of {size.days}: {stored:,} readings, {rate:,.0f}/s")
    return stored


def in_turn(first: int, days: int) -> Iterator[int]:
    """The days' beginnings, one of the older half and one of the newer in turn.

    So two writers are at two chunks, and each chunk's rows come in the order of their time.
    """
    half = -(-days // WRITERS)
    for number in range(half):
        for start in range(number, days, half):
            yield first + start * DAY


def lot_of(ids: np.ndarray, level: np.ndarray, sway: np.ndarray, times: np.ndarray) -> Frame:
    """All streams at these moments: a daily wave around each one's level."""
    made = np.empty(len(ids) * len(times), FRAME)
    made["stream_id"] = np.tile(ids, len(times))
    made["time"] = np.repeat(times, len(ids))
    phase = 2 * np.pi * (made["time"] % (24 * HOUR)) / (24 * HOUR) + made["stream_id"]
    made["value"] = np.tile(level, len(times)) * (1 + np.tile(sway, len(times)) * np.sin(phase))
    return made


DERIVATIONS = """
INSERT INTO derivations (stream_id, time, inputs)
SELECT stream_id, date_trunc('hour', %(now)s::timestamptz) - hours * interval '1 hour',
       CASE metric WHEN 'aqi' THEN
           '{"dominant": "pm25", "parts": [{"index": 60, "averaging": "nowcast",
             "pollutant": "pm25", "concentration": 30.0}]}'::jsonb
       ELSE '{"report": "<BĐ1: 1,00", "height_m": 3.3, "state": {"level": 1}}' END
FROM stream_list CROSS JOIN generate_series(1, 24 * %(days)s) hours
WHERE metric IN ('aqi', 'flood_level')"""

# One asset in forty is silent.
CONNECTIVITY = """
INSERT INTO asset_connectivity (asset_id, state, with_parent, since, last_received_at,
    last_event_at, cadence_s, late_after_s, silent_after_s, skew_s, layout, record)
SELECT id, CASE WHEN id %% 40 = 0 THEN 'silent' ELSE 'online' END, false, %(now)s, %(now)s,
       %(now)s::timestamptz - interval '2 seconds', 60, 120, 300, 0.5, '', ''
FROM assets"""

# Every asset falls silent once in three days, and speaks again.
MOVES = """
INSERT INTO connectivity_moves (asset_id, at, state, with_parent)
SELECT id, %(now)s::timestamptz - day * interval '1 day' + (id %% 1440) * interval '1 minute'
           + silent * interval '10 minutes',
       CASE silent WHEN 0 THEN 'silent' ELSE 'online' END, false
FROM assets CROSS JOIN generate_series(1, %(days)s, 3) day CROSS JOIN generate_series(0, 1) silent"""

# Two alarms an hour: twice what one operator may have by EEMUA 191, for the whole province.
INCIDENTS = """
INSERT INTO incidents (cause, stream_id, status, active, severity, score, anomaly_count, began_at,
    last_anomaly_at, opened_at, acknowledged_at, normal_at, resolved_at)
SELECT 'bench ' || n, s.id,
       CASE WHEN n <= 30 THEN 'open' WHEN n <= 60 THEN 'acknowledged' ELSE 'resolved' END, n <= 60,
       CASE WHEN n %% 20 = 0 THEN 'high' WHEN n %% 6 = 0 THEN 'medium' ELSE 'low' END,
       0.999, 10, at, at + interval '10 minutes', at + interval '1 minute',
       CASE WHEN n > 30 THEN at + interval '7 minutes' END,
       CASE WHEN n > 60 THEN at + interval '40 minutes' END,
       CASE WHEN n > 60 THEN at + interval '60 minutes' END
FROM generate_series(1, 48 * %(days)s) n
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - n * interval '30 minutes' AS at) moment
JOIN (SELECT id, row_number() OVER (ORDER BY md5(id::text)) AS place,
             count(*) OVER () AS streams FROM streams) s ON s.place = n %% streams + 1"""

ANOMALIES = """
INSERT INTO anomalies (stream_id, time, value, score, detector, expected, band, incident_id)
SELECT stream_id, began_at + n * interval '1 minute', 9, 0.999, 'level', 1, 2, id
FROM incidents CROSS JOIN generate_series(0, 9) n ON CONFLICT DO NOTHING"""

LEDGER = """
INSERT INTO ledger (worker, minute, received, stored, rejected)
SELECT 'ingest-' || w, date_trunc('minute', %(now)s::timestamptz) - n * interval '1 minute',
       1003, 1000, 3
FROM generate_series(0, 1440 * %(days)s) n CROSS JOIN generate_series(1, 2) w"""

# A year of them, one in twenty still open, each of a unit of the province.
DOSSIERS = """
INSERT INTO dossiers (code, unit, procedure, channel, state, submitted_at, accepted_at, due_at,
    ended_at, returned_at, moved_at, stated_due_at, last_at)
SELECT 'bench-' || n, u.code, 'P' || n %% 50, n %% 3 + 1,
       CASE WHEN n %% 20 = 0 THEN 4 ELSE 10 END, at, at + interval '2 hours',
       at + interval '10 days',
       CASE WHEN n %% 20 <> 0 THEN at + (n %% 12) * interval '1 day' + interval '3 hours' END,
       CASE WHEN n %% 20 <> 0 THEN at + (n %% 12) * interval '1 day' + interval '4 hours' END,
       at + interval '2 hours', at + interval '10 days', at + interval '4 hours'
FROM generate_series(1, %(dossiers)s) n
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - n * interval '365 days' / %(dossiers)s AS at) m
JOIN (SELECT code, row_number() OVER (ORDER BY code) AS place, count(*) OVER () AS units
      FROM (SELECT DISTINCT code FROM org_units WHERE valid_to IS NULL) now) u
    ON u.place = n %% units + 1"""

EVENTS = """
WITH source AS (
    INSERT INTO dossier_sources (door, name) VALUES ('file', 'bench') RETURNING id)
INSERT INTO dossier_events (event, dossier, unit, procedure, channel, state, at, source_id)
SELECT d.code || '/' || step.state, d.code, d.unit, d.procedure, d.channel, step.state, step.at,
       source.id
FROM dossiers d CROSS JOIN source
CROSS JOIN LATERAL (VALUES (1::smallint, submitted_at), (2::smallint, accepted_at),
                           (10::smallint, returned_at)) AS step (state, at)
WHERE step.at IS NOT NULL"""
