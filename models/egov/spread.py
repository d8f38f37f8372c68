"""How counts spread around what is expected: medians and bands of whole numbers.

A count is Poisson about a mean that is itself uncertain (a gamma), hence a negative binomial: its
variance is mean + excess * mean^2. Johnson, Kemp, Kotz: Univariate Discrete Distributions, ch. 5.
"""

from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats

PROMISED = 0.8  # of counts lie within a band
TAIL = (1 - PROMISED) / 2
Z = 1.2815515594  # of the normal distribution, a tenth lies beyond it
MANY = 30.0  # from this mean on a skewed normal is near enough, and no count is asked alone
REACH = 8.0  # standard deviations; nothing is beyond
LEAST = 1e-9


class Spread(NamedTuple):
    """The median of counts, and the edges of the band; arrays as the means are."""

    median: Floats
    low: Floats
    high: Floats


def spread(mean: Floats, excess: Floats) -> Spread:
    """The median of counts of such means, and the band; nan where a mean is.

    A band of whole numbers cannot hold exactly four of five: of those about the tenth and the
    ninth tenth the one is taken that is nearest to it, be it above or below.
    """
    mean, excess = np.broadcast_arrays(mean, np.maximum(excess, LEAST))
    found = np.full((3, *mean.shape), np.nan)
    few, many = mean <= MANY, mean > MANY
    if few.any():
        found[:, few] = stepwise(np.maximum(mean[few], 0.0), excess[few])
    if many.any():
        found[:, many] = smooth(mean[many], excess[many])
    return Spread(*found)


def smooth(mean: Floats, excess: Floats) -> Floats:
    """Median, low and high of large means: a normal with its skew (Cornish and Fisher)."""
    deviation = np.sqrt(mean * (1 + excess * mean))
    skew = (1 + 2 * excess * mean) / deviation
    at = np.array([0.0, -Z, Z])[:, None]
    return np.asarray(np.rint(np.maximum(mean + deviation * (at + (at**2 - 1) * skew / 6), 0.0)))


def stepwise(mean: Floats, excess: Floats) -> Floats:
    """Median, low and high of small means, count by count."""
    chances = cumulated(mean, excess)
    median, low, high = (quantile(chances, share) for share in (0.5, TAIL, 1 - TAIL))
    pairs = np.array([(low + up, high - down) for up in (0, 1) for down in (0, 1)])
    held = np.array([within(chances, *pair) for pair in pairs])
    around: Flags = np.asarray((pairs[:, 0] <= median) & (median <= pairs[:, 1]))
    best = np.argmin(np.where(around, np.abs(held - PROMISED), np.inf), axis=0)
    return np.stack([median, *pairs[best, :, np.arange(mean.size)].T]).astype(np.float64)


def cumulated(mean: Floats, excess: Floats) -> Floats:
    """The chance of a count of at most 0, 1, 2, ...: means x counts."""
    highest = float(mean.max(initial=0.0))
    widest = np.sqrt(highest * (1 + float(excess.max(initial=0.0)) * highest))
    size = int(highest + REACH * widest) + 10
    chances = np.empty((mean.size, size))
    chances[:, 0] = np.exp(-np.log1p(excess * mean) / excess)
    odds = mean / (1 + excess * mean)
    for count in range(1, size):
        chances[:, count] = chances[:, count - 1] * odds * (1 + excess * (count - 1)) / count
    return np.cumsum(chances, axis=1)


def quantile(chances: Floats, share: float) -> Floats:
    """The smallest count that is not exceeded with such a chance."""
    return np.asarray(np.minimum((chances < share).sum(axis=1), chances.shape[1] - 1))


def within(chances: Floats, low: Floats, high: Floats) -> Floats:
    """The chance of a count between low and high, both included."""
    rows = np.arange(len(chances))
    below = np.where(low > 0, chances[rows, np.maximum(low - 1, 0)], 0.0)
    return np.asarray(chances[rows, high] - below)
