"""Foretells the load of the next day and the overdue dossiers of the next five, and settles what came true."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import numpy as np
import structlog

from models.city.series import Floats
from models.egov import overdue
from models.egov.daybook import day_of, midnight
from models.egov.daykind import A_DAY, Almanac
from models.egov.forecast import SETTINGS, History, Load, TooShort, forecast
from models.egov.occasions import HOURS, Totals
from models.egov.overdue import AHEAD, PAST, Dossiers
from models.egov.worktime import VIETNAM, Calendar, after, opening, workday
from models.egov.yearbook import Rollup
from services.store import dossier_clocks, forecast_tables, procedures, unit_days, yearbooks
from services.store.dossier_clocks import Spell
from services.store.forecast_tables import DayAhead, HourAhead
from services.store.pool import Connection, Pool, transaction

log = structlog.get_logger()

WEEKS = SETTINGS.weeks  # of history, unit by unit
YEARS_BACK = timedelta(weeks=110)  # what special days are learned from: two Tets and more [D]
EVENING = time(17, 30)  # offices are closed: what comes tomorrow can be told from today too
MENDED = timedelta(days=7)  # back from now, what came true may still change by late events
# In calendar days, PAST working days and what is around them, and holidays between.
LOOK_BACK = timedelta(days=(PAST + 2 * AHEAD) * 2)
SHOWN = 0.01  # dossiers an hour; where less is expected, nothing is kept
WHOLE = 0.5  # share of a unit from which on its dossiers are taken for another's


class Past(NamedTuple):
    """What was counted hour by hour, of each unit with all below it by the tree of a day."""

    roll: Rollup
    history: History


def foretell(pool: Pool, now: datetime) -> None:
    """Makes what forecasts are due, and settles those whose time has come.

    Only reading and writing is done in transactions: the reckoning takes seconds.
    """
    with transaction(pool) as conn:
        almanac = Almanac(procedures.calendar(conn), forecast_tables.tets(conn))
        days = [day for day in targets(now) if not made(conn, day)]
        with_overdue = not forecast_tables.overdue_made(conn, day_of(now))
        settle_hours(conn, now)
        settle_overdue(conn, now)
    for day in days:
        foretell_load(pool, almanac, day, now)
    if with_overdue:
        foretell_overdue(pool, almanac.calendar, now)


def targets(now: datetime) -> list[date]:
    """The days of which there should be forecasts by now: today, and in the evening tomorrow."""
    today = day_of(now)
    evening = now.astimezone(VIETNAM).time() >= EVENING
    return [today, today + A_DAY] if evening else [today]


def made(conn: Connection, day: date) -> bool:
    """Whether a day's load was foretold."""
    return forecast_tables.made(conn, midnight(day), midnight(day + A_DAY))


def foretell_load(pool: Pool, almanac: Almanac, day: date, now: datetime) -> None:
    """Foretells the load of a day from what was counted until now, and before the day."""
    with transaction(pool) as conn:
        past = past_of(conn, day, min(now, midnight(day)))
    if past is None:
        return
    try:
        found = forecast(almanac, past.history, day)
    except TooShort as why:
        log.info("no forecast of the load", day=day.isoformat(), why=str(why))
        return
    with transaction(pool) as conn:
        forecast_tables.put_hours(conn, list(hours_ahead(past, found, day)), now)


def past_of(conn: Connection, day: date, until: datetime) -> Past | None:
    """What was counted until a moment by the tree of a day; None where nothing ever was."""
    known = unit_days.first_day(conn)
    if known is None or known > day_of(until):
        return None
    first = max(known, day - timedelta(weeks=WEEKS))
    rows = unit_days.hours(conn, midnight(first), until)
    units = sorted({unit for unit, _, _ in rows})
    place = {unit: number for number, unit in enumerate(units)}
    last = day_of(until - timedelta(microseconds=1))
    counts = np.zeros((len(units), (last - first).days + 1, HOURS))
    for unit, hour, received in rows:
        here = hour.astimezone(VIETNAM)
        counts[place[unit], (here.date() - first).days, here.hour] = received
    over = (until.astimezone(VIETNAM) - midnight(last)) // timedelta(hours=1)
    roll = yearbooks.rollup_of(conn, units, day)
    whole = np.tensordot(roll.matrix, counts, axes=1)
    whole[:, -1, over:] = np.nan  # not over yet
    counts[:, -1, over:] = np.nan
    older = earlier(conn, max(known, day - YEARS_BACK), first)
    totals = Totals(older.first, np.concatenate([older.counts, counts.sum(axis=0)]))
    return Past(roll, History(first, whole, totals))


def earlier(conn: Connection, first: date, until: date) -> Totals:
    """What all units received in the hours of [first, until)."""
    counts = np.zeros(((until - first).days, HOURS))
    for hour, received in unit_days.hourly_totals(conn, midnight(first), midnight(until)):
        here = hour.astimezone(VIETNAM)
        counts[(here.date() - first).days, here.hour] = received
    return Totals(first, counts)


def hours_ahead(past: Past, found: Load, day: date) -> Iterator[HourAhead]:
    """A forecast hour by hour, where there is anything to be expected."""
    week = (day - past.history.first).days - 7
    before = past.history.counts[:, week] if week >= 0 else np.full(found.expected.shape, np.nan)
    for place, unit in enumerate(past.roll.whole):
        for hour in range(HOURS):
            expected, likely, low, high = (float(each[place, hour]) for each in found)
            naive = float(before[place, hour])
            if expected >= SHOWN or naive > 0:
                at = midnight(day) + timedelta(hours=hour)
                kept = None if np.isnan(naive) else naive
                yield HourAhead(unit, at, expected, likely, low, high, kept)


def foretell_overdue(pool: Pool, calendar: Calendar, now: datetime) -> None:
    """Foretells how many dossiers of every unit will be overdue on the next five working days."""
    with transaction(pool) as conn:
        spells = dossier_clocks.spells(conn, now - LOOK_BACK)
        roll = yearbooks.rollup_of(conn, sorted({each.unit for each in spells}), day_of(now))
    rows = list(days_ahead(calendar, spells, roll, now))
    with transaction(pool) as conn:
        forecast_tables.put_overdue(conn, day_of(now), rows, now)


def days_ahead(
    calendar: Calendar, spells: Sequence[Spell], roll: Rollup, now: datetime
) -> Iterator[DayAhead]:
    """The forecasts of every unit of which enough is known."""
    if not spells:
        return
    names, *moments = zip(*spells, strict=True)
    columns = [overdue.positions(calendar, np.array(each, np.float64)) for each in moments]
    place = {unit: number for number, unit in enumerate(sorted(set(names)))}
    owner = np.array([place[name] for name in names])
    starts = opening(calendar, now)
    ends = [after(calendar, starts, number * workday(calendar)) for number in range(1, AHEAD + 1)]
    for row, unit in enumerate(roll.whole):
        mine = (roll.matrix[row] > WHOLE)[owner]
        found = foretold(Dossiers(*(column[mine] for column in columns)), calendar, starts)
        for number, at in enumerate(ends if found else ()):
            told = [float(each[number]) for each in found or ()]
            yield DayAhead(unit, number + 1, at, *told)


def foretold(dossiers: Dossiers, calendar: Calendar, now: datetime) -> overdue.Overdue | None:
    """How many will be overdue; None where too little is known."""
    try:
        return overdue.forecast(dossiers, overdue.position(calendar, now))
    except overdue.TooShort:
        return None


def settle_hours(conn: Connection, now: datetime) -> None:
    """Writes down what came true of the hours that are over, and mends the days before."""
    until = now.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    day, last = day_of(now - MENDED), day_of(now)
    while day <= last:
        end = min(midnight(day + A_DAY), until)
        if made(conn, day) and end > midnight(day):
            forecast_tables.settle_hours(conn, list(came_true(conn, day, end)))
        day += A_DAY


def came_true(conn: Connection, day: date, end: datetime) -> Iterator[tuple[str, datetime, float]]:
    """What every unit received in each hour of a day until its end."""
    rows = unit_days.hours(conn, midnight(day), end)
    units = sorted({unit for unit, _, _ in rows})
    hours = (end - midnight(day)) // timedelta(hours=1)
    counts: Floats = np.zeros((len(units), hours))
    for unit, hour, received in rows:
        counts[units.index(unit), (hour - midnight(day)) // timedelta(hours=1)] = received
    whole = sorted({each.counted_in for each in unit_days.shares(conn, day)})
    roll = yearbooks.rollup_of(conn, units, day, whole)
    for unit, row in zip(roll.whole, roll.up(counts).tolist(), strict=True):
        for place, received in enumerate(row):
            yield unit, midnight(day) + timedelta(hours=place), received


def settle_overdue(conn: Connection, now: datetime) -> None:
    """Writes down how many dossiers were overdue at the moments that were foretold."""
    for at in forecast_tables.unsettled(conn, now - MENDED, now):
        counts = dict(forecast_tables.overdue_at(conn, at))
        roll = yearbooks.rollup_of(conn, sorted(counts), day_of(at))
        numbers = roll.up(np.array([counts[unit] for unit in sorted(counts)], np.float64))
        forecast_tables.settle_overdue(
            conn, at, list(zip(roll.whole, numbers.tolist(), strict=True))
        )
