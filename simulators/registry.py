"""The simulated city's assets as the platform imports them: a CSV line each."""

import csv
from collections.abc import Sequence
from typing import Final, TextIO

from simulators.asset import Asset
from simulators.fleet import gateways

COLUMNS: Final = ("name", "kind", "title", "area", "latitude", "longitude", "metrics", "parent")


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
