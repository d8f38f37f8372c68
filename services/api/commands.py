"""Commands: what a device is told to do, and what it answers."""

import asyncio
import time
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field, StringConstraints
from pydantic.config import JsonDict
from starlette.concurrency import run_in_threadpool

from models.command import (
    COMMAND_NAME,
    LONGEST_TIMEOUT,
    MOST_UNANSWERED,
    CommandStepNotAllowed,
    Move,
    Status,
    after,
)
from services.api.access import VIEWERS, Database, Operator
from services.api.arguments import Arguments
from services.api.pages import LINKED, Paged
from services.api.problems import NoSuchAsset, NoSuchCommand, TooManyCommands, documented
from services.api.terms import WHOLE, Asked, AssetName, Limit, Told, Written, exampled
from services.store import assets, audit, commands
from services.store.pool import Connection, Pool, transaction

router = APIRouter(tags=["commands"], dependencies=VIEWERS)

LONGEST_WAIT = 30  # seconds
LOOK = 0.25  # seconds between two looks at a command that is waited for
MOST_WAITING = 64  # requests that wait at once; the next one is answered with what there is

DIMMED: JsonDict = {
    "id": "4f9f7a0e-6f0c-4d0b-9f9b-0d1c5a5e7c11",
    "asset": "lamp-3",
    "command": "dim",
    "arguments": {"level": 0.4},
    "requested_by": "lan",
    "requested_at": "2026-01-01T00:00:00Z",
    "expires_at": "2026-01-01T00:00:30Z",
    "status": "done",
    "attempts": 1,
    "sent_at": "2026-01-01T00:00:00.02Z",
    "answered_at": "2026-01-01T00:00:00.3Z",
    "ended_at": "2026-01-01T00:00:00.3Z",
    "answer": {"id": "4f9f7a0e-6f0c-4d0b-9f9b-0d1c5a5e7c11", "status": "done", "level": 0.4},
    "detail": "",
}
DIM: JsonDict = {"command": "dim", "arguments": {"level": 0.4}, "timeout_s": 30}
ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {
        "description": "Written down; it is sent at once where the broker is there.",
        "headers": {
            "Location": {
                "description": "where it can be looked at, and waited for",
                "schema": {"type": "string"},
                "example": "/commands/4f9f7a0e-6f0c-4d0b-9f9b-0d1c5a5e7c11",
            }
        },
    }
}

Name = Annotated[AssetName, Path(examples=["lamp-3"])]
CommandName = Annotated[str, StringConstraints(pattern=f"^{COMMAND_NAME.pattern}$")]
CommandId = Annotated[UUID, Path(examples=["4f9f7a0e-6f0c-4d0b-9f9b-0d1c5a5e7c11"])]


class Waiting(asyncio.Semaphore):
    """How many more requests may wait for the end of a command."""


class Command(Told):
    """One thing that a device is told to do; it has ended once ended_at is there."""

    model_config = exampled(DIMMED)
    id: UUID = Field(description="also the correlation of its messages")
    asset: str
    command: str
    arguments: dict[str, Any]
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    status: Status
    attempts: int = Field(description="how often it was handed to the broker; the id stays")
    sent_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    answer: dict[str, Any] | None = Field(description="all that the device said")
    detail: str


class Order(Written):
    """What a device shall do, and for how long that is wanted."""

    model_config = exampled(DIM)
    command: CommandName
    arguments: Arguments = Field(default_factory=dict)
    timeout_s: Annotated[int, Field(ge=1, le=LONGEST_TIMEOUT), WHOLE] = Field(
        default=30, description="seconds until it expires unanswered"
    )


class CommandQuery(Asked):
    """Which commands of the asset."""

    status: Status | None = None
    before: UUID | None = Field(default=None, description="goes on before this id")
    limit: Limit = 100


class Patience(Asked):
    """How long the answer may take."""

    wait: float = Field(
        default=0,
        ge=0,
        le=LONGEST_WAIT,
        description="seconds to wait for the command's end; without an end the answer is what there is",
    )


@router.post(
    "/assets/{name}/commands",
    status_code=202,
    responses=ACCEPTED | documented(400, 403, 404, 409, 413),
)
def request_command(
    name: Name, order: Order, pool: Database, bearer: Operator, response: Response
) -> Command:
    """Tells a device to do something; who told it what is kept in the audit."""
    with transaction(pool) as conn:
        asset_id = commands.hold_asset(conn, name)
        if asset_id is None:
            raise NoSuchAsset(f"there is no asset {name}")
        if commands.unanswered(conn, asset_id) >= MOST_UNANSWERED:
            raise TooManyCommands(f"{name} has {MOST_UNANSWERED} unanswered commands")
        command_id = commands.request(
            conn,
            asset_id,
            order.command,
            order.arguments,
            requested_by=bearer.name,
            timeout=timedelta(seconds=order.timeout_s),
        )
        detail = {"id": str(command_id), **order.model_dump()}
        audit.append(conn, bearer.name, "command", name, detail)
        told = found(conn, command_id)
    response.headers["Location"] = f"/commands/{command_id}"
    return told


@router.get("/assets/{name}/commands", responses=LINKED | documented(404))
def list_commands(
    name: Name, query: Annotated[CommandQuery, Query()], pool: Database, pages: Paged
) -> list[Command]:
    """The commands of an asset, newest first."""
    with transaction(pool) as conn:
        asset = assets.find(conn, name)
        if asset is None:
            raise NoSuchAsset(f"there is no asset {name}")
        rows = commands.page(
            conn, asset.id, status=query.status, before=query.before, limit=query.limit + 1
        )
    return [Command.model_validate(row) for row in pages.cut(rows, query.limit, "before")]


@router.get("/commands/{command_id}", responses=documented(404))
async def show_command(
    command_id: CommandId, patience: Annotated[Patience, Query()], pool: Database, request: Request
) -> Command:
    """One command; with `wait`, as soon as it has ended or the time is over."""
    waiting: Waiting = request.state.waiting
    if not patience.wait or waiting.locked():
        return await run_in_threadpool(look, pool, command_id)
    async with waiting:
        return await ended(request, pool, command_id, patience.wait)


@router.post("/commands/{command_id}/cancel", responses=documented(400, 403, 404, 409, 413))
def cancel_command(command_id: CommandId, pool: Database, bearer: Operator) -> Command:
    """Takes a command back that nobody has begun to send."""
    with transaction(pool) as conn:
        standing = commands.lock(conn, command_id)
        if standing is None:
            raise NoSuchCommand(f"there is no command {command_id}")
        ended = after(standing.status, Move.CANCEL)
        if standing.attempts:
            raise CommandStepNotAllowed("it is on its way: the device may have it already")
        commands.move(conn, command_id, ended, f"cancelled by {bearer.name}")
        audit.append(conn, bearer.name, "cancel command", standing.asset, {"id": str(command_id)})
        return found(conn, command_id)


async def ended(request: Request, pool: Pool, command_id: UUID, seconds: float) -> Command:
    """A command once it has ended, or as it stands when the time is over or nobody listens."""
    until = time.monotonic() + seconds
    while True:
        command = await run_in_threadpool(look, pool, command_id)
        left = until - time.monotonic()
        if command.status.ended or left <= 0 or await request.is_disconnected():
            return command
        await asyncio.sleep(min(LOOK, left))


def look(pool: Pool, command_id: UUID) -> Command:
    """One command as it stands now. Raises NoSuchCommand."""
    with transaction(pool) as conn:
        return found(conn, command_id)


def found(conn: Connection, command_id: UUID) -> Command:
    """One command. Raises NoSuchCommand."""
    row = commands.find(conn, command_id)
    if row is None:
        raise NoSuchCommand(f"there is no command {command_id}")
    return Command.model_validate(row)
