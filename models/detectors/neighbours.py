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
from numpy.typing import NDArray

from models.detectors import traits
from models.detectors.glance import put, taken
from models.detectors.promise import UNSURE, Bools, Floats, Ints, Rows, Verdicts, tamed
from models.reading import DAY, HOUR, MINUTE

Singles = NDArray[np.float32]

FEWEST = 4  # streams of a family whose middle means something
ASKED = 64  # of a family: its middle is known well enough from so many
PRESENT = 30 * MINUTE  # whoever was not heard for so long has no say
HOURS = 24
PARTS_OF_DAY = 8
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
FAST = 20.0  # samples: what a stream moves by just now
LONG = 2000.0  # samples: what it moves by
OF_HOUR = 200.0  # samples of an hour of the day, a few days of them
HALF_LIFE = 20 * DAY  # of the largest step that is remembered
CLIP = 6.0  # a step counts as so many usual ones, when the usual one is learned
STAYS = 4.0  # a level moves by at most so many of what is usual, with each sample
CALM = 30  # samples without anything odd, until what was told is over
STANDS = 0.5  # of what is odd: above it goes on
HOME = 1000.0  # samples that make a stream's home value


class Sight(NamedTuple):
    """What is seen in samples before they are learned; arrays of n."""

    step: Floats
    apart: Floats
    moved: Bools  # whether step means anything
    apart_by: Floats  # from the family's middle
    away: Floats  # from the usual distance to the family
    smooth: Floats  # the same, averaged
    odd: Floats  # (n, 3), 1: worth telling
    loud: Floats  # of all together
    calm: Ints
    expected: Floats
    band: Floats
    hour: Ints


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
            ("sizes", "<f4", 2),  # of a step and of one apart: usual
            ("fast", "<f4", 2),  # and just now
            ("by_hour", "<f4", (2, HOURS)),
            ("largest", "<f4", (PARTS_OF_DAY, 2)),
            ("largest_at", "<i8"),
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
        self.traits: Rows = np.zeros(0, traits.LAYOUT)
        self.family: Ints = np.full(1, -1)
        self.kin: Bools = np.zeros(0, bool)
        self.sample: Ints = np.zeros((0, ASKED), np.int64)
        self.of_row: Ints = np.zeros(0, np.int64)

    def know(self, traits: Rows) -> None:
        """Takes the traits of all rows: `family` is a number that like streams share, 0 is none."""
        self.traits = traits

    def serves(self, who: Ints) -> Bools:
        """Which streams have a family."""
        self.meet_families()
        inside = who < len(self.family)
        return np.asarray(inside & self.kin[self.of_row[np.where(inside, who, 0)]])

    def ready(self, rows: Rows, who: Ints, time: Ints) -> Bools:
        """Which streams have been seen often and long enough to be judged."""
        age = time - rows["born"][who]
        enough = rows["seen"][who] >= self.settings.warm_up
        return np.asarray(enough & (age >= self.settings.warm_up_time))

    def meet_families(self) -> None:
        """Looks up who belongs together, where that has changed."""
        family = self.traits["family"]
        if np.array_equal(family, self.family):
            return
        self.family = family.copy()
        names, self.of_row = np.unique(family, return_inverse=True)
        self.sample = np.full((len(names), ASKED), -1)
        self.kin = (np.bincount(self.of_row, minlength=len(names)) >= FEWEST) & (names != 0)
        for number in range(len(names)):
            if not self.kin[number]:
                continue
            members = np.flatnonzero(self.of_row == number)
            # Evenly over all of them: those that came first may stand at one place.
            chosen = members[np.linspace(0, len(members) - 1, min(ASKED, len(members))).astype(int)]
            self.sample[number, : len(chosen)] = chosen

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
        self.keep(rows, who, time, value, self.look(rows, who, time, value))

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples and takes them in."""
        if np.isnan(value).any():
            verdicts = self.score(rows, who, time, value)
            self.learn(rows, who, time, value)
            return verdicts
        value = tamed(value)
        sight = self.look(rows, who, time, value)
        self.keep(rows, who, time, value, sight)
        return self.verdicts(sight)

    def look(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Sight:
        """Everything there is to see in samples; changes nothing."""
        self.meet_families()
        known = taken(rows, who)
        hour = (time // HOUR + self.settings.utc_offset_hours) % HOURS
        new = known["seen"] == 0
        gap = time - known["last_at"]
        moved = ~new & (gap > 0) & (gap <= GAP * np.maximum(known["pace"], 1.0) + MINUTE)
        step = np.where(moved, value - known["last"], 0.0)
        relative = value - np.where(new, value, known["home"])
        middle_step, middle, spread = self.middles(rows, who, time, step, relative)
        apart = np.where(moved, step - middle_step, 0.0)
        usual = np.where(
            known["seen_at"][np.arange(len(who)), hour] > 0,
            known["usual"][np.arange(len(who)), hour],
            relative - middle,
        )
        away = relative - middle - usual
        ready = self.ready(rows, who, time)
        smooth = self.smoothed(known, hour, away, ready)
        odd = self.oddness(known, hour, step, apart, moved, smooth, spread)
        odd = np.where(ready[:, None], odd, 0.0)
        loud = np.maximum(np.minimum(odd[:, STEP], odd[:, APART]), odd[:, LEVEL])
        calm = known["calm"].astype(np.int64)
        expected = np.where(new, value, known["home"] + middle + usual)
        band = self.settings.level * around(known["spread"], hour)
        return Sight(
            step,
            apart,
            moved,
            relative - middle,
            away,
            smooth,
            odd,
            loud,
            calm,
            expected,
            band,
            hour,
        )

    def middles(
        self, rows: Rows, who: Ints, time: Ints, step: Floats, relative: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Of each sample's family: the middle step, the middle value, how far apart they are.

        The samples of other members that are judged with it are in.
        """
        size = len(rows)
        if len(self.of_row) != size:  # nobody said who is like whom
            nothing = np.zeros(len(who))
            return nothing, nothing, nothing
        present, place = np.unique(self.of_row[who], return_inverse=True)
        chosen = self.sample[present]
        members, position = np.maximum(chosen, 0), np.full(size, -1)
        position[who] = np.arange(len(who))
        here = position[members]
        with_us = here >= 0
        steps = np.where(with_us, step[here], rows["step"][members].astype(np.float64))
        values = np.where(with_us, relative[here], rows["last"][members] - rows["home"][members])
        smooth = np.abs(rows["smooth"][members]).astype(np.float64)
        heard = np.where(with_us, time[here], rows["last_at"][members])
        heard[rows["seen"][members] < HOUR // MINUTE] = 0
        there = (chosen >= 0) & (heard > int(time.max()) - PRESENT)
        counts = there.sum(axis=1)
        enough = counts >= FEWEST
        found = [
            np.where(enough, middle(np.where(there, each, np.inf), counts), 0.0)[place]
            for each in (steps, values, smooth)
        ]
        return found[0], found[1], found[2]

    def smoothed(self, known: Rows, hour: Ints, away: Floats, ready: Bools) -> Floats:
        """The averaged distance with these samples in; one of them moves it only so far."""
        before = known["smooth"].astype(np.float64)
        most = STAYS * self.settings.level * around(known["spread"], hour) + known["quantum"]
        bounded = np.where(ready, np.clip(away, -most, most), away)
        moved: Floats = before + (bounded - before) / self.settings.smooth
        return moved

    def oddness(  # noqa: PLR0913, PLR0917 (all that is seen)
        self,
        known: Rows,
        hour: Ints,
        step: Floats,
        apart: Floats,
        moved: Bools,
        smooth: Floats,
        spread: Floats,
    ) -> Floats:
        """(n, 3): 1 where something is worth telling."""
        s = self.settings
        floor = np.maximum(QUANTA * known["quantum"], np.abs(known["last"]) * 1e-6) + 1e-12
        each = np.arange(len(known))
        largest = known["largest"]
        part = hour * PARTS_OF_DAY // HOURS
        up = (step > 0).astype(np.int64)
        near = np.max([largest[each, (part + d) % PARTS_OF_DAY, up] for d in (-1, 0, 1)], axis=0)
        sizes = [usual_step(known, which, hour) for which in (0, 1)]
        by_step = np.abs(step) / np.maximum(np.maximum(s.step * sizes[0], s.largest * near), floor)
        by_apart = np.abs(apart) / np.maximum(s.step * sizes[1], floor)
        scale = np.maximum(s.level * around(known["spread"], hour), s.spread * spread)
        scale = np.maximum(scale, np.maximum(s.farthest * known["farthest"], floor))
        by_level = np.abs(smooth) / scale
        return np.stack(
            [np.where(moved, by_step, 0.0), np.where(moved, by_apart, 0.0), by_level], axis=1
        )

    def verdicts(self, sight: Sight) -> Verdicts:
        """The score: of a step that is odd both ways, or of a level; nothing of what was told."""
        news = np.where(sight.calm > 0, 0.0, np.minimum(sight.loud, LOUDEST))
        parts = ALARM_NATS * np.minimum(sight.odd, LOUDEST)
        standing = (sight.calm > 0) & (sight.loud >= STANDS)
        return Verdicts(-np.expm1(-ALARM_NATS * news), sight.expected, sight.band, standing, parts)

    def keep(self, rows: Rows, who: Ints, time: Ints, value: Floats, sight: Sight) -> None:
        """Learns what was seen."""
        known = taken(rows, who)
        seen = known["seen"].astype(np.float64)
        new = known["seen"] == 0
        self.learn_steps(known, time, sight, seen)
        self.learn_level(known, time, sight)
        whole = (known["whole"] | new) & (value == np.round(value))
        size = np.abs(sight.step)
        smallest = np.where(known["quantum"] > 0, np.minimum(size, known["quantum"]), size)
        known["quantum"] = np.where(whole, 1.0, np.where(size > 0, smallest, known["quantum"]))
        known["whole"] = whole
        told = (sight.calm == 0) & (sight.loud >= 1)
        goes_on = (sight.calm > 0) & (sight.loud >= STANDS)
        known["calm"] = np.where(told | goes_on, CALM, np.maximum(sight.calm - 1, 0))
        gap = np.where(new, 0, time - known["last_at"]).astype(np.float64)
        known["pace"] += np.where(
            sight.moved | (seen < 5),
            (np.maximum(gap, 0) - known["pace"]) / np.minimum(seen + 1, 30),
            0,
        )
        known["born"] = np.where(new, time, known["born"])
        home = np.where(new, value, known["home"])
        known["home"] = np.where(seen < HOME, home + (value - home) / (seen + 1), home)
        known["step"] = sight.step
        known["last_at"], known["last"] = np.maximum(time, known["last_at"]), value
        known["seen"] = np.minimum(known["seen"] + 1, 2_000_000_000)
        put(rows, who, known)

    def learn_steps(self, known: Rows, time: Ints, sight: Sight, seen: Floats) -> None:
        """What size steps have: ever, just now, at this hour, and at most."""
        each, hour = np.arange(len(known)), sight.hour
        for which, step in enumerate((sight.step, sight.apart)):
            size = np.abs(step)
            usual = known["sizes"][:, which].astype(np.float64)
            most = np.where(seen > 300, CLIP * usual + known["quantum"], np.inf)
            known["sizes"][:, which] += share(sight.moved, seen, LONG) * (
                np.minimum(size, most) - usual
            )
            fast = known["fast"][:, which].astype(np.float64)
            known["fast"][:, which] += share(sight.moved, seen, FAST) * (
                np.minimum(size, most) - fast
            )
            of_hour = known["by_hour"][each, which, hour].astype(np.float64)
            most = np.where(
                seen > 3000, CLIP * np.maximum(usual, of_hour) + known["quantum"], np.inf
            )
            known["by_hour"][each, which, hour] += share(sight.moved, seen / HOURS, OF_HOUR) * (
                np.minimum(size, most) - of_hour
            )
        part, up = hour * PARTS_OF_DAY // HOURS, (sight.step > 0).astype(np.int64)
        passed = np.where(known["seen"] > 0, np.maximum(time - known["largest_at"], 0), 0)
        fades = passed >= HOUR
        known["largest"] *= np.where(fades, 0.5 ** (passed / HALF_LIFE), 1.0)[:, None, None]
        known["largest_at"] = np.where(fades | (known["seen"] == 0), time, known["largest_at"])
        before = known["largest"][each, part, up]
        known["largest"][each, part, up] = np.maximum(
            before, np.where(sight.moved, np.abs(sight.step), 0.0)
        )

    def learn_level(self, known: Rows, time: Ints, sight: Sight) -> None:
        """Where a stream is against its family at this hour, and how far it strays."""
        each, hour = np.arange(len(known)), sight.hour
        count = known["seen_at"][each, hour].astype(np.float64)
        age = np.where(known["seen"] > 0, time - known["born"], 0)
        warm = age >= self.settings.warm_up_time
        spread = around(known["spread"], hour)
        most = np.where(warm, 3.0 * spread + known["quantum"], np.inf)
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


def share(counts: Bools, seen: Floats, most: float) -> Floats:
    """How much a sample weighs: a running mean at first, an exponential one then."""
    weight: Floats = np.where(counts, 1.0 / np.minimum(seen + 1, most), 0.0)
    return weight


def usual_step(known: Rows, which: int, hour: Ints) -> Floats:
    """What size of a step is usual: the greatest of always, just now, this hour, those beside."""
    each = np.arange(len(known))
    by_hour = known["by_hour"][:, which]
    beside = np.maximum(by_hour[each, (hour + 1) % HOURS], by_hour[each, (hour - 1) % HOURS])
    found = np.maximum(known["sizes"][:, which], known["fast"][:, which])
    found = np.maximum(np.maximum(found, by_hour[each, hour]), 0.7 * beside)
    return np.asarray(found, np.float64)


def around(by_hour: Singles, hour: Ints) -> Floats:
    """The greatest of an hour and those beside it."""
    each = np.arange(len(hour))
    found = np.max([by_hour[each, (hour + d) % HOURS] for d in (-1, 0, 1)], axis=0)
    return np.asarray(found, np.float64)


def middle(values: Floats, counts: Ints) -> Floats:
    """The median of each row's first `counts` values, of those in order; inf is no value."""
    values = np.sort(values, axis=1)
    rows = np.arange(len(values))
    counts = np.maximum(counts, 1)
    low, high = values[rows, (counts - 1) // 2], values[rows, counts // 2]
    found: Floats = np.where(np.isfinite(high), (low + high) / 2, 0.0)
    return found
