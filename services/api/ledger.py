"""The ledger: what became of everything that was received, per worker and minute."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.terms import Asked, Limit, Moment, Told, exampled, spoken
from services.store import ledger
from services.store.pool import transaction
from services.store.readings import FOR_EVER

router = APIRouter(prefix="/ledger", tags=["ledger"], dependencies=VIEWERS)

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Line(Told):
    """One minute of one worker, in readings; imbalance is 0, or something is wrong."""

    model_config = exampled(
        {
            "time": "2026-01-01T00:00:00Z",
            "worker": "ingest-1",
            "received": 7000,
            "stored": 6990,
            "duplicate": 7,
            "rejected": 3,
            "held": 0,
            "imbalance": 0,
        }
    )
    time: datetime
    worker: str
    received: int
    stored: int
    duplicate: int
    rejected: int
    held: int
    imbalance: int = Field(description="received - stored - duplicate - rejected - held")


class LedgerQuery(Asked):
    """Which minutes."""

    since: Moment | None = Field(default=None, description="from this moment on")
    until: Moment | None = Field(default=None, description="before this moment")
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_ledger(query: Annotated[LedgerQuery, Query()], pool: Database, pages: Paged) -> list[Line]:
    """The lines of the ledger, newest first. A page ends between two minutes."""
    with transaction(pool) as conn:
        found = ledger.lines(
            conn, query.since or BEGINNING, query.until or FOR_EVER, query.limit + 1
        )
    rows = found[: query.limit]
    if len(found) > query.limit:
        # The minute that did not fit goes whole to the next page, unless it fills this one.
        cut_off = found[-1].time
        rows = [line for line in rows if line.time > cut_off] or rows
        pages.link("next", {"until": spoken(rows[-1].time)})
    return [Line.model_validate(line) for line in rows]
