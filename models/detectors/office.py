"""Detectors of the week, asked of the load of services and of nothing else: most streams know no week.

A record of the week is as large as all that is kept of another stream.
"""

import numpy as np

from models.detectors import traits
from models.detectors.band import Band
from models.detectors.promise import Bools, Ints, Rows
from models.detectors.season import Season


class Office:
    """Serves the streams whose traits say that offices move them."""

    traits: Rows = np.zeros(0, traits.LAYOUT)

    def know(self, traits: Rows) -> None:
        """Takes the traits of all rows: the n-th belongs to the n-th record."""
        self.traits = traits

    def serves(self, who: Ints) -> Bools:
        """Which streams offices move."""
        office = self.traits["office"]
        inside = who < len(office)
        return np.asarray(inside & office[np.where(inside, who, 0)], bool)


class OfficeSeason(Office, Season):
    """What is unusual at an hour of the week."""


class OfficeBand(Office, Band):
    """What is beyond the forecast's band."""
