"""Turns anomalies into incidents: opens one a cause, or joins the one that stands."""

from models.correlate import Cluster, home_of
from models.gathering import Odd, together
from models.incident import Move, Severity, Status, after, severity, worst
from services.incidents import circle
from services.store import anomalies, incidents, timeline
from services.store.anomalies import WaitingAnomaly
from services.store.incidents import Finding, Standing
from services.store.pool import Connection

ACTOR = "system"


def take_in(conn: Connection) -> int:
    """Gives every waiting anomaly its incident; returns how many there were."""
    waiting = anomalies.take_waiting(conn)
    if not waiting:
        return 0
    incidents.one_at_a_time(conn)
    by_stream: dict[int, list[WaitingAnomaly]] = {}
    ordered = sorted(waiting, key=lambda anomaly: (anomaly.time, anomaly.id))
    for anomaly in ordered:
        by_stream.setdefault(anomaly.stream_id, []).append(anomaly)
    known, homes = circle.around(conn, waiting), dict[int, int]()
    # In the order of time over all streams: what one of them told for hours is not known yet when
    # another begins beside it.
    for anomaly in ordered:
        sign, stream_id = circle.sign_of(anomaly), anomaly.stream_id
        if stream_id not in homes:
            found = by_stream[stream_id]
            home = settle(conn, finding(found), home_of(sign, known.values()))
            anomalies.assign(conn, [each.id for each in found], home)
            circle.take_in(conn, known, home, anomaly)
            homes[stream_id] = home
        known[homes[stream_id]].add(sign)
    circle.decide(conn, set(homes.values()))
    return len(waiting)


def finding(found: list[WaitingAnomaly]) -> Finding:
    """What a stream's anomalies say together. The stream is the cause's name."""
    said = together([odd(anomaly) for anomaly in found])
    return Finding(
        cause=f"stream/{said.stream_id}",
        stream_id=said.stream_id,
        score=said.score,
        anomalies=said.anomalies,
        began_at=said.began_at,
        last_anomaly_at=said.last_anomaly_at,
        said=said.said,
    )


def odd(anomaly: WaitingAnomaly) -> Odd:
    """An anomaly as incidents are gathered from."""
    said = Severity(anomaly.severity) if anomaly.severity else None
    return Odd(anomaly.stream_id, anomaly.time, anomaly.score, said)


def gravity(finding: Finding) -> Severity:
    """How grave a finding is: as a rule says, else by how odd it is."""
    return finding.said or severity(finding.score, finding.last_anomaly_at - finding.began_at)


def spoken(finding: Finding) -> str:
    """A finding for the timeline, in event time: the line's own time is that of the clock."""
    if finding.anomalies == 1:
        return f"1 anomaly at {finding.began_at:%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"{finding.anomalies} anomalies from {finding.began_at:%Y-%m-%dT%H:%M:%SZ}"
        f" to {finding.last_anomaly_at:%Y-%m-%dT%H:%M:%SZ}"
    )


def settle(conn: Connection, finding: Finding, home: Cluster | None) -> int:
    """The incident of a finding: that of its own stream, the one it belongs to, or a new one.

    What stands is made louder.
    """
    while True:
        standing = incidents.unresolved(conn, finding.cause)
        if standing is None and home is not None:
            standing = incidents.lock(conn, home.number)
        if standing is not None and standing.situation.status is not Status.RESOLVED:
            join(conn, standing, finding)
            return standing.id
        home = None
        opened = incidents.open_one(conn, finding, gravity(finding))
        if opened is not None:  # else another worker was faster: join what it opened
            timeline.append(conn, opened, ACTOR, Move.OPEN, spoken(finding))
            return opened


def join(conn: Connection, standing: Standing, finding: Finding) -> None:
    """Adds a finding to an incident, which may grow graver; one that was back to normal recurs."""
    together = finding._replace(
        score=max(standing.score, finding.score),
        began_at=min(standing.began_at, finding.began_at),
        last_anomaly_at=max(standing.last_anomaly_at, finding.last_anomaly_at),
    )
    grave = worst([standing.severity, gravity(together)]) or standing.severity
    incidents.join(conn, standing.id, finding, grave)
    if not standing.situation.active:
        to = after(standing.situation, Move.RECUR)
        incidents.move(conn, standing.id, to, seen=standing.version)
        timeline.append(conn, standing.id, ACTOR, Move.RECUR, spoken(finding))
