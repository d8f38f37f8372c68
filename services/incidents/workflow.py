"""Moves incidents: people acknowledge and resolve, the world returns to normal."""

from contextlib import suppress
from datetime import timedelta

from models.incident import Move, MoveNotAllowed, StaleIncident, after, severity, worst
from models.reading import DELIVERY, ONLINE
from services.store import incident_conditions, incidents, timeline
from services.store.pool import Connection

SYSTEM = "system"
NORMAL = "back to normal"
ENDED = {ONLINE: "heard again", DELIVERY: "delivers as it should"}


class NoSuchIncident(Exception):
    """There is no incident of this number."""

    http_status = 404


def move(  # noqa: PLR0913 (who does what to which, having seen what)
    conn: Connection,
    incident_id: int,
    step: Move,
    *,
    actor: str,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Takes a step and writes its line in the timeline, in the caller's transaction.

    Raises NoSuchIncident, MoveNotAllowed, or StaleIncident when `seen` is not its version.
    """
    standing = incidents.lock(conn, incident_id)
    if standing is None:
        raise NoSuchIncident(f"there is no incident {incident_id}")
    if seen is not None and seen != standing.version:
        raise StaleIncident(
            f"the incident is at version {standing.version}, not {seen}; look again"
        )
    incidents.move(conn, incident_id, after(standing.situation, step), seen=standing.version)
    timeline.append(conn, incident_id, actor, step, note)


def let_time_pass(conn: Connection, quiet: timedelta, settled: timedelta) -> int:
    """Clears incidents that are over and resolves acknowledged ones that stayed so.

    Over is an incident all of whose streams have been normal for `quiet` (event time), whose
    silent assets are heard and whose devices deliver as they should; stayed is `settled` (by the
    clock). Returns how many moved. What goes on grows graver.
    """
    for each in incidents.ongoing(conn):
        grave = worst([each.severity, severity(each.score, each.stood)])
        if grave is not None and grave is not each.severity:
            incidents.worsen(conn, each.id, grave)
    moved = 0
    steps = [
        (each.incident_id, Move.CLEAR, ENDED.get(each.metric, NORMAL))
        for each in incident_conditions.over(conn, quiet)
    ]
    steps += [(each, Move.RESOLVE, "stayed normal") for each in incidents.settled(conn, settled)]
    for incident_id, step, note in steps:
        with suppress(MoveNotAllowed):  # a person was faster
            move(conn, incident_id, step, actor=SYSTEM, note=note)
            moved += 1
    return moved
