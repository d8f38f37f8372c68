"""What kind of day it is for offices: which weekday it is like, and what is special about it."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.city.series import Flags
from models.egov.worktime import Calendar, is_working_day

A_DAY = timedelta(days=1)
WEEK = 7
SUNDAY = 6
ORDINARY = 2  # Wednesday: what a worked Saturday is like [D]
REST = 3  # free days in a row, after which people come at once
TET_EVE, TET_AFTER = 1, 3  # days around the lunar New Year that are spent at home [D]
TET_OVER = 14  # days after it, by which offices have opened again
MONTH_END = 28  # from this day of a month on [D]
QUARTER = 3  # months


class Trait(IntEnum):
    """What is special about a day."""

    RESTED = 0
    BEFORE_TET = 1
    TET = 2
    MONTH_END = 3
    QUARTER_END = 4
    EVE = 5
    AFTER_TET = 6


class Almanac(NamedTuple):
    """Dated data of a province: the calendar of its offices, the lunar New Year of each year."""

    calendar: Calendar
    tets: frozenset[date]


def like(almanac: Almanac, day: date) -> int:
    """The weekday (Monday is 0) that a day is like: a holiday is like a Sunday."""
    if is_working_day(almanac.calendar, day):
        return day.weekday() if day.weekday() not in almanac.calendar.weekend else ORDINARY
    return day.weekday() if day.weekday() in almanac.calendar.weekend else SUNDAY


def traits(almanac: Almanac, day: date) -> frozenset[Trait]:
    """What is special about a day; nothing about most."""
    found = set()
    if rested(almanac.calendar, day):
        found.add(Trait.RESTED)
        if any(TET_AFTER < (day - tet).days <= TET_OVER for tet in almanac.tets):
            found.add(Trait.AFTER_TET)
    if leaving(almanac.calendar, day):
        found.add(Trait.EVE)
    to_tet = min(((tet - day).days for tet in almanac.tets), key=abs, default=999)
    if -TET_AFTER <= to_tet <= TET_EVE:
        found.add(Trait.TET)
    elif TET_EVE < to_tet <= WEEK:
        found.add(Trait.BEFORE_TET)
    if day.day >= MONTH_END:
        found.add(Trait.MONTH_END)
        if day.month % QUARTER == 0:
            found.add(Trait.QUARTER_END)
    return frozenset(found)


def rested(calendar: Calendar, day: date) -> bool:
    """Whether a day is the first working day after at least three free ones."""
    before = (day - number * A_DAY for number in range(1, REST + 1))
    return is_working_day(calendar, day) and free(calendar, before)


def leaving(calendar: Calendar, day: date) -> bool:
    """Whether a day is the last working day before at least three free ones."""
    after = (day + number * A_DAY for number in range(1, REST + 1))
    return is_working_day(calendar, day) and free(calendar, after)


def free(calendar: Calendar, days: Iterable[date]) -> bool:
    """Whether offices are shut on all of these days."""
    return not any(is_working_day(calendar, day) for day in days)


def weekdays(almanac: Almanac, days: Sequence[date]) -> NDArray[np.int64]:
    """The weekdays that days are like."""
    return np.array([like(almanac, day) for day in days], np.int64)


def specials(almanac: Almanac, days: Sequence[date]) -> Flags:
    """What is special about days: a row a day, a column a trait."""
    found = [[trait in traits(almanac, day) for trait in Trait] for day in days]
    return np.array(found, bool).reshape(len(days), len(Trait))
