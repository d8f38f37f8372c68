"""By what special days differ from ordinary ones, learned from the province as a whole.

Before a holiday, over Tet and on the first day after, few units have enough dossiers to tell of by
themselves, and all of them are touched alike. Hours in which offices are open and the others are
told apart: people wait for the counter to open again, and need not wait for what is online.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats, Ints
from models.egov.daykind import WEEK, Almanac, Trait, specials, weekdays
from models.egov.worktime import hours_of

HOURS = 24
OPEN, SHUT = 0, 1
# What is usual of such a day in hours of opening and in others, against an ordinary one of its
# weekday [D], [G]; learned from then on.
USUAL: Mapping[Trait, tuple[float, float]] = MappingProxyType(
    {
        Trait.RESTED: (1.4, 1.0),
        Trait.BEFORE_TET: (0.6, 0.6),
        Trait.TET: (0.3, 0.3),
        Trait.MONTH_END: (1.1, 1.1),
        Trait.QUARTER_END: (1.1, 1.1),
        Trait.EVE: (1.0, 1.0),
        Trait.AFTER_TET: (1.0, 1.0),
    }
)
FEWEST_SHARE = 0.02  # no day is taken for rarer than that, against an ordinary one [D]
TRUST = 2.0  # days of a kind that weigh as much as what is usual of it [D]
TOLD = 50.0  # dossiers of a day with which it counts half; of a few nothing is learned [D]
WEEKS = 8  # of ordinary days of the same weekday, with which a special one is compared [D]


class Totals(NamedTuple):
    """What a whole province received in the hours of consecutive days: days x 24."""

    first: date
    counts: Floats


def together(counts: Floats) -> Floats:
    """The totals of units' counts (units x days x 24); nan where nobody counted."""
    nobody: Flags = np.asarray(np.isnan(counts).all(axis=0))
    return np.where(nobody, np.nan, np.nansum(counts, axis=0))


def opened(almanac: Almanac, days: list[date]) -> Flags:
    """Whether offices are open in some part of an hour: days x 24."""
    found = np.zeros((len(days), HOURS), bool)
    for place, day in enumerate(days):
        for opens, closes in hours_of(almanac.calendar, day):
            found[place, opens.hour : closes.hour + (closes.minute > 0)] = True
    return found


def learned(almanac: Almanac, days: list[date], totals: Floats) -> Floats:
    """What a special day is times an ordinary one of its weekday: traits x (open, shut).

    totals are days x 24. Logarithms are fitted by least squares, drawn to what is usual.
    """
    like, special = weekdays(almanac, days), specials(almanac, days)
    doors = opened(almanac, days)
    prior = np.log([USUAL[trait] for trait in Trait])
    found = [
        fitted(summed(totals, mask), like, special, prior[:, which])
        for which, mask in ((OPEN, doors), (SHUT, ~doors))
    ]
    return np.asarray(np.exp(np.stack(found, axis=1)))


def summed(totals: Floats, mask: Flags) -> Floats:
    """A day's total in some of its hours; nan where one of them was not counted."""
    return np.asarray(np.where(mask, totals, 0.0).sum(axis=1))


def fitted(totals: Floats, like: Ints, special: Flags, prior: Floats) -> Floats:
    """The logarithm of each trait's factor in the days' totals."""
    usual = ordinary_totals(totals, like, special)
    there = special.any(axis=1) & np.isfinite(totals) & np.isfinite(usual) & (usual > 0)
    ratio = np.log(np.clip(totals[there] / usual[there], FEWEST_SHARE, 1 / FEWEST_SHARE))
    which = special[there].astype(np.float64)
    weights = (usual[there] / (usual[there] + TOLD))[:, None]
    drawn = which.T @ (weights * which) + TRUST * np.eye(len(Trait))
    target = which.T @ (weights[:, 0] * ratio) + TRUST * prior
    return np.asarray(np.linalg.solve(drawn, target))


def ordinary_totals(totals: Floats, like: Ints, special: Flags) -> Floats:
    """For each special day the mean of the ordinary days of its weekday in the weeks before it."""
    plain: Flags = np.asarray(~special.any(axis=1))
    found = np.full(totals.shape, np.nan)
    for place in np.flatnonzero(~plain):
        before = slice(max(place - WEEKS * WEEK, 0), place)
        same = totals[before][plain[before] & np.equal(like[before], like[place])]
        if np.isfinite(same).any():
            found[place] = np.nanmean(same)
    return found


def multiplied(almanac: Almanac, days: list[date], factors: Floats) -> Floats:
    """By what ordinary hours are multiplied on each day: days x 24."""
    times = np.exp(specials(almanac, days) @ np.log(factors))
    return np.where(opened(almanac, days), times[:, [OPEN]], times[:, [SHUT]])
