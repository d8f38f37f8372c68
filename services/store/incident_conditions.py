"""Which incidents are over: those of whose streams none shows anything any more."""

from datetime import timedelta
from typing import NamedTuple

from services.store.pool import Connection


class Over(NamedTuple):
    """An incident whose condition is over, and the metric of the stream that opened it."""

    incident_id: int
    metric: str


def over(conn: Connection, quiet: timedelta) -> list[Over]:
    """Active incidents all of whose streams are normal again, oldest first.

    A stream that is judged has to have been normal for `quiet` after it was last odd, in event
    time: one that fell silent is not normal. Detectors judge, and rules do; what a detector told
    once goes on until odd_until. A silence is over when its asset is heard, a fault of delivery
    when connectivity says so.
    """
    rows = conn.execute(
        """WITH shown AS (
               SELECT n.incident_id, n.stream_id, max(n.time) AS last_at
               FROM incidents i JOIN anomalies n ON n.incident_id = i.id
               WHERE i.active AND i.status <> 'resolved'
               GROUP BY n.incident_id, n.stream_id),
           conditions AS (
               SELECT w.incident_id,
                      CASE s.metric
                          WHEN 'online' THEN c.state <> 'silent' AND c.since > w.last_at
                          WHEN 'delivery_fault' THEN c.misconduct = '{}'
                          ELSE greatest(d.judged_until, u.judged_until)
                               > greatest(w.last_at, d.odd_until) + %s
                      END AND NOT EXISTS (SELECT FROM anomalies a
                                          WHERE a.stream_id = w.stream_id
                                            AND a.incident_id IS NULL) AS is_over
               FROM shown w
               JOIN streams s ON s.id = w.stream_id
               LEFT JOIN asset_connectivity c ON c.asset_id = s.asset_id
               LEFT JOIN detector_states d ON d.stream_id = w.stream_id
               LEFT JOIN derived_until u ON u.stream_id = w.stream_id)
           SELECT i.id, s.metric
           FROM (SELECT incident_id FROM conditions
                 GROUP BY incident_id HAVING bool_and(coalesce(is_over, false))) done
           JOIN incidents i ON i.id = done.incident_id
           JOIN streams s ON s.id = i.stream_id
           ORDER BY i.id LIMIT 500""",
        [quiet],
    )
    return [Over(int(str(row[0])), str(row[1])) for row in rows]
