"""How good forecasts of the load would have been, against the naive one of a week before."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats
from models.egov.daykind import A_DAY, WEEK, Almanac, Trait, traits
from models.egov.forecast import SETTINGS, History, Load, Settings, consecutive, forecast
from models.egov.occasions import Totals, together
from models.egov.worktime import is_working_day

BUSY = 1.0  # dossiers expected in an hour
# Below that nothing is what comes most: a band of 0 holds whenever nobody comes, nearly always.
STILL = 0.2
AFTER = 5  # working days after Tet, the first of them the rush


class Kind(StrEnum):
    """What a day is for a forecast, by the first of these that fits."""

    AFTER_TET = "after Tet"  # the first five working days
    HOLIDAYS = "holidays"  # with the days that lead to one and away from it
    MISLED = "a week after one"  # ordinary, but what the naive forecast looks at was not
    MONTH_END = "month's end"
    ORDINARY = "ordinary"


class Score(NamedTuple):
    """How good forecasts were: mean absolute errors (dossiers an hour) of theirs and of the naive.

    The naive forecast is the same hour a week before. inside is the share of counts within the
    band, of all hours; busy, quiet and still the same of hours by what was expected in them (BUSY
    and more; STILL to BUSY; less). nan where there were none.
    """

    hours: int
    error: float
    naive: float
    inside: float
    busy: float
    quiet: float
    still: float

    @property
    def gain(self) -> float:
        """By what share the error is below the naive one's."""
        return 1 - self.error / self.naive if self.naive else 0.0


class Trial(NamedTuple):
    """Forecasts of days and what came, and had come a week before: days x units x 24 each."""

    days: list[date]
    was: Floats
    before: Floats
    told: Load

    def score(self, which: Flags | None = None) -> Score:
        """How good those of some hours were (broadcast to days x units x 24), else of all.

        Hours that were not counted, or not the week before, are left out.
        """
        there = np.isfinite(self.was) & np.isfinite(self.before) & np.isfinite(self.told.likely)
        if which is not None:
            there &= which
        hit = (self.told.low <= self.was) & (self.was <= self.told.high)
        expected = self.told.expected
        classes = (expected >= BUSY, (expected >= STILL) & (expected < BUSY), expected < STILL)
        return Score(
            int(there.sum()),
            mean(np.abs(self.was - self.told.likely)[there]),
            mean(np.abs(self.was - self.before)[there]),
            mean(hit[there]),
            *(mean(hit[there & each]) for each in classes),
        )

    def by_kind(self, almanac: Almanac) -> dict[Kind, Score]:
        """How good those of each kind of day were."""
        found = np.array([kind(almanac, day) for day in self.days])
        return {each: self.score((found == each)[:, None, None]) for each in Kind if each in found}


def mean(values: Floats | Flags) -> float:
    """The mean; nan of nothing."""
    return float(values.mean()) if values.size else float("nan")


def trial(
    almanac: Almanac, history: History, since: date, until: date, settings: Settings = SETTINGS
) -> Trial:
    """The forecasts of the days [since, until), each made from what was known the evening before.

    Raises TooShort as forecast does.
    """
    days = consecutive(since, (until - since).days)
    places = np.array([(day - history.first).days for day in days], np.int64)
    if history.totals is None:
        history = history._replace(totals=Totals(history.first, together(history.counts)))
    told = [forecast(almanac, known(history, day, settings), day, settings) for day in days]
    was = history.counts[:, places].swapaxes(0, 1)
    before = np.full(was.shape, np.nan)
    there = places >= WEEK
    before[there] = history.counts[:, places[there] - WEEK].swapaxes(0, 1)
    return Trial(days, was, before, Load(*(np.stack(each) for each in zip(*told, strict=True))))


def known(history: History, day: date, settings: Settings) -> History:
    """What the service has of a day: the weeks before it unit by unit, what is older in total."""
    first = max(history.first, day - timedelta(weeks=settings.weeks))
    place = (first - history.first).days
    return History(first, history.counts[:, place:], history.totals)


def backtest(
    almanac: Almanac, history: History, since: date, until: date, settings: Settings = SETTINGS
) -> Score:
    """How good the forecasts of the days [since, until) would have been; raises as trial does."""
    return trial(almanac, history, since, until, settings).score()


def kind(almanac: Almanac, day: date) -> Kind:
    """What a day is for a forecast."""
    if after_tet(almanac, day):
        return Kind.AFTER_TET
    if moved(almanac, day):
        return Kind.HOLIDAYS
    if moved(almanac, day - WEEK * A_DAY):
        return Kind.MISLED
    return Kind.MONTH_END if Trait.MONTH_END in traits(almanac, day) else Kind.ORDINARY


def moved(almanac: Almanac, day: date) -> bool:
    """Whether a holiday is felt on a day: it is one, leads to one, comes first after one."""
    weekend = day.weekday() in almanac.calendar.weekend
    special = traits(almanac, day) - {Trait.MONTH_END, Trait.QUARTER_END}
    return bool(special) or is_working_day(almanac.calendar, day) == weekend


def after_tet(almanac: Almanac, day: date) -> bool:
    """Whether a day is among the first working days after Tet, which its first begins."""
    if not is_working_day(almanac.calendar, day):
        return False
    back, left = day, AFTER
    while left:
        if Trait.AFTER_TET in traits(almanac, back):
            return True
        back -= A_DAY
        left -= is_working_day(almanac.calendar, back)
    return False
