"""Streams: one metric of one asset, and the engineer's word on its unit and range."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database, Engineer
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchStream, documented
from services.api.terms import (
    Asked,
    AssetName,
    Id,
    Limit,
    MetricName,
    Number,
    Told,
    UnitCode,
    Written,
    exampled,
)
from services.store import audit, streams
from services.store.pool import transaction

router = APIRouter(prefix="/streams", tags=["streams"], dependencies=VIEWERS)

FLOW: JsonDict = {
    "id": 12,
    "asset": "pump-7",
    "metric": "flow",
    "unit": "m3/h",
    "low": 0,
    "high": 900,
    "max_rate": 50,
    "judged": True,
    "created_at": "2026-01-01T00:00:00Z",
    "converted_from": ["L/s"],
}
Numbered = Annotated[Id, Path(le=2**31 - 1, examples=[12])]


class Stream(Told):
    """One metric of one asset; its unit is UCUM, or null where nobody has said it.

    What is not said of the stream itself is taken from the metric's catalogue.
    """

    model_config = exampled(FLOW)
    id: int
    asset: str
    metric: str
    unit: str | None
    low: float | None = Field(description="a reading below it cannot be; it is kept as bad")
    high: float | None = Field(description="a reading above it cannot be; it is kept as bad")
    max_rate: float | None = Field(description="the largest believable change a second")
    judged: bool = Field(description="whether the detectors watch it")
    created_at: datetime
    converted_from: list[str] = Field(description="the units its readings also came in")
    derived_by: str | None = Field(
        default=None, description="the city's rule that gives it; null: a device does"
    )


class StreamQuery(Asked):
    """Which streams."""

    asset: AssetName | None = Field(default=None, examples=["pump-7"])
    metric: MetricName | None = Field(default=None, examples=["flow"])
    after: Id | None = Field(default=None, description="goes on after this id")
    limit: Limit = 100


class Saying(Written):
    """What is said of a stream. What is absent stays; null leaves it to the metric's catalogue."""

    model_config = exampled({"low": 0, "high": 900, "judged": True})
    unit: UnitCode | None = None
    low: Number | None = None
    high: Number | None = None
    max_rate: Annotated[Number, Field(gt=0)] | None = None
    judged: bool = Field(default=True, description="whether the detectors watch it")


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


@router.patch("/{stream_id}", responses=documented(400, 403, 404, 409, 413))
def describe_stream(
    stream_id: Numbered, saying: Saying, pool: Database, bearer: Engineer
) -> Stream:
    """Says a stream's unit, range and whether it is watched; kept in the audit.

    The unit of a stream that has readings is not changed: they would be other measurements.
    """
    said = saying.model_dump(exclude_unset=True)
    with transaction(pool) as conn:
        before = streams.settings(conn, stream_id)
        if before is None:
            raise NoSuchStream(f"there is no stream {stream_id}")
        streams.settle(conn, stream_id, before._replace(**said))
        audit.append(conn, bearer.name, "describe stream", str(stream_id), said)
        (found,) = streams.page(conn, after=stream_id - 1, limit=1)
    return Stream.model_validate(found)
