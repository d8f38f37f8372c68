"""registry: print the simulated city's assets for the platform's import."""

import sys

from simulators.commands.terminal import Assets, Seed
from simulators.fleet import fleet
from simulators.registry import write_registry


def print_registry(*, assets: Assets = 60, seed: Seed = 1) -> None:
    """Print the assets of the city with the same --assets and --seed as CSV.

    Columns: name, kind, title, area, latitude, longitude, metrics (metric=UCUM unit, separated by
    semicolons).
    """
    found = fleet(assets, seed)
    with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as output:
        write_registry(found, output)
