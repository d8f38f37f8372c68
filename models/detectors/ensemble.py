"""Many ways of being odd, each measured by a stream's own past, added up to one score.

Each number that describes a sample (the value, its drift from the hour's mean, how much the
stream moves) becomes a distance: to the nearest number of the past (`novelty`), or out of the
bounds of its hours (`day`). A distance becomes a surprise: minus the logarithm of how rare it
is among the stream's own (`tail`). Surprises are added; what is left when `episode` has had
its say is the score. Nothing depends on unit or scale; every size and every cost is fixed.
"""

from typing import NamedTuple

import numpy as np

from models.detectors import day, episode, novelty, tail
from models.detectors.promise import Bools, Floats, Ints, Rows, Verdicts, tamed
from models.reading import DAY

# The running means a stream keeps: of what, over how many samples.
MEANS = (
    ("over_mean", 12),  # drift from the mean of the hour
    ("change", 6),  # from the sample before, without its sign
    ("value", 72),
    ("value", 36),
)
# What is compared with its past: the value, and the first three means. A mean is remembered
# every few samples only: its last value, always near, would hide that it has drifted.
EVERY = np.array([1, 6, 3, 36])
# What is held against the bounds of its hours: the value and the last mean.
BOUNDED = 2
PARTS = ("value", "drift", "movement", "mean", "bounds", "bounds_of_mean")
# Found on the Numenta Anomaly Benchmark, as is what is above and below: docs/accuracy.md.
WEIGHTS = np.array([1.0, 0.8, 0.78, 0.7, 0.7, 0.7])

PLACES = 32  # of the memory of one number
ENOUGH = 32  # distances above the threshold of a tail: it holds so many to twice as many
FIRST_DISTANCES = 20  # samples before a distance means anything
FIRST_SURPRISES = 150  # samples before a tail does
GREATEST = 12.0  # surprise: one in e^12
BEND = 0.7  # surprises are added by this power: several small ones weigh more than a big one
DUST = 1e-6  # of a stream's size: a distance below it is rounding


class Settings(NamedTuple):
    """What an installation may turn.

    warm_up samples and warm_up_time microseconds pass before a stream is judged: what a day
    brings is known when it has come twice. A loudness of `alarm` scores ALARM.
    """

    warm_up: int = 200
    warm_up_time: int = 2 * DAY
    alarm: float = 5.42
    manners: episode.Manners = episode.Manners(
        least=3.56,
        louder=1.464,
        shortest=219,
        share=0.05,
        tiring=0.1,
        rest=2000,
        rest_share=0.1,
    )


ALARM = 0.995  # the score of what is just loud enough


class Sight(NamedTuple):
    """What was seen in samples before anything is learned of them: arrays of n rows."""

    relative: Floats  # to the first value of the stream
    means: Floats  # (n, len(MEANS)), with this sample in
    numbers: novelty.Singles  # (n, len(EVERY)): what is compared with its past
    far: novelty.Singles  # (n, len(EVERY)): from the nearest in memory
    distances: Floats  # (n, len(PARTS)): to the past, and out of bounds
    surprises: Floats  # (n, len(PARTS))
    ready: Bools  # whether the stream is warm
    loudness: Floats


class Ensemble:
    """See the module. Keeps `Detector`'s promise; `judge` scores and learns at one go."""

    name = "ensemble"
    PARTS = PARTS
    layout = np.dtype(
        [
            ("seen", "<i4"),
            ("born", "<i8"),
            ("first", "<f8"),
            ("last", "<f8"),
            ("means", "<f8", len(MEANS)),
            ("memory", "<f4", (len(EVERY), PLACES)),
            ("tightest", "<f4", len(EVERY)),
            ("tails", np.dtype(tail.TAIL), len(PARTS)),
            ("day", day.layout(BOUNDED)),
            ("episode", np.dtype(episode.LAYOUT)),
        ],
        align=False,
    )

    def __init__(self, settings: Settings = Settings()) -> None:  # noqa: B008
        if settings.warm_up < FIRST_SURPRISES:
            raise ValueError(f"a warm-up takes at least {FIRST_SURPRISES} samples")
        self.settings = settings

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples; a score of ALARM or more is worth an operator's time.

        What is no number is not judged: its score is UNSURE.
        """
        told = np.where(np.isnan(value), rows["first"][who] + rows["last"][who], value)
        sight = self.look(rows, who, time, told)
        loudness = np.where(np.isnan(value), 0.0, sight.loudness)  # of 0 scores UNSURE
        return self.verdicts(rows, who, time, sight._replace(loudness=loudness))

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Takes samples in; one that is no number is passed over."""
        told = ~np.isnan(value)
        who, time, value = who[told], time[told], value[told]
        self.keep(rows, who, time, value, self.look(rows, who, time, value))

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples and takes them in, at half the price of both."""
        if np.isnan(value).any():
            verdicts = self.score(rows, who, time, value)
            self.learn(rows, who, time, value)
            return verdicts
        sight = self.look(rows, who, time, value)
        verdicts = self.verdicts(rows, who, time, sight)
        self.keep(rows, who, time, value, sight)
        return verdicts

    def look(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Sight:
        """Everything there is to see in samples; changes nothing."""
        seen = rows["seen"][who].astype(np.int64)
        first = np.where(seen == 0, value, rows["first"][who])
        relative = tamed(value) - tamed(first)
        means = self.moved(rows, who, time, relative)
        numbers = np.concatenate([relative[:, None], means[:, :3]], axis=1).astype(np.float32)
        far = novelty.distance(rows["memory"][who], numbers)
        bounded = np.concatenate([relative[:, None], means[:, 3:]], axis=1)
        outside = day.out_of_bounds(rows["day"], who, time, bounded)
        novel = np.where((seen >= FIRST_DISTANCES)[:, None], far, np.float32(0))
        outside = np.where((time // DAY > rows["born"][who] // DAY)[:, None], outside, 0.0)
        distances = np.concatenate([novel, outside], axis=1)
        dust = DUST * (np.abs(first) + np.abs(relative))
        distances = np.where(distances > dust[:, None], distances, 0.0)
        told = tail.surprise(rows["tails"][who], seen[:, None], distances, GREATEST)
        surprises = np.where((seen >= FIRST_SURPRISES)[:, None], told, 0.0)
        added = (surprises**BEND * WEIGHTS).sum(axis=1)
        ready = self.ready(rows, who, time)
        loudness = np.where(ready, added, 0.0)
        return Sight(relative, means, numbers, far, distances, surprises, ready, loudness)

    def ready(self, rows: Rows, who: Ints, time: Ints) -> Bools:
        """Whether each stream is warm: it has been seen often and long enough to be judged."""
        age = time - rows["born"][who]
        enough = rows["seen"][who] >= self.settings.warm_up
        warm: Bools = enough & (age >= self.settings.warm_up_time)
        return warm

    def moved(self, rows: Rows, who: Ints, time: Ints, relative: Floats) -> Floats:
        """The running means with these samples in them; of a first sample, itself and noughts."""
        seen = rows["seen"][who]
        before = rows["means"][who]
        started = seen > 0
        taken = {
            "value": relative,
            "over_mean": day.over_mean(rows["day"], who, time, relative),
            "change": np.where(started, np.abs(relative - rows["last"][who]), 0.0),
        }
        new = np.stack([taken[of] for of, _ in MEANS], axis=1)
        lengths = np.array([length for _, length in MEANS])
        moved: Floats = before + (new - before) / np.minimum(seen[:, None] + 1, lengths)
        return moved

    def verdicts(self, rows: Rows, who: Ints, time: Ints, sight: Sight) -> Verdicts:
        """The score of what was seen, and the bounds of the hour around their middle."""
        loud = episode.heard(
            rows["episode"][who], rows["seen"][who], sight.loudness, self.settings.manners
        )
        score = -np.expm1(np.log1p(-ALARM) * loud / self.settings.alarm)
        middle, half = day.middle(rows["day"], who, time)
        known = rows["seen"][who] > 0
        expected = np.where(known, rows["first"][who] + middle, 0.0)
        band = np.where(known, half, 0.0).astype(np.float64)
        standing = sight.loudness > self.settings.manners.least
        parts = np.where(sight.ready[:, None], sight.surprises, 0.0)
        return Verdicts(score, expected, band, standing, parts)

    def keep(self, rows: Rows, who: Ints, time: Ints, value: Floats, sight: Sight) -> None:
        """Learns what was seen."""
        self.begin(rows, who, time, value)
        seen = rows["seen"][who].astype(np.int64)
        self.remember(rows, who, seen, sight)
        sure = (seen >= FIRST_SURPRISES)[:, None]
        rows["tails"][who] = tail.learned(rows["tails"][who], sight.distances, sure, ENOUGH)
        day.learn_mean(rows["day"], who, time, sight.relative)
        bounded = np.concatenate([sight.relative[:, None], sight.means[:, 3:]], axis=1)
        day.learn_bounds(rows["day"], who, time, bounded)
        rows["episode"][who] = episode.learned(
            rows["episode"][who], seen, sight.loudness, self.settings.manners
        )
        rows["means"][who], rows["last"][who] = sight.means, sight.relative
        rows["seen"][who] = np.minimum(seen + 1, 2_000_000_000)

    def begin(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Makes the records of streams that speak for the first time ready."""
        new = who[rows["seen"][who] == 0]
        if not len(new):
            return
        rows["memory"][new] = novelty.FREE
        rows["day"]["bounds"][new] = novelty.FREE
        rows["born"][new] = time[rows["seen"][who] == 0]
        rows["first"][new] = tamed(value[rows["seen"][who] == 0])

    def remember(self, rows: Rows, who: Ints, seen: Ints, sight: Sight) -> None:
        """Lets those numbers into the memories that are far enough from all known ones."""
        due = seen[:, None] % EVERY == 0
        wanted = due & ((seen == 0)[:, None] | (sight.far > rows["tightest"][who]))
        stream, which = np.nonzero(wanted)
        if len(stream):
            place = who[stream], which
            memory = novelty.remembered(rows["memory"][place], sight.numbers[stream, which])
            rows["memory"][place] = memory
            rows["tightest"][place] = novelty.tightest(memory)
