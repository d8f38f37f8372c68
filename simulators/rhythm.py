"""The hours of a province: when people drive, work, sleep and queue (local time, UTC+7)."""

import math
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

LOCAL_OFFSET: Final = 7 * 3600
DAY: Final = 86400
# Public holidays of fixed date, as (month, day); the lunar ones are not simulated.
HOLIDAYS: Final = {(1, 1), (4, 30), (5, 1), (9, 2)}
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
WEEKDAYS: Final = (1.25, 1.05, 1.0, 0.95, 0.85, 0.1, 0.0)
FRIDAY: Final = 4
SATURDAY: Final = 5


class Moment(NamedTuple):
    """A moment as the city lives it."""

    hour: float  # 0 to 24, local
    weekday: int  # Monday is 0
    season: float  # 0 to 1 through the year, 0 at New Year
    holiday: bool

    @property
    def weekend(self) -> bool:
        """Whether most people are off work."""
        return self.weekday >= SATURDAY or self.holiday


def moment(at: float) -> Moment:
    """Return what the clock and the calendar on the wall say (at: seconds since 1970)."""
    day, second = divmod(at + LOCAL_OFFSET, DAY)
    weekday, season, holiday = _calendar(int(day))
    return Moment(second / 3600, weekday, season, holiday)


@lru_cache(maxsize=1000)
def _calendar(day: int) -> tuple[int, float, bool]:
    date = datetime.fromtimestamp(day * DAY, UTC)
    season = (date.timetuple().tm_yday - 1) / 365.25
    return date.weekday(), season, (date.month, date.day) in HOLIDAYS


def bump(hour: float, middle: float, width: float) -> float:
    """Return a hill of height 1 around an hour of the day, across midnight as well."""
    apart = (hour - middle + 12) % 24 - 12
    return math.exp(-0.5 * (apart / width) ** 2)


def summer(at: Moment) -> float:
    """Return 1 in the middle of July and -1 in the middle of January."""
    return -math.cos(2 * math.pi * (at.season - 0.04))


def traffic(at: Moment) -> float:
    """Return how full the roads are, 0 to about 1."""
    night = 0.06
    if at.weekend:
        return night + 0.45 * bump(at.hour, 10, 2.2) + 0.55 * bump(at.hour, 18, 2.4)
    return (
        night
        + 0.85 * bump(at.hour, 7.2, 0.9)
        + 0.40 * bump(at.hour, 11.7, 1.6)
        + 0.90 * bump(at.hour, 17.2, 1.1)
        + 0.30 * bump(at.hour, 20.2, 1.3)
    )


def presence(at: Moment) -> float:
    """Return how many people are up and about, 0 to 1."""
    return min(1.0, 0.1 + 0.9 * bump(at.hour, 9, 2.8) + 0.8 * bump(at.hour, 17.5, 3.2))


def counter(at: Moment) -> float:
    """Return arrivals at a public counter per hour, as a share of an average day's."""
    return _along(COUNTER, at.hour) * _working(at)


def returns(at: Moment) -> float:
    """Return results handed out per hour, as a share of an average day's."""
    return _along(RETURNS, at.hour) * _working(at)


def online(at: Moment) -> float:
    """Return online submissions per hour, as a share of an average day's: 60 % in office hours."""
    free = 0.012 + 0.035 * bump(at.hour, 21, 1.0) + 0.03 * bump(at.hour, 10, 3)
    return 0.6 * counter(at) + free


def _working(at: Moment) -> float:
    if at.holiday or (at.weekday == SATURDAY and at.hour > 12):
        return 0.0
    late = at.weekday == FRIDAY and at.hour > 12
    return WEEKDAYS[at.weekday] * (0.8 if late else 1.0)


def _along(points: tuple[tuple[float, float], ...], hour: float) -> float:
    """Return the height of a line through points at an hour, 0 outside."""
    for (begin, low), (end, high) in pairwise(points):
        if begin <= hour < end:
            return low + (high - low) * (hour - begin) / (end - begin)
    return 0.0
