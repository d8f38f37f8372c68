"""Every refusal in one form: RFC 9457, application/problem+json."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import compile_path

from models.access import BadAccount
from models.command import CommandStepNotAllowed
from models.incident import MoveNotAllowed, StaleIncident
from services.api.headers import HEADERS
from services.api.terms import exampled
from services.incidents.feedback import NothingToWithdraw
from services.incidents.workflow import NoSuchIncident
from services.store.accounts import NoSuchAccount
from services.store.pool import DatabaseAway
from services.store.refusals import Refusal

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = {"Retry-After": "5"}
STEPS = (MoveNotAllowed, StaleIncident, CommandStepNotAllowed)  # steps that are not taken
HANG_UP = {"Connection": "close"}  # the server does, after a fault: nobody shall ask again on it


class Refused(Exception):
    """What this door does not do; each kind has its status and its sentence."""

    http_status = 400
    headers: ClassVar[dict[str, str]] = {}


class NoSuchAsset(Refused):
    """There is no asset of this name."""

    http_status = 404


class NoSuchStream(Refused):
    """The asset has no such metric, or there is no stream of this number."""

    http_status = 404


class NoSuchReject(Refused):
    """There is no reject of this number."""

    http_status = 404


class NoSuchMetric(Refused):
    """The catalogue has no metric of this name."""

    http_status = 404


class NoSuchDesk(Refused):
    """There is no desk of this name."""

    http_status = 404


class NothingToExplain(Refused):
    """None of the incident's anomalies is kept any more."""

    http_status = 404


class NoSuchUnit(Refused):
    """There is and was no unit of this code or name."""

    http_status = 404


class NoSuchDay(Refused):
    """The day has not begun."""

    http_status = 404


class NoSuchCommand(Refused):
    """There is no command of this id."""

    http_status = 404


class TooManyCommands(Refused):
    """The asset has as many unanswered commands as it may have; wait for their end."""

    http_status = 409


# What others say no with, and this door passes on.
OURS = (NoSuchIncident, NothingToWithdraw, *STEPS, NoSuchAccount, BadAccount)


class Flaw(BaseModel):
    """One thing that is wrong with a request."""

    model_config = exampled({"where": "query.limit", "why": "Input should be less than 1000"})
    where: str
    why: str


class Problem(BaseModel):
    """Why a request was not done (RFC 9457)."""

    model_config = exampled(
        {
            "type": "/#stale-incident",
            "title": "The incident has moved since it was looked at; look again.",
            "status": 409,
            "detail": "the incident is at version 3, not 2; look again",
        }
    )
    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Flaw] = []


class ProblemResponse(JSONResponse):
    """A problem on its way out."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        content = {"type": problem.type} | problem.model_dump(exclude_defaults=True)
        super().__init__(content, problem.status, HEADERS | dict(headers or {}))


def anchor(kind: type[Exception]) -> str:
    """Where the front page explains a kind of problem.

    >>> anchor(StaleIncident)
    'stale-incident'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def sentence(kind: type[Exception]) -> str:
    """What all problems of a kind have in common: the first line of its docstring."""
    return (kind.__doc__ or kind.__name__).splitlines()[0]


def plain(status: int, detail: str, errors: Sequence[Flaw] = ()) -> Problem:
    """A problem that HTTP itself has a word for."""
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, detail=detail, errors=list(errors))


def flaws(error: RequestValidationError) -> list[Flaw]:
    """What is wrong with a request, without repeating what it said."""
    found = []
    for flaw in error.errors():
        where = ".".join(str(part) for part in flaw["loc"])
        why = str(flaw["msg"]).removeprefix("Value error, ")
        if flaw["type"] == "extra_forbidden":
            why = "there is nothing of this name here"
        elif flaw["type"] == "json_invalid":
            where, why = "body", f"this is not JSON: {flaw['ctx']['error']}"
        found.append(Flaw(where=where.encode(errors="replace").decode(), why=why))
    return found


def described(request: Request, error: HTTPException) -> Problem:
    """What the framework refused: no such path, no such method, a body it could not read."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return plain(404, f"there is nothing at {request.url.path}")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return plain(405, f"{request.method} is not for {request.url.path}")
    return plain(error.status_code, str(error.detail))


def allow(request: Request, error: HTTPException) -> dict[str, str]:
    """All methods of a path, where another was tried; the framework knows one route's only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods = {
        method.upper()
        for template, methods in request.app.openapi()["paths"].items()
        for method in methods
        if compile_path(template)[0].match(path)
    }
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not methods:
        return {}
    return {"Allow": ", ".join(sorted(methods))}


async def speak(request: Request, error: Exception) -> ProblemResponse:
    """The one voice: an exception with an http_status says itself, any other is our fault."""
    if isinstance(error, RequestValidationError):
        found = flaws(error)
        detail = "; ".join(f"{flaw.where}: {flaw.why}" for flaw in found)
        return ProblemResponse(plain(422, detail, found))
    if isinstance(error, HTTPException):
        return ProblemResponse(
            described(request, error), {**(error.headers or {}), **allow(request, error)}
        )
    if isinstance(error, DatabaseAway):
        log.warning("the database is away", why=str(error).strip())
        return ProblemResponse(plain(503, "the database does not answer; try again"), RETRY_AFTER)
    status: int | None = getattr(error, "http_status", None)
    if status is None:
        return ProblemResponse(plain(500, "something went wrong here; the log says what"), HANG_UP)
    kind = type(error)
    problem = Problem(
        type=f"{request.scope.get('root_path', '')}/#{anchor(kind)}",
        title=sentence(kind),
        status=status,
        detail=str(error) or sentence(kind),
    )
    return ProblemResponse(problem, getattr(error, "headers", None))


def install(app: FastAPI) -> None:
    """Lets every exception be spoken by `speak`."""
    spoken = (Refused, Refusal, *OURS, *DatabaseAway)
    for kind in (*spoken, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, speak)


def kinds() -> list[type[Exception]]:
    """Every kind of problem that has a sentence of its own."""
    ours = {*Refused.__subclasses__(), *OURS, *Refusal.__subclasses__()}
    return sorted(ours, key=lambda kind: kind.__name__)


DESCRIPTIONS = {
    400: "The body could not be read.",
    401: "No token, or one that is not known.",
    403: "The token's role may not do this.",
    404: "There is no such thing.",
    409: "It does not take this step, or has moved since it was looked at.",
    413: "The body is too large.",
    422: "Something that was said cannot be; each flaw is named.",
    503: "The database does not answer.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How OpenAPI is told of the problems an operation may answer with."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": DESCRIPTIONS[status],
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }
