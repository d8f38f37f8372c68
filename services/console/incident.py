"""One incident: looked at, moved, judged."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.feedback import Verdict
from models.incident import BY_PEOPLE, Move, MoveNotAllowed, StaleIncident
from services.console import words
from services.console.access import Database, Operator, Reader, Settings, Viewer
from services.console.forms import Form
from services.console.incident_page import LONGEST_NOTE, Remark, show
from services.console.refusals import NotUnderstood
from services.console.settings import ConsoleSettings
from services.console.sight import look
from services.incidents import workflow
from services.incidents.feedback import NothingToWithdraw, say
from services.store.pool import Pool, transaction

router = APIRouter(prefix="/incidents/{incident_id}")

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
# Whom the incident is gone from under: another was there first, or the world was.
TOO_LATE = (StaleIncident, MoveNotAllowed)


@router.get("")
def show_incident(
    incident_id: Number,
    reader: Viewer,
    pool: Database,
    settings: Settings,
    done: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """One incident."""
    remark = Remark(words.DONE[done]) if done in words.DONE else None
    return shown(pool, reader, settings, incident_id, remark)


@router.post("/moves")
def move_incident(
    incident_id: Number, said: Form, reader: Operator, pool: Database, settings: Settings
) -> Response:
    """Takes a step in the name of the token; committed before the answer leaves."""
    step, seen, note = step_of(said), seen_of(said), said.get("note", "").strip()
    if len(note) > LONGEST_NOTE:
        return shown(pool, reader, settings, incident_id, Remark(words.TOO_LONG, note, 422))
    try:
        with transaction(pool) as conn:
            workflow.move(conn, incident_id, step, actor=name_of(reader), note=note, seen=seen)
    except TOO_LATE:
        return shown(pool, reader, settings, incident_id, Remark(words.FASTER, note, 409))
    return RedirectResponse(reader.href(f"/incidents/{incident_id}", done=step.value), 303)


@router.post("/feedback")
def judge_incident(
    incident_id: Number, said: Form, reader: Operator, pool: Database, settings: Settings
) -> Response:
    """Says whether it was real or a false alarm, or takes that back."""
    note = said.get("note", "").strip()
    if said.get("verdict") not in set(Verdict):
        raise NotUnderstood
    if len(note) > LONGEST_NOTE:
        return shown(pool, reader, settings, incident_id, Remark(words.TOO_LONG, "", 422))
    try:
        with transaction(pool) as conn:
            say(conn, incident_id, Verdict(said["verdict"]), name_of(reader), note)
    except NothingToWithdraw:
        return shown(
            pool, reader, settings, incident_id, Remark(words.NOTHING_TO_WITHDRAW, "", 409)
        )
    return RedirectResponse(reader.href(f"/incidents/{incident_id}", done="feedback"), 303)


def shown(
    pool: Pool, reader: Reader, settings: ConsoleSettings, incident_id: int, remark: Remark | None
) -> HTMLResponse:
    """The page as the incident stands now. Raises NoSuchIncident."""
    with transaction(pool) as conn:
        sight = look(conn, incident_id)
    here = reader._replace(here=f"/incidents/{incident_id}")
    return show(here, sight, settings.grafana_url, remark)


def step_of(said: dict[str, str]) -> Move:
    """What is to be done: only what people do. Raises NotUnderstood."""
    if said.get("move") not in {each.value for each in BY_PEOPLE}:
        raise NotUnderstood
    return Move(said["move"])


def seen_of(said: dict[str, str]) -> int:
    """The version that was looked at; without it nothing is done. Raises NotUnderstood."""
    seen = said.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise NotUnderstood
    return int(seen)


def name_of(reader: Reader) -> str:
    """Whose name stands in the timeline."""
    if reader.bearer is None:
        raise TypeError("who acts is signed in")
    return reader.bearer.name
