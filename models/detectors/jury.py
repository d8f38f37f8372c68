"""What several detectors say of the same samples, put together."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from models.detectors.promise import (
    AtOnce,
    Bools,
    Detector,
    Explaining,
    Floats,
    Ints,
    Rows,
    Verdicts,
    surprise,
)

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

    def hear(self, rows: Rows, who: Ints, time: Ints, value: Floats, *, learn: bool) -> Opinion:
        """What is said of one sample each of different streams, which may be learned then."""
        new = self.new(rows, who, time)
        verdicts = [
            heard(each, rows[each.name], who, time, value, learn=learn) for each in self.steady
        ]
        if self.stand_in is not None:
            its, some = self.stand_in.detector, (who[new], time[new], value[new])
            verdicts.append(spread(heard(its, rows[its.name], *some, learn=learn), new, len(who)))
        scores = np.stack([each.score for each in verdicts])
        standing = np.zeros(scores.shape, bool)
        for row, each in zip(standing, verdicts, strict=True):
            if each.standing is not None:
                row[:] = each.standing
        return Opinion(verdicts, scores, standing)

    def new(self, rows: Rows, who: Ints, time: Ints) -> Ints:
        """Which samples the stand-in is asked about."""
        if self.stand_in is None:
            return np.zeros(0, np.int64)
        until = self.stand_in.until
        return np.flatnonzero(~until.ready(rows[until.name], who, time))

    def parts(self, opinion: Opinion, sample: int) -> Parts:
        """What is surprising about a sample, the greatest surprise first."""
        found = [
            (name, float(nats))
            for detector, verdicts in zip(self.detectors, opinion.verdicts, strict=True)
            for name, nats in surprises(detector, verdicts, sample)
            if nats > 0
        ]
        return tuple(sorted(found, key=lambda part: -part[1]))


def heard(  # noqa: PLR0913 (as Detector.score, of whom)
    detector: Detector, rows: Rows, who: Ints, time: Ints, value: Floats, *, learn: bool
) -> Verdicts:
    """What one detector says, which may learn then."""
    if not learn:
        return detector.score(rows, who, time, value)
    if isinstance(detector, AtOnce):
        return detector.judge(rows, who, time, value)
    verdicts = detector.score(rows, who, time, value)
    detector.learn(rows, who, time, value)
    return verdicts


def spread(verdicts: Verdicts, places: Ints, size: int) -> Verdicts:
    """Verdicts on some of so many samples; of the others nothing is said."""
    score, expected, band = np.zeros((3, size))
    score[places], expected[places], band[places] = verdicts[:3]
    return Verdicts(score, expected, band)


def surprises(
    detector: Detector, verdicts: Verdicts, sample: int
) -> Iterator[tuple[str, np.float64]]:
    """The parts of one detector's verdict on a sample."""
    if verdicts.parts is None or not isinstance(detector, Explaining):
        yield detector.name, surprise(verdicts.score)[sample]
    else:
        yield from zip(detector.PARTS, verdicts.parts[sample], strict=True)
