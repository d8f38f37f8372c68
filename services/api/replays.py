"""Dead letters: rejects that are mended, read again, or dismissed, one or a thousand."""

import base64
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter
from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
    model_validator,
)

from services.api.access import VIEWERS, Database, Operator
from services.api.problems import NoSuchReject, documented
from services.api.rejects import Numbered, Reject, RejectFilter, RejectWithPayload, whole
from services.api.terms import Told, Whole, Written, exampled
from services.store import audit, replays
from services.store.pool import Connection, Pool, transaction
from services.store.rejects import StoredReject
from services.store.tokens import Bearer

router = APIRouter(prefix="/rejects", tags=["rejects"], dependencies=VIEWERS)

# What surely fits into a body; `python -m services.store rejects edit` takes all 256 KiB.
LONGEST = 24 * 1024
ONE_PAYLOAD: list[JsonValue] = [
    {"properties": {"text": {"type": "null"}}},
    {"properties": {"payload": {"type": "null"}}},
]
PlainTopic = Annotated[
    str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00+#]+$")
]
SETTLED = documented(403, 404, 409)


class Edit(Written):
    """What is read instead of what came. What is absent stays; null takes back an edit.

    A payload is given as text, or as base64: up to 24 KiB here, the command takes 256.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"text": '{"values": {"flow": 12.4}}'}],
            "anyOf": ONE_PAYLOAD,
        }
    )
    topic: PlainTopic | None = None
    text: str | None = Field(default=None, max_length=LONGEST)
    payload: str | None = Field(
        default=None,
        max_length=LONGEST * 4 // 3,
        pattern="^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        json_schema_extra={"contentEncoding": "base64"},
    )

    @field_validator("text")
    @classmethod
    def utf_8(cls, text: str | None) -> str | None:
        """A half of a surrogate pair has no bytes."""
        if text is not None:
            try:
                text.encode()
            except UnicodeEncodeError:
                raise ValueError("this text has no UTF-8") from None
        return text

    @model_validator(mode="after")
    def one_payload(self) -> "Edit":
        """A payload is given once."""
        if self.text is not None and self.payload is not None:
            raise ValueError("a payload is text, or base64, not both")
        return self

    def over(self, before: bytes | None) -> bytes | None:
        """The edited payload after this."""
        if self.text is not None:
            return self.text.encode()
        if self.payload is not None:
            return base64.b64decode(self.payload)
        return None if {"text", "payload"} & self.model_fields_set else before


class Many(RejectFilter, Written):
    """Which rejects, the oldest first; of the open ones where no status is said."""

    model_config = exampled({"topic": "city/+/telemetry", "reason": "not JSON", "dry_run": True})
    limit: Annotated[
        int, Field(ge=1, le=replays.AT_MOST, description="how many at most"), Whole
    ] = 1000
    dry_run: bool = Field(default=False, description="only count them")


class Outcome(Told):
    """How many it was done to (or would be), and how many were left because they are cut."""

    model_config = exampled({"taken": 990, "cut": 10})
    taken: int
    cut: int = Field(description="only a part of their payload was kept, and nobody mended them")


@router.patch("/{reject_id}", responses=documented(400, 403, 404, 409, 413))
def edit_reject(
    reject_id: Numbered, edit: Edit, pool: Database, bearer: Operator
) -> RejectWithPayload:
    """Mends the topic or the payload of a reject that is open or dismissed.

    What came is kept beside it. Kept in the audit.
    """
    with transaction(pool) as conn:
        replays.lock(conn, reject_id)
        before = whole(conn, reject_id)
        mended = None if before.edited_payload is None else base64.b64decode(before.edited_payload)
        topic = edit.topic if "topic" in edit.model_fields_set else before.edited_topic
        payload = edit.over(mended)
        replays.edit(conn, reject_id, bearer.name, topic, payload)
        detail = {"topic": topic, "bytes": None if payload is None else len(payload)}
        audit.append(conn, bearer.name, "edit reject", str(reject_id), detail)
        return whole(conn, reject_id)


@router.post("/{reject_id}/replay", responses=SETTLED)
def replay_reject(reject_id: Numbered, pool: Database, bearer: Operator) -> Reject:
    """Has a reject read again, as it came or as it was mended.

    It is queued; soon it is replayed, or open again with its last_reason.
    """
    return settle(pool, replays.queue, "replay reject", reject_id, bearer)


@router.post("/{reject_id}/dismiss", responses=SETTLED)
def dismiss_reject(reject_id: Numbered, pool: Database, bearer: Operator) -> Reject:
    """Lets an open reject go, or a queued one that was not read again yet."""
    return settle(pool, replays.dismiss, "dismiss reject", reject_id, bearer)


@router.post("/replay", responses=documented(400, 403, 413))
def replay_rejects(many: Many, pool: Database, bearer: Operator) -> Outcome:
    """Has many rejects read again."""
    with transaction(pool) as conn:
        done = replays.queue_wanted(
            conn, many.wanted(), bearer.name, many.limit, dry_run=many.dry_run
        )
        note(conn, bearer, "replay rejects", many, done)
    return Outcome.model_validate(done)


@router.post("/dismiss", responses=documented(400, 403, 413))
def dismiss_rejects(many: Many, pool: Database, bearer: Operator) -> Outcome:
    """Lets many rejects go."""
    with transaction(pool) as conn:
        done = replays.dismiss_wanted(
            conn, many.wanted(), bearer.name, many.limit, dry_run=many.dry_run
        )
        note(conn, bearer, "dismiss rejects", many, done)
    return Outcome.model_validate(done)


def settle(
    pool: Pool,
    step: Callable[[Connection, int, str], StoredReject | None],
    action: str,
    reject_id: int,
    bearer: Bearer,
) -> Reject:
    """Takes a step in the name of the token's holder. Raises NoSuchReject."""
    with transaction(pool) as conn:
        found = step(conn, reject_id, bearer.name)
        if found is None:
            raise NoSuchReject(f"there is no reject {reject_id}")
        audit.append(conn, bearer.name, action, str(reject_id), {})
    return Reject.model_validate(found)


def note(conn: Connection, bearer: Bearer, action: str, many: Many, done: replays.Outcome) -> None:
    """Keeps in the audit what was done to many; a count changes nothing."""
    if not many.dry_run:
        said = many.model_dump(mode="json", exclude_unset=True)
        audit.append(conn, bearer.name, action, "many", {**said, "taken": done.taken})
