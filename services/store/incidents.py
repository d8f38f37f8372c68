"""The table `incidents`: one row a cause that somebody has to look at."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from models.incident import Severity, Situation, StaleIncident, Status
from services.store.pool import Connection


class Incident(NamedTuple):
    """An incident as people see it; version grows with every move."""

    id: int
    asset: str
    title: str
    kind: str
    area_code: str | None
    metric: str
    unit: str | None
    status: str
    active: bool
    severity: str
    score: float
    anomaly_count: int
    began_at: datetime
    last_anomaly_at: datetime
    opened_at: datetime
    acknowledged_at: datetime | None
    normal_at: datetime | None
    resolved_at: datetime | None
    version: int
    nature: str
    nature_reasons: list[dict[str, object]]
    member_count: int


class Standing(NamedTuple):
    """What intake and workflow need to know of an incident before they move it."""

    id: int
    situation: Situation
    severity: Severity
    score: float
    anomaly_count: int
    began_at: datetime
    last_anomaly_at: datetime
    version: int


class Ongoing(NamedTuple):
    """An active incident whose stream is still odd, as far as it was judged."""

    id: int
    severity: Severity
    score: float
    stood: timedelta


class Finding(NamedTuple):
    """What one cause showed: its worst score, how many anomalies, from when to when.

    said is the gravest word of a rule; None where none spoke.
    """

    cause: str
    stream_id: int
    score: float
    anomalies: int
    began_at: datetime
    last_anomaly_at: datetime
    said: Severity | None = None


def open_one(conn: Connection, finding: Finding, severity: str) -> int | None:
    """Opens an incident and returns its id; None where the cause has one that is not resolved.

    The unique index decides, so two workers at once open one.
    """
    row = conn.execute(
        """INSERT INTO incidents (cause, stream_id, severity, score, anomaly_count, began_at,
                                  last_anomaly_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s)
           ON CONFLICT (cause) WHERE status <> 'resolved' DO NOTHING RETURNING id""",
        [
            finding.cause,
            finding.stream_id,
            severity,
            finding.score,
            finding.anomalies,
            finding.began_at,
            finding.last_anomaly_at,
        ],
    ).fetchone()
    return int(str(row[0])) if row else None


def unresolved(conn: Connection, cause: str) -> Standing | None:
    """The incident of a cause that is not resolved, held until the transaction ends."""
    return standing(
        conn.execute(
            """SELECT id, status, active, severity, score, anomaly_count, began_at,
                      last_anomaly_at, version
               FROM incidents
               WHERE cause = %s AND status <> 'resolved' FOR UPDATE""",
            [cause],
        ).fetchone()
    )


def lock(conn: Connection, incident_id: int) -> Standing | None:
    """One incident, held until the transaction ends."""
    return standing(
        conn.execute(
            """SELECT id, status, active, severity, score, anomaly_count, began_at,
                      last_anomaly_at, version
               FROM incidents
               WHERE id = %s FOR UPDATE""",
            [incident_id],
        ).fetchone()
    )


def standing(row: tuple[object, ...] | None) -> Standing | None:
    """A row of the two queries above."""
    if row is None:
        return None
    incident_id, status, active, severity, score, anomaly_count, began_at, last_at, version = row
    if not isinstance(began_at, datetime) or not isinstance(last_at, datetime):
        raise TypeError("an incident has a beginning and a last anomaly")
    return Standing(
        int(str(incident_id)),
        Situation(Status(str(status)), active=bool(active)),
        Severity(str(severity)),
        float(str(score)),
        int(str(anomaly_count)),
        began_at,
        last_at,
        int(str(version)),
    )


def join(conn: Connection, incident_id: int, finding: Finding, severity: str) -> None:
    """Adds anomalies to an incident that stands; it is worst where it ever was."""
    conn.execute(
        """UPDATE incidents SET score = greatest(score, %s), severity = %s,
               anomaly_count = anomaly_count + %s, began_at = least(began_at, %s),
               last_anomaly_at = greatest(last_anomaly_at, %s)
           WHERE id = %s""",
        [
            finding.score,
            severity,
            finding.anomalies,
            finding.began_at,
            finding.last_anomaly_at,
            incident_id,
        ],
    )


def move(conn: Connection, incident_id: int, to: Situation, seen: int) -> None:
    """Puts an incident into a situation. Raises StaleIncident unless its version is `seen`."""
    done = conn.execute(
        """UPDATE incidents SET status = %(status)s, active = %(active)s, version = version + 1,
               acknowledged_at = CASE WHEN %(status)s = 'acknowledged'
                   THEN coalesce(acknowledged_at, clock_timestamp()) ELSE acknowledged_at END,
               normal_at = CASE WHEN %(active)s THEN NULL
                   ELSE coalesce(normal_at, clock_timestamp()) END,
               resolved_at = CASE WHEN %(status)s = 'resolved' THEN clock_timestamp() END
           WHERE id = %(id)s AND version = %(seen)s""",
        {"id": incident_id, "status": to.status.value, "active": to.active, "seen": seen},
    )
    if done.rowcount == 0:
        raise StaleIncident("the incident has moved since it was looked at; look again")


def one_at_a_time(conn: Connection) -> None:
    """Waits until no other transaction gathers anomalies; holds until this one ends.

    Which incident an anomaly belongs to depends on those that were opened just before.
    """
    conn.execute("SELECT pg_advisory_xact_lock(hashtext('incidents'), 1)")


def decide(
    conn: Connection, incident_id: int, nature: str, reasons: Sequence[Mapping[str, object]]
) -> None:
    """Writes down what an incident is about, where that is news."""
    conn.execute(
        """UPDATE incidents SET nature = %(nature)s, nature_reasons = %(reasons)s
           WHERE id = %(id)s AND (nature, nature_reasons) IS DISTINCT FROM
                                 (%(nature)s, %(reasons)s::jsonb)""",
        {"id": incident_id, "nature": nature, "reasons": Jsonb(list(reasons))},
    )


def ongoing(conn: Connection) -> list[Ongoing]:
    """Active incidents whose condition went on, untold, after their last anomaly.

    Not those of which a rule has said how grave they are.
    """
    rows = conn.execute(
        """SELECT i.id, i.severity, i.score, d.odd_until - i.began_at
           FROM incidents i JOIN detector_states d USING (stream_id)
           WHERE i.active AND i.status <> 'resolved' AND d.odd_until > i.last_anomaly_at
             AND NOT EXISTS (SELECT FROM anomalies a
                             WHERE a.incident_id = i.id AND a.severity IS NOT NULL)
           ORDER BY i.id"""
    )
    return [
        Ongoing(int(str(row[0])), Severity(str(row[1])), float(str(row[2])), row[3])
        for row in rows
        if isinstance(row[3], timedelta)
    ]


def worsen(conn: Connection, incident_id: int, severity: Severity) -> None:
    """Makes an incident graver."""
    conn.execute("UPDATE incidents SET severity = %s WHERE id = %s", [severity.value, incident_id])


def settled(conn: Connection, settled: timedelta) -> list[int]:
    """Acknowledged incidents that have been back to normal for this long, by the clock."""
    rows = conn.execute(
        """SELECT id FROM incidents
           WHERE status = 'acknowledged' AND NOT active
             AND greatest(normal_at, acknowledged_at) < clock_timestamp() - %s
           ORDER BY id LIMIT 500""",
        [settled],
    )
    return [int(str(row[0])) for row in rows]


def find(conn: Connection, incident_id: int) -> Incident | None:
    """One incident."""
    with conn.cursor(row_factory=class_row(Incident)) as cursor:
        return cursor.execute(
            """SELECT id, asset, title, kind, area_code, metric, unit, status, active, severity,
                      score, anomaly_count, began_at, last_anomaly_at, opened_at,
                      acknowledged_at, normal_at, resolved_at, version, nature,
                      nature_reasons, member_count
               FROM incident_list WHERE id = %s""",
            [incident_id],
        ).fetchone()


def stream_of(conn: Connection, incident_id: int) -> int | None:
    """The stream of an incident; None where there is no such incident."""
    row = conn.execute("SELECT stream_id FROM incidents WHERE id = %s", [incident_id]).fetchone()
    return int(str(row[0])) if row else None


def page(  # noqa: PLR0913 (the filters a person has)
    conn: Connection,
    *,
    status: str | None = None,
    severity: str | None = None,
    asset: str | None = None,
    active: bool | None = None,
    nature: str | None = None,
    desk: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Incident]:
    """The incidents before an id, newest first."""
    with conn.cursor(row_factory=class_row(Incident)) as cursor:
        return cursor.execute(
            """SELECT id, asset, title, kind, area_code, metric, unit, status, active, severity,
                      score, anomaly_count, began_at, last_anomaly_at, opened_at,
                      acknowledged_at, normal_at, resolved_at, version, nature,
                      nature_reasons, member_count
               FROM incident_list
               WHERE (%(before)s::bigint IS NULL OR id < %(before)s)
                 AND (%(status)s::text IS NULL OR status = %(status)s)
                 AND (%(severity)s::text IS NULL OR severity = %(severity)s)
                 AND (%(asset)s::text IS NULL OR asset = %(asset)s)
                 AND (%(active)s::boolean IS NULL OR active = %(active)s)
                 AND (%(nature)s::text IS NULL OR nature = %(nature)s)
                 AND (%(desk)s::text IS NULL OR EXISTS (
                     SELECT FROM incidents i
                     JOIN streams s ON s.id = i.stream_id
                     JOIN desk_assets w ON w.asset_id = s.asset_id
                     JOIN desks d ON d.name = w.desk
                     WHERE i.id = incident_list.id AND d.name = %(desk)s
                       AND (d.natures IS NULL OR i.nature = ANY (d.natures))))
               ORDER BY id DESC LIMIT %(limit)s""",
            {
                "status": status,
                "severity": severity,
                "asset": asset,
                "active": active,
                "nature": nature,
                "desk": desk,
                "before": before,
                "limit": limit,
            },
        ).fetchall()
