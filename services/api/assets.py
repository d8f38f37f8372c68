"""Assets: what reports, and the engineer's word on what it is."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import ConfigDict, Field, JsonValue, model_validator
from pydantic.config import JsonDict

from models.asset import Kind
from services.api.access import VIEWERS, Database, Operator
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchAsset, documented
from services.api.terms import Asked, AssetName, Id, Limit, OneLine, Told, Written, exampled
from services.store import assets, audit
from services.store.pool import transaction

router = APIRouter(prefix="/assets", tags=["assets"], dependencies=VIEWERS)

PUMP: JsonDict = {
    "id": 7,
    "name": "pump-7",
    "kind": "water",
    "title": "Trạm bơm số 7",
    "area_code": "213",
    "latitude": 21.2933,
    "longitude": 106.1883,
    "parent": "gateway-3",
    "owner_unit": "Công ty Thủy lợi Bắc Sông Thương",
    "created_at": "2026-01-01T00:00:00Z",
    "claimed_at": "2026-01-02T03:04:05Z",
}
Name = Annotated[AssetName, Path(examples=["pump-7"])]


class Asset(Told):
    """One thing with a name on the wire; claimed_at is null until somebody says what it is."""

    model_config = exampled(PUMP)
    id: int
    name: str
    kind: Kind
    title: str | None
    area_code: str | None
    latitude: float | None
    longitude: float | None
    parent: str | None = Field(description="the gateway it speaks through")
    owner_unit: str | None = Field(description="the organisation it belongs to")
    created_at: datetime
    claimed_at: datetime | None


class AssetQuery(Asked):
    """Which assets."""

    kind: Kind | None = Field(default=None, examples=["water"])
    claimed: bool | None = Field(
        default=None, description="false: those that nobody has claimed yet"
    )
    parent: AssetName | None = Field(
        default=None, description="those that speak through this gateway", examples=["gateway-3"]
    )
    area: OneLine | None = Field(
        default=None, description="those in the area of this code, or within it", examples=["213"]
    )
    q: OneLine | None = Field(
        default=None, description="those with this in their name or title", examples=["pump"]
    )
    after: Id | None = Field(default=None, description="goes on after this id")
    limit: Limit = 100


WHOLE_PLACE: list[JsonValue] = [
    {
        "properties": {"latitude": {"type": "number"}, "longitude": {"type": "number"}},
        "required": ["latitude", "longitude"],
    },
    {"properties": {"latitude": {"type": "null"}, "longitude": {"type": "null"}}},
]


class Claim(Written):
    """What an asset is; what is absent or null stays. An empty one claims it as it stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "water", "title": "Trạm bơm số 7", "area_code": "213"}],
            "anyOf": WHOLE_PLACE,
        }
    )
    kind: Annotated[Kind, Field(strict=False)] | None = None
    title: OneLine | None = None
    area_code: (
        Annotated[
            OneLine,
            Field(max_length=20, description="the code of an area, as in the view area_list"),
        ]
        | None
    ) = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    parent: AssetName | Literal[""] | None = Field(
        default=None, description="the gateway it speaks through; empty: none"
    )
    owner_unit: OneLine | None = Field(
        default=None, description="the organisation it belongs to: its code or its name"
    )

    @model_validator(mode="after")
    def whole_place(self) -> "Claim":
        """A place has both coordinates."""
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a place has a latitude and a longitude")
        return self


@router.get("", responses=LINKED)
def list_assets(query: Annotated[AssetQuery, Query()], pool: Database, pages: Paged) -> list[Asset]:
    """The assets, in order of id."""
    with transaction(pool) as conn:
        found = assets.page(
            conn,
            assets.Wanted(query.kind, query.claimed, query.parent, query.area, query.q),
            after=query.after or 0,
            limit=query.limit + 1,
        )
    return [Asset.model_validate(row) for row in pages.cut(found, query.limit, "after")]


@router.get("/{name}", responses=documented(404))
def show_asset(name: Name, pool: Database) -> Asset:
    """One asset."""
    with transaction(pool) as conn:
        found = assets.find(conn, name)
    if found is None:
        raise NoSuchAsset(f"there is no asset {name}")
    return Asset.model_validate(found)


@router.patch("/{name}", responses=documented(400, 403, 404, 409, 413))
def claim_asset(name: Name, claim: Claim, pool: Database, bearer: Operator) -> Asset:
    """Says what an asset is, which claims it; who said what is kept in the audit."""
    said = claim.model_dump(exclude_none=True)
    with transaction(pool) as conn:
        found = assets.update(conn, assets.Claim(name, **said))
        if found is None:
            raise NoSuchAsset(f"there is no asset {name}")
        audit.append(conn, bearer.name, "claim", name, said)
    return Asset.model_validate(found)
