"""The kinds of fault there are, and which asset can have which."""

from typing import Final

from simulators.asset import Asset
from simulators.faults.fault import Effect, Fault, Reporting
from simulators.faults.sensors import shift, silence, spike, stuck
from simulators.faults.services import down, overload

OF_ALL: Final[dict[str, Effect]] = {
    "spike": spike,
    "shift": shift,
    "stuck": stuck,
    "silence": silence,
}
OF_SERVICES: Final[dict[str, Effect]] = {"overload": overload, "down": down}
EFFECTS: Final = OF_ALL | OF_SERVICES


class BadFault(Exception):
    """A fault that cannot be had."""


def fault(kind: str, asset: Asset, begins_at: float, seconds: float, metric: str | None) -> Fault:
    """Return a fault of an asset; raises BadFault where it cannot have it."""
    if kind not in EFFECTS:
        raise BadFault(f"there is no fault {kind!r}: there are {', '.join(EFFECTS)}")
    if kind in OF_SERVICES and asset.system != "egov":
        raise BadFault(f"{asset.name} is no service: it cannot have the fault {kind}")
    names = [found.name for found in asset.kind.metrics]
    if metric is not None and metric not in names:
        raise BadFault(f"{asset.name} has no metric {metric!r}: it has {', '.join(names)}")
    if seconds <= 0:
        raise BadFault(f"a fault lasts some time, not {seconds:g} s")
    return Fault(kind, asset.name, metric or names[0], begins_at, seconds)


def take_effect(happening: Fault, report: Reporting) -> dict[str, float] | None:
    """Return what a report becomes under a fault: other values, or None for no report."""
    return EFFECTS[happening.kind](happening, report)
