"""Water supply: leaks by the flow of the small hours, when hardly anybody draws water.

Flows are in m3/h into one district metered area. Method: minimum night flow, compared with the
area's own past nights; figures are [D].
"""

from typing import NamedTuple

import numpy as np

from models.city.series import Flags, Floats, Ints, in_order
from models.reading import DAY, HOUR, MINUTE

# The median deviation from the median of a normal distribution, as a standard deviation.
TO_DEVIATION = 1.4826


class Night(NamedTuple):
    """The small hours on the clock on the wall, and the slots (microseconds) they are cut into.

    A night counts when at least half of its slots have a reading.
    """

    from_hour: int = 2
    to_hour: int = 4
    slot: int = 15 * MINUTE


class Nights(NamedTuple):
    """One minimum night flow (m3/h) a night that counts; day is local, in days since 1970."""

    day: Ints
    flow: Floats


class Rules(NamedTuple):
    """What is a leak: a flow above the median of past nights, several nights in a row.

    By more than `deviations` of them and more than `least` (m3/h). The past is the newest
    `memory` nights that were not above themselves; with fewer than `warm_up` of them nothing is
    judged.
    """

    deviations: float = 4.0
    least: float = 0.5
    in_a_row: int = 3
    memory: int = 28
    warm_up: int = 7

    def checked(self) -> "Rules":
        """These rules. Raises ValueError where they contradict each other."""
        if not 1 <= self.warm_up <= self.memory or self.in_a_row < 1:
            raise ValueError("a leak is judged by 1 night or more, within what is remembered")
        return self


class Leaks(NamedTuple):
    """What each night shows: arrays of one length.

    expected is the median of its past (m3/h, nan before the warm-up), excess the flow above it
    (m3/h, 0 where it is within what is usual), row how many nights in a row have been above with
    this one, leaking whether they are enough.
    """

    expected: Floats
    excess: Floats
    row: Ints
    leaking: Flags


def night_flows(
    times: Ints, flows: Floats, night: Night | None = None, utc_offset_hours: int = 7
) -> Nights:
    """The minimum night flow of each night of a series in order: its lowest mean of a slot.

    Readings that are nan are left out. Raises OutOfOrder where the times go back.
    """
    in_order(times, flows)
    rule = Night() if night is None else night
    local = times + utc_offset_hours * HOUR
    hour = local % DAY // HOUR
    used = np.isfinite(flows) & (hour >= rule.from_hour) & (hour < rule.to_hour)
    slots, where = np.unique(local[used] // rule.slot, return_inverse=True)
    means = np.bincount(where, flows[used], slots.size) / np.maximum(np.bincount(where), 1)
    days = slots * rule.slot // DAY
    needed = (rule.to_hour - rule.from_hour) * HOUR / rule.slot / 2
    kept = [day for day in np.unique(days) if (days == day).sum() >= needed]
    lowest = [means[days == day].min() for day in kept]
    return Nights(np.array(kept, np.int64), np.array(lowest, np.float64))


def leaks(rules: Rules, nights: Nights) -> Leaks:
    """What each night shows, against the nights before it alone.

    A night without a flow is not there, and breaks no row.
    """
    size = nights.flow.size
    expected, excess = np.full(size, np.nan), np.zeros(size)
    row = np.zeros(size, np.int64)
    past: list[float] = []
    for i, flow in enumerate(nights.flow.tolist()):
        usual = np.array(past[-rules.memory :])
        if usual.size >= rules.warm_up:
            expected[i] = np.median(usual)
            deviation = TO_DEVIATION * float(np.median(np.abs(usual - expected[i])))
            if flow - expected[i] > max(rules.deviations * deviation, rules.least):
                excess[i] = flow - expected[i]
                row[i] = 1 + (row[i - 1] if i else 0)
                continue
        past.append(flow)
    return Leaks(expected, excess, row, row >= rules.in_a_row)


def loss(found: Leaks, hours_a_day: float = 24.0) -> float:
    """What leaks lost (m3) in the days of their nights, from the first of a row on.

    hours_a_day is the hour-day factor: where the pressure is lower by day than in the small
    hours, a leak loses less than 24 times what it does then [D].
    """
    lost, counted = 0.0, False
    nights = zip(*(each[::-1].tolist() for each in found[1:]), strict=True)
    for excess, row, leaking in nights:  # the newest first: a row is known by its end
        counted = row > 0 and (counted or leaking)
        lost += excess if counted else 0.0
    return lost * hours_a_day
