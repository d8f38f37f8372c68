"""When a run begins and ends, and how fast it goes, from what was asked for."""

import math
import re
from dataclasses import dataclass
from typing import NamedTuple

from simulators.document import UNITS, within_calendar
from simulators.fleet import BadCity
from simulators.pace import AS_FAST_AS_POSSIBLE
from simulators.recording import moment
from simulators.scenario import LONGEST, Scenario


class Schedule(NamedTuple):
    """A run: the scenario's start, what is told of it from when until when, and how fast.

    Times are seconds since 1970; an end of infinity is none. One that resumes goes on with the
    present after its end.
    """

    start: float
    begin: float
    end: float
    speed: float
    resumes: bool = False

    @property
    def endless(self) -> bool:
        """Whether only somebody's stop ends it."""
        return self.resumes or not math.isfinite(self.end)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line says of time, as it stands there."""

    start: str | None = None
    duration: str | None = None
    since: str | None = None
    within: str | None = None
    speed: float | None = None
    fast: bool = False
    realtime: bool = False


def schedule(wishes: Wishes, scenario: Scenario, now: float, *, to_file: bool) -> Schedule:
    """Return when a run of a scenario is; raises BadCity where nobody could keep to it."""
    paces = (wishes.realtime, wishes.speed is not None, wishes.fast, wishes.within is not None)
    if sum(paces) > 1:
        raise BadCity("--realtime, --speed, --as-fast-as-possible, --within: choose one")
    speed = AS_FAST_AS_POSSIBLE if wishes.fast else wishes.speed or 1.0
    start = beginning(wishes.start, scenario.start if to_file else None, now)
    length = lasting(wishes.duration, scenario.duration if to_file else None)
    if wishes.within is not None:
        start, length, speed = squeezed(scenario, wishes, now)
    if to_file and not math.isfinite(length):
        raise BadCity("how long? a file needs a --duration, or a scenario that has one")
    begin = max(start, beginning("-0s" if wishes.since == "now" else wishes.since, start, now))
    resumes = wishes.within is not None and math.isfinite(length)
    return Schedule(start, begin, start + length, speed, resumes)


def beginning(text: str | None, usual: float | None, now: float) -> float:
    """Return the seconds since 1970 of an ISO 8601 time or of -30m, -6h, -7d before now.

    Without a text it is the usual one, and without that now.
    """
    if text is None:
        return now if usual is None else usual
    before = re.fullmatch(r"-(\d+(?:\.\d+)?)([smhd])", text.strip())
    try:
        ago = float(before[1]) * UNITS[before[2]] if before else 0.0
        return within_calendar(now - ago if before else moment(text) / 1000)
    except ValueError as why:
        raise BadCity(f"--start: {why}; give an ISO 8601 time, or -6h for six hours ago") from why


def squeezed(scenario: Scenario, wishes: Wishes, now: float) -> tuple[float, float, float]:
    """Return start, length and speed of a whole scenario that is lived through so quickly.

    It ends now, and catches up with the present without an end; one that is bound to its dates
    keeps them.
    """
    if scenario.duration is None:
        raise BadCity("--within needs a scenario with a duration")
    speed = scenario.duration / lasting(wishes.within, None)
    if scenario.dated:
        return beginning(wishes.start, scenario.start, now), scenario.duration, speed
    return beginning(wishes.start, now - scenario.duration, now), math.inf, speed


def lasting(text: str | None, usual: float | None) -> float:
    """Return the seconds of a duration such as 6h or 90, infinity where nobody says one."""
    if text is None:
        return math.inf if usual is None else usual
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", text.strip())
    length = float(found[1]) * UNITS[found[2] or "s"] if found else 0.0
    if not 0 < length <= LONGEST:
        raise BadCity(f"--duration: {text!r} is none; give one such as 90s, 10m, 6h or 7d")
    return length
