"""Far from the recent level, and beyond all that a stream ever was: what is odd to a newcomer."""

import numpy as np

from models.detectors.promise import (
    BAND_SCALES,
    UNSURE,
    Floats,
    Ints,
    Rows,
    Verdicts,
    noise_floor,
    oddness,
    tamed,
)

# The mean absolute deviation of a normal distribution is 0.8 of its standard deviation.
TO_DEVIATION = 1.2533


class Level:
    """Knows where a stream has been lately, how much it moves, and how far it ever went.

    Little is known of a stream that stands still: whatever wakes it may be its day. Nor is a
    nought held for odd, which is how things are when they are off. memory is the number of
    samples that count; warm_up of them are needed before it judges. An odd value is learned only up to `clip` scales: one spike teaches nothing, a new level
    is learned within a memory.
    """

    name = "level"
    by_hour: tuple[str, ...] = ()
    layout = np.dtype(
        [
            ("mean", "<f8"),  # weighted exponentially
            ("deviation", "<f8"),  # from it, on average
            ("least", "<f8"),
            ("greatest", "<f8"),
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

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:  # noqa: ARG002
        """Judges samples against the recent level; time plays no part."""
        mean, scale = rows["mean"][who], self.scale(rows, who)
        sure = (rows["seen"][who] >= self.warm_up) & ~np.isnan(value) & (value != 0)
        sure &= TO_DEVIATION * rows["deviation"][who] >= scale
        value = tamed(np.where(sure, value, 0.0))
        sure &= (value < rows["least"][who]) | (value > rows["greatest"][who])
        return Verdicts(
            np.where(sure, oddness(value, mean, scale), UNSURE), mean, BAND_SCALES * scale
        )

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:  # noqa: ARG002
        """Moves the level and its deviation towards the samples."""
        told = ~np.isnan(value)
        who, value = who[told], tamed(value[told])
        seen = rows["seen"][who]
        mean, first = rows["mean"][who], seen == 0
        whole = (rows["whole"][who] | first) & (value == np.round(value))
        rows["whole"][who] = whole
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
