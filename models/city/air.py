"""VN_AQI, Vietnam's air quality index, of an hour and of a day.

Decision 1459/QĐ-TCMT of 12 November 2019 (Vietnam Environment Administration): breakpoints,
NowCast, rounding, categories. All concentrations are in ug/m3, carbon monoxide's too: what a
device reports in mg/m3 has to be converted before it comes here.

Pollutants bear the names of FIWARE's AirQualityObserved: pm25, pm10, o3, no2, so2, co.
"""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np

from models.city.series import Floats, Values, floats

POLLUTANTS = ("pm25", "pm10", "o3", "no2", "so2", "co")
PARTICLES = ("pm25", "pm10")  # without one of them there is no index

# Above the table the index stays at 500 [D]: the Decision does not say.
INDICES = (0, 50, 100, 150, 200, 300, 400, 500)

# Concentrations at INDICES; the Decision has no 8-hour ozone above 400 ug/m3.
BREAKPOINTS: dict[tuple[str, str], tuple[int, ...]] = {
    ("o3", "1h"): (0, 160, 200, 300, 400, 800, 1000, 1200),
    ("o3", "8h"): (0, 100, 120, 170, 210, 400),
    ("co", "1h"): (0, 10_000, 30_000, 45_000, 60_000, 90_000, 120_000, 150_000),
    ("so2", "1h"): (0, 125, 350, 550, 800, 1600, 2100, 2630),
    ("no2", "1h"): (0, 100, 200, 700, 1200, 2350, 3100, 3850),
    ("pm10", "24h"): (0, 50, 150, 250, 350, 420, 500, 600),
    ("pm25", "24h"): (0, 25, 50, 80, 150, 250, 350, 500),
}

NOWCAST_HOURS = 12
NEWEST, NEWEST_NEEDED = 3, 2  # so many of the newest hours must be there
LEAST_WEIGHT = 0.5

DAY_HOURS = 24
OZONE_HOURS = 8
# A mean of a day or of eight hours wants three quarters of its hours [D].
DAY_NEEDED, OZONE_NEEDED = 18, 6

# Floats carry noise in their last digits; the Decision's own example lies exactly on a half.
GRAIN = Decimal("0.000001")


class UnknownPollutant(ValueError):
    """A pollutant that the index does not count."""


class Category(NamedTuple):
    """What an index from low to high (both included) is called and coloured."""

    low: int
    high: int
    name_vi: str
    name_en: str
    rgb: tuple[int, int, int]


CATEGORIES = (
    Category(0, 50, "Tốt", "Good", (0, 228, 0)),
    Category(51, 100, "Trung bình", "Moderate", (255, 255, 0)),
    Category(101, 150, "Kém", "Poor", (255, 126, 0)),
    Category(151, 200, "Xấu", "Bad", (255, 0, 0)),
    Category(201, 300, "Rất xấu", "Very bad", (143, 63, 151)),
    Category(301, 500, "Nguy hại", "Hazardous", (126, 0, 35)),
)


class NowCast(NamedTuple):
    """A weighted mean (ug/m3) of up to 12 hours; incomplete where one of the 12 is missing."""

    concentration: float
    weight: float
    incomplete: bool


class Part(NamedTuple):
    """What one pollutant contributes: its sub-index (value), and the concentration that it stands for.

    averaging is "nowcast", "1h", "8h" or "24h"; of a day, 1h and 8h are the day's highest.
    concentration is in ug/m3. incomplete: an hour that belongs to it was missing.
    """

    pollutant: str
    averaging: str
    concentration: float
    value: int
    incomplete: bool


class Index(NamedTuple):
    """An index with its inputs named.

    value, category and dominant (the pollutant of the highest part) are None where neither PM10
    nor PM2.5 is there: the Decision knows no index without. parts tells what was there all the
    same. incomplete: one of the parts is.
    """

    value: int | None
    category: Category | None
    dominant: str | None
    parts: tuple[Part, ...]
    incomplete: bool


def half_up(value: Decimal) -> int:
    """The nearest whole number, a half upwards."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def sub_index(pollutant: str, averaging: str, concentration: float) -> Decimal:
    """The index (0 to 500, not rounded) of one concentration in ug/m3 (finite).

    averaging names the column of the table: "1h", "8h" (ozone alone) or "24h". A concentration
    below 0 is an instrument's noise about its zero, and counts as 0. Raises KeyError for a
    column that the Decision does not have.

    >>> half_up(sub_index("pm25", "24h", 55.7))
    110
    """
    points = BREAKPOINTS[pollutant, averaging]
    amount = max(Decimal(str(concentration)).quantize(GRAIN), Decimal(0))
    for i in range(1, len(points)):
        if amount <= points[i]:
            low, high = points[i - 1], points[i]
            share = (amount - low) / (high - low)
            return INDICES[i - 1] + share * (INDICES[i] - INDICES[i - 1])
    return Decimal(INDICES[len(points) - 1])


def category(index: int) -> Category:
    """What an index of 0 to 500 is called."""
    return next(each for each in CATEGORIES if index <= each.high)


def nowcast(hours: Values) -> NowCast | None:
    """The NowCast of hourly means (ug/m3), oldest first, the hour itself last.

    More than 12 hours are cut to the newest 12; of fewer, the older ones are missing (as None
    and nan are). None unless two of the newest three are there. The weight is the lowest over
    the highest concentration, at least 0.5. A missing hour weighs 0; at a weight of 0.5 the
    Decision's weights do not add up to 1 then, and the result is too low: hence incomplete.

    >>> round(nowcast([20.0] * 8 + [1.0, None, 80.0, 100.0]).concentration, 2)
    71.31
    """
    newest_first = np.full(NOWCAST_HOURS, np.nan)
    last = np.maximum(floats(hours)[-NOWCAST_HOURS:][::-1], 0.0)
    newest_first[: last.size] = last
    there = ~np.isnan(newest_first)
    if there[:NEWEST].sum() < NEWEST_NEEDED:
        return None
    values, age = newest_first[there], np.flatnonzero(there)
    highest = values.max()
    weight = max(LEAST_WEIGHT, float(values.min() / highest)) if highest > 0 else 1.0
    weights = weight**age
    if weight > LEAST_WEIGHT:
        mean = float((weights * values).sum() / weights.sum())
    else:
        mean = float((weights * values).sum() * LEAST_WEIGHT)
    return NowCast(mean, weight, not there.all())


def hourly(hours: Mapping[str, Values]) -> Index:
    """The index of an hour, of the hourly means (ug/m3) of each pollutant up to that hour.

    A series is oldest first and ends with the hour itself, None or nan where missing. Of the
    particles the last 12 hours count (see nowcast), of the gases the hour itself. A pollutant
    that nobody measures is left out. Raises UnknownPollutant for one that the index ignores.
    """
    parts = []
    for pollutant, series in measured(hours):
        if pollutant in PARTICLES:
            cast = nowcast(series)
            if cast is not None:
                parts.append(
                    part(pollutant, "nowcast", cast.concentration, incomplete=cast.incomplete)
                )
        elif np.isfinite(series[-1]):
            parts.append(part(pollutant, "1h", float(series[-1]), incomplete=False))
    return index(parts)


def daily(hours: Mapping[str, Values]) -> Index:
    """The index of a day, of the 24 hourly means (ug/m3) of each pollutant.

    A series is oldest first, None or nan where missing; what a shorter one lacks is missing.
    Particles count by the mean of the day (which takes 18 of its hours), the others by its
    highest hour; ozone also by its highest mean of 8 hours in a row within the day (6 of them
    there), unless that is above 400 ug/m3. Raises UnknownPollutant as hourly does, ValueError
    over 24 hours.
    """
    parts = []
    for pollutant, series in measured(hours):
        day = day_hours(series)
        gap = bool(np.isnan(day).any())
        if pollutant not in PARTICLES and np.isfinite(day).any():
            parts.append(part(pollutant, "1h", float(np.nanmax(day)), incomplete=gap))
        elif np.isfinite(day).sum() >= DAY_NEEDED:
            parts.append(part(pollutant, "24h", float(np.nanmean(day)), incomplete=gap))
        long = highest_ozone(day) if pollutant == "o3" else None
        if long is not None and long <= BREAKPOINTS["o3", "8h"][-1]:
            parts.append(part("o3", "8h", long, incomplete=gap))
    return index(parts)


def measured(hours: Mapping[str, Values]) -> Iterator[tuple[str, Floats]]:
    """The series that are not empty, in the order of POLLUTANTS."""
    unknown = set(hours) - set(POLLUTANTS)
    if unknown:
        raise UnknownPollutant(f"VN_AQI does not count {', '.join(sorted(unknown))}")
    for pollutant in POLLUTANTS:
        series = floats(hours.get(pollutant, ()))
        if series.size:
            yield pollutant, series


def day_hours(hours: Floats) -> Floats:
    """The 24 hours of a day; those that are not given are missing. Raises ValueError over 24."""
    if hours.size > DAY_HOURS:
        raise ValueError(f"a day has {DAY_HOURS} hours, not {hours.size}")
    return np.concatenate([hours, np.full(DAY_HOURS - hours.size, np.nan)])


def highest_ozone(hours: Floats) -> float | None:
    """The highest mean of eight hours in a row, six of them there; None where there is none."""
    windows = np.lib.stride_tricks.sliding_window_view(hours, OZONE_HOURS)
    enough = np.isfinite(windows).sum(axis=1) >= OZONE_NEEDED
    return float(np.nanmean(windows[enough], axis=1).max()) if enough.any() else None


def part(pollutant: str, averaging: str, concentration: float, *, incomplete: bool) -> Part:
    """The part of one pollutant."""
    column = "24h" if averaging == "nowcast" else averaging
    exact = sub_index(pollutant, column, concentration)
    return Part(pollutant, averaging, concentration, half_up(exact), incomplete)


def index(parts: list[Part]) -> Index:
    """The highest of the parts, if one of them is of particles; of equal ones the first."""
    incomplete = any(each.incomplete for each in parts)
    if not any(each.pollutant in PARTICLES for each in parts):
        return Index(None, None, None, tuple(parts), incomplete)
    highest = max(parts, key=lambda each: each.value)
    name = category(highest.value)
    return Index(highest.value, name, highest.pollutant, tuple(parts), incomplete)
