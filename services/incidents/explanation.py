"""Explains an incident: its oddest point, beside its neighbours and what was like it before."""

from models.explain import Explanation, explain
from services.incidents.workflow import NoSuchIncident
from services.store import evidence, incidents
from services.store.pool import Connection


class NothingToExplain(Exception):
    """None of the incident's anomalies is kept any more."""

    http_status = 404


def explained(conn: Connection, incident_id: int) -> Explanation:
    """What there is to say. Raises NoSuchIncident, and NothingToExplain."""
    if incidents.find(conn, incident_id) is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    oddest = evidence.oddest(conn, incident_id)
    if oddest is None:
        raise NothingToExplain(f"incident {incident_id} has no anomaly that is kept")
    around = evidence.neighbours(conn, oddest.stream_id, oddest.point.time)
    return explain(oddest.subject, oddest.point, around, evidence.past(conn, incident_id))
