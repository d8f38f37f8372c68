"""The simulated city's assets as the platform imports them, and what is known of them beside."""

import csv
from collections.abc import Sequence
from typing import Final, TextIO

from simulators.asset import Asset
from simulators.dice import even
from simulators.fleet import gateways
from simulators.kinds.road import FREE_FLOW, SPOTS
from simulators.kinds.utility import CABINET_KW, LAMP_KW

COLUMNS: Final = ("name", "kind", "title", "area", "latitude", "longitude", "metrics", "parent")
FACTS: Final = ("asset", "name", "value")
SPECIAL: Final = 0.25  # of the noise stations stand by a school, a hospital or a pagoda


def write_registry(assets: Sequence[Asset], file: TextIO) -> None:
    """Write the header, a line for each gateway, then one for each asset.

    Metrics are `metric=UCUM unit` pairs. A gateway measures nothing, so it is of no kind.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for name, title in gateways(assets):
        writer.writerow((name, "", title, "", "", "", "", ""))
    for asset in assets:
        metrics = ";".join(f"{metric.name}={metric.unit}" for metric in asset.kind.metrics)
        place = (asset.area, asset.latitude, asset.longitude)
        writer.writerow((asset.name, asset.kind.name, asset.title, *place, metrics, asset.parent))


def write_facts(assets: Sequence[Asset], file: TextIO) -> None:
    """Write the header and a line for each fact: what the city's rules ask of an asset.

    Rated power (W) of lights, spaces of car parks, free-flow speed (km/h) of roads, the class of
    the area around a noise station.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FACTS)
    for asset in assets:
        for name, value in _facts(asset).items():
            writer.writerow((asset.name, name, value))


def _facts(asset: Asset) -> dict[str, str]:
    if asset.kind.name == "light":
        rated = LAMP_KW if asset.kind.metric("illuminance_level") else CABINET_KW
        return {"rated_power": f"{1000 * rated * asset.size:.0f}"}
    if asset.kind.name == "parking":
        return {"total_spots": str(round(SPOTS * asset.size))}
    if asset.kind.name == "traffic":
        return {"free_flow_speed": f"{FREE_FLOW:g}"}
    if asset.kind.name == "noise":
        return {"noise_class": "special" if even(asset.key, 5) < SPECIAL else "ordinary"}
    return {}
