"""Odd against its like: what no stream of the same kind does at the same time.

Sunrise, the opening of offices, rain and a free day move all streams of a family (one metric of
one kind of asset) together; a fault moves one of them. Three distances are measured, each in
multiples of what this stream has been seen to do at this hour of the day:

- `step`       from one sample to the next, also held against the largest steps of late;
- `apart`      the same step, less the step of the family's middle;
- `level`      how far the stream has stayed from where it usually is against the family's middle.

A sample is odd by its step where `step` and `apart` both are. Without a family of at least FEWEST
a stream is held against its own past alone.
"""

from typing import NamedTuple

import numpy as np

from models.detectors import strides
from models.detectors.glance import put, taken
from models.detectors.kindred import Kindred
from models.detectors.novelty import Singles
from models.detectors.promise import UNSURE, Bools, Floats, Ints, Rows, Verdicts, tamed
from models.detectors.strides import HOURS, Steps
from models.reading import DAY, HOUR, MINUTE

GAP = 3.0  # cadences: over a longer gap a step says how long the gap was

STEP, APART, LEVEL = range(3)


class Settings(NamedTuple):
    """How much is odd, found on simulated provinces of other seeds than docs/accuracy.md tells of.

    step is how many times the usual size of a step is odd; largest how many times the largest of
    late; level how many times the usual distance from the family, spread how many times the one
    the family has at this moment, farthest how many times the farthest of late. smooth is the
    number of samples a level is averaged over. louder asks for so many times all of this.
    """

    step: float = 8.0
    largest: float = 1.3
    level: float = 6.5
    spread: float = 12.0
    farthest: float = 1.3
    smooth: int = 10
    warm_up: int = 200
    warm_up_time: int = 2 * DAY
    utc_offset_hours: int = 7


ALARM_NATS = -np.log1p(-0.995)
LOUDEST = 5.0  # times what is odd: beyond it nothing is surer
QUANTA = 2.5  # a step of so many of a stream's own smallest steps is odd at the earliest
HALF_LIFE = 20 * DAY  # of the farthest that is remembered
STAYS = 4.0  # a level moves by at most so many of what is usual, with each sample
CALM = 30  # samples without anything odd, until what was told is over
STANDS = 0.5  # of what is odd: above it goes on
HOME = 1000.0  # samples that make a stream's home value


class Sight(NamedTuple):
    """What is seen in samples before they are learned; arrays of n."""

    known: Rows  # copies of the records
    steps: Steps
    apart_by: Floats  # from the family's middle
    away: Floats  # from the usual distance to the family
    strays: Floats  # how far it usually is from that, about this hour
    smooth: Floats  # away, averaged
    odd: Floats  # (n, 3), 1: worth telling
    loud: Floats  # of all together
    calm: Ints
    expected: Floats


class Neighbours:
    """See the module. Keeps the promise of a detector; `judge` scores and learns at one go."""

    name = "neighbours"
    PARTS = ("step", "apart", "level")
    layout = np.dtype(
        [
            ("seen", "<i4"),
            ("born", "<i8"),
            ("last_at", "<i8"),
            ("last", "<f8"),
            ("home", "<f8"),
            ("whole", "?"),
            ("pace", "<f4"),  # microseconds between samples
            ("quantum", "<f4"),
            ("step", "<f4"),
            *strides.LAYOUT,
            ("usual", "<f4", HOURS),
            ("spread", "<f4", HOURS),
            ("seen_at", "<u2", HOURS),
            ("smooth", "<f4"),
            ("farthest", "<f4"),
            ("calm", "u1"),  # samples still to come before anything is told again
        ],
        align=False,
    )

    def __init__(self, settings: Settings = Settings()) -> None:  # noqa: B008
        if settings.warm_up < 1:
            raise ValueError("neighbours need a warm-up of at least 1 sample")
        self.settings = settings
        self.kindred = Kindred()

    def know(self, traits: Rows) -> None:
        """Takes the traits of all rows: `family` is a number that like streams share, 0 is none."""
        self.kindred.traits = traits

    def serves(self, who: Ints) -> Bools:
        """Which streams have a family."""
        return self.kindred.serves(who)

    def ready(self, rows: Rows, who: Ints, time: Ints) -> Bools:
        """Which streams have been seen often and long enough to be judged."""
        return self.warm(rows["seen"][who], rows["born"][who], time)

    def warm(self, seen: Ints, born: Ints, time: Ints) -> Bools:
        """Whether so many samples since then are enough to judge a stream."""
        old: Bools = time - born >= self.settings.warm_up_time
        return (seen >= self.settings.warm_up) & old

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples; a score of 0.995 or more is worth an operator's time."""
        number = ~np.isnan(value)
        sight = self.look(rows, who, time, tamed(np.where(number, value, rows["last"][who])))
        verdicts = self.verdicts(sight)
        return verdicts._replace(score=np.where(number, verdicts.score, UNSURE))

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Takes samples in; one that is no number is passed over."""
        number = ~np.isnan(value)
        who, time, value = who[number], time[number], tamed(value[number])
        put(rows, who, self.after(time, value, self.look(rows, who, time, value)))

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples and takes them in."""
        if np.isnan(value).any():
            verdicts = self.score(rows, who, time, value)
            self.learn(rows, who, time, value)
            return verdicts
        value = tamed(value)
        sight = self.look(rows, who, time, value)
        verdicts = self.verdicts(sight)
        put(rows, who, self.after(time, value, sight))
        return verdicts

    def look(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Sight:
        """Everything there is to see in samples; changes nothing."""
        known, each = taken(rows, who), np.arange(len(who))
        hour = (time // HOUR + self.settings.utc_offset_hours) % HOURS
        new = known["seen"] == 0
        gap = time - known["last_at"]
        moved = ~new & (gap > 0) & (gap <= GAP * np.maximum(known["pace"], 1.0) + MINUTE)
        step = np.where(moved, value - known["last"], 0.0)
        relative = value - np.where(new, value, known["home"])
        middle = self.kindred.middles(rows, who, time, step, relative)
        apart = np.where(moved, step - middle.step, 0.0)
        steps = Steps(np.stack([step, apart], axis=1), moved, hour)
        apart_by = relative - middle.value
        usual = np.where(known["seen_at"][each, hour] > 0, known["usual"][each, hour], apart_by)
        away = apart_by - usual
        strays = around(known["spread"], hour)
        ready = self.warm(known["seen"], known["born"], time)
        smooth = self.smoothed(known, away, strays, ready)
        odd = self.oddness(known, steps, smooth, np.stack([strays, middle.spread]))
        odd = np.where(ready[:, None], odd, 0.0)
        loud = np.maximum(np.minimum(odd[:, STEP], odd[:, APART]), odd[:, LEVEL])
        calm = known["calm"].astype(np.int64)
        expected = np.where(new, value, known["home"] + middle.value + usual)
        return Sight(known, steps, apart_by, away, strays, smooth, odd, loud, calm, expected)

    def smoothed(self, known: Rows, away: Floats, strays: Floats, ready: Bools) -> Floats:
        """The averaged distance with these samples in; one of them moves it only so far."""
        before = known["smooth"].astype(np.float64)
        most = STAYS * self.settings.level * strays + known["quantum"]
        bounded = np.where(ready, np.clip(away, -most, most), away)
        moved: Floats = before + (bounded - before) / self.settings.smooth
        return moved

    def oddness(self, known: Rows, steps: Steps, smooth: Floats, spreads: Floats) -> Floats:
        """(n, 3): 1 where something is worth telling.

        spreads (2, n) are how far a stream usually strays, and how far its family does now.
        """
        s = self.settings
        floor = np.maximum(QUANTA * known["quantum"], np.abs(known["last"]) * 1e-6) + 1e-12
        bars = s.step * strides.usual(known, steps.hour)
        bars[:, 0] = np.maximum(bars[:, 0], s.largest * strides.largest(known, steps))
        odd = np.zeros((len(known), 3))
        by_step = np.abs(steps.both) / np.maximum(bars, floor[:, None])
        odd[:, :2] = np.where(steps.moved[:, None], by_step, 0.0)
        scale = np.maximum(s.level * spreads[0], s.spread * spreads[1])
        scale = np.maximum(scale, np.maximum(s.farthest * known["farthest"], floor))
        odd[:, LEVEL] = np.abs(smooth) / scale
        return odd

    def verdicts(self, sight: Sight) -> Verdicts:
        """The score: of a step that is odd both ways, or of a level; nothing of what was told."""
        news = np.where(sight.calm > 0, 0.0, np.minimum(sight.loud, LOUDEST))
        parts = ALARM_NATS * np.minimum(sight.odd, LOUDEST)
        standing = (sight.calm > 0) & (sight.loud >= STANDS)
        band = self.settings.level * sight.strays
        return Verdicts(-np.expm1(-ALARM_NATS * news), sight.expected, band, standing, parts)

    def after(self, time: Ints, value: Floats, sight: Sight) -> Rows:
        """The records after what was seen: those of the sight, changed."""
        known = sight.known
        seen = known["seen"].astype(np.float64)
        new = known["seen"] == 0
        strides.learn(known, time, sight.steps)
        self.learn_level(time, sight)
        whole = (known["whole"] | new) & (value == np.round(value))
        size = np.abs(sight.steps.both[:, 0])
        smallest = np.where(known["quantum"] > 0, np.minimum(size, known["quantum"]), size)
        known["quantum"] = np.where(whole, 1.0, np.where(size > 0, smallest, known["quantum"]))
        known["whole"] = whole
        told = (sight.calm == 0) & (sight.loud >= 1)
        goes_on = (sight.calm > 0) & (sight.loud >= STANDS)
        known["calm"] = np.where(told | goes_on, CALM, np.maximum(sight.calm - 1, 0))
        gap = np.where(new, 0, time - known["last_at"]).astype(np.float64)
        known["pace"] += np.where(
            sight.steps.moved | (seen < 5),
            (np.maximum(gap, 0) - known["pace"]) / np.minimum(seen + 1, 30),
            0,
        )
        known["born"] = np.where(new, time, known["born"])
        home = np.where(new, value, known["home"])
        known["home"] = np.where(seen < HOME, home + (value - home) / (seen + 1), home)
        known["step"] = sight.steps.both[:, 0]
        known["last_at"], known["last"] = np.maximum(time, known["last_at"]), value
        known["seen"] = np.minimum(known["seen"] + 1, 2_000_000_000)
        return known

    def learn_level(self, time: Ints, sight: Sight) -> None:
        """Where a stream is against its family at this hour, and how far it strays."""
        known, each, hour = sight.known, np.arange(len(time)), sight.steps.hour
        count = known["seen_at"][each, hour].astype(np.float64)
        age = np.where(known["seen"] > 0, time - known["born"], 0)
        warm = age >= self.settings.warm_up_time
        most = np.where(warm, 3.0 * sight.strays + known["quantum"], np.inf)
        away = np.clip(sight.away, -most, most)
        weight = 1.0 / np.minimum(count + 1, 7 * 60)
        usual = known["usual"][each, hour].astype(np.float64)
        known["usual"][each, hour] = np.where(count > 0, usual + weight * away, sight.apart_by)
        before = known["spread"][each, hour].astype(np.float64)
        known["spread"][each, hour] = np.where(
            count > 0, before + weight * (np.abs(away) - before), 0.0
        )
        known["seen_at"][each, hour] = np.minimum(count + 1, 60_000)
        known["smooth"] = sight.smooth
        far = known["farthest"].astype(np.float64) * 0.5 ** (1.0 / (HALF_LIFE / MINUTE))
        size = np.abs(sight.smooth)
        known["farthest"] = np.where(
            warm,
            np.maximum(far, np.minimum(size, 1.002 * far + 1e-12)),
            np.where(age >= DAY, np.maximum(far, size), 0.0),
        )


def around(by_hour: Singles, hour: Ints) -> Floats:
    """The greatest of an hour and those beside it."""
    each = np.arange(len(hour))
    before, now, after = (by_hour[each, (hour + d) % HOURS] for d in (-1, 0, 1))
    return np.asarray(np.maximum(np.maximum(before, now), after), np.float64)
