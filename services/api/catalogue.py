"""The catalogue: what can be measured, in which unit, and what cannot be."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database, Engineer
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchMetric, documented
from services.api.terms import (
    Asked,
    Limit,
    MetricName,
    Number,
    OneLine,
    Told,
    UnitCode,
    Written,
    exampled,
)
from services.store import audit, metrics
from services.store.pool import transaction

router = APIRouter(prefix="/catalogue/metrics", tags=["catalogue"], dependencies=VIEWERS)

PM25: JsonDict = {
    "unit": "ug/m3",
    "low": 0,
    "high": 10000,
    "max_rate": 500,
    "title": "Bụi mịn PM2.5",
    "title_en": "PM2.5",
    "fiware_model": "AirQualityObserved",
    "fiware_attribute": "pm25",
}
# A metric's name may have slashes in it.
Name = Annotated[MetricName, Path(examples=["pm25"])]


class Metric(Told):
    """One metric, whoever measures it. A reading out of low to high is kept as bad."""

    model_config = exampled({"name": "pm25", **PM25})
    name: str
    unit: str | None
    low: float | None
    high: float | None
    max_rate: float | None = Field(description="the largest believable change a second")
    title: str | None = Field(description="in Vietnamese")
    title_en: str | None = Field(description="in English")
    fiware_model: str | None = Field(description="FIWARE's Smart Data Model, where it has one")
    fiware_attribute: str | None = Field(description="its name there; units may differ")


class MetricQuery(Asked):
    """Which part of the catalogue."""

    after: MetricName | None = Field(default=None, description="goes on after this name")
    limit: Limit = 100


class Definition(Written):
    """All that is said of a metric; what is absent is not said any more."""

    model_config = exampled(PM25)
    unit: UnitCode | None = None
    low: Number | None = None
    high: Number | None = None
    max_rate: Annotated[Number, Field(gt=0)] | None = None
    title: OneLine | None = None
    title_en: OneLine | None = None
    fiware_model: OneLine | None = None
    fiware_attribute: OneLine | None = None


@router.get("", responses=LINKED)
def list_metrics(
    query: Annotated[MetricQuery, Query()], pool: Database, pages: Paged
) -> list[Metric]:
    """The metrics of the catalogue, in order of name."""
    with transaction(pool) as conn:
        found = metrics.catalogue(conn, after=query.after or "", limit=query.limit + 1)
    if len(found) > query.limit:
        pages.link("next", {"after": found[query.limit - 1].name})
    return [Metric.model_validate(row) for row in found[: query.limit]]


@router.get("/{name:path}", responses=documented(404))
def show_metric(name: Name, pool: Database) -> Metric:
    """One metric."""
    with transaction(pool) as conn:
        found = metrics.find(conn, name)
    if found is None:
        raise NoSuchMetric(f"the catalogue has no metric {name}")
    return Metric.model_validate(found)


@router.put(
    "/{name:path}",
    responses={201: {"description": "It is new.", "model": Metric}, **documented(400, 403, 413)},
)
def define_metric(
    name: Name, definition: Definition, pool: Database, bearer: Engineer, response: Response
) -> Metric:
    """Says what a metric is, for every stream that says nothing else of itself.

    Streams that are there keep the unit they have: their readings are in it. Kept in the audit.
    """
    said = definition.model_dump()
    with transaction(pool) as conn:
        if metrics.put(conn, metrics.Metric(name, **said)):
            response.status_code = 201
        audit.append(conn, bearer.name, "define metric", name, said)
    return Metric(name=name, **said)
