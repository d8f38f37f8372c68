"""What an explanation stands on: the oddest point, what its neighbours did, what was like it."""

from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import class_row

from models.explain import Neighbour, Past, Point, Subject
from services.store.pool import Connection

NEIGHBOURS = 5
PAST = 200  # incidents that are compared
AROUND = timedelta(minutes=30)  # of the point: what a neighbour does now
USUALLY = timedelta(hours=24)  # before that: what it usually does


class Oddest(NamedTuple):
    """The oddest point of an incident, and whose it is."""

    stream_id: int
    subject: Subject
    point: Point


class OddPoint(NamedTuple):
    """One anomaly of a stream."""

    time: datetime
    value: float


def oddest(conn: Connection, incident_id: int) -> Oddest | None:
    """The anomaly of an incident with the highest score; None where it has none any more."""
    row = conn.execute(
        """SELECT n.stream_id, l.title, coalesce(m.title, l.metric),
                  coalesce(m.title_en, l.metric), coalesce(l.unit, ''),
                  n.time, n.value, n.expected, n.band, n.detector, coalesce(n.parts, '{}')
           FROM anomalies n JOIN stream_list l USING (stream_id)
           LEFT JOIN metrics m ON m.name = l.metric
           WHERE n.incident_id = %s ORDER BY n.score DESC, n.time LIMIT 1""",
        [incident_id],
    ).fetchone()
    if row is None:
        return None
    stream_id, title, metric_vi, metric_en, unit, time, value, expected, band, detector, parts = row
    if not isinstance(time, datetime):
        raise TypeError("anomalies.time is a moment")
    numbers = (float(str(value)), float(str(expected)), float(str(band)))
    return Oddest(
        int(str(stream_id)),
        Subject(str(title), str(metric_vi), str(metric_en), str(unit)),
        Point(time, *numbers, str(detector), numbers_of(parts)),
    )


def points(
    conn: Connection, incident_id: int, stream_id: int, since: datetime, until: datetime
) -> list[OddPoint]:
    """The anomalies of an incident in one of its streams in [since, until], oldest first."""
    with conn.cursor(row_factory=class_row(OddPoint)) as cursor:
        return cursor.execute(
            """SELECT time, value FROM anomalies
               WHERE incident_id = %s AND stream_id = %s AND time BETWEEN %s AND %s
               ORDER BY time LIMIT 500""",
            [incident_id, stream_id, since, until],
        ).fetchall()


def numbers_of(parts: object) -> dict[str, float]:
    """The parts of an anomaly as they were stored; what is no number is none."""
    if not isinstance(parts, dict):
        return {}
    return {str(name): float(each) for name, each in parts.items() if isinstance(each, int | float)}


def neighbours(conn: Connection, stream_id: int, at: datetime) -> list[Neighbour]:
    """The nearest streams of the same kind and metric: what they did around `at`, and usually do.

    Distances are in kilometres, on a plane that is good enough for a province.
    """
    with conn.cursor(row_factory=class_row(Neighbour)) as cursor:
        return cursor.execute(
            """WITH place AS (
                   SELECT s.id, s.metric, a.id AS asset_id, a.name, coalesce(a.title, a.name) AS title,
                          a.kind, coalesce(a.latitude, p.latitude) AS latitude,
                          coalesce(a.longitude, p.longitude) AS longitude
                   FROM streams s JOIN assets a ON a.id = s.asset_id
                   LEFT JOIN areas p ON p.code = a.area_code),
               near AS (
                   SELECT o.id, o.name, o.title,
                          111.2 * sqrt((o.latitude - me.latitude) ^ 2
                              + ((o.longitude - me.longitude) * cos(radians(me.latitude))) ^ 2)
                              AS distance_km
                   FROM place me JOIN place o
                       ON o.metric = me.metric AND o.kind = me.kind AND o.asset_id <> me.asset_id
                   WHERE me.id = %(stream)s
                   ORDER BY distance_km NULLS LAST, o.name LIMIT %(limit)s)
               SELECT near.name AS asset, near.title, near.distance_km, before.usual,
                      before.spread, now.now,
                      EXISTS (SELECT FROM anomalies n
                              WHERE n.stream_id = near.id
                                AND n.time BETWEEN %(at)s - 2 * %(around)s::interval
                                               AND %(at)s + 2 * %(around)s::interval) AS odd
               FROM near
               CROSS JOIN LATERAL (
                   SELECT avg(value) AS usual, stddev_samp(value) AS spread FROM readings
                   WHERE stream_id = near.id AND quality < 2
                     AND time >= %(at)s - %(around)s::interval - %(usually)s::interval
                     AND time < %(at)s - %(around)s::interval) before
               CROSS JOIN LATERAL (
                   SELECT avg(value) AS now FROM readings
                   WHERE stream_id = near.id AND quality < 2
                     AND time BETWEEN %(at)s - %(around)s::interval
                                  AND %(at)s + %(around)s::interval) now
               ORDER BY near.distance_km NULLS LAST, near.name""",
            {
                "stream": stream_id,
                "at": at,
                "around": AROUND,
                "usually": USUALLY,
                "limit": NEIGHBOURS,
            },
        ).fetchall()


def past(conn: Connection, incident_id: int) -> list[Past]:
    """The newest incidents of the same metric and kind that began before this one."""
    rows = conn.execute(
        """SELECT o.id, l.title, o.began_at, n.detector, coalesce(n.parts, '{}'), o.status,
                  v.verdict, extract(epoch FROM o.last_anomaly_at - o.began_at) / 60
           FROM incidents me
           JOIN stream_list mine ON mine.stream_id = me.stream_id
           JOIN stream_list l ON l.metric = mine.metric AND l.kind = mine.kind
           JOIN incidents o ON o.stream_id = l.stream_id AND o.id <> me.id
                AND o.began_at < me.began_at
           CROSS JOIN LATERAL (SELECT detector, parts FROM anomalies
                               WHERE incident_id = o.id ORDER BY score DESC, time LIMIT 1) n
           LEFT JOIN incident_verdicts v ON v.incident_id = o.id
           WHERE me.id = %s ORDER BY o.began_at DESC LIMIT %s""",
        [incident_id, PAST],
    )
    return [past_of(*row) for row in rows]


def past_of(*row: object) -> Past:
    """A row of the query above."""
    number, title, began_at, detector, parts, status, verdict, minutes = row
    if not isinstance(began_at, datetime):
        raise TypeError("incidents.began_at is a moment")
    return Past(
        int(str(number)),
        str(title),
        began_at,
        str(detector),
        numbers_of(parts),
        str(status),
        None if verdict is None else str(verdict),
        float(str(minutes)),
    )
