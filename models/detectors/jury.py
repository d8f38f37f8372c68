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


class Opinion(NamedTuple):
    """What all detectors say of n samples, each in one row."""

    verdicts: Sequence[Verdicts]
    scores: Floats
    standing: Bools  # where an oddness goes on, as far as its detector says


class Jury:
    """Hears all detectors. Records have a field of each one's name."""

    def __init__(self, detectors: Sequence[Detector], stand_in: StandIn | None) -> None:
        self.stand_in = stand_in
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
        new = self.new(rows, who, time)
        judges = self.judges if learn else self.late_judges
        verdicts = [
            judge(rows[each.name], who, time, value)
            for each, judge in zip(self.steady, judges, strict=False)
        ]
        if self.stand_in is not None:
            its = rows[self.stand_in.detector.name]
            told = judges[-1](its, who[new], time[new], value[new]) if len(new) else None
            verdicts.append(spread(told, new, len(who)))
        scores = np.stack([each.score for each in verdicts])
        standing = np.zeros(scores.shape, bool)
        for row, each in zip(standing, verdicts, strict=True):
            if each.standing is not None:
                row[:] = each.standing
        return Opinion(verdicts, scores, standing)

    def new(self, rows: Records, who: Ints, time: Ints) -> Ints:
        """Which samples the stand-in is asked about."""
        if self.stand_in is None:
            return np.zeros(0, np.int64)
        until = self.stand_in.until
        return np.flatnonzero(~until.ready(rows[until.name], who, time))

    def parts(self, opinion: Opinion, sample: int) -> Parts:
        """What is surprising about a sample, the greatest surprise first."""
        found = [
            (name, float(nats))
            for names, verdicts in zip(self.names, opinion.verdicts, strict=True)
            for name, nats in zip(names, surprises(verdicts, sample), strict=True)
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
    if verdicts is not None:
        score[places], expected[places], band[places] = verdicts[:3]
    return Verdicts(score, expected, band)


def surprises(verdicts: Verdicts, sample: int) -> Floats:
    """The parts of one detector's verdict on a sample; of one without parts, the whole."""
    if verdicts.parts is not None:
        parts: Floats = verdicts.parts[sample]
        return parts
    return surprise(verdicts.score[sample : sample + 1])
