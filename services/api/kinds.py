"""The kinds of assets, by the names of FIWARE's Smart Data Models where they have one."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.terms import Asked, Limit, Told, Word, exampled
from services.store import metrics
from services.store.pool import transaction

router = APIRouter(prefix="/catalogue/kinds", tags=["catalogue"], dependencies=VIEWERS)


class AssetKind(Told):
    """One kind of asset."""

    model_config = exampled(
        {
            "name": "air",
            "title": "Chất lượng không khí",
            "title_en": "Air quality",
            "fiware_model": "AirQualityObserved",
        }
    )
    name: str
    title: str = Field(description="in Vietnamese")
    title_en: str = Field(description="in English")
    fiware_model: str | None = Field(description="the Smart Data Model, where there is one")


class KindQuery(Asked):
    """Which part of the kinds."""

    after: Word | None = Field(default=None, description="goes on after this name")
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_kinds(
    query: Annotated[KindQuery, Query()], pool: Database, pages: Paged
) -> list[AssetKind]:
    """The kinds of assets, in order of name."""
    with transaction(pool) as conn:
        found = metrics.kinds(conn, after=query.after or "", limit=query.limit + 1)
    if len(found) > query.limit:
        pages.link("next", {"after": found[query.limit - 1].name})
    return [AssetKind.model_validate(row) for row in found[: query.limit]]
