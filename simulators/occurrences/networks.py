"""What many share and are without at once: a gateway, a network, power, an office's software."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.egov.units import CENTRE
from simulators.happening import AtFirst, Happening, Occurrence, Reports
from simulators.labels import Nature
from simulators.occurrences import services
from simulators.weather import Weather

HELD: Final = 600.0  # seconds that a cabinet's battery carries a device through a power cut


def gateway_down(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Everybody behind it is silent."""
    reports.keep(~part.going_on(reports.at))


def behind_the_gateway(part: Happening, asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return the parts of all that share the gateway."""
    return [part.at(each) for each in others if each.gateway == asset.gateway]


def network_cut(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """Nothing leaves the commune."""
    reports.keep(~part.going_on(reports.at))


def in_the_commune(part: Happening, asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return the parts of all in the same commune, services included."""
    return [part.at(each) for each in others if each.commune == asset.commune]


def office_silent(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """The office's software says nothing, of itself or of its dossiers."""
    reports.keep(~part.going_on(reports.at))


def without_power(
    part: Happening, asset: Asset, at: Floats, weather: Weather, values: Values
) -> None:
    """The meter shows nothing, the lamps are dark; whoever serves people does so on paper."""
    if asset.system == "egov":
        services.without_power(part, asset, at, weather, values)
        return
    dark = part.going_on(at)
    for name in ("power_kw", "active_power_kw", "current", "illuminance_level", "voltage"):
        _put_out(values, name, dark)
    for name in ("voltage_l1", "voltage_l2", "voltage_l3", "frequency", "power_factor"):
        _put_out(values, name, dark)


def unpowered_is_silent(part: Happening, reports: Reports, _first: AtFirst) -> None:
    """A device on the mains lasts as long as its battery; meters and cabinets tell the outage."""
    kind = reports.asset.kind
    if kind.mains and kind.name not in {"energy", "light", "service"}:
        gone = part.going_on(reports.at) & (reports.at >= part.began_at + HELD)
        reports.keep(~gone)


def on_the_same_power(part: Happening, asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return the parts of all in the same commune that live on the mains."""
    return [part.at(each) for each in others if each.commune == asset.commune and each.kind.mains]


def _put_out(values: Values, name: str, dark: NDArray[np.bool_]) -> None:
    if name in values:
        values[name] = np.where(dark, 0.0, values[name])


def _behind_something(asset: Asset) -> bool:
    return asset.gateway.startswith("gw-")


def _in_a_commune(asset: Asset) -> bool:
    return asset.commune not in {"", asset.area}


def _office(asset: Asset) -> bool:
    """Whether it has dossiers of its own: the provincial centre's are its departments'."""
    return asset.kind.metric("dossiers_overdue") is not None and asset.name != CENTRE


def _alone(part: Happening, asset: Asset, _others: list[Asset]) -> list[Happening]:
    return [part.at(asset)]


HOUR: Final = 3600.0
NETWORKS: Final = (
    Occurrence(
        "gateway-down", Nature.SENSOR, "mất gateway / gateway down",
        _behind_something, behind_the_gateway, fault=gateway_down, lasts=(1800, 3 * HOUR),
    ),
    Occurrence(
        "network-cut", Nature.SENSOR, "đứt mạng xã / network cut of a commune",
        _in_a_commune, in_the_commune, fault=network_cut, lasts=(HOUR, 6 * HOUR),
    ),
    Occurrence(
        "power-cut", Nature.EVENT, "mất điện / power cut",
        _in_a_commune, on_the_same_power, event=without_power, fault=unpowered_is_silent,
        lasts=(HOUR, 4 * HOUR), aftermath=services.POWER_AFTERMATH,
    ),
    Occurrence(
        "office-silent", Nature.SENSOR, "mất tín hiệu một cửa / one-stop shop unheard of",
        _office, _alone, fault=office_silent, lasts=(HOUR, 4 * HOUR),
    ),
)  # fmt: skip
