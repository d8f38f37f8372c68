"""Desks: who watches what, how many false alarms they were promised, and how many they saw."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from models.budget import LEAST
from models.nature import Nature
from services.api.access import VIEWERS, Database, Engineer
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchDesk, documented
from services.api.terms import (
    WHOLE,
    Asked,
    DeskName,
    Limit,
    Moment,
    Number,
    OneLine,
    Told,
    Word,
    Written,
    exampled,
)
from services.store import audit, desks, metrics
from services.store.pool import transaction
from services.store.refusals import UnknownArea, UnknownKind

router = APIRouter(prefix="/desks", tags=["desks"], dependencies=VIEWERS)

Name = Annotated[DeskName, Path(examples=["city"])]
AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
Hours = Annotated[Literal[4, 6, 8, 12, 24], WHOLE]
WATER: JsonDict = {
    "title": "Trực ban cấp nước",
    "title_en": "Water supply",
    "kinds": ["water", "river"],
    "areas": ["213"],
    "natures": ["sensor"],
    "budget": 2,
    "shift_hours": 8,
    "first_shift_hour": 6,
    "least_factor": 1,
}
NAMED: JsonDict = {
    "name": "water",
    **WATER,
    "changed_by": "system",
    "changed_at": "2026-01-01T00:00:00Z",
}
SHIFT: JsonDict = {
    "time": "2026-01-01T15:00:00Z",
    "ended_at": "2026-01-01T23:00:00Z",
    "promised": 5,
    "seen": 3,
    "alarms": 4,
    "real_alarms": 1,
    "false_alarms": 2,
    "unjudged": 1,
    "kept": True,
    "factor": 1.2,
    "bound": "calibrated",
}
THRESHOLD: JsonDict = {
    "at": "2026-01-01T15:00:00Z",
    "factor": 1.2,
    "bound": "calibrated",
    "budget": 5,
    "expected": 4.98,
    "candidates": 812,
    "called_real": 14,
    "data_from": "2025-12-18T15:00:00Z",
    "data_to": "2026-01-01T15:00:00Z",
}
Bound = Literal["calibrated", "learning", "floor", "ceiling"]
BOUND = Field(
    description="calibrated: as the last days say; learning: too few days yet; floor: the budget "
    "would allow more, the desk does not; ceiling: the promise cannot be kept by a threshold"
)


class DeskDefinition(Written):
    """All that is said of a desk; kinds, areas and natures are null where it watches all."""

    model_config = exampled(WATER)
    title: OneLine
    title_en: OneLine
    kinds: Annotated[list[Word], Field(min_length=1, max_length=64)] | None = None
    areas: Annotated[list[AreaCode], Field(min_length=1, max_length=500)] | None = Field(
        default=None, description="codes; an area counts with all that lies in it"
    )
    natures: (
        Annotated[list[Annotated[Nature, Field(strict=False)]], Field(min_length=1, max_length=3)]
        | None
    ) = None
    budget: Annotated[Number, Field(gt=0, le=10_000)] = Field(
        description="how many false alarms a shift may bring"
    )
    shift_hours: Hours = 8
    first_shift_hour: Annotated[int, Field(ge=0, le=23), WHOLE] = 6
    least_factor: Annotated[Number, Field(ge=LEAST, le=1)] = Field(
        default=1.0,
        description="how far a generous budget may make alarms quieter than the model's own",
    )


class Desk(Told):
    """Who watches what, and how many false alarms a shift they were promised at most."""

    model_config = exampled(NAMED)
    name: str
    title: str
    title_en: str
    kinds: list[str] | None
    areas: list[str] | None
    natures: list[str] | None
    budget: float
    shift_hours: int
    first_shift_hour: int
    least_factor: float
    changed_by: str
    changed_at: datetime


class ShiftSeen(Told):
    """Promised against seen in one shift; seen are the alarms that nobody called real."""

    model_config = exampled(SHIFT)
    time: datetime = Field(description="when the shift began")
    ended_at: datetime
    promised: float
    seen: int
    alarms: int
    real_alarms: int
    false_alarms: int
    unjudged: int
    kept: bool
    factor: float | None = Field(description="how loud alarms had to be; null: nothing was asked")
    bound: Bound | None


class Threshold(Told):
    """How loud the desk's alarms have to be from then on, and the window that says so."""

    model_config = exampled(THRESHOLD)
    at: datetime
    factor: float
    bound: Bound = BOUND
    budget: float
    expected: float = Field(description="false alarms a shift, as the window promises")
    candidates: int
    called_real: int = Field(description="candidates left out because people called them real")
    data_from: datetime
    data_to: datetime


class Budget(Told):
    """Promised against seen, shift by shift, newest first; and the thresholds that were asked."""

    model_config = exampled(
        {
            "desk": "city",
            "budget": 5,
            "shifts_kept": 1,
            "mean_seen": 3.0,
            "shifts": [SHIFT],
            "thresholds": [THRESHOLD],
        }
    )
    desk: str
    budget: float
    shifts_kept: int = Field(description="in how many of the shifts below the promise was kept")
    mean_seen: float | None = Field(description="false alarms a shift below; null without a shift")
    shifts: list[ShiftSeen]
    thresholds: list[Threshold] = Field(description="newest first; the first one holds")


class DeskQuery(Asked):
    """Which desks."""

    after: DeskName | None = Field(default=None, description="goes on after this name")
    limit: Limit = 100


class BudgetQuery(Asked):
    """Which shifts."""

    since: Moment | None = Field(default=None, description="that end after this moment")
    until: Moment | None = Field(default=None, description="that begin before this moment")
    limit: Limit = 42


@router.get("", responses=LINKED)
def list_desks(query: Annotated[DeskQuery, Query()], pool: Database, pages: Paged) -> list[Desk]:
    """The desks, in order of name."""
    with transaction(pool) as conn:
        found = desks.page(conn, after=query.after or "", limit=query.limit + 1)
    if len(found) > query.limit:
        pages.link("next", {"after": found[query.limit - 1].name})
    return [Desk.model_validate(row) for row in found[: query.limit]]


@router.put(
    "/{name}",
    responses={201: {"description": "It is new.", "model": Desk}, **documented(400, 403, 413)},
)
def define_desk(
    name: Name, said: DeskDefinition, pool: Database, bearer: Engineer, response: Response
) -> Desk:
    """Says what a desk watches and its budget; kept in the audit, taken up within a second."""
    desk = desks.Desk(
        name=name,
        changed_by=bearer.name,
        changed_at=datetime.now(UTC),
        **said.model_dump(mode="json"),
    )
    with transaction(pool) as conn:
        if unknown := desks.unknown_areas(conn, desk.areas or []):
            raise UnknownArea(f"there is no area {', '.join(unknown)}")
        kinds = {kind.name for kind in metrics.kinds(conn, after="", limit=1000)}
        if strange := sorted(set(desk.kinds or []) - kinds):
            raise UnknownKind(f"there is no kind {', '.join(strange)}")
        if desks.put(conn, desk):
            response.status_code = 201
        audit.append(conn, bearer.name, "define desk", name, said.model_dump(mode="json"))
    return Desk.model_validate(desk)


@router.get("/{name}/budget", responses=documented(404))
def show_budget(name: Name, query: Annotated[BudgetQuery, Query()], pool: Database) -> Budget:
    """How many false alarms a desk was promised in each shift, and how many it saw."""
    with transaction(pool) as conn:
        desk = desks.find(conn, name)
        if desk is None:
            raise NoSuchDesk(f"there is no desk {name}")
        shifts = desks.seen(conn, name, since=query.since, until=query.until, limit=query.limit)
        thresholds = desks.thresholds(conn, name)
    return Budget(
        desk=name,
        budget=desk.budget,
        shifts_kept=sum(shift.kept for shift in shifts),
        mean_seen=sum(shift.seen for shift in shifts) / len(shifts) if shifts else None,
        shifts=[ShiftSeen.model_validate(shift) for shift in shifts],
        thresholds=[Threshold.model_validate(each) for each in thresholds],
    )
