"""Feedback: what people say of incidents, and how it moves the alarms of their streams."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from pydantic.config import JsonDict

from models import budget, feedback
from models.feedback import Step, Verdict
from services.api.access import VIEWERS, Database, Operator
from services.api.incidents import MOVED, Number
from services.api.problems import NoSuchStream, documented
from services.api.terms import Id, Text, Told, Written, exampled
from services.incidents.feedback import say
from services.incidents.workflow import NoSuchIncident
from services.store import desks, incident_feedback, incidents, streams
from services.store.pool import Connection, transaction

router = APIRouter(dependencies=VIEWERS)

SAID: JsonDict = {"verdict": "false", "note": "Mưa bắn vào đầu đo, mực nước không đổi"}
LINE: JsonDict = {
    "id": 3,
    "incident_id": 1,
    "at": "2026-01-01T00:10:00Z",
    "actor": "lan",
    **SAID,
    "in_force": True,
    "before": 1.0,
    "after": 1.15,
}
DESK: JsonDict = {"desk": "city", "factor": 1.2}


class Judgement(Written):
    """What somebody says of an incident; `withdrawn` takes back what was said before."""

    model_config = exampled(SAID)
    verdict: Annotated[Verdict, Field(strict=False)]
    note: Text = ""


class FeedbackLine(Told):
    """What was said, and what is asked of the stream's alarms before and after it.

    Only a line in force moves anything: one that a later line of its incident replaced, or that
    withdraws, does not.
    """

    model_config = exampled(LINE)
    id: int
    incident_id: int
    at: datetime
    actor: str
    verdict: Verdict
    note: str
    in_force: bool
    before: float
    after: float


class IncidentFeedback(Told):
    """What was said of an incident, oldest first, and what holds of it."""

    model_config = exampled({"incident_id": 1, "verdict": "false", "lines": [LINE]})
    incident_id: int
    verdict: Verdict | None = Field(description="what holds; null: nothing")
    lines: list[FeedbackLine]


class DeskFactor(Told):
    """What a desk's alarm budget asks of the stream."""

    model_config = exampled(DESK)
    desk: str
    factor: float


class Calibration(Told):
    """How many times louder than the model's own alarm one of this stream has to be, and why."""

    model_config = exampled(
        {
            "stream_id": 12,
            "factor": 1.38,
            "score": 0.99933,
            "feedback_factor": 1.15,
            "desks": [DESK],
            "least": 0.8,
            "most": 3.0,
            "lines": [LINE],
        }
    )
    stream_id: int
    factor: float = Field(description="of the strictest desk, times that of feedback, in bounds")
    score: float = Field(description="the anomaly score that just comes through")
    feedback_factor: float = Field(description="what all that was said makes of it, 0.8 to 2")
    desks: list[DeskFactor] = Field(description="the desks that watch the stream")
    least: float
    most: float
    lines: list[FeedbackLine] = Field(description="all that was said, oldest first")


@router.get("/incidents/{incident_id}/feedback", tags=["incidents"], responses=documented(404))
def list_incident_feedback(incident_id: Number, pool: Database) -> IncidentFeedback:
    """All that was said of an incident."""
    with transaction(pool) as conn:
        return said_of(conn, incident_id)


@router.post("/incidents/{incident_id}/feedback", tags=["incidents"], responses=MOVED)
def give_incident_feedback(
    incident_id: Number, saying: Judgement, pool: Database, bearer: Operator
) -> IncidentFeedback:
    """Says whether an incident was real or a false alarm, or takes that back.

    The stream's next alarms have to be louder, or may be quieter: within a second, and within
    bounds. Nothing that was said is ever edited.
    """
    with transaction(pool) as conn:
        say(conn, incident_id, saying.verdict, bearer.name, saying.note)
        return said_of(conn, incident_id)


@router.get("/streams/{stream_id}/calibration", tags=["streams"], responses=documented(404))
def show_calibration(
    stream_id: Annotated[Id, Path(le=2**31 - 1, examples=[12])], pool: Database
) -> Calibration:
    """How loud an alarm of a stream has to be, with every line that moved it."""
    with transaction(pool) as conn:
        if not streams.known(conn, stream_id):
            raise NoSuchStream(f"there is no stream {stream_id}")
        steps = steps_of(conn, stream_id)
        asked = desks.factors(conn, [stream_id]).get(stream_id, {})
        watching = desks.watching(conn, stream_id)
    factor = budget.asked(list(asked.values()), feedback.factor(steps))
    return Calibration(
        stream_id=stream_id,
        factor=factor,
        score=budget.score_of(factor),
        feedback_factor=feedback.factor(steps),
        desks=[DeskFactor(desk=desk, factor=asked.get(desk, 1.0)) for desk in watching],
        least=budget.LEAST,
        most=budget.MOST,
        lines=[line_of(step) for step in steps],
    )


def said_of(conn: Connection, incident_id: int) -> IncidentFeedback:
    """All that was said of an incident, among what was said of its stream."""
    stream_id = incidents.stream_of(conn, incident_id)
    if stream_id is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    lines = [step for step in steps_of(conn, stream_id) if step.line.incident_id == incident_id]
    holds = [step.line.verdict for step in lines if step.in_force]
    return IncidentFeedback(
        incident_id=incident_id,
        verdict=holds[0] if holds else None,
        lines=[line_of(step) for step in lines],
    )


def steps_of(conn: Connection, stream_id: int) -> list[Step]:
    """Every line that was said of a stream's incidents, with what it did."""
    return feedback.steps(incident_feedback.by_stream(conn, [stream_id]).get(stream_id, []))


def line_of(step: Step) -> FeedbackLine:
    """A step as the API tells it."""
    return FeedbackLine(
        **step.line._asdict(), in_force=step.in_force, before=step.before, after=step.after
    )
