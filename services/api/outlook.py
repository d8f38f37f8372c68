"""The outlook of e-government: readiness, coverage, forecasts, hand-overs, and incidents in words."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from pydantic.config import JsonDict

from models.egov.coverage import SILENT, TITLES, coverage
from models.egov.daybook import day_of
from services.api.access import VIEWERS, Database
from services.api.egov import WordedIncident, begins
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchUnit, documented
from services.api.terms import Asked, Day, Id, Limit, Moment, Told, UnitName, exampled
from services.store import (
    forecast_tables,
    hand_overs,
    losses,
    organisation,
    procedures,
    readiness_tables,
    unit_days,
)
from services.store.pool import Connection, transaction

router = APIRouter(prefix="/egov", tags=["egov"], dependencies=VIEWERS)

PROVINCE = "24"
PART: JsonDict = {
    "code": "in_time",
    "title": "Hồ sơ giải quyết đúng hạn",
    "title_en": "Dossiers processed on time",
    "weight": 2.0,
    "value": 96.4,
    "points": 48.2,
}
READINESS: JsonDict = {
    "unit": "215",
    "name": "Huyện Yên Thế",
    "kind": "district",
    "day": "2026-03-10",
    "score": 91.2,
    "coverage": 0.7,
    "weights_from": "2019-01-01",
    "parts": [PART],
}
COVERAGE: JsonDict = {
    "kind": "district",
    "title": "Huyện, thành phố",
    "title_en": "Districts",
    "at": "2026-03-10T02:00:00Z",
    "heard": 9,
    "of": 10,
    "silent": ["215"],
}
HOUR: JsonDict = {
    "time": "2026-03-11T01:00:00Z",
    "made_at": "2026-03-10T10:31:00Z",
    "expected": 14.2,
    "likely": 14.0,
    "low": 9.1,
    "high": 19.8,
    "naive": 12.0,
    "actual": 15.0,
}
AHEAD: JsonDict = {
    "time": "2026-03-11T02:00:00Z",
    "made_on": "2026-03-10",
    "ahead": 1,
    "expected": 31.0,
    "low": 25.5,
    "high": 37.2,
    "actual": 33.0,
}
QUALITY: JsonDict = {
    "hours": 240,
    "error": 1.9,
    "naive_error": 2.7,
    "gain": 0.296,
    "inside": 0.83,
    "busy": 0.79,
}
HANDED: JsonDict = {
    "dossier": "H02.215-240802-0001",
    "at": "2026-03-09T02:00:00Z",
    "giver": "07234",
    "taker": "215",
    "moved_at": "2026-03-11T02:00:00Z",
}


class Part(Told):
    """An input of readiness (0 to 100) and the points it gives; null where it is not assessed."""

    model_config = exampled(PART)
    code: str
    title: str | None
    title_en: str | None
    weight: float
    value: float | None
    points: float | None


class Readiness(Told):
    """How ready a unit was on a day, as it was seen then; null where nothing is assessed."""

    model_config = exampled(READINESS)
    unit: str
    name: str
    kind: str
    day: date
    score: float | None
    coverage: float = Field(description="the share of all weight that is assessed")
    weights_from: date
    parts: list[Part] = Field(description="of one unit alone")


class Coverage(Told):
    """How many units of a kind are heard, of how many there are; since when it is so."""

    model_config = exampled(COVERAGE)
    kind: str
    title: str
    title_en: str
    at: datetime
    heard: int
    of: int
    silent: list[str]


class HourAhead(Told):
    """Dossiers that a unit and all below it receive in an hour; actual once it is over."""

    model_config = exampled(HOUR)
    time: datetime
    made_at: datetime
    expected: float
    likely: float
    low: float
    high: float
    naive: float | None = Field(description="the same hour a week before")
    actual: float | None


class DayAhead(Told):
    """Overdue dossiers at a moment, so many working days after the forecast was made."""

    model_config = exampled(AHEAD)
    time: datetime
    made_on: date
    ahead: int
    expected: float
    low: float
    high: float
    actual: float | None


class Quality(Told):
    """How good forecasts of the 28 days before were: mean absolute errors in dossiers an hour.

    inside is the share of hours within the band (four of five should be), busy that of hours in
    which a dossier or more was expected; gain is by what share the error is below the naive one's.
    """

    model_config = exampled(QUALITY)
    hours: int
    error: float | None
    naive_error: float | None
    gain: float | None
    inside: float | None
    busy: float | None


class Forecasts(Told):
    """What is expected of a unit with all below it, and how far that could be trusted so far."""

    model_config = exampled({"unit": "215", "load": [HOUR], "overdue": [AHEAD], "quality": QUALITY})
    unit: str
    load: list[HourAhead] = Field(description="of the day asked for, and the one after it")
    overdue: list[DayAhead]
    quality: Quality


class HandOver(Told):
    """A dossier that went from one unit to another; moved_at is null until the taker does something."""

    model_config = exampled(HANDED)
    dossier: str
    at: datetime
    giver: str
    taker: str
    moved_at: datetime | None


class ReadinessQuery(Asked):
    """Which day, which unit."""

    day: Day | None = Field(default=None, description="the newest up to this day; without it, now")
    unit: UnitName | None = Field(default=None, description="this one alone, with its parts")


class CoverageQuery(Asked):
    """At which moment."""

    at: Moment | None = Field(
        default=None,
        description="without it, now; what was heard then is kept for the units of that day alone",
    )
    as_of: Day | None = Field(
        default=None,
        description="who is heard now of the units there were on a day, whatever `at` says",
    )


class ForecastQuery(Asked):
    """Which day, which unit."""

    unit: UnitName = Field(default=PROVINCE, description="with all below it")
    day: Day | None = Field(default=None, description="without it, today")


class HandOverQuery(Asked):
    """Which hand-overs."""

    before: Moment | None = Field(default=None, description="handed over before; without it, now")
    limit: Limit = 100


class IncidentQuery(Asked):
    """Whose incidents, and which part of them."""

    unit: UnitName = Field(
        default=PROVINCE, description="with all that counts in it by today's tree"
    )
    since: Moment | None = Field(default=None, description="without it, the last 28 days")
    until: Moment | None = None
    before: Id | None = Field(default=None, description="of a lower number")
    limit: Limit = 100


@router.get("/readiness", responses=documented(404))
def list_readiness(query: Annotated[ReadinessQuery, Query()], pool: Database) -> list[Readiness]:
    """How ready every unit is, or one with what it is reckoned from; weights are dated data."""
    with transaction(pool) as conn:
        unit = None if query.unit is None else known(conn, query.unit)
        rows = readiness_tables.page(conn, query.day or today(), unit)
        parts = readiness_tables.parts(conn, unit, rows[0].day) if unit and rows else []
    return [Readiness.model_validate({**row._asdict(), "parts": parts}) for row in rows]


@router.get("/coverage")
def list_coverage(query: Annotated[CoverageQuery, Query()], pool: Database) -> list[Coverage]:
    """How many units of each kind are heard, from their services' heartbeats.

    Nights and holidays do not count: who spoke as the office closed is there all night. By the
    units of today, and with as_of by those of another day: 10 districts and 230 communes in 2019.
    """
    with transaction(pool) as conn:
        if query.as_of is not None:
            return covered_as_of(conn, query.as_of, datetime.now(UTC))
        found = readiness_tables.covered(conn, query.at)
    return [Coverage.model_validate(each) for each in found]


def covered_as_of(conn: Connection, day: date, now: datetime) -> list[Coverage]:
    """Who is heard now of the units of a day."""
    kinds = {unit.code: unit.kind for unit in organisation.tree(conn, day)}
    heard = readiness_tables.heard(conn)
    found = coverage(procedures.calendar(conn), kinds, heard, now, SILENT)
    return [
        Coverage(
            kind=each.kind,
            title=TITLES[each.kind][0],
            title_en=TITLES[each.kind][1],
            at=now,
            heard=each.heard,
            of=each.of,
            silent=list(each.silent),
        )
        for each in found
    ]


@router.get("/forecasts", responses=documented(404))
def list_forecasts(query: Annotated[ForecastQuery, Query()], pool: Database) -> Forecasts:
    """The load hour by hour of a day and the next, overdue dossiers of five working days.

    Forecasts stay as they were made; beside them stands what came true.
    """
    day = min(query.day or today(), date.max - timedelta(days=2))
    first, last = begins(day), begins(day + timedelta(days=2))
    with transaction(pool) as conn:
        unit = known(conn, query.unit)
        load = forecast_tables.load_page(conn, unit, first, last)
        overdue = forecast_tables.overdue_page(conn, unit, day)
        quality = forecast_tables.quality(conn, unit, back(first, timedelta(days=28)), first)
    return Forecasts(
        unit=unit,
        load=[HourAhead.model_validate(each) for each in load],
        overdue=[DayAhead.model_validate(each) for each in overdue],
        quality=Quality.model_validate({**quality._asdict(), "gain": gain(quality)}),
    )


@router.get("/hand-overs")
def list_hand_overs(query: Annotated[HandOverQuery, Query()], pool: Database) -> list[HandOver]:
    """Dossiers handed over to another unit that has done nothing with them, the oldest first."""
    with transaction(pool) as conn:
        found = hand_overs.waiting(conn, query.before or datetime.now(UTC), query.limit)
    return [HandOver.model_validate(each) for each in found]


@router.get("/incidents", responses=LINKED | documented(404))
def list_worded_incidents(
    query: Annotated[IncidentQuery, Query()], pool: Database, pages: Paged
) -> list[WordedIncident]:
    """Incidents at a unit's services and those below it, in words of both languages."""
    until = query.until or datetime.now(UTC)
    since = query.since or back(until, timedelta(days=28))
    with transaction(pool) as conn:
        mine = counted_in(conn, known(conn, query.unit))
        found = losses.incidents(
            conn, mine, (since, until), before=query.before, limit=query.limit + 1
        )
    return [WordedIncident.model_validate(each) for each in pages.cut(found, query.limit, "before")]


def counted_in(conn: Connection, unit: str) -> list[str]:
    """A unit and all that counts in it by today's tree."""
    shares = unit_days.shares(conn, today())
    return sorted({each.unit for each in shares if each.counted_in == unit} | {unit})


def known(conn: Connection, name: str) -> str:
    """A unit's code by whatever it is called. Raises NoSuchUnit."""
    code = organisation.codes(conn, [name]).get(name, name)
    if not organisation.lives(conn, code):
        raise NoSuchUnit(f"there is no unit {name}")
    return code


def today() -> date:
    """The province's day."""
    return day_of(datetime.now(UTC))


def back(moment: datetime, span: timedelta) -> datetime:
    """So long before a moment, or the beginning of the calendar."""
    first = datetime.min.replace(tzinfo=UTC)
    return moment - span if moment - first > span else first


def gain(quality: forecast_tables.Quality) -> float | None:
    """By what share an error is below the naive one's."""
    if quality.error is None or not quality.naive_error:
        return None
    return 1 - quality.error / quality.naive_error
