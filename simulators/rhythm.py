"""The hours of a province: when people drive, work, sleep and queue (local time, UTC+7)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from holidays import country_holidays
from numpy.typing import NDArray

from simulators.dice import Floats

LOCAL_OFFSET: Final = 7 * 3600
DAY: Final = 86400
# Arrivals at a counter: share of the day's dossiers per hour, at these hours of the day.
COUNTER: Final = (
    (7.25, 0.0), (7.75, 0.16), (8.5, 0.19), (9.5, 0.20), (10.5, 0.14), (11.25, 0.08),
    (11.75, 0.0), (13.25, 0.0), (13.75, 0.16), (14.5, 0.13), (15.5, 0.09), (16.5, 0.05), (17.25, 0.0),
)  # fmt: skip
# Results handed out: most before noon and before the office closes.
RETURNS: Final = (
    (7.25, 0.0), (8.5, 0.08), (10.5, 0.22), (11.25, 0.16), (11.75, 0.0), (13.25, 0.0),
    (14.5, 0.12), (16.25, 0.20), (16.75, 0.10), (17.25, 0.0),
)  # fmt: skip
# Monday to Sunday; some one-stop shops are open on a Saturday morning.
WEEKDAYS: Final = (1.25, 1.05, 1.0, 0.95, 0.85, 0.1, 0.0)
FRIDAY: Final = 4
SATURDAY: Final = 5
FRIDAY_AFTERNOON: Final = 0.8
AFTER_HOLIDAYS: Final = 1.5  # the first working day after at least three free ones
BEFORE_TET: Final = 7  # days in which few apply, and many fetch what they have applied for
TET: Final = "Lunar New Year"


class Calendar(NamedTuple):
    """What the calendar on the wall says of one day."""

    weekday: int  # Monday is 0
    season: float  # 0 to 1 through the year, 0 at New Year
    holiday: bool
    tet: int  # days until the lunar New Year; negative in the days after it; 99 far from it
    rested: bool  # the first working day after three free ones or more
    day_of_month: int
    month: int


@dataclass(frozen=True, slots=True)
class Moments:
    """Moments as the city lives them, as arrays of one length."""

    at: Floats  # seconds since 1970
    hour: Floats  # 0 to 24, local
    weekday: NDArray[np.int64]
    season: Floats
    holiday: NDArray[np.bool_]
    tet: NDArray[np.int64]
    rested: NDArray[np.bool_]
    day_of_month: NDArray[np.int64]
    month: NDArray[np.int64]

    @property
    def weekend(self) -> NDArray[np.bool_]:
        """Whether most people are off work."""
        return (self.weekday >= SATURDAY) | self.holiday

    @property
    def home_for_tet(self) -> NDArray[np.bool_]:
        """Whether it is one of the days on which the province is at home with its families."""
        return (self.tet <= 1) & (self.tet >= -3)


def moments(at: Floats) -> Moments:
    """Return what the clock and the calendar on the wall say (at: seconds since 1970)."""
    local = np.asarray(at, np.float64) + LOCAL_OFFSET
    day = np.floor(local / DAY)
    hour = (local - day * DAY) / 3600
    days, where = np.unique(day.astype(np.int64), return_inverse=True)
    rows = [calendar(int(each)) for each in days]
    columns = [np.array(column)[where] for column in zip(*rows, strict=True)] if rows else []
    if not columns:
        empty = np.zeros(0, np.int64)
        no = np.zeros(0, bool)
        return Moments(local, hour, empty, np.zeros(0), no, empty, no, empty, empty)
    return Moments(np.asarray(at, np.float64), hour, *columns)


@lru_cache(maxsize=4000)
def calendar(day: int) -> Calendar:
    """Return what the calendar says of a day, counted from 1970 in local time."""
    today = datetime.fromtimestamp(day * DAY, UTC).date()
    return Calendar(
        weekday=today.weekday(),
        season=(today.timetuple().tm_yday - 1) / 365.25,
        holiday=today in holidays_of(today.year),
        tet=days_to_tet(today),
        rested=not free(today) and all(free(today - timedelta(days=back)) for back in (1, 2, 3)),
        day_of_month=today.day,
        month=today.month,
    )


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Return Vietnam's public holidays of a year: the lunar ones, and days given for others."""
    found = country_holidays("VN", years=year, language="en_US")
    return {day: found[day] for day in found}


@cache
def tet_of(year: int) -> date:
    """Return the first day of the lunar year that begins in a year."""
    named = (day for day, name in sorted(holidays_of(year).items()) if name == TET)
    return next(named, date(year, 2, 5))


def days_to_tet(today: date) -> int:
    """Return how many days it is until Tet, negative just after it, 99 far away."""
    left = (tet_of(today.year) - today).days
    return left if -10 <= left <= 30 else 99


def free(today: date) -> bool:
    """Whether offices are closed all day."""
    return today.weekday() >= SATURDAY or today in holidays_of(today.year)


def bump(hour: Floats, middle: float, width: float) -> Floats:
    """Return a hill of height 1 around an hour of the day, across midnight as well."""
    apart = (hour - middle + 12) % 24 - 12
    hill: Floats = np.exp(-0.5 * (apart / width) ** 2)
    return hill


def summer(now: Moments) -> Floats:
    """Return 1 in the middle of July and -1 in the middle of January."""
    warmth: Floats = -np.cos(2 * np.pi * (now.season - 0.04))
    return warmth


def traffic(now: Moments) -> Floats:
    """Return how full the roads are, 0 to about 1; over Tet they are half empty."""
    night = 0.06
    free_day = night + 0.45 * bump(now.hour, 10, 2.2) + 0.55 * bump(now.hour, 18, 2.4)
    working = (
        night
        + 0.85 * bump(now.hour, 7.2, 0.9)
        + 0.40 * bump(now.hour, 11.7, 1.6)
        + 0.90 * bump(now.hour, 17.2, 1.1)
        + 0.30 * bump(now.hour, 20.2, 1.3)
    )
    eve = 1 + 0.25 * ((now.tet >= 2) & (now.tet <= BEFORE_TET))  # everybody shops and goes home
    usual: Floats = np.where(now.weekend, free_day, working)
    full: Floats = usual * np.where(now.home_for_tet, 0.45, eve)
    return full


def presence(now: Moments) -> Floats:
    """Return how many people are up and about, 0 to 1."""
    day = 0.1 + 0.9 * bump(now.hour, 9, 2.8) + 0.8 * bump(now.hour, 17.5, 3.2)
    out: Floats = np.minimum(1.0, day + 0.7 * fireworks(now, 0.0, 0.6))
    return out


def fireworks(now: Moments, middle: float, width: float) -> Floats:
    """Return a hill of height 1 after the midnight with which Tet begins, and after no other."""
    hill: Floats = (now.tet == 0) * (now.hour < 12) * bump(now.hour, middle, width)
    return hill


def counter(now: Moments) -> Floats:
    """Return arrivals at a public counter per hour, as a share of an average day's."""
    return along(COUNTER, now.hour) * working(now) * np.where(before_tet(now), 0.6, 1.0)


def returns(now: Moments) -> Floats:
    """Return results handed out per hour, as a share of an average day's."""
    return along(RETURNS, now.hour) * working(now) * np.where(before_tet(now), 1.3, 1.0)


def online(now: Moments) -> Floats:
    """Return online submissions per hour, as a share of an average day's: 60 % in office hours."""
    at_any_time = 0.012 + 0.035 * bump(now.hour, 21, 1.0) + 0.03 * bump(now.hour, 10, 3)
    return 0.6 * counter(now) + at_any_time * np.where(now.home_for_tet, 0.15, 1.0)


def working(now: Moments) -> Floats:
    """Return how busy a working moment is against the average day's, 0 where offices are closed."""
    share = np.array(WEEKDAYS)[now.weekday]
    share = share * np.where((now.weekday == FRIDAY) & (now.hour > 12), FRIDAY_AFTERNOON, 1.0)
    share = share * np.where(now.rested, AFTER_HOLIDAYS, 1.0)
    share = share * np.where(now.day_of_month >= 28, 1.12, 1.0)  # what is due by the month's end
    closed = now.holiday | ((now.weekday == SATURDAY) & (now.hour > 12))
    return np.where(closed, 0.0, share)


def before_tet(now: Moments) -> NDArray[np.bool_]:
    """Whether it is the last week before Tet."""
    return (now.tet >= 1) & (now.tet <= BEFORE_TET)


def along(points: tuple[tuple[float, float], ...], hour: Floats) -> Floats:
    """Return the height of a line through points at an hour, 0 outside."""
    hours, heights = zip(*points, strict=True)
    height: Floats = np.interp(hour, hours, heights, left=0.0, right=0.0)
    return height
