"""The circle an anomaly belongs to: incidents of its neighbourhood, their members, their nature."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from models import nature
from models.correlate import QUIET, Cluster, Sign
from models.reading import microseconds
from services.store import incident_members, incident_signs, incidents
from services.store.anomalies import WaitingAnomaly
from services.store.incident_signs import SignRow
from services.store.pool import Connection

NEAR = timedelta(microseconds=QUIET)
SILENCE = "silence"


def around(conn: Connection, waiting: Sequence[WaitingAnomaly]) -> dict[int, Cluster]:
    """The unresolved incidents that these anomalies may belong to, by their ids."""
    times = [anomaly.time for anomaly in waiting]
    near = incident_signs.recent(conn, min(times), max(times), NEAR)
    clusters: dict[int, Cluster] = {}
    for row in incident_signs.of(conn, near):
        clusters.setdefault(row.incident_id, Cluster(row.incident_id)).add(sign_told(row))
    for incident_id, members in incident_members.of(conn, list(clusters)).items():
        clusters[incident_id].assets |= {member.asset for member in members}
    return clusters


def sign_of(anomaly: WaitingAnomaly) -> Sign:
    """What a waiting anomaly says."""
    return Sign(
        anomaly.asset,
        anomaly.metric,
        anomaly.kind,
        anomaly.area,
        anomaly.parent,
        microseconds(anomaly.time),
        anomaly.detector,
        anomaly.score,
        anomaly.upwards,
        parts=tuple((anomaly.parts or {}).items()),
        around=anomaly.around,
    )


def sign_told(row: SignRow) -> Sign:
    """What an anomaly of an incident says."""
    return Sign(
        row.asset,
        row.metric,
        row.kind,
        row.area,
        row.parent,
        microseconds(row.time),
        row.detector,
        row.score,
        row.upwards,
        parts=tuple((row.parts or {}).items()),
        around=row.around,
    )


def take_in(
    conn: Connection, known: dict[int, Cluster], incident_id: int, first: WaitingAnomaly
) -> None:
    """Makes an asset a member, and with a silent gateway all who are silent behind it."""
    members: dict[int, datetime] = {first.asset_id: first.time}
    cluster = known.setdefault(incident_id, Cluster(incident_id))
    if first.detector == SILENCE:
        for each in incident_members.folded(conn, [first.asset_id]):
            members.setdefault(each.asset_id, first.time)
            cluster.assets.add(each.asset)
    incident_members.add(conn, incident_id, members)


def decide(conn: Connection, incident_ids: Collection[int]) -> None:
    """Says anew of these incidents whether a device is wrong or the world is."""
    signs: dict[int, list[Sign]] = {}
    for row in incident_signs.of(conn, incident_ids):
        signs.setdefault(row.incident_id, []).append(sign_told(row))
    for incident_id, of_it in signs.items():
        decision = nature.decide(of_it)
        reasons = [reason._asdict() for reason in decision.reasons]
        incidents.decide(conn, incident_id, decision.nature.value, reasons)
