"""Queues at counters: how long people wait, and how many counters keep it short.

Erlang's formula C: people come at random, at so many an hour, and wait in one line for c counters.
"""

import math
from typing import NamedTuple

MINUTES = 60.0  # in an hour
IN_TIME = 15.0  # minutes: what is counted as served soon [D]
MOST = 200  # counters; a hall that needs more has another problem


class Load(NamedTuple):
    """How many people come in an hour, and how many minutes one is served (mean)."""

    arrivals: float
    service: float

    @property
    def offered(self) -> float:
        """How many counters would be busy all the time (Erlang)."""
        return self.arrivals * self.service / MINUTES

    def checked(self) -> "Load":
        """This load. Raises ValueError where it makes no sense."""
        if not (0 <= self.arrivals < math.inf and 0 < self.service < math.inf):
            raise ValueError(f"no load: {self}")
        return self


class Queue(NamedTuple):
    """What is to be expected of a line.

    utilisation is the share (0 to 1, above 1 where overloaded) of the counters' time that is
    needed. waiting is the share of people who wait at all, wait their and all others' mean in
    minutes, length how many stand in line, in_time the share served within so many minutes. An
    overloaded line only grows: wait and length are None, and nobody is served in time for long.
    """

    utilisation: float
    waiting: float
    wait: float | None
    length: float | None
    in_time: float

    @property
    def overloaded(self) -> bool:
        """Whether the line only grows."""
        return self.wait is None


def erlang_c(offered: float, counters: int) -> float:
    """The share of people who wait; 1 where more is offered than the counters can do.

    >>> round(erlang_c(2.0, 3), 4)
    0.4444
    """
    if counters <= offered:
        return 1.0
    blocked = 1.0  # Erlang's B by its recursion: no factorials, no overflow
    for number in range(1, counters + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return counters * blocked / (counters - offered * (1 - blocked))


def queue(load: Load, counters: int, *, within: float = IN_TIME) -> Queue:
    """What is to be expected of people in line for so many open counters.

    Raises ValueError for a load that makes no sense.
    """
    offered = load.checked().offered
    waiting = erlang_c(offered, counters)
    if counters <= offered or counters == 0:
        used = offered / counters if counters else math.inf
        return Queue(used, 1.0, None, None, 0.0)
    wait = waiting * load.service / (counters - offered)
    late = waiting * math.exp(-(counters - offered) * within / load.service)
    return Queue(offered / counters, waiting, wait, load.arrivals * wait / MINUTES, 1 - late)


def counters_for_wait(load: Load, wait: float) -> int | None:
    """The fewest counters that keep the mean wait at so many minutes; None: not even MOST do."""
    return next((c for c in enough(load) if (queue(load, c).wait or 0.0) <= wait), None)


def counters_for_share(load: Load, share: float, *, within: float = IN_TIME) -> int | None:
    """The fewest counters that serve a share (0 to 1) of people within so many minutes."""
    fits = (c for c in enough(load) if queue(load, c, within=within).in_time >= share)
    return next(fits, None)


def enough(load: Load) -> range:
    """The numbers of counters that are not overloaded, at least one."""
    return range(max(math.floor(load.checked().offered) + 1, 1), MOST + 1)
