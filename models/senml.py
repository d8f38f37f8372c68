"""SenML's names and units (RFC 8428, 9039): whose reading a record is, and of what.

Names come off the wire; those that break the RFC's rule raise BadMessage. All is cached, in bounds:
what would be long is refused before.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from models.asset import child_name
from models.reading import ASSET_NAME, METRIC_NAME, BadMessage
from models.units import SENML, ucum

LONGEST = 255  # letters of a name or a unit
SEPARATORS = ":/._-"

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./_-]*")
REST = re.compile(r"[A-Za-z0-9:./_-]*")
NAMESPACE = re.compile(r"urn:dev:[A-Za-z0-9-]+:?")
DEVICE_URN = re.compile(r"urn:dev:[A-Za-z0-9-]+:[A-Za-z0-9.-]+(?:_[A-Za-z0-9.-]+)*")  # RFC 9039

QUANTITIES = {
    "Cel": "temperature", "K": "temperature", "%RH": "humidity", "%EL": "battery",
    "EL": "battery_time", "V": "voltage", "mV": "voltage", "A": "current", "mA": "current",
    "W": "power", "kW": "power", "VA": "apparent_power", "kVA": "apparent_power",
    "var": "reactive_power", "kvar": "reactive_power", "J": "energy", "Wh": "energy",
    "kWh": "energy", "Hz": "frequency", "Pa": "pressure", "hPa": "pressure",
    "lx": "illuminance", "W/m2": "irradiance", "lat": "lat", "lon": "lon", "pH": "ph",
    "NTU": "turbidity", "m/s": "speed", "km/h": "speed", "m3/s": "flow", "l/s": "flow",
    "count": "count", "dBm": "rssi", "S/m": "conductivity",
}  # fmt: skip
# A unit times seconds, where UCUM has a plain word for it.
SUMS = {
    "W": "J", "kW": "kJ", "V.A": "V.A.s", "var": "var.s", "A": "C", "m/s": "m", "m3/s": "m3",
    "L/s": "L", "kg/s": "kg", "/s": "1", "Hz": "1", "bit/s": "bit", "By/s": "By", "1": "s",
}  # fmt: skip


class Metric(NamedTuple):
    """What a record measures, in which unit, and its sum's ("": too long); or its name's flaw."""

    name: str
    unit: str | None
    sum_name: str
    sum_unit: str | None
    flaw: str | None


@lru_cache(maxsize=16_384)
def metric_of(local: str, unit: str) -> Metric:
    """The metric of a record by its own name. Raises BadMessage for what is no name."""
    if len(local) > LONGEST or not REST.fullmatch(local):
        raise BadMessage(f"{local[:80]!r} is no name")
    if len(unit) > LONGEST:
        raise BadMessage(f"{unit[:80]!r} is no unit")
    name = local.strip(SEPARATORS) or QUANTITIES.get(unit, "value")
    if name[0].isdigit():
        name = f"value/{name}"
    code = SENML.get(unit) or ucum(unit) if unit else None
    flaw = None if METRIC_NAME.fullmatch(name) else f"{name[:80]!r} is no name of a metric"
    total = f"{name}_sum" if METRIC_NAME.fullmatch(f"{name}_sum") else ""
    return Metric(name, code, total, SUMS.get(code) if code else None, flaw)


@lru_cache(maxsize=16_384)
def device_of(base: str) -> str | None:
    """The device a base name tells, None where it tells none yet. Raises BadMessage."""
    if not base:
        return None
    if len(base) > LONGEST or not NAME.fullmatch(base):
        raise BadMessage(f"{base[:80]!r} is no base name")
    if NAMESPACE.fullmatch(base):
        return None
    return base.rstrip(SEPARATORS)


def whole_name(base: str, name: str) -> str:
    """The base name with the name. Raises BadMessage where that is none."""
    full = base + name
    if not full:
        raise BadMessage("no name")
    if len(full) > LONGEST or not NAME.fullmatch(full):
        raise BadMessage(f"{full[:80]!r} is no name")
    return full


def parted(full: str) -> tuple[str, str]:
    """A whole name as a device ("" where none is named) and what it measures.

    >>> parted("urn:dev:ow:10e2:voltage"), parted("pump/flow"), parted("flow")
    (('urn:dev:ow:10e2', ':voltage'), ('pump', 'flow'), ('', 'flow'))
    """
    if urn := DEVICE_URN.match(full):
        return urn[0], full[urn.end() :]
    at = max(full.rfind(":"), full.rfind("/"))
    return full[: max(at, 0)].rstrip(SEPARATORS), full[at + 1 :]


@lru_cache(maxsize=16_384)
def asset_of(gateway: str, device: str) -> str:
    """The asset of a device that speaks through a gateway. Raises BadMessage."""
    asset = child_name(gateway, device) if device else gateway
    if not ASSET_NAME.fullmatch(asset):
        raise BadMessage(f"{asset!r} is no name of an asset")
    return asset
