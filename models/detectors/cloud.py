"""Odd together: metrics of one asset whose means of late lie out of the cloud they used to lie in.

The distance is Mahalanobis's, of means over several samples and not of samples: what shakes a
machine for a second is lost in it, what changes how it runs is not. The covariance is drawn
towards that of metrics which know nothing of each other (Ledoit and Wolf 2004), so that two
sensors of one thing do not make every difference between them enormous.
"""

from typing import NamedTuple

import numpy as np

from models.detectors.promise import Floats, tamed

OVER = 20  # samples a mean is made of
DRAWN = 0.3  # towards metrics that know nothing of each other
# How many times the distance that all but one in a hundred calm samples have is odd. This and
# the two above were chosen on one of three groups of tables: docs/accuracy.md.
FAR = 4.5
BELOW = 0.99
STILL = 1e-3  # of its size: what a metric that stood still is held against


class Cloud(NamedTuple):
    """What was learned of m metrics. usual is the distance that 99 % of the calm stayed below."""

    centre: Floats
    scale: Floats
    inverse: Floats  # (m, m), of the covariance of what is scaled
    usual: float


def fitted(calm: Floats) -> Cloud:
    """The cloud of calm samples (n, m), in their order."""
    if len(calm) < 2:
        raise ValueError("a cloud takes at least two samples")
    means = means_of_late(calm)
    centre, scale = means.mean(axis=0), means.std(axis=0)
    scale = np.maximum(scale, STILL * np.abs(centre) + 1e-9)
    scaled = (means - centre) / scale
    metrics = calm.shape[1]
    covariance = (1 - DRAWN) * scaled.T @ scaled / len(scaled) + DRAWN * np.eye(metrics)
    cloud = Cloud(centre, scale, np.linalg.inv(covariance), 1.0)
    usual = max(float(np.quantile(distances(cloud, means), BELOW)), 1e-9)
    return cloud._replace(usual=usual)


def means_of_late(samples: Floats) -> Floats:
    """The mean of each sample (n, m) and those before it, OVER together; fewer at first.

    >>> means_of_late(np.array([[1.0], [3.0], [5.0]])).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    total = np.cumsum(np.vstack([np.zeros(samples.shape[1]), tamed(samples)]), axis=0)
    until = np.arange(1, len(samples) + 1)
    since = np.maximum(until - OVER, 0)
    return np.asarray((total[until] - total[since]) / (until - since)[:, None])


def distances(cloud: Cloud, means: Floats) -> Floats:
    """How far out means (n, m) lie, squared, over what is usual: FAR is odd."""
    scaled = (means - cloud.centre) / cloud.scale
    return np.asarray(np.einsum("ni,ij,nj->n", scaled, cloud.inverse, scaled) / cloud.usual)


def shares(cloud: Cloud, means: Floats) -> Floats:
    """How much of its distance each metric (n, m) has, in [0, 1]; they add up to 1 or 0."""
    scaled = (means - cloud.centre) / cloud.scale
    each = np.maximum(scaled * (scaled @ cloud.inverse), 0.0)
    total = each.sum(axis=1, keepdims=True)
    return np.asarray(each / np.where(total > 0, total, 1.0))
