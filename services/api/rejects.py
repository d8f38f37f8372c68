"""Rejects: messages that gave no reading, with the reason and the bytes."""

import base64
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from pydantic.config import JsonDict

from services.api.access import VIEWERS, Database
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchReject, documented
from services.api.terms import Asked, AssetName, Id, Limit, Moment, Told, exampled
from services.store import rejects
from services.store.pool import Connection, transaction

router = APIRouter(prefix="/rejects", tags=["rejects"], dependencies=VIEWERS)

Topic = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00]+$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]
Status = Literal["open", "queued", "replayed", "dismissed"]
Numbered = Annotated[Id, Path(examples=[3])]

BROKEN: JsonDict = {
    "id": 3,
    "received_at": "2026-01-01T00:00:00Z",
    "topic": "city/pump-7/telemetry",
    "payload_bytes": 9,
    "reason": "not JSON: Input data was truncated",
    "items": 1,
    "worker": "ingest-1",
    "status": "dismissed",
    "edited_topic": "city/pump-7/telemetry",
    "edited_by": "lan",
    "edited_at": "2026-01-01T08:00:00Z",
    "replay_requested_by": "lan",
    "replay_requested_at": "2026-01-01T08:01:00Z",
    "replays": 1,
    "last_reason": "no metric has a value",
    "settled_by": "lan",
    "settled_at": "2026-01-01T08:02:00Z",
}
GROUP: JsonDict = {
    "topic": "city/+/telemetry",
    "reason": "time * is in the future",
    "messages": 1043,
    "items": 7301,
    "oldest": "2026-01-01T00:00:00Z",
    "newest": "2026-01-01T06:30:00Z",
    "example": 1045,
}


class Reject(Told):
    """A message that gave no reading, and what people did about it.

    items counts the readings it stood for.
    """

    model_config = exampled(BROKEN)
    id: int
    received_at: datetime
    topic: str
    payload_bytes: int = Field(description="how many there were; at most 256 KiB are kept")
    reason: str
    items: int
    worker: str
    status: Status = Field(description="queued: it will be read again; replayed: it is stored")
    edited_topic: str | None
    edited_by: str | None
    edited_at: datetime | None
    replay_requested_by: str | None
    replay_requested_at: datetime | None
    replays: int = Field(description="how often it was read again")
    last_reason: str | None = Field(description="why it was refused when it was read again")
    settled_by: str | None
    settled_at: datetime | None


class RejectWithPayload(Reject):
    """A reject with its bytes."""

    model_config = exampled(
        BROKEN
        | {
            "payload": "eyJ2YWx1ZXM=",
            "text": '{"values',
            "edited_payload": "eyJ2YWx1ZXMiOnt9fQ==",
            "edited_text": '{"values":{}}',
        }
    )
    payload: str = Field(
        description="the bytes as they came", json_schema_extra={"contentEncoding": "base64"}
    )
    text: str | None = Field(description="the same as text, where it is UTF-8")
    edited_payload: str | None = Field(
        description="the bytes that are read instead",
        json_schema_extra={"contentEncoding": "base64"},
    )
    edited_text: str | None = Field(description="the same as text, where it is UTF-8")


class RejectGroup(Told):
    """Rejects of a kind. Its topic and reason are themselves a filter for what is in it."""

    model_config = exampled(GROUP)
    topic: str
    reason: str
    messages: int
    items: int
    oldest: datetime
    newest: datetime
    example: int = Field(description="the number of the newest")


class RejectFilter(Asked):
    """Which rejects."""

    status: Status | None = None
    topic: Topic | None = Field(
        default=None,
        description="a topic, or a filter with MQTT's wildcards",
        examples=["city/+/telemetry"],
    )
    reason: Text | None = Field(
        default=None,
        description="a part of the reason, of the last one where it was read again; a star stands "
        "for anything",
        examples=["time * is in the future"],
    )
    asset: AssetName | None = Field(
        default=None, description="a level of the topic", examples=["pump-7"]
    )
    since: Moment | None = Field(default=None, description="received at this moment or later")
    until: Moment | None = Field(default=None, description="received before this moment")
    worker: Text | None = Field(default=None, examples=["ingest-1"])

    def wanted(self) -> rejects.Wanted:
        """The same, as the store asks."""
        return rejects.Wanted(
            self.status, self.topic, self.reason, self.asset, self.since, self.until, self.worker
        )


class RejectQuery(RejectFilter):
    """Which rejects, and which page of them."""

    before: Id | None = Field(default=None, description="goes on before this id")
    limit: Limit = 100


class SummaryQuery(RejectFilter):
    """Which rejects to sum up, and how many kinds of them."""

    limit: Limit = 100


@router.get("", responses=LINKED)
def list_rejects(
    query: Annotated[RejectQuery, Query()], pool: Database, pages: Paged
) -> list[Reject]:
    """The rejects, newest first."""
    with transaction(pool) as conn:
        found = rejects.page(conn, query.wanted(), before=query.before, limit=query.limit + 1)
    return [Reject.model_validate(row) for row in pages.cut(found, query.limit, "before")]


@router.get("/summary")
def sum_up_rejects(query: Annotated[SummaryQuery, Query()], pool: Database) -> list[RejectGroup]:
    """The rejects by kind, the most frequent first: a thousand of the same are one line.

    The newest 100,000 are looked at.
    """
    with transaction(pool) as conn:
        found = rejects.summary(conn, query.wanted(), query.limit)
    return [RejectGroup.model_validate(row) for row in found]


@router.get("/{reject_id}", responses=documented(404))
def show_reject(reject_id: Numbered, pool: Database) -> RejectWithPayload:
    """One reject with its payload."""
    with transaction(pool) as conn:
        return whole(conn, reject_id)


def whole(conn: Connection, reject_id: int) -> RejectWithPayload:
    """One reject with its payload. Raises NoSuchReject."""
    found, payloads = rejects.find(conn, reject_id), rejects.payloads(conn, reject_id)
    if found is None or payloads is None:
        raise NoSuchReject(f"there is no reject {reject_id}")
    came, edited = payloads
    return RejectWithPayload(
        **found._asdict(),
        payload=base64.b64encode(came).decode(),
        text=as_text(came),
        edited_payload=None if edited is None else base64.b64encode(edited).decode(),
        edited_text=None if edited is None else as_text(edited),
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
