"""Small provinces for the tests, and what is heard from them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from simulators.asset import Asset
from simulators.dice import Floats
from simulators.fleet import Wanted, fleet
from simulators.happening import Happening, Reports
from simulators.labels import Label
from simulators.occurrences.catalogue import sufferers
from simulators.world import Planned, World

HOUR = 3600.0
DAY = 24 * HOUR
VIETNAM = timezone(timedelta(hours=7))
SENSORS = (
    "air", "noise", "rain", "weather", "traffic", "parking", "energy", "waste", "water",
)  # fmt: skip


def local(year: int, month: int, day: int, hour: float = 0.0) -> float:
    """A moment of the province's clocks, in seconds since 1970."""
    return datetime(year, month, day, tzinfo=VIETNAM).timestamp() + hour * HOUR


MONDAY = local(2026, 3, 2)


def some_of_everything(seed: int = 1, *, each: int = 2, services: int = 9) -> list[Asset]:
    """So many of every kind, all five stations, and some services."""
    wanted = [Wanted("river", 5), *(Wanted(kind, each) for kind in SENSORS)]
    wanted += [Wanted("light", each, lamps=2), Wanted("services", services)]
    return fleet(wanted, seed)


def world_of(assets: Sequence[Asset], *happenings: Happening, seed: int = 1) -> World:
    """The province in which just this happens."""
    return World(assets, seed, [Planned(happenings)])


def named(assets: Iterable[Asset], name: str) -> Asset:
    """The asset of this name."""
    return next(asset for asset in assets if asset.name == name)


def first(assets: Iterable[Asset], kind: str) -> Asset:
    """The first asset of a kind."""
    return next(asset for asset in assets if asset.kind.name == kind)


def at_each(
    kind: str, assets: Sequence[Asset], began_at: float, ended_at: float
) -> list[Happening]:
    """One of a kind at every asset that can have it, each a cause of its own."""
    return [
        Happening(kind, f"{kind}-{number}", asset.name, "", began_at, ended_at)
        for number, asset in enumerate(sufferers(kind, assets))
    ]


def heard(world: World, since: float, until: float) -> dict[str, Reports]:
    """What every asset sends, by its name."""
    return {reports.asset.name: reports for reports in world.reports(since, until)}


def columns(reports: Reports) -> dict[str, Floats]:
    """Everything an asset sent, column by column."""
    return {"@at": reports.at, "@told": reports.told, **reports.values}


def within(label: Label, at: Floats) -> NDArray[np.bool_]:
    """Where moments lie inside a label."""
    return np.asarray((at >= label.began_at) & (at < label.ended_at))
