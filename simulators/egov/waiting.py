"""How long people wait at counters: Erlang C, and on from there where more come than are served."""

from typing import Final, NamedTuple

import numpy as np

from simulators.dice import Floats

HIGHEST: Final = 0.95  # of the counters' time: above it a steady state is no use
OVERLOAD: Final = 60.0  # minutes of waiting that an hour of twice too many adds
PATIENCE: Final = 45.0  # minutes
GIVE_UP: Final = 0.3  # share of people who leave at the longest waits


class Waits(NamedTuple):
    """What Erlang C says of counters: minutes, and people."""

    mean: Floats
    half: Floats  # half of all people wait longer
    tenth: Floats  # one in ten waits longer
    queue: Floats
    utilisation: Floats


def waits(an_hour: Floats, service: float, counters: Floats) -> Waits:
    """Return the waits where so many come an hour and each takes so many minutes.

    Cooper's form of Erlang's second formula; the queue is Little's. Where counters are closed all
    is 0. Above 95 % of the counters' time the steady state is left: the waits go on in a line.
    """
    zero = np.zeros(len(an_hour))
    found = Waits(zero.copy(), zero.copy(), zero.copy(), zero.copy(), zero.copy())
    for number in np.unique(counters):
        if number > 0:
            which = counters == number
            parts = _steady(an_hour[which], service, int(number))
            for column, part in zip(found, parts, strict=True):
                column[which] = part
    return found


def delayed(load: Floats, counters: int) -> Floats:
    """Return the share of people who have to wait (load in Erlang, under the counters' number)."""
    blocked = np.ones(len(load))  # Erlang B, counter by counter
    for number in range(1, counters + 1):
        blocked = load * blocked / (number + load * blocked)
    used = load / counters
    share: Floats = blocked / (1 - used * (1 - blocked))
    return share


def leaving(wait: Floats) -> Floats:
    """Return the share of people who leave before their turn, by the wait in minutes."""
    return GIVE_UP * (1 - np.exp(-((wait / PATIENCE) ** 2)))


def _steady(an_hour: Floats, service: float, counters: int) -> Waits:
    offered = an_hour * service / 60
    load = np.minimum(offered, HIGHEST * counters)
    over = OVERLOAD * np.maximum(0.0, offered / counters - HIGHEST)
    share = delayed(load, counters)
    step = service / (counters - load)
    mean = share * step + over
    half = np.maximum(0.0, np.log(np.maximum(share, 1e-9) / 0.5)) * step + over
    tenth = np.maximum(0.0, np.log(np.maximum(share, 1e-9) / 0.1)) * step + over
    return Waits(mean, half, tenth, an_hour / 60 * mean, offered / counters)
