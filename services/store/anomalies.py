"""The table `anomalies`: what the detectors noticed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from models.city.derivation import Derived
from models.reading import moment
from services.store.pool import Connection

CHANNEL = "anomalies"
CERTAIN = 1.0  # a rule's alarm is no matter of likelihood


class Anomaly(NamedTuple):
    """One odd reading. band is half the width of the normal band around expected.

    severity is a rule's word (models.incident.Severity); a detector has none. parts are the
    surprises its score is made of, in nats by detector or statistic, and model_version is that
    of the detectors; a rule has neither.
    """

    stream_id: int
    time: datetime
    value: float
    score: float
    detector: str
    expected: float
    band: float
    severity: str | None = None
    parts: Mapping[str, float] | None = None
    model_version: int | None = None


def of_rule(rule: str, stream_id: int, derived: Derived) -> Anomaly:
    """A rule's alarm as the store keeps it: it is no matter of likelihood."""
    severity, expected = derived.alarm or (None, 0.0)
    time = moment(derived.time)
    return Anomaly(stream_id, time, derived.value, CERTAIN, rule, expected, 0.0, severity)


class WaitingAnomaly(NamedTuple):
    """An anomaly that no incident has taken in yet, and what is known of its asset.

    upwards says whether the value is above what was expected; parent is the gateway's name,
    around the district of a commune.
    """

    id: int
    stream_id: int
    time: datetime
    score: float
    severity: str | None
    detector: str
    upwards: bool
    parts: dict[str, float] | None
    metric: str
    asset_id: int
    asset: str
    kind: str
    area: str | None
    parent: str | None
    around: str | None


class StoredAnomaly(NamedTuple):
    """An anomaly as people see it."""

    id: int
    time: datetime
    asset: str
    metric: str
    unit: str | None
    value: float
    expected: float
    band: float
    score: float
    detector: str
    incident_id: int | None
    severity: str | None
    parts: dict[str, float] | None
    model_version: int | None


class Told(NamedTuple):
    """What a detector told, and which incident took it in; upwards: above what was expected."""

    stream_id: int
    time: datetime
    score: float
    detector: str
    upwards: bool
    incident_id: int | None


def append(conn: Connection, anomalies: Sequence[Anomaly]) -> None:
    """Keeps anomalies and wakes who listens; one that is known already changes nothing."""
    if not anomalies:
        return
    with conn.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO anomalies (stream_id, time, value, score, detector, expected, band,
                                      severity, parts, model_version)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
               ON CONFLICT ON CONSTRAINT one_anomaly_a_moment DO NOTHING""",
            [
                (*each[:8], None if each.parts is None else Jsonb(each.parts), each.model_version)
                for each in anomalies
            ],
        )
    conn.execute("SELECT pg_notify('anomalies', '')")


def of_detectors(conn: Connection, since: datetime, until: datetime) -> list[Told]:
    """What detectors told of the streams they judge in [since, until), oldest first."""
    with conn.cursor(row_factory=class_row(Told)) as cursor:
        return cursor.execute(
            """SELECT n.stream_id, n.time, n.score, n.detector, n.value > n.expected AS upwards,
                      n.incident_id
               FROM anomalies n JOIN streams s ON s.id = n.stream_id
               WHERE s.judged AND n.severity IS NULL AND n.time >= %s AND n.time < %s
               ORDER BY n.time""",
            [since, until],
        ).fetchall()


def take_waiting(conn: Connection, limit: int = 500) -> list[WaitingAnomaly]:
    """The oldest anomalies without an incident, held until the transaction ends."""
    with conn.cursor(row_factory=class_row(WaitingAnomaly)) as cursor:
        return cursor.execute(
            """SELECT n.id, n.stream_id, n.time, n.score, n.severity, n.detector,
                      n.value > n.expected AS upwards, n.parts, s.metric,
                      a.id AS asset_id, a.name AS asset, a.kind, a.area_code AS area,
                      g.name AS parent,
                      CASE WHEN p.kind = 'commune' THEN p.parent_code END AS around
               FROM anomalies n
               JOIN streams s ON s.id = n.stream_id
               JOIN assets a ON a.id = s.asset_id
               LEFT JOIN assets g ON g.id = a.parent_id
               LEFT JOIN areas p ON p.code = a.area_code
               WHERE n.incident_id IS NULL
               ORDER BY n.id LIMIT %s FOR UPDATE OF n SKIP LOCKED""",
            [limit],
        ).fetchall()


def assign(conn: Connection, anomaly_ids: Sequence[int], incident_id: int) -> None:
    """Gives anomalies to an incident."""
    conn.execute(
        "UPDATE anomalies SET incident_id = %s WHERE id = ANY(%s)",
        [incident_id, list(anomaly_ids)],
    )


def page(  # noqa: PLR0913 (the filters a person has)
    conn: Connection,
    *,
    asset: str | None = None,
    metric: str | None = None,
    incident: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[StoredAnomaly]:
    """The anomalies before an id, newest first."""
    with conn.cursor(row_factory=class_row(StoredAnomaly)) as cursor:
        return cursor.execute(
            """SELECT id, time, asset, metric, unit, value, expected, band, score, detector,
                      incident_id, severity, parts, model_version
               FROM anomaly_list
               WHERE (%(before)s::bigint IS NULL OR id < %(before)s)
                 AND (%(asset)s::text IS NULL OR asset = %(asset)s)
                 AND (%(metric)s::text IS NULL OR metric = %(metric)s)
                 AND (%(incident)s::bigint IS NULL OR incident_id = %(incident)s)
                 AND (%(since)s::timestamptz IS NULL OR time >= %(since)s)
                 AND (%(until)s::timestamptz IS NULL OR time < %(until)s)
               ORDER BY id DESC LIMIT %(limit)s""",
            {
                "asset": asset,
                "metric": metric,
                "incident": incident,
                "since": since,
                "until": until,
                "before": before,
                "limit": limit,
            },
        ).fetchall()
