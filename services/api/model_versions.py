"""Models: which versions there are, what each is set to, and which one judges."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.terms import Asked, Id, Limit, Told, exampled
from services.store import model_versions
from services.store.pool import transaction

router = APIRouter(prefix="/models", tags=["models"], dependencies=VIEWERS)

ModelName = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9-]{0,31}$")]
State = Literal["candidate", "live", "retired"]
SECOND: JsonDict = {
    "id": 2,
    "name": "detection",
    "version": 2,
    "state": "retired",
    "parameters": {"threshold": 0.995},
    "layout": "9f2c1d6e0b7a4c35",
    "data_from": "2025-12-01T00:00:00Z",
    "data_to": "2026-01-01T00:00:00Z",
    "scores": {"recall": 0.93, "false_alarms_a_shift": 3.1},
    "note": "thử trên tháng 12",
    "created_by": "an",
    "created_at": "2026-01-01T08:00:00Z",
    "promoted_by": "binh",
    "promoted_at": "2026-01-01T09:00:00Z",
    "rolled_back_at": "2026-01-02T07:00:00Z",
}


class ModelVersion(Told):
    """One version of a model. It is never edited; one of each name is live, and judges."""

    model_config = exampled(SECOND)
    id: int = Field(description="as anomalies name it in model_version")
    name: str
    version: int
    state: State
    parameters: dict[str, Any]
    layout: str = Field(description="names the shape of the states it keeps")
    data_from: datetime | None = Field(description="the beginning of what it was tried on")
    data_to: datetime | None
    scores: dict[str, Any] = Field(description="how well it did there, as whoever tried it says")
    note: str
    created_by: str
    created_at: datetime
    promoted_by: str | None
    promoted_at: datetime | None = Field(description="when it was made live last")
    rolled_back_at: datetime | None = Field(description="when it was taken back")


class ModelQuery(Asked):
    """Which versions."""

    name: ModelName | None = Field(default=None, examples=["detection"])
    state: State | None = None
    before: Annotated[Id, Field(le=2**31 - 1)] | None = Field(
        default=None, description="goes on before this id"
    )
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_models(
    query: Annotated[ModelQuery, Query()], pool: Database, pages: Paged
) -> list[ModelVersion]:
    """The versions of all models, newest first.

    They are registered, promoted and rolled back with `python -m services.detection models`.
    """
    with transaction(pool) as conn:
        found = model_versions.page(
            conn, name=query.name, state=query.state, before=query.before, limit=query.limit + 1
        )
    return [ModelVersion.model_validate(row) for row in pages.cut(found, query.limit, "before")]
