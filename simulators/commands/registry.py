"""registry: print the simulated city's assets for the platform's import."""

import sys

from simulators.commands.terminal import ScenarioName, Seed
from simulators.registry import write_registry
from simulators.scenario import read_scenario


def print_registry(*, scenario: ScenarioName = "city", seed: Seed = 1) -> None:
    """Print the assets of a scenario, with the same --seed, as the CSV that the store imports.

    Columns: name, kind, title, area, latitude, longitude, metrics (metric=UCUM unit, separated by
    semicolons), parent (the gateway it speaks through).
    """
    found = read_scenario(scenario).assets(seed)
    with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as output:
        write_registry(found, output)
