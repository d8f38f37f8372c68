"""Streams: one metric of one asset."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.terms import Asked, AssetName, Id, Limit, MetricName, Told, exampled
from services.store import streams
from services.store.pool import transaction

router = APIRouter(prefix="/streams", tags=["streams"], dependencies=VIEWERS)

FLOW: JsonDict = {
    "id": 12,
    "asset": "pump-7",
    "metric": "flow",
    "unit": "m3/h",
    "judged": True,
    "created_at": "2026-01-01T00:00:00Z",
}


class Stream(Told):
    """One metric of one asset; its unit is UCUM, or null where nobody has said it."""

    model_config = exampled(FLOW)
    id: int
    asset: str
    metric: str
    unit: str | None
    judged: bool = Field(description="whether the detectors watch it")
    created_at: datetime


class StreamQuery(Asked):
    """Which streams."""

    asset: AssetName | None = Field(default=None, examples=["pump-7"])
    metric: MetricName | None = Field(default=None, examples=["flow"])
    after: Id | None = Field(default=None, description="goes on after this id")
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_streams(
    query: Annotated[StreamQuery, Query()], pool: Database, pages: Paged
) -> list[Stream]:
    """The streams, in order of id."""
    with transaction(pool) as conn:
        found = streams.page(
            conn,
            asset=query.asset,
            metric=query.metric,
            after=query.after or 0,
            limit=query.limit + 1,
        )
    return [Stream.model_validate(row) for row in pages.cut(found, query.limit, "after")]
