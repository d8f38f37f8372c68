"""Traffic on a road: level of service, travel-time index, and congestion as an episode.

Level of service by speed: Highway Capacity Manual 2010, urban streets, which grades travel speed
as a share of the base free-flow speed. By occupancy: the manual's densities for freeways,
turned into the share of time that a detector is covered [D].
"""

from typing import NamedTuple

import numpy as np

from models.city import delay
from models.city.series import Floats, Ints, given, in_order
from models.reading import MINUTE

LETTERS = "ABCDEF"

# Above these shares of free-flow speed A, B, C, D, E; not above the last F.
SPEED_SHARES = (0.85, 0.67, 0.50, 0.40, 0.30)

# Up to these A to E: 11, 18, 26, 35 and 45 vehicles a mile and lane, each covering 6.5 m of it.
COVERED_M, MILE_M = 6.5, 1609.344
OCCUPANCIES = tuple(density * COVERED_M / MILE_M for density in (11, 18, 26, 35, 45))


class Rules(NamedTuple):
    """When a road is congested, by speed as a share of free-flow speed: all [D].

    It is once the speed has not been above slow for the on-delay, and until it has been above
    free for the off-delay.
    """

    slow: float = 0.50
    free: float = 0.60
    delays: delay.Delays = delay.Delays(on=5 * MINUTE, off=10 * MINUTE)

    def checked(self) -> "Rules":
        """These rules. Raises ValueError where free comes before slow."""
        if not 0 < self.slow <= self.free:
            raise ValueError("a road is free again at no less speed than it is slow at")
        return self


def level_of_service(
    speed: float | None, free_flow: float | None, occupancy: float | None = None
) -> str | None:
    """The level of service, "A" (free) to "F" (jammed), the worse one of both measures.

    speed and free_flow (above 0) are in one unit; occupancy is the share of time (0 to 1) that a
    detector is covered. A measure that is missing does not count; None where both are.
    """
    grades = []
    now, free, covered = given(speed), given(free_flow), given(occupancy)
    if now is not None and free is not None and free > 0:
        grades.append(sum(now / free <= share for share in SPEED_SHARES))
    if covered is not None:
        grades.append(sum(covered > most for most in OCCUPANCIES))
    return LETTERS[max(grades)] if grades else None


def travel_time_index(speed: float | None, free_flow: float | None) -> float | None:
    """How many times as long a trip takes as on a free road (free-flow speed over speed).

    Below 1 where traffic is faster than that. None where a speed is missing or not above 0: a
    road that stands still has no travel time.
    """
    now, free = given(speed), given(free_flow)
    if now is None or free is None or now <= 0 or free <= 0:
        return None
    return free / now


def congestion(
    rules: Rules, state: delay.State, times: Ints, speeds: Floats, free_flow: float
) -> delay.Course:
    """Follows whether a road is congested on from a state; one word a reading, as delay.steady.

    times are in microseconds since 1970 and in order, speeds in the unit of free_flow (above 0).
    A speed that is nan changes nothing. Raises OutOfOrder where the times go back.
    """
    in_order(times, speeds)
    there = np.isfinite(speeds)
    share = speeds[there] / free_flow
    slow, free = share <= rules.slow, share > rules.free
    known, after = delay.steady(rules.delays, state, times[there], slow, free)
    # What was said at the last reading that is there holds on.
    newest = np.cumsum(there)
    return delay.Course(np.concatenate([[state.on], known])[newest], after)
