"""All that can happen, by name; and what one happening means to everybody it meets."""

from collections.abc import Sequence
from typing import Final

from simulators.asset import Asset
from simulators.happening import Happening, Occurrence
from simulators.occurrences.city import CITY
from simulators.occurrences.devices import DEVICES
from simulators.occurrences.networks import NETWORKS
from simulators.occurrences.services import SERVICES

OCCURRENCES: Final[dict[str, Occurrence]] = {
    each.kind: each for each in (*DEVICES, *NETWORKS, *CITY, *SERVICES)
}


class BadHappening(Exception):
    """Something that cannot happen as told."""


def occurrence(kind: str) -> Occurrence:
    """Return a kind of happening; raises BadHappening."""
    found = OCCURRENCES.get(kind)
    if found is None:
        raise BadHappening(f"there is no fault {kind!r}: there are {', '.join(OCCURRENCES)}")
    return found


def sufferers(kind: str, assets: Sequence[Asset]) -> list[Asset]:
    """Return the assets that this can happen at."""
    meets = occurrence(kind).meets
    return [asset for asset in assets if meets(asset)]


def reach(happening: Happening, assets: Sequence[Asset]) -> tuple[int, int]:
    """Return how many systems a happening meets (sensors, services), and how many times anybody."""
    systems = {asset.name: asset.system for asset in assets}
    met = parts(happening, assets)
    return len({systems[part.asset] for part in met}), len(met)


def parts(happening: Happening, assets: Sequence[Asset]) -> list[Happening]:
    """Return what a happening means to everybody it meets; raises BadHappening."""
    kind = occurrence(happening.kind)
    asset = next((each for each in assets if each.name == happening.asset), None)
    if asset is None:
        raise BadHappening(f"the city has no asset {happening.asset!r}: see the registry")
    if not kind.meets(asset):
        raise BadHappening(f"{asset.name} cannot have the fault {happening.kind}")
    names = [metric.name for metric in asset.kind.metrics]
    if happening.metric and happening.metric not in names:
        raise BadHappening(
            f"{asset.name} has no metric {happening.metric!r}: it has {', '.join(names)}"
        )
    if happening.ended_at <= happening.began_at:
        raise BadHappening(f"{happening.kind} ends before it begins")
    return kind.parts(happening, asset, list(assets))
