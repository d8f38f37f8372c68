"""Beyond reach: a value that is out of the plausible range of what is measured.

The range is the catalogue's, not the stream's own past: an installation that was wrong from
its first day is told of on it.
"""

import numpy as np

from models.detectors import traits
from models.detectors.promise import UNSURE, Bools, Floats, Ints, Rows, Verdicts

CERTAIN = 1.0  # the score of what cannot be


class Reach:
    """See the module. Needs the traits of the streams (`know`), and no warm-up.

    A stream that was told of is told of again when it was in its range for `calm` samples.
    """

    name = "reach"
    sceptical = True  # ingest holds for bad what is out of its range
    layout = np.dtype([("left", "u1")])  # samples in range that are still wanted

    def __init__(self, calm: int = 20) -> None:
        if not 1 <= calm <= 255:
            raise ValueError("the calm that ends an alarm takes 1 to 255 samples")
        self.calm = calm
        self.traits: Rows = np.zeros(0, traits.LAYOUT)

    def know(self, traits: Rows) -> None:
        """Takes the traits of all rows: the n-th belongs to the n-th record."""
        self.traits = traits

    def bounds(self, who: Ints) -> tuple[Floats, Floats]:
        """The plausible range of each stream; infinite where nobody said."""
        low, high = self.traits["low"], self.traits["high"]
        if not len(who) or who.max() < len(low):
            return low[who], high[who]
        known = who < len(low)
        mine = np.full(len(who), traits.UNKNOWN)
        mine[known] = self.traits[who[known]]
        return mine["low"], mine["high"]

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:  # noqa: ARG002
        """Judges samples; time plays no part. The band is the whole range, where there is one."""
        low, high = self.bounds(who)
        outside = np.asarray((value < low) | (value > high))
        news = outside & (rows["left"][who] == 0)
        both = np.isfinite(low) & np.isfinite(high)
        low, high = np.where(both, low, 0.0), np.where(both, high, 0.0)
        return Verdicts(
            np.where(news, CERTAIN, UNSURE), low / 2 + high / 2, high / 2 - low / 2, outside
        )

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:  # noqa: ARG002
        """Counts how long each stream has been in its range again."""
        low, high = self.bounds(who)
        self.count(rows, who, value, np.asarray((value < low) | (value > high)))

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples and takes them in."""
        verdicts = self.score(rows, who, time, value)
        if verdicts.standing is not None:
            self.count(rows, who, value, verdicts.standing)
        return verdicts

    def count(self, rows: Rows, who: Ints, value: Floats, outside: Bools) -> None:
        """Counts samples in range; what is no number is none of them."""
        left = rows["left"][who]
        nearer = np.where(np.isnan(value), left, np.maximum(left, 1) - 1)
        rows["left"][who] = np.where(outside, self.calm, nearer)
