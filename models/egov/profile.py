"""What is usual of each hour of each weekday of every unit, as far as few dossiers can tell.

Working days of a unit are alike in their hours, and weekdays differ alike in all units: that is
what is believed of an hour first. Its own counts then weigh against it as gamma against Poisson;
how much is learned from how far hours with many dossiers were seen to stray.
"""

from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats, Ints
from models.egov.daykind import WEEK

LEAST = 1e-9
# Relative variances by which hours may stray from what is believed of them; for few data [D].
STRAY_LEAST, STRAY_MOST = 1e-4, 1.0


class Profile(NamedTuple):
    """Of each unit, weekday and hour the mean of an ordinary day, and how badly it is known.

    Both are units x 7 x 24, nan where it was never counted; doubt is the relative variance.
    """

    mean: Floats
    doubt: Floats


class Sums(NamedTuple):
    """Dossiers that came, and on how many ordinary days: arrays of one shape."""

    came: Floats
    days: Floats


def profiled(counts: Floats, times: Floats, like: Ints, weekend: frozenset[int]) -> Profile:
    """The profile of counts (units x days x 24) on days like weekdays, times ordinary ones.

    times is days x 24. Weekdays of the weekend are alike only to themselves.
    """
    sums = by_weekday(counts, times, like)
    working = [each for each in range(WEEK) if each not in weekend]
    mean, doubt = np.full(sums.came.shape, np.nan), np.full(sums.came.shape, np.nan)
    for group in (working, *([each] for each in sorted(weekend))):
        came, days = sums.came[:, group], sums.days[:, group]
        believed = product(came, days) if group else came
        mean[:, group], doubt[:, group] = drawn(Sums(came, days), believed)
    never = sums.days.sum(axis=(1, 2)) <= 0
    mean[never], doubt[never] = np.nan, np.nan
    return Profile(mean, doubt)


def by_weekday(counts: Floats, times: Floats, like: Ints) -> Sums:
    """The sums of counts and days of every weekday: units x 7 x 24."""
    shape = (counts.shape[0], WEEK, counts.shape[2])
    came, days = np.zeros(shape), np.zeros(shape)
    there = np.isfinite(counts)
    for weekday in np.unique(like):
        same: Flags = np.equal(like, weekday)
        came[:, weekday] = np.where(there[:, same], counts[:, same], 0.0).sum(axis=1)
        days[:, weekday] = (there[:, same] * times[same]).sum(axis=1)
    return Sums(came, days)


def product(came: Floats, days: Floats) -> Floats:
    """What is believed of hours of alike weekdays: a unit's hour times the weekday of all units."""
    hours = hourly(came.sum(axis=1), days.sum(axis=1))
    weekday = came.sum(axis=0) / np.maximum((hours[:, None] * days).sum(axis=0), LEAST)
    weekday = np.where(came.sum(axis=0) > 0, weekday, 1.0)
    hours = hourly(came.sum(axis=1), (days * weekday).sum(axis=1))
    return np.asarray(hours[:, None] * weekday)


def hourly(came: Floats, days: Floats) -> Floats:
    """A unit's hours, drawn to the shape of all units' as its few dossiers tell little."""
    shape = came.sum(axis=0) / np.maximum(days.sum(axis=0), LEAST)
    volume = came.sum(axis=1) / np.maximum((days * shape).sum(axis=1), LEAST)
    return drawn(Sums(came, days), volume[:, None] * shape)[0]


def drawn(sums: Sums, believed: Floats) -> tuple[Floats, Floats]:
    """The mean of each hour between what came and what is believed; and its relative variance."""
    meant = believed * sums.days
    over = float(((sums.came - meant) ** 2 - meant).sum())
    stray = np.clip(over / max(float((meant**2).sum()), LEAST), STRAY_LEAST, STRAY_MOST)
    weight = 1 / stray
    mean = believed * (weight + sums.came) / (weight + meant)
    return np.asarray(mean), np.asarray(1 / (weight + sums.came))
