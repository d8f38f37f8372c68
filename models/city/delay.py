"""Turns a yes and no that flickers into a steady one, by an on-delay and an off-delay."""

from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Ints, in_order


class Delays(NamedTuple):
    """For how long (microseconds) the other side must hold before the word changes."""

    on: int
    off: int


class State(NamedTuple):
    """The word, since when, and since when the other side has held without a break.

    Times are in microseconds since 1970; since is 0 where nothing was known before, turning None
    while nothing speaks for a change.
    """

    on: bool = False
    since: int = 0
    turning: int | None = None


class Course(NamedTuple):
    """What became of a series: the word after each moment, and the state after the last."""

    on: Flags
    state: State


def steady(delays: Delays, state: State, times: Ints, on: Flags, off: Flags) -> Course:
    """Follows a series (in order) on from a state.

    on and off say at each moment what speaks for either word; where neither does (between two
    thresholds), the word stays and a change that had begun begins anew. Leave out moments whose
    value is missing: they say nothing. A series that is cut anywhere, and gone on with from the
    state at the cut, gives the same. Raises OutOfOrder where the times go back.
    """
    in_order(times, on)
    word, since, turning = state
    found = np.empty(len(times), np.bool_)
    for i, (time, yes, no) in enumerate(
        zip(times.tolist(), on.tolist(), off.tolist(), strict=True)
    ):
        if not (no if word else yes):
            turning = None
        elif turning is None:
            turning = time
        if turning is not None and time - turning >= (delays.off if word else delays.on):
            word, since, turning = not word, time, None
        found[i] = word
    return Course(found, State(word, since, turning))
