"""The index of Decision 766: of any unit on any day, and what cost it points."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from models.egov.daybook import day_of, midnight
from models.egov.index766 import Group, Index, Part, Score
from models.egov.unit_index import version
from models.egov.yearbook import Period
from services.api.access import VIEWERS, Database
from services.api.problems import NoSuchDay, NoSuchUnit, documented
from services.api.terms import Asked, Day, Limit, Told, UnitName, exampled
from services.store import losses, organisation, yearbooks
from services.store.losses import Scope
from services.store.pool import Connection, transaction

router = APIRouter(prefix="/egov/index", tags=["egov"], dependencies=VIEWERS)

TOTAL: JsonDict = {"points": 80.1, "assessed": 100.0, "max": 100.0}
GROUP: JsonDict = {
    "group": "PROGRESS",
    "title": "Tiến độ giải quyết",
    "title_en": "Progress",
    "points": 17.94,
    "assessed": 20.0,
    "max": 20.0,
}
HEAD: JsonDict = {
    "unit": "215",
    "day": "2024-08-19",
    "since": "2024-08-01",
    "as_of": "2024-08-19",
    "weights_from": "2022-08-01",
    "total": TOTAL,
    "grade": "Tốt",
    "grade_en": "Good",
    "groups": [GROUP],
}
SCORE: JsonDict = {
    "code": "PROGRESS_ON_TIME",
    "group": "PROGRESS",
    "title": "Hồ sơ giải quyết đúng hạn",
    "title_en": "Dossiers processed on time",
    "numerator": 897.0,
    "denominator": 1000.0,
    "score": 17.94,
    "max": 20.0,
    "lost": 2.06,
    "resolved": True,
    "source": "766/QĐ-TTg",
}
COST: JsonDict = {"code": "07234", "title": "Thị trấn Cầu Gồ", "points": 1.2}
LOSS: JsonDict = {
    "code": "PROGRESS_ON_TIME",
    "title": "Hồ sơ giải quyết đúng hạn",
    "title_en": "Dossiers processed on time",
    "points": 2.06,
    "short": 103.0,
    "units": [COST],
    "procedures": [{"code": "DD.11", "title": "Đăng ký biến động đất đai", "points": 0.8}],
}
MISSED: JsonDict = {
    "dossier": "H02.215-240802-0001",
    "unit": "215",
    "procedure": "DD.11",
    "title": "Đăng ký biến động đất đai",
    "due_at": "2024-08-09T01:30:00Z",
    "ended_at": "2024-08-14T09:00:00Z",
}
INCIDENT: JsonDict = {
    "id": 41,
    "asset": "onestop-yen-the",
    "metric": "queue_health",
    "title": "Tình trạng chờ tại quầy",
    "title_en": "Waiting at the counters",
    "words": "Người dân phải chờ khoảng 47 phút; cần 4 quầy để chờ không quá 15 phút",
    "words_en": "People wait about 47 minutes; 4 counters would keep it within 15",
    "system": "one-stop",
    "unit": "215",
    "unit_name": "Huyện Yên Thế",
    "area_code": "215",
    "status": "open",
    "severity": "medium",
    "began_at": "2024-08-12T02:00:00Z",
    "last_anomaly_at": "2024-08-12T03:15:00Z",
}
Code = Annotated[UnitName, Path(examples=["215"])]


class Points(Told):
    """A sum of points: null where nothing of it is assessed, and never 0 for that."""

    model_config = exampled(TOTAL)
    points: float | None
    assessed: float = Field(description="points that could be had from what is known")
    max: float


class GroupPoints(Points):
    """One of the six groups."""

    model_config = exampled(GROUP)
    group: Group
    title: str
    title_en: str


class Head(Told):
    """The index of a unit with all below it, from `since` up to and with `day`.

    The grade is null unless everything is assessed. weights_from is the version of the weights.
    """

    model_config = exampled(HEAD)
    unit: str
    day: date
    since: date
    as_of: date = Field(description="the day whose tree says what counts in the unit")
    weights_from: date | None = Field(description="null before there was an index")
    total: Points
    grade: str | None
    grade_en: str | None
    groups: list[GroupPoints]


class SubMetric(Told):
    """A sub-metric; score is null where it is not assessed. Of max 0 it is for information."""

    model_config = exampled(SCORE)
    code: str
    group: Group
    title: str
    title_en: str
    numerator: float | None
    denominator: float | None
    score: float | None
    max: float
    lost: float
    resolved: bool = Field(description="false where the formula is our reading")
    source: str


class UnitIndex(Head):
    """The index of one unit with its sub-metrics."""

    model_config = exampled(HEAD | {"scores": [SCORE]})
    scores: list[SubMetric]


class Cost(Told):
    """Who cost how many points: a unit's own dossiers, or a procedure."""

    model_config = exampled(COST)
    code: str
    title: str
    points: float


class Loss(Told):
    """What a sub-metric costs, and how much more of its numerator would give all points.

    Units and procedures are those that cost points, the most first; procedures are known for
    dossiers on time alone.
    """

    model_config = exampled(LOSS)
    code: str
    title: str
    title_en: str
    points: float
    short: float
    units: list[Cost]
    procedures: list[Cost]


class MissedDossier(Told):
    """A dossier that ended late, or is overdue."""

    model_config = exampled(MISSED)
    dossier: str
    unit: str
    procedure: str
    title: str | None
    due_at: datetime | None
    ended_at: datetime | None


class WordedIncident(Told):
    """An incident at an e-government service: in words, and whose it is."""

    model_config = exampled(INCIDENT)
    id: int
    asset: str
    metric: str
    title: str
    title_en: str
    words: str
    words_en: str
    system: str | None
    unit: str | None
    unit_name: str | None
    area_code: str | None
    status: str
    severity: str
    began_at: datetime
    last_anomaly_at: datetime


class Losses(Told):
    """Where a unit's index lost its points in the period."""

    model_config = exampled(
        {
            "unit": "215",
            "day": "2024-08-19",
            "since": "2024-08-01",
            "losses": [LOSS],
            "dossiers": [MISSED],
            "incidents": [INCIDENT],
        }
    )
    unit: str
    day: date
    since: date
    losses: list[Loss]
    dossiers: list[MissedDossier] = Field(description="the longest overdue first")
    incidents: list[WordedIncident] = Field(description="at the services of these units, then")


class IndexQuery(Asked):
    """Which day's index, and by which day's tree."""

    day: Day | None = Field(default=None, description="up to and with this day; without it, today")
    period: Period = Field(default=Period.MONTH, description="counted from its first day on")
    as_of: Day | None = Field(
        default=None, description="by the tree of this day; without it, day's"
    )


class IndexesQuery(IndexQuery):
    """Of which units."""

    unit: UnitName | None = Field(default=None, description="this one alone")


class LossesQuery(IndexQuery):
    """How many dossiers and incidents."""

    limit: Limit = 20


@router.get("", responses=documented(404))
def list_indexes(query: Annotated[IndexesQuery, Query()], pool: Database) -> list[Head]:
    """The index of every unit of which anything is assessed; of one, whatever is known of it."""
    with transaction(pool) as conn:
        if query.unit is not None:
            return [head_of(scope := scope_of(conn, query.unit, query), scope.reckoned(), query)]
        day, today = day_asked(query), day_of(datetime.now(UTC))
        since = query.period.start(day)
        shelf = yearbooks.shelf(conn, since, day, today)
        roll = yearbooks.rollup_of(conn, shelf.book.units, query.as_of or day)
        scope = Scope(shelf, roll, since, day)
        found = shelf.indexes(roll, since, day)
    return [
        head_of(scope, index, query, unit)
        for unit, index in found.items()
        if index.total.points is not None
    ]


@router.get("/{unit}", responses=documented(404))
def show_index(unit: Code, query: Annotated[IndexQuery, Query()], pool: Database) -> UnitIndex:
    """The index of one unit, with all its sub-metrics."""
    with transaction(pool) as conn:
        scope = scope_of(conn, unit, query)
    found = scope.reckoned()
    head = head_of(scope, found, query)
    return UnitIndex(**dict(head), scores=[scored(each) for each in found.scores])


@router.get("/{unit}/losses", responses=documented(404))
def list_losses(unit: Code, query: Annotated[LossesQuery, Query()], pool: Database) -> Losses:
    """What cost a unit points: sub-metrics, by units and procedures, with dossiers and incidents."""
    with transaction(pool) as conn:
        scope = scope_of(conn, unit, query)
        found = scope.reckoned()
        costly = losses.costly(conn, scope, found)
        names = organisation.names(conn, scope.shares)
        titles = losses.titles(conn, {cost.name: 0 for each in costly for cost in each.procedures})
        missed = losses.missed(conn, scope, query.limit)
        span = (begins(scope.since), begins(scope.day + timedelta(days=1)))
        incidents = losses.incidents(conn, sorted(scope.shares), span, limit=query.limit)
    called = {each.weight.code: each.weight for each in found.scores}
    return Losses(
        unit=scope.roll.whole[0],
        day=scope.day,
        since=scope.since,
        losses=[
            Loss(
                **each.loss._asdict(),
                title=called[each.loss.code].name_vi,
                title_en=called[each.loss.code].name_en,
                units=[named(cost, names) for cost in each.units],
                procedures=[named(cost, titles) for cost in each.procedures],
            )
            for each in costly
        ],
        dossiers=[MissedDossier.model_validate(each) for each in missed],
        incidents=[WordedIncident.model_validate(each) for each in incidents],
    )


def scope_of(conn: Connection, unit: str, query: IndexQuery) -> Scope:
    """A unit with all that counts in it. Raises NoSuchUnit, NoSuchDay."""
    code = organisation.codes(conn, [unit]).get(unit, unit)
    if not organisation.lives(conn, code):
        raise NoSuchUnit(f"there is no unit {unit}")
    day = day_asked(query)
    since = query.period.start(day)
    shelf = yearbooks.shelf(conn, since, day, day_of(datetime.now(UTC)))
    roll = yearbooks.rollup_of(conn, shelf.book.units, query.as_of or day, [code])
    return Scope(shelf, roll, since, day)


def day_asked(query: IndexQuery) -> date:
    """The day that is asked for. Raises NoSuchDay for one that has not begun."""
    today = day_of(datetime.now(UTC))
    day = query.day or today
    if day > today:
        raise NoSuchDay(f"{day} has not begun: today is {today}")
    return day


def begins(day: date) -> datetime:
    """When a day of the province begins; any day that can be said."""
    try:
        return midnight(day).astimezone(UTC)
    except OverflowError:  # the first hours of the calendar
        return datetime.min.replace(tzinfo=UTC)


def head_of(scope: Scope, found: Index, query: IndexQuery, unit: str | None = None) -> Head:
    """An index without its sub-metrics."""
    weights = scope.shelf.weights_of(scope.day)
    return Head(
        unit=unit or scope.roll.whole[0],
        day=scope.day,
        since=scope.since,
        as_of=query.as_of or scope.day,
        weights_from=version(weights) if weights else None,
        total=Points(**found.total._asdict()),
        grade=found.grade.name_vi if found.grade else None,
        grade_en=found.grade.name_en if found.grade else None,
        groups=[grouped(group, part) for group, part in found.groups.items()],
    )


def grouped(group: Group, part: Part) -> GroupPoints:
    """A group's points."""
    vi, en = group.words
    return GroupPoints(group=group, title=vi, title_en=en, **part._asdict())


def scored(score: Score) -> SubMetric:
    """A sub-metric as the API says it."""
    weight = score.weight
    return SubMetric(
        code=weight.code,
        group=weight.group,
        title=weight.name_vi,
        title_en=weight.name_en,
        numerator=score.counted.numerator,
        denominator=score.counted.denominator,
        score=score.score,
        max=weight.max,
        lost=score.lost,
        resolved=weight.resolved,
        source=weight.source,
    )


def named(cost: losses.Cost, names: dict[str, str]) -> Cost:
    """Who cost points, by name."""
    return Cost(code=cost.name, title=names.get(cost.name, cost.name), points=round(cost.points, 4))
