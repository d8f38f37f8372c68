"""Incidents: what somebody has to look at, and the moves people make."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from models.incident import Move, Severity, Status
from models.nature import ALONE, Nature
from services.api.access import VIEWERS, Database, Operator
from services.api.pages import LINKED, Paged
from services.api.problems import documented
from services.api.sentences import TEXT, InWords, words
from services.api.terms import (
    WHOLE,
    Asked,
    AssetName,
    DeskName,
    Id,
    Limit,
    Text,
    Told,
    Written,
    exampled,
)
from services.incidents import workflow
from services.incidents.workflow import NoSuchIncident
from services.store import incident_members, incident_words, incidents, timeline
from services.store.pool import Connection, Pool, transaction
from services.store.tokens import Bearer

router = APIRouter(prefix="/incidents", tags=["incidents"], dependencies=VIEWERS)

SPIKE: JsonDict = {
    "id": 1,
    "asset": "pump-7",
    "title": "Trạm bơm số 7",
    "kind": "water",
    "area_code": "213",
    "metric": "flow",
    "unit": "m3/h",
    "status": "resolved",
    "active": False,
    "severity": "medium",
    "score": 0.99998,
    "anomaly_count": 6,
    "began_at": "2026-01-01T00:00:00Z",
    "last_anomaly_at": "2026-01-01T00:05:00Z",
    "opened_at": "2026-01-01T00:00:01Z",
    "acknowledged_at": "2026-01-01T00:07:30Z",
    "normal_at": "2026-01-01T00:35:00Z",
    "resolved_at": "2026-01-01T01:10:00Z",
    "version": 4,
    "nature": "sensor",
    "nature_reasons": [ALONE._asdict()],
    "members": [{"asset": "pump-7", "since": "2026-01-01T00:00:00Z"}],
    "words": TEXT,
}
OPENED: JsonDict = {
    "at": "2026-01-01T00:00:01Z",
    "actor": "system",
    "move": "open",
    "note": "6 anomalies",
}
ACKNOWLEDGED: JsonDict = {
    "at": "2026-01-01T00:07:30Z",
    "actor": "lan",
    "move": "acknowledge",
    "note": "Đã cử đội trực đến trạm",
}
Number = Annotated[Id, Path(examples=[1])]


class ReasonTold(Told):
    """Why an incident is what it is; weight is above 0 for an event, below for a fault."""

    model_config = exampled(ALONE._asdict())
    code: str
    weight: float
    vi: str
    en: str


class MemberTold(Told):
    """An asset, and since when it shows what the incident is about."""

    model_config = exampled({"asset": "pump-7", "since": "2026-01-01T00:00:00Z"})
    asset: str
    since: datetime


class Incident(Told):
    """One cause that somebody has to look at; version grows with every move."""

    model_config = exampled(SPIKE)
    id: int
    asset: str
    title: str
    kind: str
    area_code: str | None
    metric: str
    unit: str | None
    status: Status
    active: bool = Field(description="whether the condition still stands")
    severity: Severity
    score: float
    anomaly_count: int
    began_at: datetime
    last_anomaly_at: datetime
    opened_at: datetime
    acknowledged_at: datetime | None
    normal_at: datetime | None
    resolved_at: datetime | None
    version: int
    nature: Nature = Field(description="whether a device is wrong or the world is")
    nature_reasons: list[ReasonTold] = Field(description="why, the weightiest first")
    members: list[MemberTold] = Field(description="the assets it is about, first come first")
    words: InWords | None = Field(
        description="what a rule said of it last; null where none spoke, but of one incident alone "
        "why its oddest point is odd"
    )


class TimelineLine(Told):
    """One move: when, by whom, what, and what they said."""

    model_config = exampled(OPENED, ACKNOWLEDGED)
    at: datetime
    actor: str
    move: Move
    note: str


class IncidentWithTimeline(Incident):
    """An incident and all that happened to it, oldest first."""

    model_config = exampled(SPIKE | {"timeline": [OPENED, ACKNOWLEDGED]})
    timeline: list[TimelineLine]


class IncidentQuery(Asked):
    """Which incidents."""

    status: Status | None = None
    severity: Severity | None = None
    asset: AssetName | None = Field(default=None, examples=["pump-7"])
    active: bool | None = Field(default=None, description="whether the condition still stands")
    nature: Nature | None = Field(default=None, description="a device is wrong, or the world is")
    desk: DeskName | None = Field(default=None, description="those that a desk watches")
    before: Id | None = Field(default=None, description="goes on before this id")
    limit: Limit = 100


class Step(Written):
    """What somebody says with a move; `seen` is the version they looked at."""

    model_config = exampled({"note": "Đã cử đội trực đến trạm", "seen": 1})
    note: Text = ""
    seen: Annotated[int, Field(ge=1, le=2**31 - 1), WHOLE] | None = None


Said = Annotated[Step | None, Body()]
MOVED = documented(400, 403, 404, 409, 413)


@router.get("", responses=LINKED)
def list_incidents(
    query: Annotated[IncidentQuery, Query()], pool: Database, pages: Paged
) -> list[Incident]:
    """The incidents, newest first."""
    with transaction(pool) as conn:
        found = incidents.page(
            conn,
            status=query.status,
            severity=query.severity,
            asset=query.asset,
            active=query.active,
            nature=query.nature,
            desk=query.desk,
            before=query.before,
            limit=query.limit + 1,
        )
        rows = pages.cut(found, query.limit, "before")
        members = incident_members.of(conn, [row.id for row in rows])
        said = incident_words.of(conn, [row.id for row in rows])
    return [
        Incident.model_validate(
            row._asdict() | {"members": members[row.id], "words": said.get(row.id)}
        )
        for row in rows
    ]


@router.get("/{incident_id}", responses=documented(404))
def show_incident(incident_id: Number, pool: Database) -> IncidentWithTimeline:
    """One incident with its timeline."""
    with transaction(pool) as conn:
        return told(conn, incident_id)


@router.post("/{incident_id}/acknowledge", responses=MOVED)
def acknowledge_incident(
    incident_id: Number, pool: Database, bearer: Operator, said: Said = None
) -> IncidentWithTimeline:
    """Takes an incident on: somebody knows of it now."""
    return move(pool, incident_id, Move.ACKNOWLEDGE, bearer, said)


@router.post("/{incident_id}/resolve", responses=MOVED)
def resolve_incident(
    incident_id: Number, pool: Database, bearer: Operator, said: Said = None
) -> IncidentWithTimeline:
    """Ends an incident."""
    return move(pool, incident_id, Move.RESOLVE, bearer, said)


def move(
    pool: Pool, incident_id: int, step: Move, bearer: Bearer, said: Step | None
) -> IncidentWithTimeline:
    """Takes a step in the name of the token's holder; committed before the answer leaves."""
    said = said or Step()
    with transaction(pool) as conn:
        workflow.move(conn, incident_id, step, actor=bearer.name, note=said.note, seen=said.seen)
        return told(conn, incident_id)


def told(conn: Connection, incident_id: int) -> IncidentWithTimeline:
    """One incident with its timeline. Raises NoSuchIncident."""
    found = incidents.find(conn, incident_id)
    if found is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    lines = [TimelineLine.model_validate(line) for line in timeline.of(conn, incident_id)]
    members = incident_members.of(conn, [incident_id])[incident_id]
    return IncidentWithTimeline.model_validate(
        found._asdict() | {"timeline": lines, "members": members, "words": words(conn, incident_id)}
    )
