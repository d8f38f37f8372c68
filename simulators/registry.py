"""The simulated city's assets as the platform imports them: a CSV line each."""

import csv
from collections.abc import Iterable
from typing import Final, TextIO

from simulators.asset import Asset

COLUMNS: Final = ("name", "kind", "title", "area", "latitude", "longitude", "metrics")


def write_registry(assets: Iterable[Asset], file: TextIO) -> None:
    """Write the header and a line for each asset; metrics are `metric=UCUM unit` pairs."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for asset in assets:
        metrics = ";".join(f"{metric.name}={metric.unit}" for metric in asset.kind.metrics)
        place = (asset.area, asset.latitude, asset.longitude)
        writer.writerow((asset.name, asset.kind.name, asset.title, *place, metrics))
