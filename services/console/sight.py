"""All that the page of one incident shows, read at once."""

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from models.explain import Explanation
from services.console.chart import Drawn
from services.incidents.explanation import explained
from services.incidents.workflow import NoSuchIncident
from services.store import (
    evidence,
    incident_feedback,
    incident_lists,
    incident_members,
    incidents,
    readings,
    timeline,
)
from services.store.incident_lists import Listed
from services.store.incident_members import Titled
from services.store.incidents import Incident
from services.store.pool import Connection

# What is drawn: some hours before it began until some after; of a long one, around the oddest.
BEFORE, AFTER = timedelta(hours=3), timedelta(hours=1)
FARTHEST = timedelta(hours=36)
POINTS = 240  # about one for three units of the paper
FINEST = 60  # seconds a point


class Sight(NamedTuple):
    """An incident with all around it; what cannot be said any more is None."""

    incident: Incident
    listed: Listed
    members: list[Titled]
    lines: list[timeline.StoredLine]
    judged: list[incident_feedback.StoredLine]
    explanation: Explanation | None
    drawn: Drawn | None

    @property
    def verdict(self) -> str | None:
        """What holds of it: real, false, or nothing."""
        holds = [each.verdict for each in self.judged if each.in_force]
        return holds[0] if holds else None


def look(conn: Connection, incident_id: int) -> Sight:
    """One incident. Raises NoSuchIncident."""
    incident = incidents.find(conn, incident_id)
    listed = incident_lists.find(conn, incident_id)
    if incident is None or listed is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    explanation = explained(conn, incident_id)
    return Sight(
        incident,
        listed,
        incident_members.titled(conn, incident_id),
        timeline.of(conn, incident_id),
        incident_feedback.of_incident(conn, incident_id),
        explanation,
        drawn_of(conn, incident, explanation) if explanation else None,
    )


def drawn_of(conn: Connection, incident: Incident, why: Explanation) -> Drawn | None:
    """The readings of the oddest stream around the incident."""
    oddest = evidence.oddest(conn, incident.id)
    if oddest is None:
        return None
    since, until = window(incident, why.point.time)
    seconds = max(FINEST, math.ceil((until - since).total_seconds() / POINTS))
    buckets = readings.buckets(
        conn, oddest.stream_id, since, until, seconds=seconds, limit=POINTS + 2
    )
    odd = evidence.points(conn, incident.id, oddest.stream_id, since, until)
    shown = [each for each in buckets if math.isfinite(each.mean)]
    believable = [each for each in odd if math.isfinite(each.value)]
    return Drawn(shown, believable, why.low, why.high, why.subject.unit)


def window(incident: Incident, oddest: datetime) -> tuple[datetime, datetime]:
    """From when to when is drawn."""
    since = max(incident.began_at - BEFORE, oddest - FARTHEST)
    until = min(incident.last_anomaly_at + AFTER, oddest + FARTHEST)
    return since, until
