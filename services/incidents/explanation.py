"""Explains an incident: its oddest point, beside its neighbours and what was like it before."""

from models.explain import Explanation, explain
from services.store import evidence
from services.store.pool import Connection


def explained(conn: Connection, incident_id: int) -> Explanation | None:
    """Why the oddest point of an incident is odd; None where no anomaly of it is kept."""
    oddest = evidence.oddest(conn, incident_id)
    if oddest is None:
        return None
    around = evidence.neighbours(conn, oddest.stream_id, oddest.point.time)
    return explain(oddest.subject, oddest.point, around, evidence.past(conn, incident_id))
