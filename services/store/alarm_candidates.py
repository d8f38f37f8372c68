"""The table `alarm_candidates`: what was loud, whether it became an alarm or not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from services.store.pool import Connection


class Candidate(NamedTuple):
    """A loud moment of a stream. loudness is in alarms (models/budget.py)."""

    stream_id: int
    time: datetime
    loudness: float
    detector: str


def append(conn: Connection, candidates: Sequence[Candidate]) -> None:
    """Keeps candidates; one that is known already changes nothing.

    Nor does one that is no louder than another of its stream within the half hour before: while
    a condition goes on that nobody is told of, every sample is one.
    """
    conn.execute(
        """INSERT INTO alarm_candidates (stream_id, time, loudness, detector)
           SELECT said.* FROM unnest(%s::integer[], %s::timestamptz[], %s::double precision[],
                                     %s::text[]) AS said (stream_id, time, loudness, detector)
           WHERE NOT EXISTS (
               SELECT FROM alarm_candidates c
               WHERE c.stream_id = said.stream_id AND c.loudness >= said.loudness
                 AND c.time BETWEEN said.time - INTERVAL '30 minutes' AND said.time)
           ON CONFLICT ON CONSTRAINT one_candidate_a_moment DO NOTHING""",
        [list(column) for column in zip(*candidates, strict=True)] or [[], [], [], []],
    )


def of_desk(
    conn: Connection, desk: str, since: datetime, until: datetime
) -> tuple[list[tuple[int, float]], int]:
    """(stream id, loudness) of what a desk could have heard in [since, until), and how much was real.

    Candidates of a stream less than two hours apart are one: to whoever watches it is one
    condition, and would be one incident. It is as loud as its loudest moment, and real where it
    belongs to an incident that somebody called so; what was real is counted and not listed.
    """
    rows = conn.execute(
        """WITH marked AS (
               SELECT c.stream_id, c.time, c.loudness,
                      c.time - lag(c.time) OVER (PARTITION BY c.stream_id ORDER BY c.time)
                          >= INTERVAL '2 hours' AS begins
               FROM alarm_candidates c JOIN desk_streams w USING (stream_id)
               WHERE w.desk = %s AND c.time >= %s AND c.time < %s),
           numbered AS (
               SELECT stream_id, time, loudness,
                      count(*) FILTER (WHERE begins)
                          OVER (PARTITION BY stream_id ORDER BY time) AS episode
               FROM marked),
           episodes AS (
               SELECT stream_id, max(loudness) AS loudness, min(time) AS since, max(time) AS until
               FROM numbered GROUP BY stream_id, episode)
           SELECT e.stream_id, e.loudness, EXISTS (
                      SELECT FROM incidents i JOIN incident_verdicts v ON v.incident_id = i.id
                      WHERE i.stream_id = e.stream_id AND v.verdict = 'real'
                        AND i.began_at <= e.until AND i.last_anomaly_at >= e.since)
                  OR EXISTS (
                      SELECT FROM anomalies n JOIN incident_verdicts v USING (incident_id)
                      WHERE n.stream_id = e.stream_id AND v.verdict = 'real'
                        AND n.time BETWEEN e.since AND e.until)
           FROM episodes e""",
        [desk, since, until],
    ).fetchall()
    loud = [(int(str(row[0])), float(str(row[1]))) for row in rows if not row[2]]
    return loud, len(rows) - len(loud)


def oldest(conn: Connection) -> datetime | None:
    """The time of the oldest candidate that is kept; None of none."""
    row = conn.execute("SELECT min(time) FROM alarm_candidates").fetchone()
    return row[0] if row and isinstance(row[0], datetime) else None


def drop_old(conn: Connection, keep: timedelta, most: int) -> int:
    """Drops candidates older than `keep` before the newest, and all but the newest `most`; how many."""
    return conn.execute(
        """DELETE FROM alarm_candidates
           WHERE time < greatest(
               (SELECT max(time) FROM alarm_candidates) - %s,
               (SELECT time FROM alarm_candidates ORDER BY time DESC OFFSET %s LIMIT 1))""",
        [keep, most - 1],
    ).rowcount
