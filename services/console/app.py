"""The application: its pages, its headers, and what it says when something cannot be done."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypedDict

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from models.told_odd import Text
from services.answers import Answers
from services.console import incident, listing, signing, words
from services.console.access import Database, anybody
from services.console.layout import STYLE, notice, page
from services.console.markup import tag
from services.console.refusals import NotSignedIn, Refused
from services.console.settings import ConsoleSettings
from services.incidents.workflow import NoSuchIncident
from services.store import console_place
from services.store.pool import DatabaseAway, Pool, answers, open_pool, transaction

log = structlog.get_logger()

SHEET = (Path(__file__).with_name("style.css")).read_text(encoding="utf-8")
# Nothing is loaded but our own style sheet, nothing runs, nothing frames us, and a form goes to
# us alone. Not no-referrer: with that, browsers would not say where a form comes from.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
STATUSES: dict[int, Text] = {404: words.NO_SUCH_PAGE, 405: words.NOT_HERE}


class State(TypedDict):
    """What the lifespan gives every request."""

    pool: Pool


def create_app(settings: ConsoleSettings) -> FastAPI:
    """The console; its connections to the database live as long as it serves."""
    app = FastAPI(openapi_url=None, redirect_slashes=False, lifespan=lifespan(settings))
    app.state.settings = settings
    app.add_middleware(Answers, headers=HEADERS)
    for routes in (signing, listing, incident):
        app.include_router(routes.router)
    app.add_api_route("/", show_home)
    app.add_api_route(STYLE, show_style)
    app.add_api_route("/health", show_health)
    app.add_exception_handler(NotSignedIn, send_to_sign_in)
    spoken = (Refused, NoSuchIncident, RequestValidationError, HTTPException, *DatabaseAway)
    for kind in (*spoken, Exception):
        app.add_exception_handler(kind, speak)
    return app


def lifespan(
    settings: ConsoleSettings,
) -> Callable[[FastAPI], AbstractAsyncContextManager[State]]:
    """Opens the pool before the first request, and tells the boards where we are."""

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[State]:
        with open_pool("console", size=settings.pool, queue=settings.queue_seconds) as pool:
            with transaction(pool) as conn:
                console_place.move(conn, settings.address)
            yield State(pool=pool)

    return living


async def show_home(request: Request) -> Response:
    """The list is the first page."""
    return RedirectResponse((await anybody(request)).href("/incidents"), 303)


async def show_style() -> Response:
    """The style sheet."""
    return Response(SHEET, media_type="text/css", headers={"Cache-Control": "max-age=300"})


def show_health(pool: Database) -> Response:
    """For supervisors: the console serves and its database answers; 503 where it does not."""
    answers(pool)
    return PlainTextResponse("ok\n")


async def send_to_sign_in(request: Request, _: Exception) -> Response:
    """Whoever is not signed in signs in first, and comes back.

    A cookie of SameSite=Strict does not come along when a link of another site was followed:
    the page then asks for itself again, and this time as one of ours.
    """
    reader = await anybody(request)
    if request.headers.get("sec-fetch-site") == "cross-site" and request.method == "GET":
        link = tag("a", reader.said(words.GO_ON), href=reader.href(reader.here))
        answer = page(reader, reader.said(words.SIGN_IN), tag("p", link))
        answer.headers["Refresh"] = "0"
        return answer
    if request.method == "GET":
        return RedirectResponse(reader.href("/sign-in", next=reader.here), 303)
    # What was to be done is lost; its page is not.
    wanted = request.url.path.rpartition("/")[0]
    return RedirectResponse(reader.href("/sign-in", next=wanted, lost="1"), 303)


async def speak(request: Request, error: Exception) -> Response:
    """The one voice of everything that was not done: a page with a sentence."""
    reader = await anybody(request)
    status, text = sentence(error)
    if isinstance(error, DatabaseAway):
        log.warning("the database is away", why=str(error).strip())
    told = notice(reader.said(text), alarm=True)
    back = tag("a", reader.said(words.BACK), href=reader.href("/incidents"))
    answer = page(reader, reader.said(words.NAME), told, tag("p", back), status=status)
    answer.headers.update(HEADERS)  # a fault of ours is told outside all that gives headers
    return answer


def sentence(error: Exception) -> tuple[int, Text]:
    """The status and the words of what was refused; any other exception is our fault."""
    if isinstance(error, Refused):
        return error.http_status, error.text
    if isinstance(error, NoSuchIncident):
        return 404, words.NO_SUCH_INCIDENT
    if isinstance(error, RequestValidationError):
        return 422, words.NOT_UNDERSTOOD
    if isinstance(error, HTTPException):
        return error.status_code, STATUSES.get(error.status_code, words.NOT_UNDERSTOOD)
    if isinstance(error, DatabaseAway):
        return 503, words.DATABASE_AWAY
    return 500, words.OUR_FAULT
