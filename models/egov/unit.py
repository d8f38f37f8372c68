"""Organisation units with dates of validity: who belonged to whom on a day.

The tree of any day is walked by its edges: no level is ever counted. Units merge and split by
successions, so that what was counted in one year's units can be told in another's.
"""

from collections.abc import Iterable, Mapping
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


def descendants(tree: Tree, code: str) -> tuple[str, ...]:
    """The units that belong to one, at any distance; each after its parent. Raises CircularUnits."""
    found: list[str] = []
    waiting = list(tree.children.get(code, ()))
    for each in waiting:
        if each == code or each in found:
            raise CircularUnits(f"{code} belongs to itself on {tree.day}")
        found.append(each)
        waiting.extend(tree.children[each])
    return tuple(found)


def roots(tree: Tree) -> tuple[str, ...]:
    """The units that belong to no other."""
    return tuple(sorted(code for code in tree.units if code not in tree.parent))


def rolled_up(tree: Tree, numbers: Mapping[str, float]) -> dict[str, float]:
    """Each unit's own number and those of all that belong to it.

    A unit without any number below it has none, and not 0. A number of a unit that does not exist
    on that day counts for nobody: carry it there first. Raises CircularUnits.
    """
    found: dict[str, float] = {}
    for code, number in numbers.items():
        if code in tree.units:
            for each in (code, *ancestors(tree, code)):
                found[each] = found.get(each, 0.0) + number
    return found


def heirs(organisation: Organisation, code: str, since: date, until: date) -> dict[str, float]:
    """What became of a unit's whole (1.0) after since, up to and with until: shares by unit.

    What its successions do not give away stays with it.
    """
    due = sorted(
        (each for each in organisation.successions if since < each.day <= until),
        key=lambda each: each.day,
    )
    shares = {code: 1.0}
    for day in dict.fromkeys(each.day for each in due):
        today = [each for each in due if each.day == day]
        shares = passed_on(shares, today)
    return shares


def passed_on(shares: Mapping[str, float], today: Iterable[Succession]) -> dict[str, float]:
    """Shares after the successions of one day, which all happen at once."""
    found = dict(shares)
    for each in today:
        given = shares.get(each.old, 0.0) * each.share
        if given:
            found[each.old] -= given
            found[each.new] = found.get(each.new, 0.0) + given
    return {code: share for code, share in found.items() if abs(share) > NOTHING}


def carried(
    organisation: Organisation, numbers: Mapping[str, float], since: date, until: date
) -> dict[str, float]:
    """Numbers counted in the units of one day, told in those of a later one; the sum stays."""
    found: dict[str, float] = {}
    for code, number in numbers.items():
        for heir, share in heirs(organisation, code, since, until).items():
            found[heir] = found.get(heir, 0.0) + number * share
    return found
