"""Odd together: samples of several metrics of one asset that leave the plane they used to share.

A plane is learned from a calm stretch, in batches and never per sample: after scaling, the
directions that hold most of the variance (principal components). T2 says how far a sample
lies out within the plane, Q how far away from it (Jackson and Mudholkar 1979).
"""

from typing import NamedTuple

import numpy as np

from models.detectors.promise import Floats, tamed


class Plane(NamedTuple):
    """What was learned of m metrics.

    usual_t2 and usual_q are what 99 % of the calm samples stayed below.
    """

    centre: Floats
    scale: Floats
    within: Floats  # (m, k): principal directions, each divided by its deviation
    onto: Floats  # (m, m): takes away what lies in the plane
    usual_t2: float
    usual_q: float


def fitted(calm: Floats, held: float = 0.9, below: float = 0.99) -> Plane:
    """The plane that holds this share of the variance of calm samples (n, m)."""
    if len(calm) < 2:
        raise ValueError("a plane takes at least two samples")
    calm = tamed(calm)
    centre, scale = calm.mean(axis=0), calm.std(axis=0)
    # A metric that stood still is held against a thousandth of its size.
    scale = np.where(scale > 0, scale, 1e-3 * np.abs(centre) + 1e-9)
    scaled = (calm - centre) / scale
    _, deviations, directions = np.linalg.svd(scaled, full_matrices=False)
    share = np.cumsum(deviations**2) / max(float((deviations**2).sum()), 1e-12)
    kept = int(np.searchsorted(share, held)) + 1
    axes = directions[:kept].T
    spread = np.maximum(deviations[:kept] / np.sqrt(len(calm)), 1e-9)
    plane = Plane(centre, scale, axes / spread, np.eye(len(centre)) - axes @ axes.T, 1.0, 1.0)
    t2, q = distances(plane, calm)
    usual_t2, usual_q = (max(float(np.quantile(each, below)), 1e-9) for each in (t2, q))
    return plane._replace(usual_t2=usual_t2, usual_q=usual_q)


def distances(plane: Plane, samples: Floats) -> tuple[Floats, Floats]:
    """T2 and Q of samples (n, m), each over what is usual: 1 is the edge of the calm."""
    scaled = (tamed(samples) - plane.centre) / plane.scale
    t2 = ((scaled @ plane.within) ** 2).sum(axis=1) / plane.usual_t2
    q = ((scaled @ plane.onto) ** 2).sum(axis=1) / plane.usual_q
    return t2, q


def lasting(t2: Floats, q: Floats, samples: int) -> Floats:
    """How far out samples were of late: the mean logarithm of both over the last so many.

    Over 0 is odd. A single sample out hardly moves it, and a stretch that is a little out all
    along does.
    """
    both = np.log(np.maximum(np.maximum(t2, q), 1e-3))
    total = np.cumsum(np.r_[0.0, both])
    until = np.arange(1, len(both) + 1)
    since = np.maximum(until - samples, 0)
    return np.asarray((total[until] - total[since]) / (until - since))
