"""Connectivity: who is online, late or silent, how often it speaks, and how its clock is."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from models.asset import Kind
from models.connectivity import State
from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchAsset, documented
from services.api.terms import Asked, AssetName, Id, Limit, Told, exampled
from services.store import connectivity
from services.store.pool import transaction

router = APIRouter(tags=["connectivity"], dependencies=VIEWERS)

CHANGES = 50  # the newest ones, shown with an asset

PUMP: JsonDict = {
    "id": 7,
    "asset": "pump-7",
    "title": "Trạm bơm số 7",
    "kind": "water",
    "area_code": "213",
    "area": "Thành phố Bắc Giang",
    "parent": "gateway-2",
    "state": "silent",
    "with_parent": True,
    "since": "2026-01-01T00:10:04Z",
    "last_received_at": "2026-01-01T00:00:03Z",
    "last_event_at": "2026-01-01T00:00:00Z",
    "cadence_s": 60.0,
    "late_after_s": 190.5,
    "silent_after_s": 635.0,
    "skew_s": -2.9,
    "clock_wrong": False,
    "misconduct": [],
}
FLOW: JsonDict = {"metric": "flow", "cadence_s": 60.0, "spread": 0.03, "samples": 4711}
FELL_SILENT: JsonDict = {"time": "2026-01-01T00:10:04Z", "state": "silent", "with_parent": True}
STATE_HELP = (
    "late: not heard for about three of its usual gaps; silent: for about ten, or it (or its last "
    "will) said that it is offline; learning: how often it speaks is not known yet, or it speaks "
    "too irregularly for its silence to mean anything"
)


class Connectivity(Told):
    """How one asset is heard. Durations are seconds, null where they are not known."""

    model_config = exampled(PUMP)
    id: int = Field(description="of the asset")
    asset: str
    title: str
    kind: Kind
    area_code: str | None
    area: str | None
    parent: str | None = Field(description="the gateway that it speaks through")
    state: State = Field(description=STATE_HELP)
    with_parent: bool = Field(description="silent because its gateway is, which speaks for it")
    since: datetime | None = Field(description="of the state")
    last_received_at: datetime | None
    last_event_at: datetime | None = Field(description="the newest time that it has told")
    cadence_s: float | None = Field(description="the usual gap between two readings")
    late_after_s: float | None
    silent_after_s: float | None
    skew_s: float | None = Field(
        description="how far its clock is ahead of ours; negative: behind, or delivered late"
    )
    clock_wrong: bool = Field(description="the skew is over CONNECTIVITY_SKEW_SECONDS")
    misconduct: list[Literal["clock", "repeats", "disorder"]] = Field(
        description="what it does wrong in delivering, which is an incident: its clock is a quarter "
        "of an hour behind those of others, it sends everything many times, or in another order"
    )


class Cadence(Told):
    """How often one stream speaks."""

    model_config = exampled(FLOW)
    metric: str
    cadence_s: float | None = Field(description="null: too few readings, or too irregular")
    spread: float = Field(
        description="0: like a clock; about 1: events that know nothing of each other"
    )
    samples: int = Field(description="gaps seen")


class StateChange(Told):
    """When an asset began to be heard otherwise."""

    model_config = exampled(FELL_SILENT)
    time: datetime
    state: State
    with_parent: bool


class ConnectivityWithHistory(Connectivity):
    """How one asset is heard, stream by stream, and how it was."""

    model_config = exampled(PUMP | {"streams": [FLOW], "changes": [FELL_SILENT]})
    streams: list[Cadence]
    changes: list[StateChange] = Field(description=f"newest first, at most {CHANGES}")


class ConnectivityQuery(Asked):
    """Which assets."""

    state: State | None = Field(default=None, examples=["silent"])
    kind: Kind | None = Field(default=None, examples=["water"])
    parent: AssetName | None = Field(
        default=None, description="those that speak through this gateway", examples=["gateway-2"]
    )
    clock_wrong: bool | None = Field(default=None, description="true: only clocks that are off")
    after: Id | None = Field(default=None, description="goes on after this id")
    limit: Limit = 100


@router.get("/connectivity", responses=LINKED)
def list_connectivity(
    query: Annotated[ConnectivityQuery, Query()], pool: Database, pages: Paged
) -> list[Connectivity]:
    """How every asset is heard, in order of id."""
    with transaction(pool) as conn:
        found = connectivity.page(
            conn,
            state=query.state,
            kind=query.kind,
            parent=query.parent,
            clock_wrong=query.clock_wrong,
            after=query.after or 0,
            limit=query.limit + 1,
        )
    return [Connectivity.model_validate(row) for row in pages.cut(found, query.limit, "after")]


@router.get("/assets/{name}/connectivity", responses=documented(404))
def show_connectivity(
    name: Annotated[AssetName, Path(examples=["pump-7"])], pool: Database
) -> ConnectivityWithHistory:
    """How one asset is heard, stream by stream, and how it was."""
    with transaction(pool) as conn:
        found = connectivity.find(conn, name)
        if found is None:
            raise NoSuchAsset(f"there is no asset {name}")
        streams = connectivity.cadences(conn, name)
        changes = connectivity.changes(conn, name, CHANGES)
    return ConnectivityWithHistory.model_validate(
        found._asdict() | {"streams": streams, "changes": changes}
    )
