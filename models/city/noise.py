"""Noise: which limit holds where and when, the energy mean of levels, and the excess.

The area classes and periods are those of QCVN 26:2010/BTNMT. Its figures (special 55 dB by day
and 45 dB by night, ordinary 70 and 55 [G]) and those of QCVN 26:2025/BNNMT, which replaced it,
are dated data. All levels are in dB, A-weighted.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from models.city.limits import newest
from models.city.series import Flags, Floats, Ints, given, in_order
from models.reading import DAY, HOUR, moment

DAY_FROM, DAY_TO = 6, 21  # o'clock, on the wall


class Area(StrEnum):
    """Special: health, schools, libraries, worship. Ordinary: homes, hotels, offices."""

    SPECIAL = "special"
    ORDINARY = "ordinary"


class Period(StrEnum):
    """Day is from 6 to 21 o'clock, night from 21 to 6."""

    DAY = "day"
    NIGHT = "night"


class NoiseLimit(NamedTuple):
    """The highest equivalent level (dB, A-weighted) in an area and a period.

    In force from valid_from on, until the day before valid_to; None is open.
    """

    area: Area
    period: Period
    value: float
    valid_from: date
    valid_to: date | None = None
    source: str = ""


class DayAndNight(NamedTuple):
    """Equivalent levels (dB) of the day's and of the night's readings; None where none is."""

    day: float | None
    night: float | None


def by_day(times: Ints, utc_offset_hours: int = 7) -> Flags:
    """Whether each time (microseconds since 1970) is in the day, on the clock on the wall."""
    hour = (times + utc_offset_hours * HOUR) % DAY // HOUR
    return np.asarray((hour >= DAY_FROM) & (hour < DAY_TO))


def period(time: int, utc_offset_hours: int = 7) -> Period:
    """The period of a time (microseconds since 1970)."""
    return Period.DAY if by_day(np.array([time]), utc_offset_hours)[0] else Period.NIGHT


def in_force(
    limits: Iterable[NoiseLimit], area: Area, time: int, utc_offset_hours: int = 7
) -> NoiseLimit | None:
    """The limit that holds in an area at a time (microseconds since 1970); None without one."""
    day = moment(time + utc_offset_hours * HOUR).date()
    when = period(time, utc_offset_hours)
    mine = (row for row in limits if row.area == area and row.period == when)
    return newest(mine, day)


def energy_mean(levels: Floats, seconds: Floats | None = None) -> float | None:
    """The equivalent level (LAeq, dB) of levels: 10 lg of the mean of their energies.

    seconds weighs them by how long each lasted; without, all lasted equally long. Levels that
    are nan are left out; None where nothing is left. It lies between the lowest and the highest.
    """
    weights = np.ones(levels.shape) if seconds is None else seconds
    there = np.isfinite(levels) & (weights > 0)
    if not there.any():
        return None
    # Relative to the loudest, nothing overflows and no sum is below 1 reading's share.
    loudest = levels[there].max()
    share = np.average(10.0 ** ((levels[there] - loudest) / 10.0), weights=weights[there])
    return float(min(max(loudest + 10.0 * np.log10(share), levels[there].min()), loudest))


def day_and_night(times: Ints, levels: Floats, utc_offset_hours: int = 7) -> DayAndNight:
    """The equivalent levels (dB) of a series in order, its day and its night apart.

    Raises OutOfOrder where the times go back.
    """
    in_order(times, levels)
    day = by_day(times, utc_offset_hours)
    return DayAndNight(energy_mean(levels[day]), energy_mean(levels[~day]))


def excess(limit: NoiseLimit, level: float | None) -> float | None:
    """By how many dB a level is above its limit (negative: below); None where it is missing."""
    present = given(level)
    return None if present is None else present - limit.value
