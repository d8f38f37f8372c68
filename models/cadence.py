"""How often a stream speaks, and after how much silence that is news.

Learned from the gaps between one reading and the next, all streams at once as arrays, in their
logarithm: a gap of twice the usual length is as far off as one of half of it.

A gap is the longer one of two: that between the times of the readings, and that between their
arrivals. A device that sends its readings of an hour in one go is heard once an hour, and a
backlog that comes in one second was not measured in it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.reading import SECOND

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.void]

# What is known of one stream: the time of its newest reading (microseconds since 1970), when it
# was heard last and first (seconds), then natural logarithms of seconds: its usual gap, the
# mean deviation from it, and the longest gap of late.
LAYOUT = np.dtype(
    [
        ("time", "<i8"),
        ("heard", "<f8"),
        ("began", "<f8"),
        ("pace", "<f8"),
        ("spread", "<f8"),
        ("longest", "<f8"),
        ("samples", "<i4"),
        ("met", "?"),
    ]
)

# Events that know nothing of each other (a Poisson process) deviate by 0.98. What deviates by
# more than this comes in bursts, and its silence says nothing.
REGULAR = 1.2
CLIP = 2.0  # no gap moves the pace as if it were more than 7.4 times as long or as short
FORGET = 20.0  # the longest gap is forgotten after about so many of its own length
SHORTEST, LONGEST = 1e-3, 1e9  # seconds: what counts as a gap


class Rules(NamedTuple):
    """When a stream is known, and how much silence is tolerated: in gaps, and at least seconds.

    memory is the number of gaps that count; warm_up of them and warm_up_seconds are needed.
    """

    memory: int = 30
    warm_up: int = 10
    warm_up_seconds: float = 900.0
    late: float = 3.0
    silent: float = 10.0
    late_floor: float = 30.0
    silent_floor: float = 120.0

    def checked(self) -> "Rules":
        """These rules. Raises ValueError where they contradict each other."""
        if self.warm_up < 2 or self.memory < self.warm_up:
            raise ValueError("a cadence needs a warm-up of at least 2 gaps, within its memory")
        if not (1 <= self.late <= self.silent and 0 < self.late_floor <= self.silent_floor):
            raise ValueError("late comes before silent, and not within the usual gap")
        return self


class Patience(NamedTuple):
    """Seconds, one each a stream: its usual gap, and the silence after which it is late, silent.

    All three are infinite where that cannot be told (yet).
    """

    cadence: Floats
    late: Floats
    silent: Floats


def blank(size: int) -> NDArray[Any]:
    """Records of streams that nothing is known of."""
    return np.zeros(size, LAYOUT)


def learn(rules: Rules, rows: Rows, who: Ints, time: Ints, moment: float) -> None:
    """Takes in the newest reading each of several different streams.

    time is the readings' own, in microseconds since 1970; moment the arrival, in seconds of the
    listener's clock. One that is no newer than what is known tells nothing of the gaps.
    """
    known = rows["met"][who]
    newest = rows["time"][who]
    apart = (time.astype(np.float64) - newest.astype(np.float64)) / SECOND
    gap = np.maximum(apart, moment - rows["heard"][who])
    counts = known & (time > newest)
    take(rules, rows, who[counts], np.log(np.clip(gap[counts], SHORTEST, LONGEST)))
    rows["began"][who] = np.where(known, rows["began"][who], moment)
    rows["heard"][who] = np.where(known, np.maximum(rows["heard"][who], moment), moment)
    rows["time"][who] = np.where(known, np.maximum(newest, time), time)
    rows["met"][who] = True


def take(rules: Rules, rows: Rows, who: Ints, gap: Floats) -> None:
    """Moves pace, spread and longest towards these gaps (logarithms)."""
    seen, pace = rows["samples"][who], rows["pace"][who]
    spread, longest = rows["spread"][who], rows["longest"][who]
    first, warm = seen == 0, seen >= rules.warm_up
    # A gap that had been called silence is taken for an outage, not for a habit: it doubles what
    # is tolerated for a while, and no more. Only where such gaps come again and again they are
    # tolerated in the end.
    most = np.log(tolerated(rules, rows, who).silent)
    longest = longest - np.minimum(np.exp(np.minimum(gap - longest, 20.0)) / FORGET, 1.0)
    longest = np.maximum(longest, np.where(warm, np.minimum(gap, most), gap))
    # A running mean at first, an exponential one once the memory is full.
    weight = 1.0 / np.minimum(seen + 1, rules.memory)
    step = gap - pace
    step = np.where(warm, np.clip(step, -CLIP, CLIP), step)
    rows["pace"][who] = np.where(first, gap, pace + weight * step)
    rows["spread"][who] = np.where(first, 0.0, spread + weight * (np.abs(step) - spread))
    rows["longest"][who] = np.where(first, gap, longest)
    rows["samples"][who] = np.minimum(seen + 1, 1_000_000)


def tolerated(rules: Rules, rows: Rows, who: Ints) -> Patience:
    """What would be tolerated of these streams, whether they are known well or not."""
    # Two deviations on top, and twice the longest of late: a device that is by turns busy and
    # idle, or buffers, is not silent in its idle times.
    usual = np.exp(rows["pace"][who] + 2.0 * rows["spread"][who])
    longest = np.exp(rows["longest"][who])
    return Patience(
        np.exp(rows["pace"][who]),
        np.maximum(rules.late_floor, np.maximum(rules.late * usual, 1.2 * longest)),
        np.maximum(rules.silent_floor, np.maximum(rules.silent * usual, 2.0 * longest)),
    )


def patience(rules: Rules, rows: Rows, who: Ints) -> Patience:
    """What is tolerated of these streams; infinite of those that are new, or come in bursts."""
    told = (
        (rows["samples"][who] >= rules.warm_up)
        & (rows["heard"][who] - rows["began"][who] >= rules.warm_up_seconds)
        & (rows["spread"][who] <= REGULAR)
    )
    return Patience(
        *(np.where(told, each, np.inf) for each in tolerated(rules, rows, who)),
    )
