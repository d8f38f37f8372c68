"""The table `alarm_candidates`: what was loud, whether it became an alarm or not."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from services.store.pool import Connection


class Candidate(NamedTuple):
    """A loud moment of a stream. loudness is in alarms (models/budget.py)."""

    stream_id: int
    time: datetime
    loudness: float
    detector: str


def append(conn: Connection, candidates: Sequence[Candidate]) -> None:
    """Keeps candidates; one that is known already changes nothing."""
    conn.execute(
        """INSERT INTO alarm_candidates (stream_id, time, loudness, detector)
           SELECT * FROM unnest(%s::integer[], %s::timestamptz[], %s::double precision[], %s::text[])
           ON CONFLICT ON CONSTRAINT one_candidate_a_moment DO NOTHING""",
        [list(column) for column in zip(*candidates, strict=True)] or [[], [], [], []],
    )


def of_desk(
    conn: Connection, desk: str, since: datetime, until: datetime
) -> tuple[list[tuple[int, float]], int]:
    """(stream id, loudness) of a desk's candidates in [since, until), and how many more were real.

    A candidate is real where it belongs to an incident that somebody called so.
    """
    rows = conn.execute(
        """SELECT c.stream_id, c.loudness, EXISTS (
                      SELECT FROM incidents i JOIN incident_verdicts v ON v.incident_id = i.id
                      WHERE i.stream_id = c.stream_id AND v.verdict = 'real'
                        AND c.time BETWEEN i.began_at AND i.last_anomaly_at)
           FROM alarm_candidates c JOIN desk_streams w USING (stream_id)
           WHERE w.desk = %s AND c.time >= %s AND c.time < %s""",
        [desk, since, until],
    ).fetchall()
    loud = [(int(str(row[0])), float(str(row[1]))) for row in rows if not row[2]]
    return loud, len(rows) - len(loud)


def oldest(conn: Connection) -> datetime | None:
    """The time of the oldest candidate that is kept; None of none."""
    row = conn.execute("SELECT min(time) FROM alarm_candidates").fetchone()
    return row[0] if row and isinstance(row[0], datetime) else None
