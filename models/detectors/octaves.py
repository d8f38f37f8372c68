"""How rarely a number is so large: counts of those that came to 1, 2, 4, 8... of a unit.

A table of a few bytes that any tail fits in, be it thin, heavy, or two things at once (the
breath of a lamp's power, and its switching), where one curve through all of it would not.
"""

import numpy as np
from numpy.typing import NDArray

from models.detectors.promise import Floats

Counts = NDArray[np.uint16]

# Numbers in a table (six days of minutes); then all counts are halved: what came once is
# forgotten, what comes again and again is not.
FULL = 8192
# How many numbers the share of the octave below weighs, where few came so far.
PRIOR = 2.0


def rareness(reached: Counts, number: Floats) -> Floats:
    """Minus the logarithm of the share of numbers that come to this one, in units (1 or more).

    Of those that reach an octave so many reach the next; where few are known, about as many
    as of the octave below. reached is (n, octaves), number (n).

    >>> rareness(np.array([[1000, 10] + 14 * [0]], np.uint16), np.array([2.0])).round(1).tolist()
    [4.6]
    """
    octave = np.log2(number)
    counts = reached.astype(np.float64)
    told = np.zeros(len(number))
    passed = np.ones(len(number))
    for each in range(reached.shape[1] - 1):
        passed = (counts[:, each + 1] + PRIOR * passed) / (counts[:, each] + PRIOR)
        told -= np.clip(octave - each, 0.0, 1.0) * np.log(passed)
    return told


def is_common(reached: Counts, number: Floats) -> NDArray[np.bool_]:
    """Whether the octave above each number (1 or more) was reached eight times or more.

    Its rareness is below 11 then, whatever the table holds: of 8,192 numbers at most eight were
    so large, and each of the fifteen shares is at most a fifth too small.
    """
    above = np.minimum(np.frexp(number)[1], reached.shape[1] - 1)
    return np.asarray(reached[np.arange(len(number)), above] >= 8)


def learn(reached: Counts, number: Floats) -> None:
    """Counts numbers (in units; below 1 they are none) into their tables, which are changed."""
    reached[:, 0] += number >= 1.0
    far = np.flatnonzero(number >= 2.0)  # few are
    reached[far, 1:] += number[far, None] >= 2.0 ** np.arange(1, reached.shape[1])
    full = np.flatnonzero(reached[:, 0] >= FULL)
    if len(full):
        reached[full] = reached[full] // 2
