"""What the whole province asks for online, and of which ministry: the sum over all offices."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from simulators.dice import Floats, evens, key_of
from simulators.egov.arrivals import ONLINE, arrivals
from simulators.egov.books import within
from simulators.egov.procedures import asking, drawn
from simulators.egov.units import units
from simulators.egov.worktime import DAY
from simulators.rhythm import LOCAL_OFFSET

SPAN: Final = 7  # days
ALL: Final = "all"
PORTAL: Final = "online"
MINISTRIES: Final = ("finance", "transport", "planning", "justice")


class _Came(NamedTuple):
    at: Floats
    online: Floats  # 1 where it came by the portal
    procedure: Floats  # its place in the table


def asked(seed: int, what: str, at: Floats, seconds: float) -> Floats:
    """Return how many dossiers came in the last so many seconds: "all", "online" or a ministry's."""
    if not len(at):
        return np.zeros(0)
    moments = between(seed, what, float(at.min()) - seconds, float(at.max()))
    return within(moments, at, seconds)


def between(seed: int, what: str, since: float, until: float) -> Floats:
    """Return the moments at which dossiers came in, of the days that [since, until] touches."""
    first = int((since + LOCAL_OFFSET) // (SPAN * DAY))
    last = int((until + LOCAL_OFFSET) // (SPAN * DAY))
    return np.concatenate([_moments(seed, what, span) for span in range(first, last + 1)])


def amount(seed: int, what: str, since: float) -> Callable[[Floats], Floats]:
    """Return a function of how many dossiers came from a moment until others."""

    def _until(at: Floats) -> Floats:
        if not len(at):
            return np.zeros(0)
        moments = between(seed, what, since, max(since, float(at.max())))
        return within(moments, np.maximum(at, since), np.maximum(at - since, 0.0))

    return _until


@lru_cache(maxsize=48)
def _moments(seed: int, what: str, span: int) -> Floats:
    came = _province(seed, span)
    if what == ALL:
        return came.at
    concerned = np.isin(came.procedure, sorted(asking(what)))
    found: Floats = came.at[came.online == 1 if what == PORTAL else concerned]
    return found


@lru_cache(maxsize=4)
def _province(seed: int, span: int) -> _Came:
    """Return all dossiers that come in within a week, in order."""
    found = []
    for unit in units(seed).values():
        came = arrivals(unit, span * SPAN, (span + 1) * SPAN)
        thrown = evens(key_of(unit.key, "procedure"), came.number)
        procedure = drawn(unit.level, unit.department, came.day, thrown)
        found.append((came.at, came.channel == ONLINE, procedure))
    at, online, procedure = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(at, kind="stable")
    columns = (column[order].astype(np.float64) for column in (at, online, procedure))
    return _Came(*columns)
