"""registry: print the simulated city's assets for the platform's import."""

import sys
from typing import Annotated

import typer

from simulators.commands.terminal import ScenarioName, Seed
from simulators.registry import write_facts, write_registry
from simulators.scenario import read_scenario

Facts = Annotated[bool, typer.Option("--facts", help="What the city's rules ask of them instead.")]


def print_registry(
    *, scenario: ScenarioName = "city", seed: Seed = 1, facts: Facts = False
) -> None:
    """Print the assets of a scenario, with the same --seed, as the CSV that the store imports.

    Columns: name, kind, title, area, latitude, longitude, metrics (metric=UCUM unit, separated by
    semicolons), parent (the gateway it speaks through). With --facts: asset, name, value, as
    `scripts/store city import` takes them: rated power, spaces, free-flow speed, noise class.
    """
    found = read_scenario(scenario).assets(seed)
    with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as output:
        (write_facts if facts else write_registry)(found, output)
