"""Far from the recent level, and beyond all that a stream ever was: what is odd to a newcomer."""

import numpy as np

from models.detectors.promise import (
    BAND_SCALES,
    UNSURE,
    Bools,
    Floats,
    Ints,
    Rows,
    Verdicts,
    noise_floor,
    oddness,
    tamed,
)
from models.reading import DAY

# The mean absolute deviation of a normal distribution is 0.8 of its standard deviation.
TO_DEVIATION = 1.2533
# So many times the range it was seen in has a value to be beyond it on a stream's first day. A
# hundred samples of noise range over 5 deviations: 25 of them beyond all noise are a fault.
GROSS = 5.0


class Level:
    """Knows where a stream has been lately, how much it moves, and how far it ever went.

    Little is known of a stream that stands still: whatever wakes it may be its day. Nor is a
    nought held for odd, which is how things are when they are off. Until it has seen a whole
    day of a stream (by the stream's own time) it tells of the gross alone, see `gross`: lamps
    light up at dusk and counters open in the morning, and neither was ever seen before. memory
    is the number of samples that count; warm_up of them are needed before it judges. An odd
    value is learned only up to `clip` scales: one spike teaches nothing, a new level is learned
    within a memory.
    """

    name = "level"
    by_hour: tuple[str, ...] = ()
    layout = np.dtype(
        [
            ("mean", "<f8"),  # weighted exponentially
            ("deviation", "<f8"),  # from it, on average
            ("least", "<f8"),
            ("greatest", "<f8"),
            ("since", "<i8"),  # the time of the first sample
            ("seen", "<i4"),
            ("whole", "?"),
        ],
        align=False,
    )

    def __init__(self, memory: int = 60, warm_up: int = 30, clip: float = 3.0) -> None:
        if warm_up < 2 or memory < warm_up:
            raise ValueError("a level needs a warm-up of at least 2 samples, within its memory")
        self.memory, self.warm_up, self.clip = memory, warm_up, clip

    def scale(self, rows: Rows, who: Ints) -> Floats:
        """The scale of each stream's movement, in its unit."""
        learned = TO_DEVIATION * rows["deviation"][who]
        return np.maximum(learned, noise_floor(rows["mean"][who], rows["whole"][who]))

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples against the recent level, on the first day of a stream the gross."""
        mean, scale = rows["mean"][who], self.scale(rows, who)
        sure = (rows["seen"][who] >= self.warm_up) & ~np.isnan(value) & (value != 0)
        sure &= TO_DEVIATION * rows["deviation"][who] >= scale
        value = tamed(np.where(sure, value, 0.0))
        sure &= (value < rows["least"][who]) | (value > rows["greatest"][who])
        sure &= (time - rows["since"][who] >= DAY) | self.gross(rows, who, value)
        return Verdicts(
            np.where(sure, oddness(value, mean, scale), UNSURE), mean, BAND_SCALES * scale
        )

    def gross(self, rows: Rows, who: Ints, value: Floats) -> Bools:
        """Which values are so far beyond all that was seen that no day explains it.

        Of a stream that was seen at nought, or no further from it than it moves, none is: how
        far things go when they are on cannot be told from how they are when they are off. Nor
        is what is nearer to nought than ever: they went out.
        """
        least, greatest = rows["least"][who], rows["greatest"][who]
        span = greatest - least
        beyond = np.maximum(value - greatest, least - value)
        away = np.maximum(least, -greatest)  # from nought; below it where nought lies within
        far: Bools = (beyond > GROSS * span) & (away > span) & (np.abs(value) > away)
        return far

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Moves the level and its deviation towards the samples."""
        told = ~np.isnan(value)
        who, time, value = who[told], time[told], tamed(value[told])
        seen = rows["seen"][who]
        mean, first = rows["mean"][who], seen == 0
        whole = (rows["whole"][who] | first) & (value == np.round(value))
        rows["whole"][who] = whole
        rows["since"][who] = np.where(first, time, rows["since"][who])
        # A running mean at first, an exponential one once the memory is full.
        weight = 1.0 / np.minimum(seen + 1, self.memory)
        step = value - mean
        moves, floor = TO_DEVIATION * rows["deviation"][who], noise_floor(mean, whole)
        far = (seen >= self.warm_up) & (moves >= floor) & (np.abs(step) > BAND_SCALES * moves)
        limit = self.clip * np.maximum(moves, floor)
        step = np.where(seen < self.warm_up, step, np.clip(step, -limit, limit))
        rows["mean"][who] = np.where(first, value, mean + weight * step)
        deviation = rows["deviation"][who]
        moved = deviation + weight * (np.abs(step) - deviation)
        rows["deviation"][who] = np.where(first, 0.0, moved)
        near = np.where(first | ~far, value, mean)  # what is odd says nothing of how far it goes
        rows["least"][who] = np.where(first, value, np.minimum(near, rows["least"][who]))
        rows["greatest"][who] = np.where(first, value, np.maximum(near, rows["greatest"][who]))
        rows["seen"][who] = np.minimum(seen + 1, 1_000_000)
