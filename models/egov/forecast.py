"""The load of offices in each hour of a coming day, with bands, for all units at once.

An hour is expected to be as the same hour of the same weekday has been, times how busy the unit has
been of late, times what is special about the day (see occasions). What a unit's few dossiers do
not tell is taken from its other weekdays and from all units together, as far as these were seen to
agree (profile). Counts are arrays of units, consecutive days and 24 local hours, nan where nobody
counted.
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats
from models.egov.daykind import WEEK, Almanac, specials, weekdays
from models.egov.occasions import Totals, learned, multiplied, together
from models.egov.profile import profiled
from models.egov.spread import spread

LEAST = 1e-9  # a count that is not 0, to divide by


class TooShort(ValueError):
    """There are not enough days to learn from."""


class Settings(NamedTuple):
    """How it learns. All are [D], chosen on simulated years of other seeds than the reported ones.

    weeks of history give an hour's profile. half_life is in how many days a day's word about how
    busy a unit is weighs half; calm how many dossiers a unit must have had of late for its own
    level to count as much as the province's. steps is how many standard deviations a day may
    differ, and is cut there: one day's rush, or an outage, is not a level. quiet is the expected
    load (squared, summed over hours) for which a unit's own excess counts as much as that of all.
    occasional is the relative variance of a special day, whose factor is known badly.
    """

    weeks: int = 26
    half_life: float = 10.0
    calm: float = 150.0
    steps: float = 4.0
    quiet: float = 500.0
    occasional: float = 0.01


class History(NamedTuple):
    """Counts of units x days x 24 hours, from a first day on.

    totals are those of the province hour by hour, from further back: special days come but once a
    year. Where there are none, they are the sums of the counts.
    """

    first: date
    counts: Floats
    totals: Totals | None = None

    @property
    def days(self) -> list[date]:
        """The days."""
        return consecutive(self.first, self.counts.shape[1])

    def until(self, day: date) -> "History":
        """What was counted before a day."""
        counts = self.counts[:, : max((day - self.first).days, 0)]
        totals = self.totals
        if totals is not None:
            known = max((day - totals.first).days, 0)
            totals = Totals(totals.first, totals.counts[:known])
        return History(self.first, counts, totals)


class Load(NamedTuple):
    """What is to be expected of a day, units x 24 hours each.

    expected is the mean (adds up over hours and units), likely the median, low and high the band.
    """

    expected: Floats
    likely: Floats
    low: Floats
    high: Floats


class Recent(NamedTuple):
    """How busy units are: of each day as was known before it (units x days), and by now (units)."""

    before: Floats
    now: Floats


SETTINGS = Settings()


def consecutive(first: date, number: int) -> list[date]:
    """So many days from a first one on."""
    return [first + timedelta(days=each) for each in range(number)]


def forecast(almanac: Almanac, history: History, day: date, settings: Settings = SETTINGS) -> Load:
    """The load of a day, from what was counted before it; raises TooShort for under two weeks.

    A day further ahead than the next is forecast from the same history.
    """
    known = history.until(day)
    if known.counts.shape[1] < 2 * WEEK:
        raise TooShort("a forecast needs two weeks of counts at least")
    factors = occasions(almanac, known)
    window = slice(-settings.weeks * WEEK, None)
    days, counts = known.days[window], known.counts[:, window]
    like, times = weekdays(almanac, days), multiplied(almanac, days, factors)
    profile = profiled(counts, times, like, almanac.calendar.weekend)
    usual = profile.mean[:, like] * times
    recent = levels(counts, usual, settings)
    special: Flags = np.asarray(specials(almanac, [*days, day]).any(axis=1))
    plain = counts[:, ~special[:-1]]
    told = (usual * recent.before[..., None])[:, ~special[:-1]]
    here = weekdays(almanac, [day])[0]
    share = multiplied(almanac, [day], factors)[0] * recent.now[:, None]
    expected = profile.mean[:, here] * share
    excess = excesses(plain, told, settings)[:, None] + profile.doubt[:, here]
    found = spread(expected, excess + settings.occasional * special[-1])
    return Load(expected, *found)


def occasions(almanac: Almanac, known: History) -> Floats:
    """What is special about special days, from all that is known: traits x (open, shut)."""
    totals = known.totals or Totals(known.first, together(known.counts))
    days = consecutive(totals.first, len(totals.counts))
    return learned(almanac, days, totals.counts)


def levels(counts: Floats, usual: Floats, settings: Settings) -> Recent:
    """How each unit's last days stand to what is usual of them: about 1.

    Days are forgotten by and by; a unit of few dossiers is told by the province.
    """
    there = np.isfinite(counts) & np.isfinite(usual)
    came = np.where(there, counts, 0.0).sum(axis=2)
    told = np.where(there, usual, 0.0).sum(axis=2)
    kept = 0.5 ** (1 / settings.half_life)
    seen, meant = np.zeros(len(counts)), np.zeros(len(counts))
    before, now = np.ones(came.shape), np.ones(len(counts))
    for day in range(came.shape[1]):
        before[:, day] = now
        expected = now * told[:, day]
        most = settings.steps * np.sqrt(expected + 1)
        seen = kept * seen + np.clip(came[:, day], expected - most, expected + most)
        meant = kept * meant + told[:, day]
        province = (seen.sum() + settings.calm) / (meant.sum() + settings.calm)
        now = (seen + settings.calm * province) / (meant + settings.calm)
    return Recent(before, now)


def excesses(counts: Floats, told: Floats, settings: Settings) -> Floats:
    """By how much more than Poisson each unit's counts varied: the share of mean squared."""
    there = np.isfinite(counts) & np.isfinite(told)
    was, meant = np.where(there, counts, 0.0), np.where(there, told, 0.0)
    over = ((was - meant) ** 2 - meant).sum(axis=(1, 2))
    squares = (meant**2).sum(axis=(1, 2))
    every = max(float(over.sum()) / max(float(squares.sum()), LEAST), 0.0)
    return np.asarray(np.maximum((over + settings.quiet * every) / (squares + settings.quiet), 0))
