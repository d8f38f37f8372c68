"""When dossiers come in: how many on a day, by which way, and at what hour."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulators.dice import Floats, Ints, drift, evens, key_of
from simulators.egov.units import POSTAL, Unit
from simulators.egov.worktime import DAY, in_day, is_working
from simulators.rhythm import AFTER_HOLIDAYS, BEFORE_TET, FRIDAY, SATURDAY, WEEKDAYS, calendar

DIRECT, ONLINE, MAIL = 1, 2, 3  # the channels of the national dossier record (KenhThucHien)
# Four streams: those at the counter, those online in and out of office hours, those by post.
COUNTER, OFFICE_HOURS, ANY_HOUR, POST = range(4)
CHANNELS: Final = np.array([DIRECT, ONLINE, ONLINE, MAIL])
IN_OFFICE_HOURS: Final = 0.6  # of what comes online
# The rest comes on all seven days, so that five working days' worth of it is spread over seven.
OUT_OF_HOURS: Final = (1 - IN_OFFICE_HOURS) * 5 / 7
FRIDAY_AFTERNOON: Final = 0.8
TET_WEEK: Final = 0.6  # of what is usual, in the last week before Tet
AT_HOME: Final = 0.15  # of what comes at any hour, over Tet itself
MONTH_END: Final = 1.12
QUARTER_END: Final = 1.1
SCHOOL: Final = 1.2  # June to August: copies for schools, at districts and communes
SATURDAY_MORNING: Final = 0.5  # of a working day, where it is open at all
SWAY: Final = 0.08  # how far an office's weeks differ from each other
MOST: Final = 4096  # dossiers of one stream on one day

Hours = tuple[tuple[float, float], ...]  # from this hour on, this share; the last is the end
COUNTER_HOURS: Final[Hours] = (
    (7.5, 0.08), (8, 0.19), (9, 0.20), (10, 0.14), (11, 0.04), (11.5, 0.0),
    (13.5, 0.08), (14, 0.13), (15, 0.09), (16, 0.05), (17, 0.0),
)  # fmt: skip
ONLINE_HOURS: Final[Hours] = (
    (7.5, 0.06), (8, 0.14), (9, 0.20), (10, 0.15), (11, 0.05), (11.5, 0.0),
    (13.5, 0.09), (14, 0.17), (15, 0.09), (16, 0.05), (17, 0.0),
)  # fmt: skip
EVENING_HOURS: Final[Hours] = (  # online, on a working day
    (0, 0.04), (6, 0.10), (7.5, 0.0), (11.5, 0.16), (13.5, 0.0), (17, 0.22), (20, 0.38),
    (22, 0.10), (24, 0.0),
)  # fmt: skip
FREE_HOURS: Final[Hours] = (  # online, on a free day
    (0, 0.03), (6, 0.07), (8, 0.25), (11, 0.12), (14, 0.20), (17, 0.13), (20, 0.16), (22, 0.04),
    (24, 0.0),
)  # fmt: skip
POST_HOURS: Final[Hours] = ((9, 0.6), (11, 0.0), (14, 0.4), (16, 0.0))
NOON: Final = 12


class Arrivals(NamedTuple):
    """Dossiers as they come in, in that order; arrays of one length."""

    day: Ints  # counted from 1970 in local time
    stream: Ints
    number: Ints  # its own among the office's dice
    at: Ints  # whole seconds since 1970

    @property
    def channel(self) -> Ints:
        """1 at the counter, 2 online, 3 by post."""
        return CHANNELS[self.stream]


def arrivals(unit: Unit, first: int, last: int) -> Arrivals:
    """Return what comes in on the days [first, last), counted from 1970 in local time."""
    days = np.arange(first, last)
    expected = expectations(unit, days)
    streams = [_stream(unit, days, each, expected[each]) for each in range(4)]
    day, stream, number, at = (np.concatenate(column) for column in zip(*streams, strict=True))
    order = np.lexsort((number, at))
    return Arrivals(day[order], stream[order], number[order], at[order])


def expectations(unit: Unit, days: Ints) -> Floats:
    """Return how many dossiers are to be expected, by stream and day."""
    share = np.array([_shares(int(day), unit.level) for day in days]).reshape(-1, 3).T
    open_shop, saturday, any_hour = share
    counter = open_shop + saturday * unit.saturdays
    sway = 1 + SWAY * drift(key_of(unit.key, "sway"), (days * DAY).astype(np.float64), 9.0 * DAY)
    online = unit.online
    streams = (
        (1 - online - POSTAL) * counter,
        online * IN_OFFICE_HOURS * open_shop,
        online * OUT_OF_HOURS * any_hour,
        POSTAL * open_shop,
    )
    expected: Floats = unit.volume * np.stack(streams) * sway
    return expected


def hour_of(table: Hours, thrown: Floats) -> Floats:
    """Return an hour of the day for each number in [0, 1), by the shares of the hours."""
    hours, shares = zip(*table, strict=True)
    upto = np.concatenate([[0.0], np.cumsum(shares[:-1])])
    found: Floats = np.interp(thrown * upto[-1], upto, hours)
    return found


def poissons(key: int, numbers: Ints, means: Floats) -> Ints:
    """Return how often each of many things happens that is to happen `means` times."""
    highest = float(means.max(initial=0.0))
    counts = np.arange(1, int(highest + 8 * highest**0.5) + 12)
    steps = counts * np.log(np.maximum(means, 1e-300))[:, None] - np.cumsum(np.log(counts))
    chances = np.concatenate([np.zeros((len(means), 1)), steps], axis=1) - means[:, None]
    upto = np.cumsum(np.exp(chances), axis=1)
    beyond = evens(key, numbers)[:, None] > upto
    found: Ints = np.minimum(beyond.sum(axis=1), MOST)
    return found


def _stream(unit: Unit, days: Ints, stream: int, means: Floats) -> tuple[Ints, Ints, Ints, Ints]:
    counts = poissons(key_of(unit.key, "count", stream), days, means)
    day = np.repeat(days, counts)
    within = np.arange(len(day)) - np.repeat(np.cumsum(counts) - counts, counts)
    number = (day * 4 + stream) * MOST + within
    hour = _hours(stream, day, evens(key_of(unit.key, "hour"), number))
    at = in_day(day, np.floor(hour * 3600).astype(np.int64))
    return day, np.full(len(day), stream), number, at


def _hours(stream: int, day: Ints, thrown: Floats) -> Floats:
    if stream == POST:
        return hour_of(POST_HOURS, thrown)
    if stream == ANY_HOUR:
        working = is_working(np.unique(day))[np.searchsorted(np.unique(day), day)]
        return np.where(working, hour_of(EVENING_HOURS, thrown), hour_of(FREE_HOURS, thrown))
    table = COUNTER_HOURS if stream == COUNTER else ONLINE_HOURS
    weekday = (day + 3) % 7  # the first of January 1970 was a Thursday
    hour = np.where(weekday == FRIDAY, hour_of(_friday(table), thrown), hour_of(table, thrown))
    return np.where(weekday == SATURDAY, hour_of(_morning(table), thrown), hour)


@lru_cache(maxsize=4)
def _friday(table: Hours) -> Hours:
    return tuple((hour, share * (FRIDAY_AFTERNOON if hour > NOON else 1)) for hour, share in table)


@lru_cache(maxsize=4)
def _morning(table: Hours) -> Hours:
    return tuple((hour, share) for hour, share in table if hour < NOON)


@lru_cache(maxsize=20_000)
def _shares(day: int, level: str) -> tuple[float, float, float]:
    """Return a day's share of the ordinary working day's: open, on a Saturday, at any hour."""
    today = calendar(day)
    factor = TET_WEEK if 1 <= today.tet <= BEFORE_TET else 1.0
    if today.month in {6, 7, 8} and level != "department":
        factor *= SCHOOL
    if today.day_of_month >= 28:
        factor *= MONTH_END * (QUARTER_END if today.month % 3 == 0 else 1.0)
    any_hour = factor * (AT_HOME if -3 <= today.tet <= 1 else 1.0)
    if today.holiday:
        return 0.0, 0.0, any_hour
    if today.weekday == SATURDAY:
        return 0.0, SATURDAY_MORNING * factor, any_hour
    afternoon = 1 - (1 - FRIDAY_AFTERNOON) * 0.35  # what a Friday's afternoon has less
    weekday = WEEKDAYS[today.weekday] * (afternoon if today.weekday == FRIDAY else 1.0)
    return factor * weekday * (AFTER_HOLIDAYS if today.rested else 1.0), 0.0, any_hour
