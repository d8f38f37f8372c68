"""Derivations: what a derived reading was made of."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchStream, documented
from services.api.readings import NEXT_MOMENT, WORDS, Stretch, cut
from services.api.terms import Id, Told, exampled
from services.store import derivations, readings, streams
from services.store.pool import transaction

router = APIRouter(tags=["readings"], dependencies=VIEWERS)

INDEX: JsonDict = {
    "time": "2026-01-01T00:00:00Z",
    "value": 43,
    "quality": "good",
    "inputs": {
        "dominant": "o3",
        "category": "Tốt",
        "incomplete": False,
        "parts": [
            {
                "pollutant": "o3",
                "averaging": "1h",
                "concentration": 136.1,
                "index": 43,
                "incomplete": False,
            }
        ],
    },
}


class Derivation(Told):
    """One derived reading with everything its value depends on, by name.

    Which inputs there are is the rule's matter (docs/city-rules.md). One that does not follow
    any more, because a late reading changed what it was made of, is bad.
    """

    model_config = exampled(INDEX)
    time: datetime = Field(description="the beginning of the rule's step")
    value: float
    quality: Literal["good", "uncertain", "bad", "stale"]
    inputs: dict[str, Any]


@router.get("/streams/{stream_id}/derivations", responses=LINKED | documented(404))
def list_derivations(
    stream_id: Annotated[Id, Path(le=2**31 - 1, examples=[12])],
    query: Annotated[Stretch, Query()],
    pool: Database,
    pages: Paged,
) -> list[Derivation]:
    """The derived readings of a stream with their inputs, oldest first; none of a device's.

    Without `since` the newest ones. The `Link` header names the page after this one (`next`), or
    without `since` the one before it (`prev`).
    """
    until, limit = query.until or readings.FOR_EVER, query.limit + 1
    with transaction(pool) as conn:
        if not streams.known(conn, stream_id):
            raise NoSuchStream(f"there is no stream {stream_id}")
        if query.since is None:
            found = derivations.latest(conn, stream_id, until, limit)
        else:
            found = derivations.page(conn, stream_id, query.since, until, limit)
    return [told(row) for row in cut(found, query, pages, NEXT_MOMENT)]


def told(row: derivations.Derivation) -> Derivation:
    """A row of the store as Derivation says it."""
    return Derivation.model_validate({**row._asdict(), "quality": WORDS[row.quality]})
