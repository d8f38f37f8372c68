"""Units: who handles dossiers as of a day, and who came after whom."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchUnit, documented
from services.api.terms import Asked, Day, Limit, Told, UnitName, exampled
from services.store import organisation
from services.store.pool import transaction

router = APIRouter(prefix="/units", tags=["units"], dependencies=VIEWERS)

YEN_THE: JsonDict = {
    "code": "215",
    "name": "Huyện Yên Thế",
    "kind": "district",
    "parent": "24",
    "depth": 1,
    "path": ["24", "215"],
}
LIFE: JsonDict = {
    "name": "Huyện Yên Thế",
    "kind": "district",
    "valid_from": "2019-01-01",
    "valid_to": "2025-07-01",
    "source": "Danh mục hành chính, Tổng cục Thống kê",
    "mark": "verified",
}
HEIR: JsonDict = {
    "old": "215",
    "new": "24",
    "share": 1,
    "date": "2025-07-01",
    "source": "Nghị quyết 1658/NQ-UBTVQH15: không còn cấp huyện",
    "mark": "general",
}
Code = Annotated[UnitName, Path(examples=["215"])]


class Unit(Told):
    """A unit in the tree of a day."""

    model_config = exampled(YEN_THE)
    code: str
    name: str
    kind: str
    parent: str | None = Field(description="the unit above it on that day")
    depth: int = Field(description="how many stand above it")
    path: list[str] = Field(description="the codes from the top down to it")


class Life(Told):
    """A stretch of a unit's life, from valid_from until the day before valid_to."""

    model_config = exampled(LIFE)
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    source: str
    mark: str = Field(description="verified, general or design: how far it may be trusted")


class Heir(Told):
    """From that day on `new` answers for this share of what was `old`'s."""

    model_config = exampled(HEIR)
    old: str
    new: str
    share: float
    date: date
    source: str
    mark: str


class History(Told):
    """A unit in all its time, and who came before and after it."""

    model_config = exampled({"code": "215", "lives": [LIFE], "successions": [HEIR]})
    code: str
    lives: list[Life]
    successions: list[Heir]


class UnitQuery(Asked):
    """Which day's tree."""

    as_of: Day | None = Field(default=None, description="the tree of this day; without it, today's")
    after: UnitName | None = Field(default=None, description="goes on after this code")
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_units(query: Annotated[UnitQuery, Query()], pool: Database, pages: Paged) -> list[Unit]:
    """The units of a day, in order of code."""
    with transaction(pool) as conn:
        found = organisation.tree(conn, query.as_of, after=query.after or "", limit=query.limit + 1)
    if len(found) > query.limit:
        pages.link("next", {"after": found[query.limit - 1].code})
    return [Unit.model_validate(row) for row in found[: query.limit]]


@router.get("/{code}", responses=documented(404))
def show_unit(code: Code, pool: Database) -> History:
    """One unit with all its names and dates, by its code or by what a system calls it."""
    with transaction(pool) as conn:
        code = organisation.codes(conn, [code]).get(code, code)
        lives = organisation.lives(conn, code)
        if not lives:
            raise NoSuchUnit(f"there is no unit {code}")
        heirs = organisation.heirs(conn, code)
    return History(
        code=code,
        lives=[Life.model_validate(each) for each in lives],
        successions=[Heir.model_validate(each) for each in heirs],
    )
