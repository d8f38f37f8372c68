"""Counts changed dossiers anew: their clocks, and what they add to their units' days and hours."""

from collections.abc import Sequence
from datetime import datetime

import structlog

from models.egov.clock import Clock, clock
from models.egov.daybook import Entry, day_of, difference
from models.egov.worktime import Calendar, OutsideCalendar
from services.store import dossier_clocks, hand_overs, unit_days
from services.store.dossiers import Standing
from services.store.pool import Connection

log = structlog.get_logger()


def count(conn: Connection, calendar: Calendar, codes: Sequence[str], now: datetime) -> None:
    """Counts these dossiers as they stand; days that came out otherwise are marked as due."""
    old = dossier_clocks.of(conn, codes)
    new = {
        code: found
        for code, its in dossier_clocks.standings(conn, codes).items()
        if (found := clock_of(calendar, code, its)) is not None
    }
    changed = {code: its for code, its in new.items() if old.get(code) != its}
    gone = old.keys() - new.keys()
    before = [its for code, its in old.items() if code in changed or code in gone]
    days, hours = difference(before, changed.values())
    dossier_clocks.put(conn, changed)
    dossier_clocks.forget(conn, gone)
    unit_days.add(conn, days)
    unit_days.add_hours(conn, hours)
    hand_overs.keep(conn, codes)
    mark(conn, days, now)


def clock_of(calendar: Calendar, code: str, its: Standing) -> Clock | None:
    """A dossier's clock; None where nothing of it counts, or no calendar reaches its times."""
    if its.submitted_at is None:
        return None
    try:
        return clock(calendar, its.course, its.submitted_at)
    except OutsideCalendar as error:
        log.warning("a dossier without a clock", dossier=code, why=str(error))
        return None


def mark(conn: Connection, days: dict[Entry, int], now: datetime) -> None:
    """Marks as due every day from the first that changed: what is open carries over."""
    today = day_of(now)
    first = min((entry.day for entry in days), default=None)
    if first is not None and first <= today:
        unit_days.mark(conn, first, today, now)
