"""Waste containers on a grid: whether one burns, and in how many hours it will be full."""

from collections.abc import Iterator

import numpy as np

from models.city import waste
from models.city.derivation import Alarm, Case, Derived, Json, Rule, means, steps
from models.incident import Severity
from models.reading import DAY, HOUR, MINUTE

FIRE_NAME, FILLING_NAME = "waste-fire", "waste-filling"
HEAT, FILLING = waste.Heat(), waste.Filling()
GRAVE = {waste.Fire.SMOULDERING: Severity.MEDIUM, waste.Fire.BURNING: Severity.HIGH}


def fires(case: Case) -> Iterator[Derived]:
    """What the temperature says at each due step: 0 nothing, 1 smouldering, 2 burning."""
    said = case.book.parameter
    heat = HEAT._replace(
        hot=said(FIRE_NAME, "hot", case.since),
        rise=said(FIRE_NAME, "rise", case.since),
    )
    cells = case.series.get("temperature", {})
    times = np.array(sorted(cells), np.int64)
    degrees = np.array([cells[time].high for time in times.tolist()], np.float64)
    found = dict(zip(times.tolist(), waste.fires(heat, times, degrees).tolist(), strict=True))
    for time in steps(case, ("temperature",)):
        fire = waste.Fire(found[time])
        inputs: dict[str, Json] = {
            "temperature": round(cells[time].high, 2),
            "hot": heat.hot,
            "rise": heat.rise,
            "word": fire.name.lower(),
        }
        alarm = Alarm(GRAVE[fire]) if fire in GRAVE else None
        yield Derived("fire_suspected", time, int(fire), inputs, alarm)


def fillings(case: Case) -> Iterator[Derived]:
    """The hours until a container is full, at each due step at which that can be foreseen.

    An alarm where it is full: whoever comes by next finds the waste beside it.
    """
    said = case.place.number("full_at")
    times = np.array(sorted(case.series.get("filling_level", ())), np.int64)
    levels = means(case.series, "filling_level", times.tolist())
    for time in steps(case, ("filling_level",)):
        full = said or case.book.parameter(FILLING_NAME, "full_at", time)
        seen = (times <= time) & (times > time - REACH)
        found = waste.forecast(FILLING, times[seen], levels[seen], full)
        if found is None or found.full_at is None:
            continue
        hours = (found.full_at - time) / HOUR
        inputs: dict[str, Json] = {
            "level": round(found.level, 4),
            "rate_1h": round(found.rate, 5),
            "full_at": full,
        }
        alarm = Alarm(Severity.LOW, 24.0) if hours <= 0 else None
        yield Derived("hours_until_full", time, round(hours, 2), inputs, alarm)


REACH = 4 * DAY  # containers are emptied more often than that [D]
FIRE = Rule(
    name=FIRE_NAME,
    kinds=frozenset({"waste"}),
    inputs=("temperature",),
    outputs=("fire_suspected",),
    step=5 * MINUTE,
    derive=fires,
    alarms=frozenset({"fire_suspected"}),
    back=HEAT.window,
    ahead=HEAT.window,
    patience=5,
)
FILL = Rule(
    name=FILLING_NAME,
    kinds=frozenset({"waste"}),
    inputs=("filling_level",),
    outputs=("hours_until_full",),
    step=30 * MINUTE,
    derive=fillings,
    alarms=frozenset({"hours_until_full"}),
    back=REACH,
    ahead=REACH,
    patience=300,
)
