"""Explanations: why an incident's oddest point is odd, as data and in words."""

import math
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BeforeValidator, Field
from pydantic.config import JsonDict

from models import told_odd
from models.explain import Explanation as Found
from models.explain import Side, Stance
from services.api.access import VIEWERS, Database
from services.api.incidents import Number
from services.api.problems import NothingToExplain, documented
from services.api.sentences import TEXT, InWords, explained
from services.api.terms import Told, exampled
from services.incidents.workflow import NoSuchIncident
from services.store import incidents
from services.store.pool import Connection, transaction

router = APIRouter(prefix="/incidents", tags=["incidents"], dependencies=VIEWERS)

# JSON has no word for what is no number.
Finite = Annotated[
    float | None, BeforeValidator(lambda n: n if n is not None and math.isfinite(n) else None)
]
PART: JsonDict = {"name": "level", "surprise": 5.3, "share": 1.0}
BESIDE: JsonDict = {
    "asset": "pump-6",
    "title": "Trạm bơm số 6",
    "distance_km": 1.2,
    "usual": 11.9,
    "now": 12.1,
    "deviations": 0.4,
    "odd": False,
    "stance": "disagrees",
}
LIKE: JsonDict = {
    "incident_id": 1,
    "title": "Trạm bơm số 7",
    "began_at": "2026-01-01T00:00:00Z",
    "minutes": 42.0,
    "status": "resolved",
    "verdict": "real",
    "likeness": 0.93,
}


class Part(Told):
    """What one detector or statistic contributed: its surprise in nats, and its share of all."""

    model_config = exampled(PART)
    name: str
    surprise: float
    share: float


class Beside(Told):
    """A neighbour of the same kind and metric: what it usually does, and did in that hour."""

    model_config = exampled(BESIDE)
    asset: str
    title: str
    distance_km: Finite
    usual: Finite
    now: Finite
    deviations: Finite = Field(description="how far it moved, in its usual deviations")
    odd: bool = Field(description="whether it had an anomaly of its own")
    stance: Stance


class Like(Told):
    """A past incident of the same kind and metric, and what became of it."""

    model_config = exampled(LIKE)
    incident_id: int
    title: str
    began_at: datetime
    minutes: float
    status: str
    verdict: str | None = Field(description="what people said of it: real, false; null: nothing")
    likeness: float


class Explanation(Told):
    """Why the oddest point of an incident is odd. low to high is its normal band."""

    model_config = exampled(
        {
            "incident_id": 7,
            "time": "2026-01-01T00:00:00Z",
            "value": 97.0,
            "expected": 12.4,
            "low": 11.3,
            "high": 13.5,
            "side": "above",
            "detector": "level",
            "parts": [PART],
            "neighbours": [BESIDE],
            "similar": [LIKE],
            "text": TEXT,
        }
    )
    incident_id: int
    time: datetime
    value: Finite
    expected: Finite
    low: Finite
    high: Finite
    side: Side
    detector: str
    parts: list[Part] = Field(description="the most telling first")
    neighbours: list[Beside] = Field(description="the nearest first")
    similar: list[Like] = Field(description="the most alike first")
    text: InWords


@router.get("/{incident_id}/explanation", responses=documented(404))
def explain_incident(incident_id: Number, pool: Database) -> Explanation:
    """Why an incident's oddest point is odd, in Vietnamese and English."""
    with transaction(pool) as conn:
        found = found_of(conn, incident_id)
    return told(incident_id, found)


def found_of(conn: Connection, incident_id: int) -> Found:
    """What there is to say. Raises NoSuchIncident, and NothingToExplain."""
    if incidents.find(conn, incident_id) is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    found = explained(conn, incident_id)
    if found is None:
        raise NothingToExplain(f"incident {incident_id} has no anomaly that is kept")
    return found


def told(incident_id: int, found: Found) -> Explanation:
    """An explanation as the API tells it."""
    point = found.point
    return Explanation(
        incident_id=incident_id,
        time=point.time,
        value=point.value,
        expected=point.expected,
        low=found.low,
        high=found.high,
        side=found.side,
        detector=point.detector,
        parts=[Part.model_validate(each) for each in found.shares],
        neighbours=[
            Beside.model_validate(
                each.neighbour._asdict() | {"stance": each.stance, "deviations": each.deviations}
            )
            for each in found.beside
        ],
        similar=[
            Like.model_validate(each.past._asdict() | {"likeness": each.likeness})
            for each in found.similar
        ],
        text=InWords.model_validate(told_odd.text(found)),
    )
