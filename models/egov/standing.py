"""What is known of a unit for its readiness, as shares of 100; what is not known is missing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from models.egov.readiness import Weight
from models.egov.worktime import NO_TIME, Calendar, workday, worked

FULL = 100.0
LOOK_BACK = timedelta(days=30)  # of being reachable
SILENT = "silent"


class Turn(NamedTuple):
    """From a moment on a service was in a state of hearing (online, late, silent, learning)."""

    at: datetime
    state: str


class Did(NamedTuple):
    """What a unit did in a period with all below it; None where there was nothing."""

    in_time: float | None = None
    online: float | None = None
    dated: float | None = None


def reachable(calendar: Calendar, turns: Sequence[Turn], now: datetime) -> float | None:
    """The share of working time of LOOK_BACK in which a service was not silent; None: unknown.

    turns are in order; the time before the first of them is not known.
    """
    known, silent = NO_TIME, NO_TIME
    for (since, state), (until, _) in pairwise([*turns, Turn(now, "")]):
        spent = worked(calendar, max(since, now - LOOK_BACK), max(until, now - LOOK_BACK))
        known += spent
        silent += spent if state == SILENT else NO_TIME
    return None if known <= NO_TIME else FULL * (1 - silent / known)


def fresh(calendar: Calendar, last: datetime | None, now: datetime) -> float | None:
    """How fresh the last word of a service is: 100 now, 0 a working day later."""
    if last is None:
        return None
    return FULL * max(0.0, 1 - worked(calendar, min(last, now), now) / workday(calendar))


def facts_of(
    facts: Mapping[tuple[str, str], float], path: Sequence[str], kind: str, name: str
) -> float | None:
    """A fact of a unit (0 to 1), else what the nearest unit of its path says of its kind, of 100."""
    own = facts.get((path[-1], name))
    told = (facts.get((above, f"{name}.{kind}")) for above in reversed(path))
    found = own if own is not None else next((each for each in told if each is not None), None)
    return None if found is None else FULL * found


def shares(did: Did) -> dict[str, float | None]:
    """What a unit did, as inputs."""
    return {
        "in_time": scaled(did.in_time),
        "online_share": scaled(did.online),
        "complete": scaled(did.dated),
    }


def scaled(share: float | None) -> float | None:
    """A share of 1 as one of 100."""
    return None if share is None else FULL * share


def version(weights: Iterable[Weight]) -> date:
    """Which weights these are: from when on the newest is in force."""
    return max((each.valid_from or date.min for each in weights), default=date.min)
