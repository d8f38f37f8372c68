"""All streams and all detectors together: a frame of readings in, the odd ones out."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.budget import FAINTEST, NEAREST
from models.detectors import condition, traits
from models.detectors.causes import NEEDS, UNEXCUSED, Causes
from models.detectors.glance import taken
from models.detectors.jury import Jury, Kin, Opinion, Parts, StandIn
from models.detectors.places import NOWHERE, Places
from models.detectors.promise import (
    Asking,
    Bools,
    Columnar,
    Detector,
    Floats,
    Ints,
    Knowing,
    Sceptical,
)
from models.detectors.records import Records
from models.detectors.traits import Traits
from models.frame import Frame

# Samples judged at once: what is reckoned with on the way stays in the processor's cache.
CHUNK = 2048
MOST_LOUD = 100_000  # that are remembered where nobody asks for them
FIRST_ROOM = 1024
EQUAL: Mapping[str, float] = MappingProxyType({})  # weights of detectors that count alike


class Oddity(NamedTuple):
    """One odd reading, and which detector found it oddest. time is in microseconds.

    parts are the surprises it is made of, in nats by the name of a detector or of one of its
    statistics, the greatest first.
    """

    stream_id: int
    time: int
    value: float
    score: float
    detector: str
    expected: float
    band: float
    parts: Parts = ()


class Loud(NamedTuple):
    """What was loud, whether it was told or not. loudness is in alarms (models/budget.py)."""

    stream_id: int
    time: int
    loudness: float
    detector: str


class Kept(NamedTuple):
    """What is kept of one stream. Moments in microseconds; odd_until is None if it never was."""

    stream_id: int
    judged_until: int
    odd_until: int | None
    state: bytes


class Bank:
    """Judges and learns, keeping one packed record a stream.

    A reading is told when a detector scores it at `threshold` or more and that is news: while
    a condition goes on, only the stream's odd_until moves (`condition`). One that comes long
    after the newest of its stream is judged by what is known now, and not learned. `stand_in`
    speaks for the streams that another detector does not judge yet, `kin` for those it serves.
    `weights` says by name how much the surprise of a detector counts, 1 where it says nothing.
    """

    def __init__(
        self,
        detectors: Sequence[Detector],
        threshold: float,
        stand_in: StandIn | None = None,
        kin: Kin | None = None,
        weights: Mapping[str, float] = EQUAL,
    ) -> None:
        self.jury = Jury(detectors, stand_in, kin)
        self.sceptics = Jury([each for each in detectors if isinstance(each, Sceptical)], None)
        asked = [threshold] * len(self.jury.steady) + ([stand_in.threshold] if stand_in else [])
        if not all(0.0 < each < 1.0 for each in asked):
            raise ValueError("a threshold lies between 0 and 1")
        self.weights = np.array([weights.get(each.name, 1.0) for each in self.jury.detectors])
        if not (self.weights > 0.0).all():
            raise ValueError("a weight is above 0: what weighs nothing is left out")
        self.asked = np.where(
            self.weights == 1.0, asked, -np.expm1(np.log1p(-np.array(asked)) / self.weights)
        )
        self.asked_of = {
            jury: np.array([self.jury.detectors.index(each) for each in jury.detectors], np.int64)
            for jury in (self.jury, self.sceptics)
        }
        self.causes = Causes() if NEEDS in (each.name for each in detectors) else None
        self.excused = np.array([[each.name not in UNEXCUSED] for each in self.jury.detectors])
        self.faint = -np.expm1(np.log1p(-self.asked) * FAINTEST)
        self.loud: deque[Loud] = deque(maxlen=MOST_LOUD)
        self.dtype = np.dtype(
            [
                ("unit", "<u4"),
                ("condition", condition.LAYOUT),
                *((each.name, each.layout) for each in self.jury.detectors),
            ]
        )
        self.columns = {
            each.name: each.by_hour for each in self.jury.detectors if isinstance(each, Columnar)
        } | {"condition": ()}
        self.known: dict[int, Traits] = {}
        self.factors: dict[int, float] = {}
        self.rows = Records(self.dtype, self.columns, 0)
        self.traits = traits.unknown(0)
        self.bars, self.loudness = self.asking(0)
        self.restore([])

    @property
    def layout(self) -> str:
        """A name for the shape of a record: states of another shape cannot be restored."""
        return hashlib.sha256(str(self.dtype.descr).encode()).hexdigest()[:16]

    @property
    def streams(self) -> int:
        """How many streams it knows something of."""
        return len(self.places)

    def knowing(self, stream_ids: Iterable[int]) -> list[int]:
        """Those of these streams that it knows something of."""
        ids = np.array(list(stream_ids), np.int64)
        found: list[int] = ids[self.places.of(ids) != NOWHERE].tolist()
        return found

    def know(self, stream_id: int, facts: Traits) -> None:
        """Says what a stream is. One whose unit has changed is another stream: it begins anew."""
        self.known[stream_id] = facts
        (place,) = self.places.of(np.array([stream_id]))
        if place != NOWHERE:
            self.settle(stream_id, int(place))

    def ask(self, stream_id: int, factor: float) -> None:
        """Asks a stream for so many times the loudness that an alarm has otherwise."""
        if not factor > 0:
            raise ValueError("a loudness is asked for by a factor above 0")
        self.factors[stream_id] = factor
        (place,) = self.places.of(np.array([stream_id]))
        if place != NOWHERE:
            self.settle(stream_id, int(place))

    def settle(self, stream_id: int, place: int) -> None:
        """Puts down in the arrays what was said of a stream that has a row."""
        if (facts := self.known.get(stream_id)) is not None:
            for name in traits.LAYOUT.names or ():
                self.traits[name][place] = getattr(facts, name)
            was = int(self.rows["unit"][place])
            if facts.mark and was not in (0, facts.mark):
                self.begin(np.array([place]))
            self.rows["unit"][place] = facts.mark or was
        if (factor := self.factors.get(stream_id)) is not None:
            self.loudness[:, place] = factor / self.weights
            self.bars[place] = -np.expm1(np.log1p(-self.asked) * factor)

    def judge(self, frame: Frame, *, believed: bool = True) -> list[Oddity]:
        """Judges and learns a frame, each stream in the order of its times.

        What nobody believes is shown to those detectors alone that do not believe either.
        """
        jury = self.jury if believed else self.sceptics
        if not len(frame) or not jury.detectors:
            return []
        frame = taken(frame, np.lexsort((frame["time"], frame["stream_id"])))
        who = self.place(frame["stream_id"])
        found: list[Oddity] = []
        for turn in turns(frame["stream_id"]):
            for begin in range(0, len(turn), CHUNK):
                some = turn[begin : begin + CHUNK]
                found.extend(self.judge_some(taken(frame, some), who[some], jury=jury))
        return found

    def judge_some(self, frame: Frame, who: Ints, *, jury: Jury) -> Iterator[Oddity]:
        """One sample each of different streams, learning those that are not late."""
        rows, time = self.rows["condition"], frame["time"].astype(np.int64)
        back = condition.put_back(rows, who, time)
        if back.any():
            self.begin(who[back])
        fresh = condition.fresh(rows, who, time)
        for chosen, learn in ((fresh, True), (~fresh, False)):
            if chosen.all():
                yield from self.judge_alike(frame, who, learn=learn, jury=jury)
            elif chosen.any():
                some = np.flatnonzero(chosen)
                yield from self.judge_alike(taken(frame, some), who[some], learn=learn, jury=jury)

    def judge_alike(self, frame: Frame, who: Ints, *, learn: bool, jury: Jury) -> Iterator[Oddity]:
        """One sample each of different streams, either all to be learned or none."""
        time = frame["time"].astype(np.int64)
        value = frame["value"].astype(np.float64)
        bars = self.bars.take(who, axis=0)[:, self.asked_of[jury]].T
        if jury is self.jury and self.causes is not None:  # before anything is learned
            more = self.causes.asked(self.rows, who, time, value)
            if more is not None:
                bars = np.where(self.excused, -np.expm1(np.log1p(-bars) * more), bars)
        opinion = jury.hear(self.rows, who, time, value, learn=learn)
        alarms = opinion.scores >= bars
        told = condition.news(self.rows["condition"], who, time, alarms, opinion.mannered)
        self.overhear(frame, who, jury, opinion)
        any_told = np.logical_or.reduce(told)
        goes_on = np.logical_or.reduce(alarms | opinion.standing)
        condition.learned(self.rows["condition"], who, time, any_told, goes_on)
        for i in np.flatnonzero(any_told).tolist():
            yield oddity(frame[i], jury, opinion, i, told[:, i])

    def overhear(self, frame: Frame, who: Ints, jury: Jury, opinion: Opinion) -> None:
        """Puts down what is loud enough to be news, had no more been asked: see `overheard`."""
        asked = self.asked[self.asked_of[jury]]
        faint = opinion.scores >= self.faint[self.asked_of[jury], None]
        some = np.flatnonzero(np.logical_or.reduce(faint))
        time = frame["time"][some].astype(np.int64)
        loud = condition.news(
            self.rows["condition"], who[some], time, faint[:, some], opinion.mannered
        )
        for n in np.flatnonzero(np.logical_or.reduce(loud)).tolist():
            i = int(some[n])
            left = np.maximum(1.0 - opinion.scores[:, i], NEAREST)
            loudness = np.where(loud[:, n], np.log(left) / np.log1p(-asked), 0.0)
            which = int(loudness.argmax())
            self.loud.append(
                Loud(
                    int(frame["stream_id"][i]),
                    int(time[n]),
                    float(loudness[which]),
                    jury.detectors[which].name,
                )
            )

    def overheard(self) -> list[Loud]:
        """What was loud since this was asked last, the newest MOST_LOUD of it."""
        found = list(self.loud)
        self.loud.clear()
        return found

    def begin(self, who: Ints) -> None:
        """Knows nothing of what these streams did."""
        blank = np.zeros(len(who), self.dtype)
        blank["unit"] = self.rows["unit"][who]
        condition.begin(blank["condition"])
        self.rows.put(who, blank)

    def place(self, stream_ids: NDArray[np.int32]) -> Ints:
        """The row of each stream; a new stream gets one."""
        who = self.places.of(stream_ids)
        if (who == NOWHERE).any():
            new = np.unique(stream_ids[who == NOWHERE])
            given = self.places.enrol(new)
            self.make_room(len(self.places))
            self.begin(given)
            for stream_id, place in zip(new.tolist(), given.tolist(), strict=True):
                self.settle(stream_id, place)
            who = self.places.of(stream_ids)
        return who

    def make_room(self, size: int) -> None:
        """Grows the arrays to hold so many rows, to twice what they are at least."""
        if size <= self.rows.size:
            return
        more = max(size, 2 * self.rows.size) - self.rows.size
        self.rows.make_room(self.rows.size + more)
        was, self.traits = self.traits, traits.unknown(self.rows.size)
        self.traits[: self.rows.size - more] = was
        bars, loudness = self.asking(more)
        self.bars = np.concatenate([self.bars, bars])
        self.loudness = np.concatenate([self.loudness, loudness], axis=1)
        self.tell_detectors()

    def asking(self, size: int) -> tuple[Floats, Floats]:
        """What is asked of so many streams of which nobody said anything.

        The scores that are an alarm (size, detectors), and how loud a detector's own alarm has
        to be (detectors, size).
        """
        loudness = np.repeat(1.0 / self.weights[:, None], size, axis=1)
        return np.tile(self.asked, (size, 1)), loudness

    def tell_detectors(self) -> None:
        """Shows the detectors that want to see them the present arrays of what was said."""
        if self.causes is not None:
            self.causes.know(self.traits)
        for each, loudness in zip(self.jury.detectors, self.loudness, strict=True):
            if isinstance(each, Knowing):
                each.know(self.traits)
            if isinstance(each, Asking):
                each.ask(loudness)

    def dump(self, stream_ids: Iterable[int]) -> Iterator[Kept]:
        """What is known of these streams."""
        ids = np.fromiter(stream_ids, np.int64)
        who = self.places.of(ids)
        moments = self.rows["condition"]
        for stream_id, judged_until, odd_until, state in zip(
            ids.tolist(),
            moments["judged_until"][who].tolist(),
            moments["odd_until"][who].tolist(),
            self.rows.packed(who),
            strict=True,
        ):
            odd = odd_until if odd_until > condition.NEVER else None
            yield Kept(stream_id, judged_until, odd, state)

    def restore(self, records: Iterable[tuple[int, bytes]]) -> None:
        """Forgets everything learned and knows these records instead."""
        kept = list(records)
        self.places = Places(stream_id for stream_id, _ in kept)
        size = max(FIRST_ROOM, len(kept))
        self.rows = Records(self.dtype, self.columns, size)
        self.rows.unpack([record for _, record in kept])
        self.traits = traits.unknown(size)
        self.bars, self.loudness = self.asking(size)
        self.tell_detectors()
        for place, (stream_id, _) in enumerate(kept):
            self.settle(stream_id, place)


def oddity(reading: np.void, jury: Jury, opinion: Opinion, sample: int, told: Bools) -> Oddity:
    """A sample in the words of the surest of the detectors that tell of it."""
    surest = int(np.where(told, opinion.scores[:, sample], -1.0).argmax())
    score, expected, band, *_ = opinion.verdicts[surest]
    return Oddity(
        int(reading["stream_id"]),
        int(reading["time"]),
        float(reading["value"]),
        float(score[sample]),
        jury.detectors[surest].name,
        float(expected[sample]),
        float(band[sample]),
        jury.parts(opinion, sample),
    )


def turns(stream_ids: NDArray[np.int32]) -> Iterator[Ints]:
    """Positions in a frame sorted by stream, so that each turn has every stream at most once.

    The n-th turn holds the n-th sample of every stream that has so many.
    """
    starts = np.flatnonzero(np.r_[True, stream_ids[1:] != stream_ids[:-1]])
    lengths = np.diff(np.r_[starts, len(stream_ids)])
    for n in range(int(lengths.max())):
        yield starts[lengths > n] + n
