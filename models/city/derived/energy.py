"""Electricity on a grid: outage, unbalance of the phases, low power factor."""

from collections.abc import Iterator

from models.city import energy
from models.city.derivation import Alarm, Case, Derived, Json, Rule, steps
from models.incident import Severity
from models.reading import MINUTE

NAME = "energy"
PHASES = ("voltage_l1", "voltage_l2", "voltage_l3")
DEFAULT = energy.Rules()


def meters(case: Case) -> Iterator[Derived]:
    """What a meter's voltages and power factor show at each due step."""
    said = case.book.parameter
    rules = DEFAULT._replace(
        nominal=case.place.number("nominal_voltage") or said(NAME, "nominal_voltage", case.since)
    )
    for time in steps(case, (*PHASES, "voltage")):
        yield from supplied(case, rules, time)
    for time in steps(case, ("power_factor", "active_power_kw", "reactive_power")):
        factor = power_factor(case, time)
        if factor is not None:
            least = said(NAME, "least_power_factor", time)
            inputs: dict[str, Json] = {"power_factor": round(factor, 4), "least": least}
            yield Derived("power_factor_low", time, float(factor < least), inputs)


def supplied(case: Case, rules: energy.Rules, time: int) -> Iterator[Derived]:
    """Outage and unbalance by the voltages at the end of a step."""
    three = any(phase in case.series for phase in PHASES)
    volts = [case.last(each, time) for each in (PHASES if three else ("voltage",))]
    supply = energy.supply(rules, volts)
    if supply is None:
        return
    inputs: dict[str, Json] = {
        "volts": [None if volt is None else round(volt, 2) for volt in volts],
        "nominal": rules.nominal,
        "supply": supply.value,
    }
    out = supply is energy.Supply.OUTAGE
    alarm = Alarm(Severity.HIGH) if out else None
    yield Derived("power_outage", time, float(out), inputs, alarm)
    uneven = energy.unbalance(volts) if three else None
    if uneven is not None:
        lost = supply is energy.Supply.PHASE_LOST
        alarm = Alarm(Severity.MEDIUM) if lost else None
        yield Derived("phase_unbalance", time, round(uneven, 4), inputs, alarm)


def power_factor(case: Case, time: int) -> float | None:
    """As the meter says it, else out of active and reactive power."""
    said = case.last("power_factor", time)
    if said is not None:
        return abs(said)
    active, reactive = case.last("active_power_kw", time), case.last("reactive_power", time)
    return energy.power_factor(None if active is None else active * 1000, reactive)


ENERGY = Rule(
    name=NAME,
    kinds=frozenset({"energy"}),
    inputs=(*PHASES, "voltage", "power_factor", "active_power_kw", "reactive_power"),
    outputs=("power_outage", "phase_unbalance", "power_factor_low"),
    step=5 * MINUTE,
    derive=meters,
    alarms=frozenset({"power_outage", "phase_unbalance"}),
)
