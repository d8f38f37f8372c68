"""Who is silent, and who speaks for whom: decisions over all assets at once, as arrays.

An asset has a row; `parent` holds the row of its gateway, -1 where it has none. Moments are
seconds of the listener's clock (models/hearing.py), which stands still while nothing is heard
of anybody.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = -np.inf
DEEPEST = 8  # gateways behind gateways; also what ends a circle of them


class State(StrEnum):
    """How an asset is heard. Learning: how often it speaks is not known (yet)."""

    LEARNING = "learning"
    ONLINE = "online"
    LATE = "late"
    SILENT = "silent"


STATES = tuple(State)
LEARNING, ONLINE, LATE, SILENT = range(4)  # as they stand in arrays


class Limits(NamedTuple):
    """When children speak for their gateway: so many of them, and such a share.

    together is how many seconds a silence waits for company before it is told.
    """

    together: float = 60.0
    share: float = 0.8
    fewest: int = 3


class Ends(NamedTuple):
    """How every asset was heard last: arrays of one length.

    at is the moment (NEVER where there was none); slack how many seconds later it was due at the
    latest; gone whether that makes it silent, by itself or with a gateway that is; silent also
    whether it is to blame for its children.
    """

    at: Floats
    slack: Floats
    gone: Flags
    silent: Flags


class Blame(NamedTuple):
    """Which gateways are silent through their children, and since which moment."""

    whom: Flags
    at: Floats


def heard_through(parent: Ints, heard: Floats) -> Floats:
    """When each asset was heard last, by itself or through it.

    >>> heard_through(np.array([-1, 0, 1]), np.array([NEVER, 5.0, 7.0])).tolist()
    [7.0, 7.0, 7.0]
    """
    through = heard.copy()
    (children,) = np.nonzero(parent >= 0)
    for _ in range(DEEPEST):
        before = through.copy()
        np.maximum.at(through, parent[children], before[children])
        if np.array_equal(through, before):
            break
    return through


def with_descendants(parent: Ints, chosen: Flags) -> Flags:
    """These assets and all that speak through them.

    >>> with_descendants(np.array([-1, 0, 1, -1]), np.array([True, False, False, False])).tolist()
    [True, True, True, False]
    """
    found = chosen.copy()
    child = parent >= 0
    for _ in range(DEEPEST):
        more = found | (child & found[parent])
        if np.array_equal(more, found):
            break
        found = more
    return found


def blame(limits: Limits, parent: Ints, ends: Ends, before: Blame, folded: Flags) -> Blame:
    """The gateways that are to blame for their children's silence.

    One is where the silent ones of its children can have fallen silent at one moment, and there
    are `fewest` of them, and only few (1 - share) were heard since. Children that are not due
    yet say nothing either way. Who was to blame `before` stays so, for the children that were
    `folded` into it, until enough of them are heard again. Who is `gone` needs no witness.
    """
    size = len(parent)
    child = parent >= 0
    silent = child & ends.silent
    at = np.full(size, NEVER)
    np.maximum.at(at, parent[silent], ends.at[silent])
    at = np.where(before.whom, before.at, at)
    there = at[parent]
    possible = (ends.at + ends.slack >= there) | (folded & before.whom[parent])
    agree = silent & (ends.at <= there) & possible & (ends.at > NEVER)
    against = child & (ends.at > there)
    agreeing = np.bincount(parent[agree], minlength=size)
    others = np.bincount(parent[against], minlength=size)
    whom = (agreeing >= limits.fewest) & (agreeing >= limits.share * (agreeing + others))
    whom &= ~ends.gone
    return Blame(whom, np.where(whom, at, NEVER))


def blame_upwards(
    limits: Limits, parent: Ints, ends: Ends, before: Blame, folded: Flags
) -> tuple[Blame, Ends]:
    """As blame, with gateways that are to blame counting as silent for the gateways above them.

    Returns the ends with them taken in, too.
    """
    found = Blame(np.zeros(len(parent), bool), np.full(len(parent), NEVER))
    child = parent >= 0
    for _ in range(DEEPEST):
        new = blame(limits, parent, ends, before, folded)
        if np.array_equal(new.whom, found.whom):
            break
        found = new
        slack = ends.slack.copy()
        under = child & new.whom[parent] & ends.silent
        np.maximum.at(slack, parent[under], ends.slack[under])
        ends = Ends(
            np.where(new.whom, new.at, ends.at),
            np.where(new.whom, slack, ends.slack),
            ends.gone,
            ends.silent | new.whom,
        )
    return found, ends


def score(tolerated: Floats) -> Floats:
    """How odd a silence is, in [0, 1), by how many times what is tolerated it has lasted.

    0.999 at first; one nine more each time it doubles.

    >>> score(np.array([0.1, 1.0, 2.0, 4.0])).tolist()
    [0.999, 0.999, 0.9999, 0.99999]
    """
    nines = 3.0 + np.log2(np.clip(tolerated, 1.0, 64.0))
    return np.asarray(1.0 - 10.0**-nines)


def times_told(tolerated: Floats) -> Ints:
    """How often a silence of this length has been told, once it is: at 1, 2, 4, ... patiences.

    >>> times_told(np.array([0.1, 1.0, 3.9, 4.0])).tolist()
    [1, 1, 2, 3]
    """
    doubled = np.log2(np.clip(tolerated, 1.0, 2.0**60))
    return np.floor(doubled).astype(np.int64) + 1


def told_again(tolerated: Floats, told: Ints) -> Flags:
    """Whether a silence that was told so many times is told again: each time it has doubled."""
    return np.asarray((told == 0) | (tolerated >= np.exp2(np.minimum(told, 60))))
