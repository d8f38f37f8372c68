"""Water supply on a grid of local days: the flow of the small hours, and leaks by it."""

from collections.abc import Iterator

import numpy as np

from models.city import water
from models.city.derivation import UTC_OFFSET, Alarm, Case, Derived, Json, Rule, means, steps
from models.incident import Severity
from models.reading import DAY, HOUR

NIGHT_NAME, LEAK_NAME = "water-night", "water-leak"
NIGHT, RULES = water.Night(), water.Rules()
SMALL_HOURS = (NIGHT.from_hour * HOUR, NIGHT.to_hour * HOUR)
# The nights that count and those that were above them: twice what is remembered [D].
REACH = 2 * RULES.memory * DAY


def nights(case: Case) -> Iterator[Derived]:
    """The minimum night flow (m3/h) of each due night that counts; time is its midnight."""
    cells = case.series.get("flow", {})
    times = np.array(sorted(cells), np.int64)
    found = water.night_flows(times, means(case.series, "flow", times.tolist()), NIGHT)
    for day, flow in zip(found.day.tolist(), found.flow.tolist(), strict=True):
        time = day * DAY - UTC_OFFSET
        if case.since <= time < case.until:
            inputs: dict[str, Json] = {"from_hour": NIGHT.from_hour, "to_hour": NIGHT.to_hour}
            yield Derived("night_flow", time, round(flow, 4), inputs)


def leaks(case: Case) -> Iterator[Derived]:
    """Whether each due night shows a leak, against the nights before it."""
    times = np.array(sorted(case.series.get("night_flow", ())), np.int64)
    flows = means(case.series, "night_flow", times.tolist())
    for time in steps(case, ("night_flow",)):
        seen = (times <= time) & (times > time - REACH)
        days = (times[seen] + UTC_OFFSET) // DAY
        found = water.leaks(rules_at(case, time), water.Nights(days, flows[seen]))
        if not np.isfinite(found.expected[-1]):
            continue  # too few nights to tell
        leaking = bool(found.leaking[-1])
        inputs: dict[str, Json] = {
            "night_flow": round(float(flows[seen][-1]), 4),
            "expected": round(float(found.expected[-1]), 4),
            "excess": round(float(found.excess[-1]), 4),
            "nights_in_a_row": int(found.row[-1]),
        }
        alarm = Alarm(Severity.MEDIUM) if leaking else None
        yield Derived("leak_suspected", time, float(leaking), inputs, alarm)


def rules_at(case: Case, time: int) -> water.Rules:
    """The rules as they are at a time."""
    said = case.book.parameter
    return RULES._replace(
        deviations=said(LEAK_NAME, "deviations", time), least=said(LEAK_NAME, "least", time)
    )


WATER_NIGHT = Rule(
    name=NIGHT_NAME,
    kinds=frozenset({"water"}),
    inputs=("flow",),
    outputs=("night_flow",),
    step=DAY,
    grain=NIGHT.slot,
    derive=nights,
    offset=UTC_OFFSET,
    within=SMALL_HOURS,
    patience=600,
    wakes=(LEAK_NAME,),
)
WATER_LEAK = Rule(
    name=LEAK_NAME,
    kinds=frozenset({"water"}),
    inputs=("night_flow",),
    outputs=("leak_suspected",),
    step=DAY,
    derive=leaks,
    alarms=frozenset({"leak_suspected"}),
    back=REACH,
    ahead=REACH,
    offset=UTC_OFFSET,
    patience=60,
)
