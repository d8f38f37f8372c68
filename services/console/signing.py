"""Signing in with an API token, and out."""

import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.told_odd import Text
from services.console import words
from services.console.access import COOKIE, Anybody, Database, Reader, Settings
from services.console.forms import Form
from services.console.layout import notice, page
from services.console.markup import tag
from services.console.settings import ConsoleSettings
from services.store import audit, console_sessions
from services.store.pool import transaction

router = APIRouter()

HOME = "/incidents"
# Where one may be sent on to: pages of ours, so that no link can lead out through us.
OURS = re.compile(r"/incidents(?:/[0-9]{1,19})?(?:\?[A-Za-z0-9_=&%.+-]*)?")
LONGEST_TOKEN = 200


def local(wanted: str) -> str:
    """The page of ours that was wanted, else the list.

    >>> local("/incidents/7"), local("//evil.example/incidents")
    ('/incidents/7', '/incidents')
    """
    return wanted if OURS.fullmatch(wanted) else HOME


@router.get("/sign-in")
async def show_sign_in(
    request: Request, reader: Anybody, wanted: Annotated[str, Query(alias="next")] = HOME
) -> HTMLResponse:
    """The form; with a sentence where something could not be done without signing in."""
    lost = "lost" in request.query_params
    return sign_in(reader, wanted, words.SESSION_OVER if lost else None, 200)


def sign_in(reader: Reader, wanted: str, why: Text | None, status: int) -> HTMLResponse:
    """The page with the form."""
    said = reader.said
    field = tag(
        "input",
        name="token",
        type="password",
        required=True,
        autofocus=True,
        autocomplete="current-password",
        maxlength=LONGEST_TOKEN,
        spellcheck="false",
    )
    form = tag(
        "form",
        tag("input", type="hidden", name="next", value=local(wanted)),
        tag("label", said(words.TOKEN), field),
        tag("p", tag("small", said(words.TOKEN_HELP))),
        tag("button", said(words.SIGN_IN)),
        method="post",
        action=reader.href("/sign-in"),
    )
    told = notice(said(why), alarm=True) if why else None
    inside = tag("div", tag("h1", said(words.SIGN_IN)), told, form, class_="sign-in")
    return page(reader, said(words.SIGN_IN), inside, status=status)


@router.post("/sign-in")
def begin_session(
    request: Request, said: Form, reader: Anybody, pool: Database, settings: Settings
) -> Response:
    """Begins a session, or says that the token is wrong; nothing else of it is ever shown."""
    token, wanted = said.get("token", "").strip(), said.get("next", HOME)
    lasts = timedelta(hours=settings.session_hours)
    with transaction(pool) as conn:
        secret = console_sessions.begin(conn, token[:LONGEST_TOKEN], lasts)
        bearer = console_sessions.bearer(conn, secret) if secret else None
        if bearer:
            audit.append(conn, bearer.name, "sign in", "console", {})
    if secret is None or bearer is None:
        return sign_in(reader, wanted, words.WRONG_TOKEN, 401)
    answer = RedirectResponse(reader.href(local(wanted)), 303)
    answer.set_cookie(
        COOKIE,
        secret,
        max_age=int(lasts.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=is_encrypted(request, settings),
    )
    return answer


@router.post("/sign-out")
def end_session(request: Request, said: Form, reader: Anybody, pool: Database) -> Response:  # noqa: ARG001 (the form is checked)
    """Ends the session, in the store and in the browser."""
    secret = request.cookies.get(COOKIE, "")
    with transaction(pool) as conn:
        bearer = console_sessions.bearer(conn, secret)
        if console_sessions.end(conn, secret) and bearer:
            audit.append(conn, bearer.name, "sign out", "console", {})
    answer = RedirectResponse(reader.href("/sign-in"), 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def is_encrypted(request: Request, settings: ConsoleSettings) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy before us."""
    return request.url.scheme == "https" or settings.public_url.startswith("https://")
