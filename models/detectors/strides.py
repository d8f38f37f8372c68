"""How large the steps of a stream are: ever, just now, at an hour of the day, and at most of late.

Two kinds of step are known of: the step, and the step apart from the family's.
"""

from typing import NamedTuple

import numpy as np

from models.detectors.novelty import Singles
from models.detectors.promise import Bools, Floats, Ints, Rows
from models.reading import DAY, HOUR

HOURS = 24
PARTS_OF_DAY = 8
FAST = 20.0  # samples: what a stream moves by just now
LONG = 2000.0  # samples: what it moves by
OF_HOUR = 200.0  # samples of an hour of the day, a few days of them
HALF_LIFE = 20 * DAY  # of the largest step that is remembered
CLIP = 6.0  # a step counts as so many usual ones, when the usual one is learned

LAYOUT = [
    ("sizes", "<f4", 2),  # of a step and of one apart: usual
    ("fast", "<f4", 2),  # and just now
    ("by_hour", "<f4", (2, HOURS)),
    ("largest", "<f4", (PARTS_OF_DAY, 2)),
    ("largest_at", "<i8"),
]


class Steps(NamedTuple):
    """Steps to samples: arrays of n, both the step and the one apart of (n, 2)."""

    both: Floats
    moved: Bools  # whether they mean anything
    hour: Ints

    @property
    def up(self) -> Ints:
        """1 where a step goes up."""
        return (self.both[:, 0] > 0).astype(np.int64)


def usual(known: Rows, hour: Ints) -> Floats:
    """(n, 2): the greatest of what is usual ever, just now, in this hour, and in those beside."""
    each, by_hour = np.arange(len(known)), known["by_hour"]
    after, before = by_hour[each, :, (hour + 1) % HOURS], by_hour[each, :, (hour - 1) % HOURS]
    beside = np.maximum(after, before)
    found = np.maximum(known["sizes"], known["fast"])
    found = np.maximum(np.maximum(found, by_hour[each, :, hour]), 0.7 * beside)
    return np.asarray(found, np.float64)


def largest(known: Rows, steps: Steps) -> Singles:
    """The largest step of late in the same direction, about this time of the day."""
    each, part, up = np.arange(len(known)), steps.hour * PARTS_OF_DAY // HOURS, steps.up
    before, now, after = (known["largest"][each, (part + d) % PARTS_OF_DAY, up] for d in (-1, 0, 1))
    found: Singles = np.maximum(np.maximum(before, now), after)
    return found


def learn(known: Rows, time: Ints, steps: Steps) -> None:
    """Takes steps in."""
    learn_usual(known, steps)
    learn_largest(known, time, steps)


def learn_usual(known: Rows, steps: Steps) -> None:
    """What size steps have: ever, just now, and at this hour."""
    each, seen = np.arange(len(known)), known["seen"].astype(np.float64)
    size, quantum = np.abs(steps.both), known["quantum"][:, None]
    ever = known["sizes"].astype(np.float64)
    some = np.minimum(size, np.where((seen > 300)[:, None], CLIP * ever + quantum, np.inf))
    known["sizes"] += share(steps.moved, seen, LONG) * (some - ever)
    known["fast"] += share(steps.moved, seen, FAST) * (some - known["fast"].astype(np.float64))
    of_hour = known["by_hour"][each, :, steps.hour].astype(np.float64)
    most = np.where((seen > 3000)[:, None], CLIP * np.maximum(ever, of_hour) + quantum, np.inf)
    known["by_hour"][each, :, steps.hour] += share(steps.moved, seen / HOURS, OF_HOUR) * (
        np.minimum(size, most) - of_hour
    )


def learn_largest(known: Rows, time: Ints, steps: Steps) -> None:
    """How large steps are at most; what was so fades hour by hour."""
    each, part, up = np.arange(len(known)), steps.hour * PARTS_OF_DAY // HOURS, steps.up
    first = known["seen"] == 0
    passed = np.where(first, 0, np.maximum(time - known["largest_at"], 0))
    fades = np.flatnonzero(passed >= HOUR)
    known["largest"][fades] *= (0.5 ** (passed[fades] / HALF_LIFE))[:, None, None]
    known["largest_at"] = np.where((passed >= HOUR) | first, time, known["largest_at"])
    before = known["largest"][each, part, up]
    size = np.where(steps.moved, np.abs(steps.both[:, 0]), 0.0)
    known["largest"][each, part, up] = np.maximum(before, size)


def share(counts: Bools, seen: Floats, most: float) -> Floats:
    """(n, 1): how much a sample weighs, in a running mean at first, an exponential one then."""
    weight: Floats = np.where(counts, 1.0 / np.minimum(seen + 1, most), 0.0)
    return weight[:, None]
