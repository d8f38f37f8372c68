"""The load of offices in each hour of a coming day, with bands, for all units at once.

An hour is expected to be as the same hour of the same weekday was of late, times what is special
about the day (see daykind): first of all the first working day after long holidays, and the days
around the lunar New Year. Counts are arrays of units, consecutive days and 24 local hours, nan
where nobody counted.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats, Ints
from models.egov.daykind import WEEK, Almanac, Trait, specials, weekdays

# What is usual of such a day, against an ordinary one of its weekday [D], [G]; learned from then on.
USUAL: Mapping[Trait, float] = MappingProxyType(
    {
        Trait.RESTED: 1.5,
        Trait.BEFORE_TET: 0.6,
        Trait.TET: 0.3,
        Trait.MONTH_END: 1.1,
        Trait.QUARTER_END: 1.1,
    }
)
HOURS = 24
FEWEST_SHARE = 0.02  # no day is taken for rarer than that, against an ordinary one [D]
LEAST = 1e-3  # a count that is not 0, to divide by
# Bands are of hours of like load: the expectation is sorted into these classes (dossiers an hour).
CLASSES = np.array([0.05, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2.5, 4, 7, 12, 20, 40, 80])
FEWEST = 200  # hours in a class, to have a band of its own


class TooShort(ValueError):
    """There are not enough days to learn from."""


class Settings(NamedTuple):
    """How it learns. All are [D].

    weeks of history give an hour's profile, recent days the level; calm is how many dossiers a
    unit must have had for its own level to count as much as the province's; trust how many days
    of a kind weigh as much as what is usual of it. low and high are the band's quantiles.
    """

    weeks: int = 12
    recent: int = 21
    calm: float = 100.0
    trust: float = 2.0
    low: float = 0.1
    high: float = 0.9


class History(NamedTuple):
    """Counts of units x days x 24 hours, from a first day on."""

    first: date
    counts: Floats

    @property
    def days(self) -> list[date]:
        """The days."""
        return [self.first + timedelta(days=each) for each in range(self.counts.shape[1])]

    def until(self, day: date) -> "History":
        """What was counted before a day."""
        return History(self.first, self.counts[:, : max((day - self.first).days, 0)])


class Load(NamedTuple):
    """What is to be expected of a day, units x 24 hours each.

    expected is the mean (adds up over hours and units), likely the median, low and high the band.
    """

    expected: Floats
    likely: Floats
    low: Floats
    high: Floats


class Profile(NamedTuple):
    """A unit's hours of each weekday (units x 7 x 24), ordinary days, of late."""

    mean: Floats
    median: Floats


SETTINGS = Settings()


def forecast(almanac: Almanac, history: History, day: date, settings: Settings = SETTINGS) -> Load:
    """The load of a day, from what was counted before it; raises TooShort for under two weeks.

    A day further ahead than the next is forecast from the same history.
    """
    known = history.until(day)
    if known.counts.shape[1] < 2 * WEEK:
        raise TooShort("a forecast needs two weeks of counts at least")
    days = known.days
    factors = learned(almanac, known, settings)
    window = slice(-settings.weeks * WEEK, None)
    like, times = weekdays(almanac, days)[window], multiplied(almanac, days, factors)[window]
    counts = known.counts[:, window]
    profile = profiled(counts / times[:, None], like)
    grown = level(counts, profile.mean[:, like] * times[:, None], settings)
    past = profile.mean[:, like] * times[:, None] * grown[:, None, None]
    here = weekdays(almanac, [day])[0]
    share = multiplied(almanac, [day], factors)[0] * grown[:, None]
    expected = profile.mean[:, here] * share
    low, high = banded(counts, past, expected, settings)
    return Load(expected, profile.median[:, here] * share, low, high)


def learned(almanac: Almanac, known: History, settings: Settings = SETTINGS) -> Floats:
    """What a special day's load is times an ordinary one's, by trait, from the whole province.

    Logarithms are fitted by least squares, drawn to what is usual as by so many days (trust).
    """
    totals = counted(known.counts)
    like, special = weekdays(almanac, known.days), specials(almanac, known.days)
    usual = ordinary_totals(totals, like, special, settings)
    there = special.any(axis=1) & np.isfinite(totals) & np.isfinite(usual) & (usual > 0)
    ratio = np.log(np.clip(totals[there] / usual[there], FEWEST_SHARE, 1 / FEWEST_SHARE))
    which = special[there].astype(np.float64)
    prior = np.log([USUAL[trait] for trait in Trait])
    weights = which.T @ which + settings.trust * np.eye(len(Trait))
    found = np.linalg.solve(weights, which.T @ ratio + settings.trust * prior)
    return np.asarray(np.exp(found))


def ordinary_totals(totals: Floats, like: Ints, special: Flags, settings: Settings) -> Floats:
    """For each day the mean total of the ordinary days of its weekday in the weeks before it."""
    plain: Flags = np.asarray(~special.any(axis=1))
    found = np.full(totals.shape, np.nan)
    for place in np.flatnonzero(~plain):
        before = slice(max(place - settings.weeks * WEEK, 0), place)
        same = totals[before][plain[before] & np.equal(like[before], like[place])]
        if np.isfinite(same).any():
            found[place] = np.nanmean(same)
    return found


def counted(counts: Floats) -> Floats:
    """The total of each day; nan where nobody counted."""
    nobody: Flags = np.asarray(np.isnan(counts).all(axis=(0, 2)))
    return np.where(nobody, np.nan, np.nansum(counts, axis=(0, 2)))


def multiplied(almanac: Almanac, days: list[date], factors: Floats) -> Floats:
    """By what an ordinary day's load is multiplied on each day."""
    return np.asarray(np.exp(specials(almanac, days) @ np.log(factors)))


def profiled(counts: Floats, like: Ints) -> Profile:
    """The mean and the median of each hour of a weekday; nan where it was never counted."""
    shape = (counts.shape[0], WEEK, HOURS)
    mean, median = np.full(shape, np.nan), np.full(shape, np.nan)
    for weekday in np.unique(like):
        same = counts[:, np.equal(like, weekday)]
        never: Flags = np.asarray(np.isnan(same).all(axis=1))
        filled = np.where(never[:, None], 0.0, same)  # numpy warns of means of nothing
        mean[:, weekday] = np.where(never, np.nan, np.nanmean(filled, axis=1))
        median[:, weekday] = np.where(never, np.nan, np.nanmedian(filled, axis=1))
    return Profile(mean, median)


def level(counts: Floats, past: Floats, settings: Settings) -> Floats:
    """How each unit's recent days stand to the whole window's: about 1."""
    recent = slice(-settings.recent, None)
    seen = np.nansum(counts[:, recent], axis=(1, 2))
    there = np.isfinite(counts[:, recent])
    told = np.where(there, past[:, recent], 0.0).sum(axis=(1, 2))
    province = seen.sum() / max(float(told.sum()), LEAST) if seen.sum() else 1.0
    return np.asarray((seen + settings.calm * province) / (told + settings.calm))


def banded(
    counts: Floats, past: Floats, expected: Floats, settings: Settings
) -> tuple[Floats, Floats]:
    """The band of what is expected: quantiles of what differed before, in hours of like load.

    What was learned from a window differs less within it than outside, hence the stretch.
    """
    there = np.isfinite(counts)  # where one is, its hour's mean is
    was, told = counts[there], past[there]
    spread, groups = (was - told) / np.sqrt(told + LEAST), np.digitize(told, CLASSES)
    quantiles = np.quantile(spread, [settings.low, settings.high])
    table = np.tile(quantiles, (len(CLASSES) + 1, 1))
    for group in np.unique(groups):
        mine = spread[groups == group]
        if mine.size >= FEWEST:
            table[group] = np.quantile(mine, [settings.low, settings.high])
    stretch = np.sqrt((settings.weeks + 1) / (settings.weeks - 1))
    width = table[np.digitize(expected, CLASSES)] * stretch
    scale = np.sqrt(expected + LEAST)
    low, high = (expected + width[..., side] * scale for side in (0, 1))
    return np.maximum(low, 0.0), np.maximum(high, 0.0)
