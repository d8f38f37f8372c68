"""Brings a registry file into the store: checked as a whole, then written as a whole."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from services.store import assets, registry, streams
from services.store.pool import Connection
from services.store.registry import Registry

AT_A_TIME = 2000
Item = TypeVar("Item")


def check(conn: Connection, found: Registry) -> None:
    """Raises BadRegistry with every flaw of the file, those that only the store can know too."""
    areas = {claim.area_code for claim in found.claims if claim.area_code}
    rows = conn.execute("SELECT code FROM areas WHERE code = ANY(%s)", [sorted(areas)]).fetchall()
    strange_areas = areas - {str(code) for (code,) in rows}
    outside = {each.parent for each in found.claims if each.parent} - found.lines.keys()
    strangers = outside - assets.ids(conn, sorted(outside)).keys()
    for claim in found.claims:
        if claim.area_code in strange_areas:
            found.refuse(claim.name, f"there is no area {claim.area_code}")
        if claim.parent in strangers:
            found.refuse(
                claim.name, f"the parent {claim.parent} is neither in the store nor in the file"
            )
    for asset, metric, unit in streams.fixed(conn, found.units):
        found.refuse(asset, f"{metric} has readings in {unit}; they would not become others")
    registry.refuse_circles(found, assets.parents_above(conn, outside | found.lines.keys()))
    found.check()


def write(conn: Connection, found: Registry, written: Callable[[int], None]) -> None:
    """Registers and claims all of it, in the caller's transaction; tells of each part written."""
    for claims in parts(found.claims):
        assets.describe(conn, claims)
        written(len(claims))
    assets.put_below(conn, {each.name: each.parent for each in found.claims if each.parent})
    for units in parts(found.units):
        streams.declare(conn, units)
        written(len(units))


def parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """A long list in pieces of AT_A_TIME."""
    for begin in range(0, len(items), AT_A_TIME):
        yield items[begin : begin + AT_A_TIME]
