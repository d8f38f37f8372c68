"""One kind of fault as a picture: whom it meets, with it and without it."""

from collections.abc import Sequence
from typing import Final

from simulators.happening import Happening, Reports
from simulators.occurrences.catalogue import occurrence, parts
from simulators.pictures.examples import Example, cause_of, example_of
from simulators.pictures.panel import Panel, Picture, copies, most_changed, order, series
from simulators.scenario import read_scenario
from simulators.world import World

CITY: Final = "week"  # the scenario whose fleet is shown
MOST: Final = 6  # panels
Pair = tuple[Reports, Reports]  # as it would have been, as sent


def fault_picture(kind: str, seed: int) -> Picture:
    """Return what a kind of fault looks like; raises BadHappening where there is no such kind."""
    found = occurrence(kind)
    world = World(read_scenario(CITY).assets(seed), seed)
    example = example_of(kind, world.assets)
    cause = cause_of(example, found, world.assets)
    met: dict[str, list[Happening]] = {}
    for part in parts(cause, world.assets):
        met.setdefault(part.asset, []).append(part)
    since, until = cause.began_at - example.around, cause.ended_at + example.around
    assets = [asset for asset in world.assets if asset.name in met]
    panels: list[tuple[str, Panel]] = []
    for asset in assets:
        usual = world.reports_of(asset, since, until, [])
        sent = world.reports_of(asset, since, until, met[asset.name])
        panels += _panels(example, (usual, sent), met[asset.name], alone=len(assets) <= MOST // 2)
    return Picture(found.title, found.nature, since, until, _varied(panels))


def _panels(
    example: Example, pair: Pair, met: list[Happening], *, alone: bool
) -> list[tuple[str, Panel]]:
    """Return an asset's panels by what they show: several only where few assets are met."""
    usual, sent = pair
    shown = [name for name in example.shows if name in usual.values]
    if not example.shows:
        shown = [met[0].metric or most_changed(usual, sent)]
    if not shown:
        return []
    found = [(name, series(name, usual, sent, met)) for name in shown[: None if alone else 1]]
    if (sent.told != sent.at).any():
        found.append(("order", order(usual, sent, met)))
    if len(set(sent.told)) < len(sent.told):
        found.append(("copies", copies(usual, sent, met)))
    return found


def _varied(panels: Sequence[tuple[str, Panel]]) -> tuple[Panel, ...]:
    """Return so many panels that each thing shown is there at least once, in their order."""
    firsts = {name: place for place, (name, _) in reversed(list(enumerate(panels)))}
    chosen = sorted(firsts.values())[:MOST]
    others = [place for place in range(len(panels)) if place not in chosen]
    chosen += others[: MOST - len(chosen)]
    return tuple(panels[place][1] for place in sorted(chosen))
