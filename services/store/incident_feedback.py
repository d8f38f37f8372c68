"""The table `incident_feedback`: what people said of incidents, append-only."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row

from models.feedback import Line, Verdict
from services.store.pool import Connection


class StoredLine(NamedTuple):
    """One thing that was said; in_force until a later line of its incident."""

    id: int
    incident_id: int
    time: datetime
    asset: str
    metric: str
    actor: str
    verdict: str
    note: str
    in_force: bool


def append(conn: Connection, incident_id: int, actor: str, verdict: Verdict, note: str) -> None:
    """Writes down what somebody said of an incident; running detection takes it up."""
    conn.execute(
        """INSERT INTO incident_feedback (incident_id, actor, verdict, note)
           VALUES (%s, %s, %s, %s)""",
        [incident_id, actor, verdict.value, note],
    )


def in_force(conn: Connection, incident_id: int) -> Verdict | None:
    """What holds of an incident; None where nothing was said, or it was withdrawn."""
    row = conn.execute(
        "SELECT verdict FROM incident_verdicts WHERE incident_id = %s", [incident_id]
    ).fetchone()
    return Verdict(str(row[0])) if row else None


def of_incident(conn: Connection, incident_id: int) -> list[StoredLine]:
    """All that was said of an incident, oldest first."""
    with conn.cursor(row_factory=class_row(StoredLine)) as cursor:
        return cursor.execute(
            """SELECT id, incident_id, time, asset, metric, actor, verdict, note, in_force
               FROM incident_feedback_list WHERE incident_id = %s ORDER BY id""",
            [incident_id],
        ).fetchall()


def by_stream(conn: Connection, stream_ids: Sequence[int] | None = None) -> dict[int, list[Line]]:
    """All that was said of the incidents of these streams (None: of all), by stream.

    An incident is of the stream it began with, and of every one whose anomaly it took in.
    """
    found: dict[int, list[Line]] = {}
    for stream_id, line_id, incident_id, at, actor, verdict, note in conn.execute(
        """SELECT o.stream_id, f.id, f.incident_id, f.at, f.actor, f.verdict, f.note
           FROM incident_feedback f
           CROSS JOIN LATERAL (
               SELECT stream_id FROM incidents WHERE id = f.incident_id
               UNION SELECT stream_id FROM anomalies WHERE incident_id = f.incident_id) o
           WHERE %(streams)s::integer[] IS NULL OR o.stream_id = ANY(%(streams)s)
           ORDER BY f.id""",
        {"streams": None if stream_ids is None else list(stream_ids)},
    ):
        if isinstance(at, datetime):
            line = Line(
                int(str(line_id)),
                int(str(incident_id)),
                at,
                str(actor),
                Verdict(str(verdict)),
                str(note),
            )
            found.setdefault(int(str(stream_id)), []).append(line)
    return found
