"""Many ways of being odd, each measured by a stream's own past, added up to one score.

Each number that describes a sample (the value, its drift from the hour's mean, how much the
stream moves) becomes a distance: to the nearest number of the past (`novelty`), or out of the
bounds of its hours (`day`). A distance becomes a surprise: minus the logarithm of how rare it
is among the stream's own (`tail`). Surprises are added; what is left when `episode` has had
its say is the score. Nothing depends on unit or scale; every size and every cost is fixed.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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

    seen: Ints  # samples before
    at: day.When
    habits: day.Habits
    first: Floats
    relative: Floats  # to the first value of the stream
    means: Floats  # (n, len(MEANS)), with this sample in
    numbers: novelty.Singles  # (n, len(EVERY)): what is compared with its past
    far: novelty.Singles  # (n, len(EVERY)): from the nearest in memory
    bounded: Floats  # (n, BOUNDED): what is held against the bounds of its hours
    peaks: tail.Peaks  # of the distances: to the past, and out of bounds
    surprises: Floats  # (n, len(PARTS))
    told: episode.Told


class Ensemble:
    """See the module. Keeps `Detector`'s promise; `judge` scores and learns at one go."""

    name = "ensemble"
    PARTS = PARTS
    by_hour = ("mean", "count", "bounds")
    layout = np.dtype(
        [
            ("seen", "<i4"),
            ("born", "<i8"),
            ("first", "<f8"),
            ("last", "<f8"),
            ("means", "<f8", len(MEANS)),
            ("memory", "<f4", (len(EVERY), novelty.PLACES)),
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
        number = ~np.isnan(value)
        told = np.where(number, value, rows["first"][who] + rows["last"][who])
        return self.verdicts(self.look(rows, who, time, told, number))

    def score_late(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples older than those learned: how far they lie from the newest says nothing."""
        number = ~np.isnan(value)
        told = np.where(number, value, rows["first"][who] + rows["last"][who])
        return self.verdicts(self.look(rows, who, time, told, number, in_order=False))

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Takes samples in; one that is no number is passed over."""
        self.judge(rows, who, time, value)

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples and takes them in, at half the price of both."""
        number = ~np.isnan(value)
        if not number.all():
            verdicts = self.score(rows, who, time, value)
            self.judge(rows, who[number], time[number], value[number])
            return verdicts
        self.begin(rows, who, time, value)
        sight = self.look(rows, who, time, value, number)
        self.keep(rows, who, sight)
        return self.verdicts(sight)

    def look(  # noqa: PLR0913 (as score, and of what sort the samples are)
        self,
        rows: Rows,
        who: Ints,
        time: Ints,
        value: Floats,
        number: Bools,
        *,
        in_order: bool = True,
    ) -> Sight:
        """Everything there is to see in samples; changes nothing. number: what may be loud."""
        seen, at = rows["seen"][who].astype(np.int64), day.when(time)
        first = np.where(seen == 0, value, rows["first"][who])
        relative = tamed(value) - tamed(first)
        habits = day.habits(rows["day"], who, at)
        change = np.where((seen > 0) & in_order, np.abs(relative - rows["last"][who]), 0.0)
        over_mean = day.over_mean(habits, relative)
        means = moved(rows["means"].take(who, axis=0), seen, relative, over_mean, change)
        numbers = together(relative, means[:, :3], np.float32)
        far = novelty.distance(rows["memory"], who, numbers)
        bounded = together(relative, means[:, 3:], np.float64)
        born = rows["born"][who]
        distances = np.zeros((len(who), len(PARTS)))
        distances[:, :4] = np.where((seen >= FIRST_DISTANCES)[:, None], far, np.float32(0))
        new = at.day <= born // DAY
        distances[:, 4:] = np.where(new[:, None], 0.0, day.out_of_bounds(habits, bounded))
        dust = DUST * (np.abs(first) + np.abs(relative))
        distances[distances <= dust[:, None]] = 0.0
        peaks = tail.peaks(rows["tails"], who, distances)
        surprises = np.zeros(distances.shape)
        whose = seen[peaks.sample]
        told = tail.surprise(peaks, whose, GREATEST)
        surprises[peaks.sample, peaks.which] = np.where(whose >= FIRST_SURPRISES, told, 0.0)
        warm = self.warm(seen, born, time)
        loudness = np.where(warm & number, added(surprises), 0.0)
        heard = episode.heard(rows["episode"], who, seen, loudness, self.settings.manners)
        return Sight(
            seen, at, habits, first, relative, means, numbers, far, bounded, peaks, surprises, heard
        )

    def warm(self, seen: Ints, born: Ints, time: Ints) -> Bools:
        """Whether so many samples since then are enough to judge a stream."""
        old: Bools = time - born >= self.settings.warm_up_time
        return (seen >= self.settings.warm_up) & old

    def ready(self, rows: Rows, who: Ints, time: Ints) -> Bools:
        """Whether each stream is judged already."""
        return self.warm(rows["seen"][who], rows["born"][who], time)

    def verdicts(self, sight: Sight) -> Verdicts:
        """The score of what was seen, and the bounds of the hour around their middle."""
        score = -np.expm1(np.log1p(-ALARM) * sight.told.loud / self.settings.alarm)
        middle, half = day.middle(sight.habits)
        known = sight.seen > 0
        expected = np.where(known, sight.first + middle, 0.0)
        band = np.where(known, half, 0.0).astype(np.float64)
        loudness = sight.told.loudness
        parts = np.where((loudness > 0)[:, None], sight.surprises, 0.0)
        return Verdicts(score, expected, band, loudness >= self.settings.alarm, parts)

    def keep(self, rows: Rows, who: Ints, sight: Sight) -> None:
        """Learns what was seen."""
        self.remember(rows, who, sight)
        sure = sight.seen[sight.peaks.sample] >= FIRST_SURPRISES
        tail.learn(rows["tails"], who, sight.peaks, sure, ENOUGH)
        day.learn_mean(rows["day"], who, sight.at, sight.habits, sight.relative)
        day.learn_bounds(rows["day"], who, sight.at, sight.habits, sight.bounded)
        episode.learn(rows["episode"], who, sight.told)
        rows["means"][who], rows["last"][who] = sight.means, sight.relative
        rows["seen"][who] = np.minimum(sight.seen + 1, 2_000_000_000)

    def begin(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Makes the records of streams that speak for the first time ready."""
        first = rows["seen"][who] == 0
        if not first.any():
            return
        new = who[first]
        rows["memory"][new] = novelty.FREE
        rows["day"]["bounds"][new] = novelty.FREE
        rows["born"][new] = time[first]
        rows["first"][new] = tamed(value[first])

    def remember(self, rows: Rows, who: Ints, sight: Sight) -> None:
        """Lets those numbers into the memories that are far enough from all known ones."""
        new = (sight.seen == 0)[:, None]
        wanted = (sight.seen[:, None] % EVERY == 0) & (
            new | (sight.far > rows["tightest"].take(who, axis=0))
        )
        stream, which = np.nonzero(wanted)
        if len(stream):
            place = who[stream], which
            memory = novelty.remembered(rows["memory"][place], sight.numbers[stream, which])
            rows["memory"][place] = memory
            rows["tightest"][place] = novelty.tightest(memory)


def moved(
    before: Floats, seen: Ints, relative: Floats, over_mean: Floats, change: Floats
) -> Floats:
    """The running means with these samples in them; of a first sample, itself and noughts."""
    taken = {"value": relative, "over_mean": over_mean, "change": change}
    new = np.stack([taken[of] for of, _ in MEANS], axis=1)
    lengths = np.array([length for _, length in MEANS])
    after: Floats = before + (new - before) / np.minimum(seen[:, None] + 1, lengths)
    return after


def together(first: Floats, others: Floats, kind: type[np.floating[Any]]) -> NDArray[Any]:
    """A column and others beside it, (n, 1 + others)."""
    beside = np.empty((len(first), 1 + others.shape[1]), kind)
    beside[:, 0], beside[:, 1:] = first, others
    return beside


def added(surprises: Floats) -> Floats:
    """The loudness of surprises (n, len(PARTS)), most of which are 0."""
    place = np.nonzero(surprises)
    bent = np.zeros(surprises.shape)
    bent[place] = surprises[place] ** BEND * WEIGHTS[place[1]]
    total: Floats = bent.sum(axis=1)
    return total
