"""What kind of day it is for offices: which weekday it is like, and what is special about it."""

from collections.abc import Sequence
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
MONTH_END = 28  # from this day of a month on [D]
QUARTER = 3  # months


class Trait(IntEnum):
    """What is special about a day."""

    RESTED = 0
    BEFORE_TET = 1
    TET = 2
    MONTH_END = 3
    QUARTER_END = 4


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
    working = is_working_day(calendar, day)
    return working and not any(is_working_day(calendar, each) for each in before)


def weekdays(almanac: Almanac, days: Sequence[date]) -> NDArray[np.int64]:
    """The weekdays that days are like."""
    return np.array([like(almanac, day) for day in days], np.int64)


def specials(almanac: Almanac, days: Sequence[date]) -> Flags:
    """What is special about days: a row a day, a column a trait."""
    found = [[trait in traits(almanac, day) for trait in Trait] for day in days]
    return np.array(found, bool).reshape(len(days), len(Trait))
