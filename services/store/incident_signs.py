"""What the anomalies of incidents say, as correlation and nature read it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import class_row

from services.store.pool import Connection


class SignRow(NamedTuple):
    """An anomaly with what is known of its asset.

    parent is the gateway's name, around the district of a commune.
    """

    incident_id: int
    asset: str
    metric: str
    kind: str
    area: str | None
    parent: str | None
    time: datetime
    detector: str
    score: float
    upwards: bool
    parts: dict[str, float] | None
    around: str | None


def of(conn: Connection, incident_ids: Collection[int], most: int = 200) -> list[SignRow]:
    """The oldest anomalies of these incidents, of each at most so many, in the order of time."""
    with conn.cursor(row_factory=class_row(SignRow)) as cursor:
        return cursor.execute(
            """SELECT i.id AS incident_id, a.name AS asset, s.metric, a.kind, a.area_code AS area,
                      g.name AS parent, n.time, n.detector, n.score,
                      n.value > n.expected AS upwards, n.parts,
                      CASE WHEN p.kind = 'commune' THEN p.parent_code END AS around
               FROM unnest(%s::bigint[]) AS i (id)
               CROSS JOIN LATERAL (SELECT * FROM anomalies WHERE incident_id = i.id
                                   ORDER BY time LIMIT %s) n
               JOIN streams s ON s.id = n.stream_id
               JOIN assets a ON a.id = s.asset_id
               LEFT JOIN assets g ON g.id = a.parent_id
               LEFT JOIN areas p ON p.code = a.area_code
               ORDER BY n.time, n.id""",
            [list(incident_ids), most],
        ).fetchall()


def recent(conn: Connection, since: datetime, until: datetime, around: timedelta) -> list[int]:
    """The unresolved incidents that had an anomaly within `around` of this span, oldest first."""
    rows = conn.execute(
        """SELECT id FROM incidents
           WHERE status <> 'resolved' AND last_anomaly_at >= %s AND began_at <= %s
           ORDER BY id""",
        [since - around, until + around],
    ).fetchall()
    return [int(str(row[0])) for row in rows]
