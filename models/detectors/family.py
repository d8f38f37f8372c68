"""Metrics that belong together, live: the cloud of each group, fitted anew on what came of late.

This is no detector of streams: it judges a group (the metrics of one asset, or one metric of
neighbouring assets) at one moment, in batches. What it needs from a runner:

- aligned samples: one row a moment, a column a member, the last known value where a member was
  silent, nan before its first; the runner buffers and aligns, a minute at a time, say;
- `judge` for each batch, in the order of time; `due` and `refitted` in the background, on a
  copy: a group judges by its old cloud until the new one is put in its place.

A group is a value: judging gives the verdicts and the group after them. `dumped` and `restored`
keep it bit for bit.
"""

import io
from typing import NamedTuple

import numpy as np

from models.detectors import cloud
from models.detectors.cloud import FAR, OVER, Cloud
from models.detectors.promise import Bools, Floats

KEPT = 2000  # samples a cloud is fitted on: a day and a half of minutes
FEWEST = 400  # samples before there is a cloud
AGAIN = 500  # samples until it is fitted anew
CALM = 60  # samples in which nothing is odd end what was told of


class Group(NamedTuple):
    """What is known of m members.

    calm are the samples a cloud may be fitted on, the newest last; fresh how many of them the
    present cloud has not seen; late the last OVER samples; quiet how many samples it has been
    quiet for since it was told of, CALM where nothing was.
    """

    calm: Floats
    fresh: int
    late: Floats
    quiet: int
    cloud: Cloud | None


class Judged(NamedTuple):
    """Of n samples: how far out (FAR is odd), which are told, which go on, whose share it is."""

    distance: Floats
    news: Bools
    standing: Bools
    shares: Floats  # (n, m)


def new(members: int) -> Group:
    """A group that nothing is known of."""
    nothing = np.zeros((0, members))
    return Group(nothing, 0, nothing, CALM, None)


def judge(group: Group, samples: Floats) -> tuple[Judged, Group]:
    """The verdicts on aligned samples (n, m), and the group after them.

    Without a cloud, and where a member is missing, nothing is odd. Odd samples do not become
    calm ones, so that a fault does not teach that it is usual.
    """
    whole = ~np.isnan(samples).any(axis=1)
    taken = samples[whole]
    together = np.vstack([group.late, taken])
    means = cloud.means_of_late(together)[len(group.late) :]
    distance, shares = np.zeros(len(samples)), np.zeros(samples.shape)
    if group.cloud is not None and len(taken):
        distance[whole] = cloud.distances(group.cloud, means)
        shares[whole] = cloud.shares(group.cloud, means)
    news, standing, quiet = episodes(distance >= FAR, group.quiet)
    calm = samples[whole & ~standing]
    after = Group(
        np.vstack([group.calm, calm])[-KEPT:],
        group.fresh + len(calm),
        together[-OVER + 1 :],
        quiet,
        group.cloud,
    )
    return Judged(distance, news, standing, shares), after


def episodes(odd: Bools, quiet: int) -> tuple[Bools, Bools, int]:
    """Which samples begin something, which are within it, and how long it has been quiet since."""
    news, standing = np.zeros(len(odd), bool), np.zeros(len(odd), bool)
    for i, each in enumerate(odd.tolist()):
        news[i] = each and quiet >= CALM
        quiet = 0 if each else min(quiet + 1, CALM)
        standing[i] = quiet < CALM
    return news, standing, quiet


def due(group: Group) -> bool:
    """Whether a cloud should be fitted."""
    return len(group.calm) >= FEWEST and (group.cloud is None or group.fresh >= AGAIN)


def refitted(group: Group) -> Group:
    """The group with a cloud of its calm samples; raises ValueError of fewer than two."""
    return group._replace(cloud=cloud.fitted(group.calm), fresh=0)


def dumped(group: Group) -> bytes:
    """A group as bytes."""
    arrays = {"calm": group.calm, "late": group.late, "count": np.array([group.fresh, group.quiet])}
    if group.cloud is not None:
        arrays |= {name: np.asarray(part) for name, part in group.cloud._asdict().items()}
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def restored(kept: bytes) -> Group:
    """The group of these bytes."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        fresh, quiet = arrays["count"].tolist()
        known = None
        if "centre" in arrays:
            parts = {name: arrays[name] for name in Cloud._fields}
            known = Cloud(**(parts | {"usual": float(parts["usual"])}))
        return Group(arrays["calm"], fresh, arrays["late"], quiet, known)
