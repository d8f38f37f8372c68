"""What may be behind an oddness that is neither fault nor news: rain, or an emptied container.

Rain is local: where it falls a station parts from its family although nothing is wrong with it.
That it rains is known from other gauges of the same area, and from none that fell silent.
"""

import numpy as np

from models.detectors import traits
from models.detectors.promise import Bools, Floats, Ints, Rows
from models.detectors.records import Records
from models.detectors.traits import Sort
from models.reading import MINUTE

# So many times the loudness of an alarm is asked of what rain explains: of the false ones in the
# rain of simulated days none was 1.2 times as loud as an alarm.
IN_RAIN = 2.0
EMPTIED = np.inf  # no loudness is news
A_TENTH = 0.1  # of what it held: a container that fell to less was emptied
PRESENT = 30 * MINUTE  # whoever was not heard for so long says nothing; so long traces last
# Detectors of what no rain does: a value that stands still, one that cannot be, another rhythm.
UNEXCUSED = frozenset({"flatline", "reach", "rhythm"})
NEEDS = "flatline"  # whose records know what every stream said last, and since when


class Causes:
    """Says of which samples more is asked. Knows nothing but traits and what is known anyway."""

    def __init__(self) -> None:
        self.traits: Rows = np.zeros(0, traits.LAYOUT)

    def know(self, traits: Rows) -> None:
        """Takes the traits of all rows: the n-th belongs to the n-th record."""
        self.traits = traits

    def asked(self, rows: Records, who: Ints, time: Ints, value: Floats) -> Floats | None:
        """How many times the loudness is asked of each sample; None: of none more than once."""
        wetted = self.traits["wetted"][who]
        counter = self.traits["sort"][who] == Sort.COUNTER
        asked = np.ones(len(who))
        if counter.any():
            asked[counter & emptied(rows[NEEDS], who, value)] = EMPTIED
        if wetted.any():
            asked[wetted & self.in_rain(rows, who, time)] = IN_RAIN
        return asked if (asked > 1.0).any() else None

    def in_rain(self, rows: Records, who: Ints, time: Ints) -> Bools:
        """Which samples come from an area where a gauge that is not their own stream is wet."""
        gauges = np.flatnonzero(self.traits["gauge"])
        last, now = rows[NEEDS], int(time.max())
        wet = (last["held"][gauges] > 0) | (last["since"][gauges] > now - PRESENT)
        wet &= rows["condition"]["judged_until"][gauges] > now - PRESENT
        wet &= self.traits["place"][gauges] != traits.NOWHERE
        gauges = gauges[wet]
        places, count = np.unique(self.traits["place"][gauges], return_counts=True)
        if not len(places):
            return np.zeros(len(who), bool)
        mine = self.traits["place"][who]
        at = np.minimum(np.searchsorted(places, mine), len(places) - 1)
        others = np.where(places[at] == mine, count[at], 0) - np.isin(who, gauges)
        return np.asarray(others > 0)


def emptied(last: Rows, who: Ints, value: Floats) -> Bools:
    """Which samples say that a counter began anew, or a container was emptied."""
    return np.asarray(
        (last["seen"][who] > 0) & (value >= 0) & (value < A_TENTH * last["held"][who])
    )
