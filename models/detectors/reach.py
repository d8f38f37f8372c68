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
        known = who < len(self.traits)
        mine = np.full(len(who), traits.UNKNOWN)
        mine[known] = self.traits[who[known]]
        return mine["low"], mine["high"]

    def outside(self, who: Ints, value: Floats) -> Bools:
        """Which values cannot be; what is no number is none of them."""
        low, high = self.bounds(who)
        return np.asarray((value < low) | (value > high))

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:  # noqa: ARG002
        """Judges samples; time plays no part. The band is the whole range, where there is one."""
        outside = self.outside(who, value)
        news = outside & (rows["left"][who] == 0)
        low, high = self.bounds(who)
        both = np.isfinite(low) & np.isfinite(high)
        low, high = np.where(both, low, 0.0), np.where(both, high, 0.0)
        return Verdicts(
            np.where(news, CERTAIN, UNSURE), low / 2 + high / 2, high / 2 - low / 2, outside
        )

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:  # noqa: ARG002
        """Counts how long each stream has been in its range again."""
        left = rows["left"][who]
        nearer = np.where(np.isnan(value), left, np.maximum(left, 1) - 1)
        rows["left"][who] = np.where(self.outside(who, value), self.calm, nearer)
