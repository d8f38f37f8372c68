"""Street lights on a grid: which fault a light shows, and how many of a group fail together."""

from collections.abc import Iterator

import numpy as np

from models.city import lighting
from models.city.derivation import Alarm, Case, Derived, Json, Rule, steps
from models.incident import Severity
from models.reading import MINUTE

NAME, GROUP_NAME = "lighting", "lighting-group"
STEP = 10 * MINUTE
DEFAULT = lighting.Rules()


def lights(case: Case) -> Iterator[Derived]:
    """The fault of a light at each due step: 0 none, 1 burning by day, 2 dark by night.

    At dusk, where either is right, there is no value.
    """
    if case.place.latitude is None or case.place.longitude is None:
        return
    rated = case.place.number("rated_power") or case.book.parameter(NAME, "rated_power", case.since)
    times = steps(case, ("power", "power_kw"))
    watts = np.array([power(case, time) for time in times])
    found = lighting.verdicts(
        rules_of(case),
        np.array(times, np.int64),
        watts / rated,
        case.place.latitude,
        case.place.longitude,
    )
    for time, watt, verdict in zip(times, watts.tolist(), found.tolist(), strict=True):
        if verdict != lighting.Light.UNKNOWN:
            inputs: dict[str, Json] = {
                "power": round(watt, 2),
                "rated_power": rated,
                "fault": lighting.Light(verdict).name.lower(),
            }
            yield Derived("light_fault", time, verdict, inputs)


def power(case: Case, time: int) -> float:
    """The power (W) that a light drew in a step, at its end."""
    for metric, scale in (("power", 1.0), ("power_kw", 1000.0)):
        cell = case.series.get(metric, {}).get(time)
        if cell:
            return cell.last * scale
    return np.nan


def groups(case: Case) -> Iterator[Derived]:
    """The share of a group's lights that show a fault, at each due step.

    An alarm where most show the same one now and did at the step before: a lamp is for the next
    round, a group is a feeder, a fuse or a timer. Those have a place: what carries the messages
    of a whole district has none, and the lights behind it are no group.
    """
    if case.place.latitude is None or case.place.longitude is None:
        return
    rules = rules_of(case)
    every = {time for series in case.members.values() for time in series.get("light_fault", ())}
    for time in sorted(time for time in every if case.since <= time < case.until):
        faults, before = faults_at(case, time), faults_at(case, time - STEP)
        now = lighting.group_failure(rules, faults)
        stands = now > lighting.Light.FINE and now == lighting.group_failure(rules, before)
        failed = int((faults > lighting.Light.FINE).sum())
        inputs: dict[str, Json] = {
            "known": len(faults),
            "failed": failed,
            "fault": now.name.lower(),
            "group_share": rules.group_share,
            "fewest": rules.fewest,
        }
        alarm = Alarm(Severity.MEDIUM) if stands else None
        yield Derived("lights_failed_share", time, round(failed / len(faults), 4), inputs, alarm)


def faults_at(case: Case, time: int) -> lighting.Lights:
    """The faults of the lights that are known at a step."""
    cells = [series.get("light_fault", {}).get(time) for series in case.members.values()]
    return np.array([cell.last for cell in cells if cell], np.int8)


def rules_of(case: Case) -> lighting.Rules:
    """The rules as they are at the beginning of what is due."""
    said = case.book.parameter
    return lighting.Rules(
        day_above=said(NAME, "day_above", case.since),
        night_below=said(NAME, "night_below", case.since),
        burning=said(NAME, "burning", case.since),
        group_share=said(NAME, "group_share", case.since),
        fewest=int(said(NAME, "fewest", case.since)),
    )


LIGHT = Rule(
    name=NAME,
    kinds=frozenset({"light"}),
    inputs=("power", "power_kw"),
    outputs=("light_fault",),
    step=STEP,
    derive=lights,
    patience=20,
    upwards=(GROUP_NAME,),
)
GROUP = Rule(
    name=GROUP_NAME,
    kinds=frozenset(),  # whatever stands above lights
    inputs=("light_fault",),
    outputs=("lights_failed_share",),
    step=STEP,
    derive=groups,
    alarms=frozenset({"lights_failed_share"}),
    back=STEP,
    ahead=STEP,
    patience=20,
    of_members=True,
)
