"""What every detector is and gives."""

from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.void]

UNSURE = 0.0  # the score of a detector that has not seen enough


class Verdicts(NamedTuple):
    """What a detector thinks of each sample: arrays of one length.

    band is half the width of the normal band around expected, in the unit of the stream.
    standing says of which samples the oddness goes on, whether it is told again or not; None:
    of those with a score worth telling. parts are the surprises of the detector's PARTS, in
    nats (n, parts); None: the score is one part, of the detector's name.
    """

    score: Floats
    expected: Floats
    band: Floats
    standing: Bools | None = None
    parts: Floats | None = None


class Detector(Protocol):
    """See the package's docstring."""

    name: str
    layout: np.dtype[Any]

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples; changes nothing."""
        ...

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Takes samples in."""
        ...


@runtime_checkable
class AtOnce(Protocol):
    """A detector that judges and learns at one go, for less than the price of both."""

    def judge(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """The verdicts of `score`; then the samples are learned."""
        ...


@runtime_checkable
class Retrospective(Protocol):
    """A detector that judges a sample out of its order in another way."""

    def score_late(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples far older than those learned; changes nothing."""
        ...


@runtime_checkable
class Knowing(Protocol):
    """A detector that wants to know what streams are; it is told before it judges any."""

    def know(self, traits: Rows) -> None:
        """Takes the traits of all rows (traits.LAYOUT): the n-th belongs to the n-th record."""
        ...


@runtime_checkable
class Serving(Protocol):
    """A detector that judges some streams alone: of the others it keeps nothing."""

    def serves(self, who: Ints) -> Bools:
        """Which streams it judges."""
        ...


@runtime_checkable
class Sceptical(Protocol):
    """A detector that is shown what nobody believes, too: readings of bad quality."""

    sceptical: bool


@runtime_checkable
class Asking(Protocol):
    """A detector that wants to know how loud a stream has to be before anything is news."""

    def ask(self, factors: Floats) -> None:
        """Takes how many times the loudness of an alarm is asked of each row."""
        ...


@runtime_checkable
class Columnar(Protocol):
    """A detector that only indexes its records, by field and row: they may be Columns.

    by_hour names the fields whose first axis is the hours or parts of a day.
    """

    by_hour: tuple[str, ...]


@runtime_checkable
class Explaining(Protocol):
    """A detector whose verdicts have parts."""

    PARTS: tuple[str, ...]


def surprise(score: Floats) -> Floats:
    """Minus the logarithm of how probable so high a score is, in nats.

    >>> surprise(np.array([0.0, 0.995])).round(2).tolist()
    [0.0, 5.3]
    """
    told: Floats = -np.log1p(-np.minimum(score, SUREST))
    return told


SUREST = 1.0 - 1e-12  # a score beyond it says no more


# Beyond this a value is as odd as can be, and its square would overflow.
ENORMOUS = 1e30


def tamed(value: Floats) -> Floats:
    """Values that detectors can reckon with."""
    return np.clip(value, -ENORMOUS, ENORMOUS)


def oddness(value: Floats, expected: Floats, scale: Floats) -> Floats:
    """How improbable a value is, in [0, 1]: Student's t with four degrees of freedom.

    Heavier than a normal tail because sensors are: 8.6 scales away scores 0.999, 15.5 scales
    0.9999. Closed form of 2 F(|t|) - 1 for four degrees of freedom. A scale of 0 gives UNSURE.

    >>> oddness(np.array([0.0, 8.61]), np.zeros(2), np.ones(2)).round(3).tolist()
    [0.0, 0.999]
    """
    sure = scale > 0
    # Beyond 1e9 scales the score is 1 to the last bit; below it nothing overflows.
    t = np.minimum(np.abs(value - expected) / np.where(sure, scale, 1.0), 1e9)
    square = 1.0 + t * t / 4.0
    u = t / np.sqrt(square)
    score = 0.75 * u * (1.0 - t * t / (12.0 * square))
    return np.where(sure, np.clip(score, 0.0, 1.0), UNSURE)


# How many scales away a value has to be to score 0.999: the half-width of the band shown.
BAND_SCALES = 8.61


def noise_floor(mean: Floats, whole: NDArray[np.bool_]) -> Floats:
    """The least scale a stream is granted, so that a still one is not alarmed by a breath.

    A stream of whole numbers is granted one step; any stream half a percent of its size.
    """
    return np.where(whole, 1.0, 1e-9) + 0.005 * np.abs(mean)
