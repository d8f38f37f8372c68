"""What simulated services report, with and without a fault, as the rules see it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from models.city.book import Book
from models.city.derivation import Case, Cell, Derived, Place, Rule
from models.incident import Severity
from simulators.asset import Values
from simulators.dice import Floats
from tests.simulators.egov.province import HOUR, happening, with_and_without

SECOND = 1_000_000
Told = Mapping[str, Mapping[int, Cell]]


def cells(rule: Rule, at: Floats, values: Values) -> Told:
    """Readings as cells of a rule's grid."""
    times = (at * SECOND).astype(np.int64)
    steps = rule.floor(times)
    found: dict[str, dict[int, Cell]] = {}
    for metric in rule.inputs:
        for step in np.unique(steps) if metric in values else ():
            here = values[metric][steps == step]
            mine = times[steps == step]
            found.setdefault(metric, {})[int(step)] = Cell(
                float(here.mean()), float(here.min()), float(here.max()), float(here[-1]),
                len(here), int(mine[0]), int(mine[-1]),
            )  # fmt: skip
    return found


def derived(rule: Rule, told: Told, since: float, until: float, book: Book) -> list[Derived]:
    """What a rule gives for [since, until), as it would be derived in one go."""
    first, last = rule.floor_of(int(since * SECOND)), int(until * SECOND)
    case = Case(Place(1, "service", None, None, {}), told, {1: told}, {}, book, first, last)
    return list(rule.derive(case))


class Fault(NamedTuple):
    """A fault of the simulator, at whom, from when on for how many hours, and how grave it grows."""

    kind: str
    asset: str
    since: str
    hours: float
    grave: Severity


def played(rule: Rule, fault: Fault, book: Book) -> tuple[list[Derived], list[Derived], float]:
    """What a rule gives from four hours before a fault to its end, with it and without it."""
    asset = fault.asset
    told = happening(fault.kind, asset, fault.since, fault.hours)
    begun = told.began_at
    at = np.arange(begun - 30 * HOUR, told.ended_at, 150.0)
    with_it, without = with_and_without(told, at, asset)
    found = [
        derived(rule, cells(rule, at, values), begun - 4 * HOUR, told.ended_at, book)
        for values in (with_it, without)
    ]
    return found[0], found[1], begun * SECOND
