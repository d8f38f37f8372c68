"""Dossiers: what happens to them comes in, and the load of every unit goes out."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from models.egov.course import Event
from models.egov.told import read
from models.egov.worktime import OutsideCalendar, after, workday
from services.api.access import VIEWERS, Database, Operator
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchUnit, documented
from services.api.terms import Asked, Limit, Moment, Told, UnitName, Written, exampled, spoken
from services.store import dossier_intake, dossiers, organisation, procedures
from services.store.dossier_intake import Answer, Item, counted
from services.store.pool import Connection, transaction

router = APIRouter(prefix="/egov", tags=["dossiers"], dependencies=VIEWERS)

MOST = 1000  # events in one request
LARGEST_BATCH = 4 * 1024 * 1024  # bytes: so many national records of some thirty fields
EVENT: JsonDict = {
    "event": "H02.215-190102-0001-1",
    "dossier": "H02.215-190102-0001",
    "unit": "215",
    "procedure": "DD.11",
    "channel": 1,
    "state": 2,
    "at": "2019-01-02T08:30:00+07:00",
    "due_at": "2019-01-16T08:30:00+07:00",
}
ANSWER: JsonDict = {
    "place": 0,
    "event": "H02.215-190102-0001-1",
    "outcome": "waiting",
    "reason": "A dossier cannot begin in this state",
}
LOAD: JsonDict = {
    "unit": "215",
    "as_of": "2019-01-03T01:30:00Z",
    "submitted": 3,
    "running": 41,
    "due_soon": 6,
    "overdue": 2,
    "overdue_long": 0,
    "ended": 380,
    "early": 300,
    "on_time": 71,
    "late": 9,
    "on_time_share": 0.976,
}
COUNT: JsonDict = {
    "state": 4,
    "group": "in-process",
    "title": "Đang xử lý",
    "title_en": "In process",
    "dossiers": 41,
}
Code = Annotated[UnitName, Path(examples=["215"])]


class Batch(Written):
    """Events in our own fields, or records in those of the national one (MaHoSo, ...).

    Other fields, those about people among them, are dropped and kept nowhere.
    """

    model_config = exampled({"events": [EVENT]})
    events: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST)]


class EventAnswer(Told):
    """What became of one event. A record that tells several events has an answer for each.

    One that is waiting is stored: its move is impossible until what was before it comes.
    """

    model_config = exampled(ANSWER)
    place: int = Field(description="of its object in the request, from 0")
    event: str | None = Field(description="the name it is stored under, where it could be read")
    outcome: Literal["stored", "waiting", "duplicate", "rejected"]
    reason: str | None


class Intake(Told):
    """What became of a batch; waiting events are among the stored."""

    model_config = exampled({"stored": 1, "duplicate": 0, "rejected": 0, "answers": [ANSWER]})
    stored: int
    duplicate: int
    rejected: int
    answers: list[EventAnswer]


class StateCount(Told):
    """How many dossiers are in a state now."""

    model_config = exampled(COUNT)
    state: int
    group: str
    title: str
    title_en: str
    dossiers: float


class Load(Told):
    """What a unit and all below it have to do at a moment, by the tree of that day.

    What was accepted and has not ended is running, due within a working day, or overdue
    (overdue_long: for over 7 days). What ended in the 30 days before was early (by a day or more), on
    time or late; the share is of those that had a due date. Shares of successions may make broken
    numbers.
    """

    model_config = exampled(LOAD)
    unit: str
    as_of: datetime
    submitted: float = Field(description="waits to be looked at")
    running: float
    due_soon: float
    overdue: float
    overdue_long: float
    ended: float
    early: float
    on_time: float
    late: float
    on_time_share: float | None = Field(description="null where nothing ended")


class UnitLoad(Load):
    """The load of one unit, with its dossiers by state as they are now."""

    model_config = exampled(LOAD | {"states": [COUNT]})
    states: list[StateCount]


class Quarantined(Told):
    """What is not counted: a refused event (`reject`), or a move that waits (`move`)."""

    model_config = exampled(
        {
            "what": "reject",
            "name": "12",
            "door": "file",
            "source": "2019.jsonl",
            "line": 40000,
            "reason": "the unit is not known",
            "kept": {"dossier": "H02.215-190102-0001", "state": 2},
            "times": 1,
            "received_at": "2026-01-01T00:00:00Z",
        }
    )
    what: Literal["reject", "move"]
    name: str
    door: str
    source: str
    line: int | None
    reason: str
    kept: dict[str, str | int] = Field(description="known fields of the right form, nothing else")
    times: int
    received_at: datetime


class LoadQuery(Asked):
    """At which moment."""

    as_of: Moment | None = Field(default=None, description="without it, now")


class QuarantineQuery(Asked):
    """Which part of the quarantine."""

    before: Moment | None = Field(default=None, description="received before this moment")
    limit: Limit = 100


@router.post("/dossier-events", responses=documented(400, 403, 413))
def take_dossier_events(batch: Batch, pool: Database, bearer: Operator) -> Intake:
    """Takes in what happened to dossiers: each event once, however often it is sent.

    A time without a zone is Vietnam's. What cannot be taken is told here and kept in quarantine;
    its neighbours are stored.
    """
    now = datetime.now(UTC)
    read_events = [
        (place, told) for place, item in enumerate(batch.events) for told in read(item, now)
    ]
    with transaction(pool) as conn:
        answers = dossier_intake.take(
            conn, "http", bearer.name, [Item(told) for _, told in read_events]
        )
        dossier_intake.account(conn, "http", len(read_events), counted(answers))
    return Intake(
        **counted(answers)._asdict(),
        answers=[
            answered(place, told, answer)
            for (place, told), answer in zip(read_events, answers, strict=True)
        ],
    )


def answered(place: int, told: object, answer: Answer) -> EventAnswer:
    """An answer as the API says it."""
    name = told.id if isinstance(told, Event) else None
    return EventAnswer(place=place, event=name, outcome=answer.outcome.value, reason=answer.reason)


@router.get("/units/{code}/load", responses=documented(404))
def show_load(code: Code, query: Annotated[LoadQuery, Query()], pool: Database) -> UnitLoad:
    """The load of a unit, with that of all below it."""
    as_of = query.as_of or datetime.now(UTC)
    with transaction(pool) as conn:
        code = organisation.codes(conn, [code]).get(code, code)
        if not organisation.lives(conn, code):
            raise NoSuchUnit(f"there is no unit {code}")
        found = organisation.load(conn, code, as_of, soon(conn, as_of))
        states = organisation.states(conn, code, as_of)
    return UnitLoad.model_validate(
        {
            **found._asdict(),
            "as_of": as_of,
            "states": [{**each._asdict(), "group": each.grouped} for each in states],
        }
    )


@router.get("/loads")
def list_loads(query: Annotated[LoadQuery, Query()], pool: Database) -> list[Load]:
    """The load of every unit that has dossiers, by the tree of that day: all of them at once."""
    as_of = query.as_of or datetime.now(UTC)
    with transaction(pool) as conn:
        found = organisation.loads(conn, as_of, soon(conn, as_of))
    return [Load.model_validate({**each._asdict(), "as_of": as_of}) for each in found]


@router.get("/quarantine", responses=LINKED)
def list_quarantine(
    query: Annotated[QuarantineQuery, Query()], pool: Database, pages: Paged
) -> list[Quarantined]:
    """What is not counted, the newest first. What waits leaves by itself when what it needs comes."""
    with transaction(pool) as conn:
        found = dossiers.quarantine(conn, query.before, query.limit + 1)
    if len(found) > query.limit:
        pages.link("next", {"before": spoken(found[query.limit - 1].received_at)})
    return [Quarantined.model_validate(each) for each in found[: query.limit]]


def soon(conn: Connection, as_of: datetime) -> datetime:
    """One working day on; where no calendar reaches, the moment itself."""
    calendar = procedures.calendar(conn)
    try:
        return after(calendar, as_of, workday(calendar))
    except OutsideCalendar:
        return as_of
