"""The kinds of assets, by the names of FIWARE's Smart Data Models where they have one."""

from fastapi import APIRouter
from pydantic import Field

from services.api.access import VIEWERS, Database
from services.api.terms import Told, exampled
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


@router.get("")
def list_kinds(pool: Database) -> list[AssetKind]:
    """All kinds of assets, in order of name."""
    with transaction(pool) as conn:
        return [AssetKind.model_validate(row) for row in metrics.kinds(conn)]
