"""How far a device's clock is off: what its promptest readings say.

A reading arrives a little after its time. What keeps it (a network, a buffer, a gateway's batch)
only makes it later, so the promptest of many say how far the clocks are apart. The very
promptest may be a glitch: the lower quartile of the last few is taken, one of them a minute.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.reading import MINUTE, SECOND

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.void]

KEPT = 16  # delays
FEWEST = 3  # before anything is said
EVERY = MINUTE  # a backlog of an hour that comes in a minute counts once

# The last delays (arrival - time, microseconds), how many there were, and the last one's arrival.
LAYOUT = np.dtype([("delays", "<i8", (KEPT,)), ("count", "<i8"), ("at", "<i8")])


def blank(size: int) -> NDArray[Any]:
    """Records of assets that nothing is known of."""
    return np.zeros(size, LAYOUT)


def learn(rows: Rows, who: Ints, time: Ints, received_at: int) -> None:
    """Takes in the newest reading each of several different assets (microseconds since 1970)."""
    due = (rows["count"][who] == 0) | (received_at - rows["at"][who] >= EVERY)
    who, time = who[due], time[due]
    rows["delays"][who, rows["count"][who] % KEPT] = received_at - time
    rows["count"][who] += 1
    rows["at"][who] = received_at


def estimate(rows: Rows, who: Ints) -> Floats:
    """Seconds by which these assets' clocks are ahead of ours; NaN where too little is known.

    Negative is behind, or held back on every way here: the two cannot be told apart.
    """
    count = np.minimum(rows["count"][who], KEPT)
    filled = np.arange(KEPT) < count[:, None]
    delays = np.sort(np.where(filled, rows["delays"][who], np.iinfo(np.int64).max), axis=1)
    quartile = delays[np.arange(len(who)), np.maximum(count - 1, 0) // 4]
    return np.where(count >= FEWEST, -quartile / SECOND, np.nan)
