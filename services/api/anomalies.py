"""Anomalies: what the detectors noticed."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.terms import Asked, AssetName, Id, Limit, MetricName, Moment, Told, exampled
from services.store import anomalies
from services.store.pool import transaction

router = APIRouter(prefix="/anomalies", tags=["anomalies"], dependencies=VIEWERS)

SPIKE: JsonDict = {
    "id": 41,
    "time": "2026-01-01T00:00:00Z",
    "asset": "pump-7",
    "metric": "flow",
    "unit": "m3/h",
    "value": 97.0,
    "expected": 12.4,
    "band": 1.1,
    "score": 0.99998,
    "detector": "ensemble",
    "incident_id": 1,
    "parts": {"value": 9.1, "drift": 7.7, "movement": 4.2},
    "model_version": 3,
}


class Anomaly(Told):
    """One odd reading: what was expected, within what band, and how odd it is (0 to 1)."""

    model_config = exampled(SPIKE)
    id: int
    time: datetime
    asset: str
    metric: str
    unit: str | None
    value: float
    expected: float
    band: float = Field(description="half the width of the normal band, in the stream's unit")
    score: float
    detector: str
    incident_id: int | None = Field(description="null until an incident has taken it in")
    severity: Literal["low", "medium", "high"] | None = Field(
        default=None, description="as the rule says that found it; null: a detector did"
    )
    parts: dict[str, float] | None = Field(
        default=None,
        description="what the score is made of: by detector or statistic, minus the logarithm"
        " of how rare it is; null of a rule",
    )
    model_version: int | None = Field(default=None, description="of the detectors")


class AnomalyQuery(Asked):
    """Which anomalies."""

    asset: AssetName | None = Field(default=None, examples=["pump-7"])
    metric: MetricName | None = Field(default=None, examples=["flow"])
    incident: Id | None = Field(default=None, description="those of one incident", examples=[1])
    since: Moment | None = Field(default=None, description="from this moment on")
    until: Moment | None = Field(default=None, description="before this moment")
    before: Id | None = Field(default=None, description="goes on before this id")
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_anomalies(
    query: Annotated[AnomalyQuery, Query()], pool: Database, pages: Paged
) -> list[Anomaly]:
    """The anomalies, newest first."""
    with transaction(pool) as conn:
        found = anomalies.page(
            conn,
            asset=query.asset,
            metric=query.metric,
            incident=query.incident,
            since=query.since,
            until=query.until,
            before=query.before,
            limit=query.limit + 1,
        )
    return [Anomaly.model_validate(row) for row in pages.cut(found, query.limit, "before")]
