"""Rejects: messages that gave no reading, with the reason and the bytes."""

import base64
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchReject, documented
from services.api.terms import Asked, Id, Limit, Told, exampled
from services.store import rejects
from services.store.pool import transaction

router = APIRouter(prefix="/rejects", tags=["rejects"], dependencies=VIEWERS)

Topic = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00]+$")]
BROKEN: JsonDict = {
    "id": 3,
    "received_at": "2026-01-01T00:00:00Z",
    "topic": "city/pump-7/telemetry",
    "payload_bytes": 9,
    "reason": "not JSON: Input data was truncated",
    "items": 1,
    "worker": "ingest-1",
}


class Reject(Told):
    """A message that gave no reading; items counts the readings it stood for."""

    model_config = exampled(BROKEN)
    id: int
    received_at: datetime
    topic: str
    payload_bytes: int = Field(description="how many there were; at most 256 KiB are kept")
    reason: str
    items: int
    worker: str


class RejectWithPayload(Reject):
    """A reject with its bytes."""

    model_config = exampled(BROKEN | {"payload": "eyJ2YWx1ZXM=", "text": '{"values'})
    payload: str = Field(
        description="the bytes as they came", json_schema_extra={"contentEncoding": "base64"}
    )
    text: str | None = Field(description="the same as text, where it is UTF-8")


class RejectQuery(Asked):
    """Which rejects."""

    topic: Topic | None = Field(default=None, examples=["city/pump-7/telemetry"])
    before: Id | None = Field(default=None, description="goes on before this id")
    limit: Limit = 100


@router.get("", responses=LINKED)
def list_rejects(
    query: Annotated[RejectQuery, Query()], pool: Database, pages: Paged
) -> list[Reject]:
    """The rejects, newest first."""
    with transaction(pool) as conn:
        found = rejects.page(conn, topic=query.topic, before=query.before, limit=query.limit + 1)
    return [Reject.model_validate(row) for row in pages.cut(found, query.limit, "before")]


@router.get("/{reject_id}", responses=documented(404))
def show_reject(reject_id: Annotated[Id, Path(examples=[3])], pool: Database) -> RejectWithPayload:
    """One reject with its payload."""
    with transaction(pool) as conn:
        found = rejects.payload(conn, reject_id)
    if found is None:
        raise NoSuchReject(f"there is no reject {reject_id}")
    reject, payload = found
    return RejectWithPayload(
        **reject._asdict(), payload=base64.b64encode(payload).decode(), text=as_text(payload)
    )


def as_text(payload: bytes) -> str | None:
    """The bytes as text, where they are UTF-8.

    >>> as_text("độ ẩm".encode()), as_text(bytes([255]))
    ('độ ẩm', None)
    """
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return None
