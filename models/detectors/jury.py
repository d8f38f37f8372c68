"""What several detectors say of the same samples, put together."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from models.detectors.promise import (
    AtOnce,
    Bools,
    Detector,
    Explaining,
    Floats,
    Ints,
    Retrospective,
    Rows,
    Serving,
    Verdicts,
    surprise,
)
from models.detectors.records import Records

Judge = Callable[[Rows, Ints, Ints, Floats], Verdicts]
Parts = tuple[tuple[str, float], ...]


class Warming(Protocol):
    """A detector that says which streams it judges already."""

    name: str

    def ready(self, rows: Rows, who: Ints, time: Ints) -> Bools:
        """Whether each stream has been seen enough."""
        ...


class StandIn(NamedTuple):
    """A detector that judges the streams which another one does not judge yet.

    It knows little, so it has a threshold of its own.
    """

    detector: Detector
    until: Warming
    threshold: float


class Choosing(Warming, Serving, Protocol):
    """A detector that knows more of some streams than another one, and judges those alone."""


class Kin(NamedTuple):
    """Of two detectors of the jury the one that is asked of the streams it serves.

    instead_of is asked of all others: no stream pays for both.
    """

    detector: Choosing
    instead_of: Warming


class Opinion(NamedTuple):
    """What all detectors say of n samples, each in one row."""

    verdicts: Sequence[Verdicts]
    scores: Floats
    standing: Bools  # where an oddness goes on, as far as its detector says

    @property
    def mannered(self) -> Bools:
        """Which detectors say what goes on, and are silent of it."""
        return np.array([each.standing is not None for each in self.verdicts])


class Jury:
    """Hears all detectors. Records have a field of each one's name."""

    def __init__(
        self, detectors: Sequence[Detector], stand_in: StandIn | None, kin: Kin | None = None
    ) -> None:
        self.stand_in, self.kin = stand_in, kin
        self.steady = list(detectors)
        self.detectors = [*self.steady, *([stand_in.detector] if stand_in else [])]
        self.names = [
            each.PARTS if isinstance(each, Explaining) else (each.name,) for each in self.detectors
        ]
        self.judges = [judge_of(each) for each in self.detectors]
        self.late_judges = [
            each.score_late if isinstance(each, Retrospective) else each.score
            for each in self.detectors
        ]

    def hear(self, rows: Records, who: Ints, time: Ints, value: Floats, *, learn: bool) -> Opinion:
        """What is said of one sample each of different streams, which may be learned then."""
        served = self.served(who)
        new = self.new(rows, who, time, served)
        judges = self.judges if learn else self.late_judges
        verdicts: list[Verdicts] = []
        for each, judge in zip(self.steady, judges, strict=False):
            its = rows[each.name]
            asked = self.asked(each, who, served)
            if asked is None:
                verdicts.append(judge(its, who, time, value))
            else:
                some = who[asked], time[asked], value[asked]
                told = judge(its, *some) if len(asked) else None
                verdicts.append(spread(told, asked, len(who)))
        if self.stand_in is not None:
            its = rows[self.stand_in.detector.name]
            told = judges[-1](its, who[new], time[new], value[new]) if len(new) else None
            verdicts.append(spread(told, new, len(who)))
        scores = np.stack([verdict.score for verdict in verdicts])
        standing = np.zeros(scores.shape, bool)
        for row, verdict in zip(standing, verdicts, strict=True):
            if verdict.standing is not None:
                row[:] = verdict.standing
        return Opinion(verdicts, scores, standing)

    def served(self, who: Ints) -> Bools | None:
        """Which streams the kin serves; None where there is none, or it serves nobody."""
        if self.kin is None:
            return None
        served = self.kin.detector.serves(who)
        return served if served.any() else None

    def asked(self, detector: Detector, who: Ints, served: Bools | None) -> Ints | None:
        """Which samples a detector is asked about; None: all. served are those of the kin."""
        name = detector.name
        if self.kin is None or name not in {self.kin.detector.name, self.kin.instead_of.name}:
            return np.flatnonzero(detector.serves(who)) if isinstance(detector, Serving) else None
        if served is None:
            return None if name == self.kin.instead_of.name else np.zeros(0, np.int64)
        return np.flatnonzero(served if name == self.kin.detector.name else ~served)

    def new(self, rows: Records, who: Ints, time: Ints, served: Bools | None) -> Ints:
        """Which samples the stand-in is asked about."""
        if self.stand_in is None:
            return np.zeros(0, np.int64)
        until = self.stand_in.until
        if self.kin is None or served is None:
            return np.flatnonzero(~until.ready(rows[until.name], who, time))
        ready = np.empty(len(who), bool)
        for warming, whose in ((self.kin.detector, served), (until, ~served)):
            ready[whose] = warming.ready(rows[warming.name], who[whose], time[whose])
        return np.flatnonzero(~ready)

    def parts(self, opinion: Opinion, sample: int) -> Parts:
        """What is surprising about a sample, the greatest surprise first."""
        found = [
            (name, float(nats))
            for names, verdicts in zip(self.names, opinion.verdicts, strict=True)
            # Of a detector that nobody was asked about there is one part, of 0.
            for name, nats in zip(names, surprises(verdicts, sample), strict=False)
            if nats > 0
        ]
        return tuple(sorted(found, key=lambda part: -part[1]))


def judge_of(detector: Detector) -> Judge:
    """How a detector judges and learns at one go."""
    if isinstance(detector, AtOnce):
        return detector.judge

    def judge(rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        verdicts = detector.score(rows, who, time, value)
        detector.learn(rows, who, time, value)
        return verdicts

    return judge


def spread(verdicts: Verdicts | None, places: Ints, size: int) -> Verdicts:
    """Verdicts on some of so many samples; of the others nothing is said."""
    score, expected, band = np.zeros((3, size))
    if verdicts is None:
        return Verdicts(score, expected, band)
    score[places], expected[places], band[places] = verdicts[:3]
    standing, parts = None, None
    if verdicts.standing is not None:
        standing = np.zeros(size, bool)
        standing[places] = verdicts.standing
    if verdicts.parts is not None:
        parts = np.zeros((size, verdicts.parts.shape[1]))
        parts[places] = verdicts.parts
    return Verdicts(score, expected, band, standing, parts)


def surprises(verdicts: Verdicts, sample: int) -> Floats:
    """The parts of one detector's verdict on a sample; of one without parts, the whole."""
    if verdicts.parts is not None:
        parts: Floats = verdicts.parts[sample]
        return parts
    return surprise(verdicts.score[sample : sample + 1])
