"""Takes down what people say of incidents, and takes it back."""

from models.feedback import Verdict
from services.incidents.workflow import NoSuchIncident
from services.store import incident_feedback, incidents
from services.store.pool import Connection


class NothingToWithdraw(Exception):
    """Nothing that was said of the incident is in force."""

    http_status = 409


def say(conn: Connection, incident_id: int, verdict: Verdict, actor: str, note: str = "") -> None:
    """Adds a line to what was said of an incident.

    Raises NoSuchIncident, and NothingToWithdraw.
    """
    if incidents.lock(conn, incident_id) is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    if verdict is Verdict.WITHDRAWN and incident_feedback.in_force(conn, incident_id) is None:
        raise NothingToWithdraw(
            f"nothing is said of incident {incident_id} that could be withdrawn"
        )
    incident_feedback.append(conn, incident_id, actor, verdict, note.replace("\0", "\u2400"))
