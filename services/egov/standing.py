"""Looks at units: which are heard, and how ready each is today."""

from datetime import datetime, timedelta

from models.egov.coverage import coverage
from models.egov.daybook import day_of
from models.egov.readiness import readiness
from models.egov.standing import (
    LOOK_BACK,
    Did,
    facts_of,
    fresh,
    reachable,
    shares,
    version,
)
from models.egov.worktime import Calendar
from models.egov.yearbook import PLACE, Period
from services.store import organisation, readiness_tables, yearbooks
from services.store.pool import Connection

FACTS = ("onestop_share", "signed_share", "staff_active")


def look(
    conn: Connection, calendar: Calendar, silent: timedelta, now: datetime
) -> dict[str, datetime]:
    """Writes down coverage, where it changed; when each unit was heard."""
    heard = readiness_tables.heard(conn)
    kinds = {unit.code: unit.kind for unit in organisation.tree(conn, day_of(now))}
    readiness_tables.cover(conn, coverage(calendar, kinds, heard, now, silent), now)
    return heard


def ready(conn: Connection, calendar: Calendar, heard: dict[str, datetime], now: datetime) -> None:
    """Writes down how ready every unit is today."""
    day = day_of(now)
    weights = readiness_tables.weights(conn)
    turns = readiness_tables.turns(conn, now - LOOK_BACK)
    facts, did = readiness_tables.facts(conn, day), done(conn, now)
    found = {}
    for unit in organisation.tree(conn, day):
        inputs = {
            "reachable": reachable(calendar, turns.get(unit.code, []), now),
            "fresh": fresh(calendar, heard.get(unit.code), now),
            **{name: facts_of(facts, unit.path, unit.kind, name) for name in FACTS},
            **shares(did.get(unit.code, Did())),
        }
        found[unit.code] = readiness(weights, inputs, day)
    readiness_tables.put(conn, day, found, version(weights), now)


def done(conn: Connection, now: datetime) -> dict[str, Did]:
    """What every unit did this month with all below it."""
    day = day_of(now)
    since = Period.MONTH.start(day)
    shelf = yearbooks.shelf(conn, since, day, day)
    roll = yearbooks.rollup_of(conn, shelf.book.units, day)
    counts = shelf.counts(since, day)
    did = shelf.book.of(since, day)
    pairs = (
        counts["PROGRESS_ON_TIME"],
        counts["ONLINE_DOSSIERS"],
        (did[:, PLACE["dated"]], did[:, PLACE["accepted"]]),
    )
    numerators, denominators = zip(
        *((roll.up(top).tolist(), roll.up(bottom).tolist()) for top, bottom in pairs), strict=True
    )
    return {
        unit: Did(*(top / bottom if bottom else None for top, bottom in zip(*its, strict=True)))
        for unit, *its in zip(
            roll.whole,
            zip(*numerators, strict=True),
            zip(*denominators, strict=True),
            strict=True,
        )
    }
