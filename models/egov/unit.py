"""Organisation units with dates of validity: who belonged to whom on a day.

The tree of any day is walked by its edges: no level is ever counted. Units merge and split by
successions. Roll-ups are the store's (org_counts_in); here is what shows whether they can be trusted.
"""

from datetime import date
from typing import NamedTuple

from models.city.limits import in_force_on

NOTHING = 1e-9  # what is left of a share when all of it was given away is a float's noise


class Unit(NamedTuple):
    """A unit as it was called from valid_from on, until the day before valid_to; None is open.

    One code may have several rows, one after the other: a new name is a new row.
    """

    code: str
    name_vi: str
    name_en: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None


class Edge(NamedTuple):
    """A unit belonged to another from valid_from on, until the day before valid_to."""

    parent: str
    child: str
    valid_from: date | None = None
    valid_to: date | None = None


class Succession(NamedTuple):
    """From a day on, a share (0 to 1) of what an old unit was is a new one's."""

    old: str
    new: str
    share: float
    day: date


class Organisation(NamedTuple):
    """All units there ever were, who belonged to whom, and who came after whom."""

    units: tuple[Unit, ...]
    edges: tuple[Edge, ...] = ()
    successions: tuple[Succession, ...] = ()


class Tree(NamedTuple):
    """The units of one day by their codes, each one's parent and children."""

    day: date
    units: dict[str, Unit]
    parent: dict[str, str]
    children: dict[str, tuple[str, ...]]


class CircularUnits(ValueError):
    """A unit belongs to itself, by way of others."""


def tree_of(organisation: Organisation, day: date) -> Tree:
    """The tree of a day: its units, and the edges in force between two of them."""
    units = {unit.code: unit for unit in organisation.units if in_force_on(unit, day)}
    parent = {
        edge.child: edge.parent
        for edge in organisation.edges
        if in_force_on(edge, day) and edge.child in units and edge.parent in units
    }
    children: dict[str, tuple[str, ...]] = dict.fromkeys(units, ())
    for child, above in sorted(parent.items()):
        children[above] += (child,)
    return Tree(day, units, parent, children)


def ancestors(tree: Tree, code: str) -> tuple[str, ...]:
    """The units that one belongs to, the nearest first. Raises CircularUnits."""
    found: list[str] = []
    here = code
    while (above := tree.parent.get(here)) is not None:
        if above == code or above in found:
            raise CircularUnits(f"{code} belongs to itself on {tree.day}")
        found.append(above)
        here = above
    return tuple(found)
