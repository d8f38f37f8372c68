"""A province whose simulated offices have told of their dossiers, and the process that reckons."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice

from models.egov.course import Event
from models.egov.state import BEGINNINGS, Channel, State
from services.egov.runner import Runner
from services.egov.settings import EgovSettings
from services.store import city_rows, city_sheets, dossier_intake, org_rows
from services.store.dossier_intake import Item
from services.store.org_sheets import SHEETS
from services.store.pool import Connection, Pool, transaction
from simulators.egov.events import DossierEvent, events
from simulators.egov.procedures import sheet
from simulators.egov.units import units

SINCE, NOW = datetime(2019, 3, 4, tzinfo=UTC), datetime(2019, 3, 29, 4, tzinfo=UTC)
IMPATIENT = EgovSettings(patience_seconds=0, watch_seconds=0.001)
OFFICES = ("onestop-dept-13", "onestop-07234", "onestop-07288", "onestop-07663")


def procedures(conn: Connection) -> None:
    """The simulator's procedures are in force."""
    found = city_sheets.read(sheet(), SHEETS)
    found.check()
    city_rows.write(conn, found, "an", org_rows.ORGANISATION)


def told(since: datetime, until: datetime) -> list[Event]:
    """What these offices tell, oldest first, of dossiers that began in the time."""
    every = units(7)
    found = [
        event_of(each)
        for name in OFFICES
        for each in events(every[name], since.timestamp(), until.timestamp())
    ]
    begun = {each.dossier for each in found if each.state in BEGINNINGS}
    return sorted((each for each in found if each.dossier in begun), key=lambda each: each.at)


def event_of(each: DossierEvent) -> Event:
    """An event of the simulator as a door reads it."""
    at = datetime.fromtimestamp(each.at, UTC)
    due = None if each.due_at is None else datetime.fromtimestamp(each.due_at, UTC)
    return Event(
        each.event, each.dossier, each.unit, each.procedure, Channel(each.channel),
        State(each.state), at, due,
    )  # fmt: skip


def take(pool: Pool, found: Sequence[Event]) -> None:
    """Takes events in, a batch a transaction."""
    rest = iter(found)
    while batch := list(islice(rest, 1000)):
        with transaction(pool) as conn:
            dossier_intake.take(conn, "file", "test", [Item(each) for each in batch])


def reckon(pool: Pool, now: datetime = NOW) -> Runner:
    """Has everything reckoned that is due."""
    runner = Runner(pool, IMPATIENT, lambda: now)
    while runner.turn():
        pass
    return runner
