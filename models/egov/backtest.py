"""How good forecasts of the load would have been, against the naive one of a week before."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from models.egov.daykind import WEEK, Almanac
from models.egov.forecast import SETTINGS, History, Settings, forecast

BUSY = 1.0  # dossiers expected in an hour; below that a band tells little: most hours have none


class Backtest(NamedTuple):
    """How good forecasts were: mean absolute errors (dossiers an hour) of theirs and of the naive.

    The naive forecast is the same hour a week before. inside is the share of counts within the
    band, of all hours; busy the same of hours in which at least one dossier was expected (BUSY).
    """

    error: float
    naive: float
    inside: float
    busy: float

    @property
    def gain(self) -> float:
        """By what share the error is below the naive one's."""
        return 1 - self.error / self.naive if self.naive else 0.0


def backtest(
    almanac: Almanac,
    history: History,
    since: date,
    until: date,
    settings: Settings = SETTINGS,
) -> Backtest:
    """How good the forecasts of the days [since, until) would have been, each made the day before.

    Raises TooShort as forecast does. Hours that were not counted, or not the week before, are
    left out.
    """
    rows = []
    for number in range((until - since).days):
        day = since + timedelta(days=number)
        place = (day - history.first).days
        told = forecast(almanac, history, day, settings)
        was, before = history.counts[:, place], history.counts[:, place - WEEK]
        rows.append(np.stack([was, before, *told]).reshape(2 + len(told), -1))
    table = np.concatenate(rows, axis=1)
    was, before, expected, likely, low, high = table[:, np.isfinite(table).all(axis=0)]
    hit = (low <= was) & (was <= high)
    busy = expected >= BUSY
    return Backtest(
        float(np.abs(was - likely).mean()),
        float(np.abs(was - before).mean()),
        float(hit.mean()),
        float(hit[busy].mean()) if busy.any() else float("nan"),
    )
