"""Who is like whom, and what the middle of each family does just now."""

from typing import NamedTuple

import numpy as np

from models.detectors import traits
from models.detectors.promise import Bools, Floats, Ints, Rows
from models.reading import HOUR, MINUTE

FEWEST = 4  # streams of a family whose middle means something
ASKED = 64  # of a family: its middle is known well enough from so many
PRESENT = 30 * MINUTE  # whoever was not heard for so long has no say
NOBODY = -1


class Middles(NamedTuple):
    """Of each sample's family: the middle step, the middle value, how far apart its members are."""

    step: Floats
    value: Floats
    spread: Floats


class Kindred:
    """The families of all rows, and of each the members that are asked."""

    def __init__(self) -> None:
        self.traits: Rows = np.zeros(0, traits.LAYOUT)
        self.family: Ints = np.full(1, NOBODY)
        self.sample: Ints = np.zeros((0, ASKED), np.int64)
        self.of_row: Ints = np.zeros(0, np.int64)  # the family, by its row in sample
        self.position: Ints = np.zeros(0, np.int64)  # of each row in what is judged just now

    def serves(self, who: Ints) -> Bools:
        """Which streams have a family."""
        self.meet()
        inside = who < len(self.family)
        return np.asarray(inside & (self.of_row[np.where(inside, who, 0)] != NOBODY))

    def meet(self) -> None:
        """Looks up who belongs together, where that has changed."""
        family = self.traits["family"]
        if np.array_equal(family, self.family):
            return
        self.family = family.copy()
        self.position = np.full(len(family), NOBODY)
        names, which, sizes = np.unique(family, return_inverse=True, return_counts=True)
        kin = np.flatnonzero((sizes >= FEWEST) & (names != 0))
        number = np.full(len(names), NOBODY)
        number[kin] = np.arange(len(kin))
        self.of_row = number[which]
        # The last one is asked for those without a family: nobody.
        self.sample = np.full((len(kin) + 1, ASKED), NOBODY)
        order, ends = np.argsort(which, kind="stable"), np.cumsum(sizes)
        for asked, each in zip(self.sample, kin, strict=False):
            members = order[ends[each] - sizes[each] : ends[each]]
            # Evenly over all of them: those that came first may stand at one place.
            chosen = members[np.linspace(0, len(members) - 1, min(ASKED, len(members))).astype(int)]
            asked[: len(chosen)] = chosen

    def middles(self, rows: Rows, who: Ints, time: Ints, step: Floats, relative: Floats) -> Middles:
        """What the families of these samples do.

        The samples of other members that are judged with it are in.
        """
        self.meet()
        if len(self.of_row) != len(rows):  # nobody said who is like whom
            nothing = np.zeros(len(who))
            return Middles(nothing, nothing, nothing)
        present, place = np.unique(self.of_row[who], return_inverse=True)
        chosen = self.sample[present]
        members = np.maximum(chosen, 0)
        here = self.positions(who, members)
        with_us = here != NOBODY
        steps = np.where(with_us, step[here], rows["step"][members].astype(np.float64))
        values = np.where(with_us, relative[here], rows["last"][members] - rows["home"][members])
        smooth = np.abs(rows["smooth"][members]).astype(np.float64)
        heard = np.where(with_us, time[here], rows["last_at"][members])
        heard[rows["seen"][members] < HOUR // MINUTE] = 0
        there = (chosen != NOBODY) & (heard > int(time.max()) - PRESENT)
        counts = there.sum(axis=1)
        enough = counts >= FEWEST
        found = [
            np.where(enough, middle(np.where(there, each, np.inf), counts), 0.0)[place]
            for each in (steps, values, smooth)
        ]
        return Middles(*found)

    def positions(self, who: Ints, members: Ints) -> Ints:
        """Where each of the members is in `who`; NOBODY where it is not."""
        self.position[who] = np.arange(len(who))
        found = self.position[members]
        self.position[who] = NOBODY
        return found


def middle(values: Floats, counts: Ints) -> Floats:
    """The median of each row's first `counts` values, of those in order; inf is no value."""
    values = np.sort(values, axis=1)
    rows = np.arange(len(values))
    counts = np.maximum(counts, 1)
    low, high = values[rows, (counts - 1) // 2], values[rows, counts // 2]
    found: Floats = np.where(np.isfinite(high), (low + high) / 2, 0.0)
    return found
