"""A scenario at one glance: a dozen streams along its time, and beneath them what goes wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.asset import Asset, Kind
from simulators.dice import Floats
from simulators.happening import Happening
from simulators.labels import Nature
from simulators.occurrences.catalogue import occurrence
from simulators.pictures.panel import Spans
from simulators.recording import moment
from simulators.scenario import Scenario, read_scenario
from simulators.world import World

MOST: Final = 12  # streams
OF_A_CAUSE: Final = 4  # streams shown of what one planned cause meets
MOST_ROWS: Final = 10  # causes that have a row each; where there are more, each kind has one
BINS: Final = 360  # along the time: about as many as there are pixels
REPORTS: Final = 2.2  # cadences that a bin has at least, so that what is missing is missing
# A scenario that begins when it is started, and goes on until it is stopped.
USUAL_START: Final = "2026-03-04T06:00:00+07:00"
USUAL_DURATION: Final = 12 * 3600.0


@dataclass(frozen=True, slots=True)
class Stream:
    """The lowest and the highest value sent in each bin of the time; NaN where nothing is sent."""

    title: str
    unit: str
    at: Floats
    low: Floats
    high: Floats
    spans: Spans


@dataclass(frozen=True, slots=True)
class Row:
    """When one cause, or all of a kind, goes on."""

    name: str
    nature: Nature
    spans: Spans


@dataclass(frozen=True, slots=True)
class Overview:
    """A scenario over [since, until)."""

    title: str
    since: float
    until: float
    streams: tuple[Stream, ...]
    rows: tuple[Row, ...]


def overview(named: str, seed: int) -> Overview:
    """Return a scenario at a glance, by its file or its name; raises BadScenario."""
    scenario = read_scenario(named)
    since = moment(USUAL_START) / 1000 if scenario.start is None else scenario.start
    until = since + (scenario.duration or USUAL_DURATION)
    world = scenario.world(seed, since)
    parts = sorted(world.parts_between(since, until), key=lambda part: part.began_at)
    planned = {plan.cause for plan in scenario.plans if plan.cause}
    streams = tuple(
        _stream(world, asset, metric, [part for part in parts if part.asset == asset.name], span)
        for span in [(since, until)]
        for asset, metric in _chosen(world.assets, parts, planned)
    )
    return Overview(_title(scenario, named), since, until, streams, _rows(parts))


def _title(scenario: Scenario, named: str) -> str:
    return " / ".join(each for each in (scenario.title, scenario.title_en) if each) or named


def _chosen(
    assets: Sequence[Asset], parts: Sequence[Happening], planned: set[str]
) -> list[tuple[Asset, str]]:
    """Return whom the planned causes meet, then one of each kind that most goes wrong at."""
    by_name = {asset.name: asset for asset in assets}
    chosen: dict[str, str] = {}
    for cause in sorted(planned):
        of_cause = [part for part in parts if part.cause == cause]
        for each in list(_one_a_kind(of_cause, by_name))[:OF_A_CAUSE]:
            chosen.setdefault(each.asset, _metric(by_name[each.asset], each))
    shown = {id(by_name[name].kind) for name in chosen}
    for asset, part in _of_kinds(assets, parts):
        if id(asset.kind) not in shown:
            chosen.setdefault(asset.name, _metric(asset, part))
    found = [(by_name[name], metric) for name, metric in chosen.items()][:MOST]
    places = {asset.name: place for place, asset in enumerate(assets)}
    return sorted(found, key=lambda pair: places[pair[0].name])


def _one_a_kind(parts: Sequence[Happening], by_name: dict[str, Asset]) -> Iterator[Happening]:
    """Yield parts so that those of kinds not seen yet come first."""
    seen: set[int] = set()
    later = []
    for part in parts:
        kind = id(by_name[part.asset].kind)
        if kind in seen:
            later.append(part)
        else:
            seen.add(kind)
            yield part
    yield from later


def _of_kinds(
    assets: Sequence[Asset], parts: Sequence[Happening]
) -> Iterator[tuple[Asset, Happening | None]]:
    """Yield an asset of each kind: one at which something goes wrong, where there is such."""
    met = {part.asset: part for part in reversed(parts)}
    kinds: dict[int, tuple[Kind, list[Asset]]] = {}
    for asset in assets:
        kinds.setdefault(id(asset.kind), (asset.kind, []))[1].append(asset)
    for _, of_kind in kinds.values():
        asset = next((each for each in of_kind if each.name in met), of_kind[0])
        yield asset, met.get(asset.name)


def _metric(asset: Asset, part: Happening | None) -> str:
    return part.metric if part is not None and part.metric else asset.kind.metrics[0].name


def _stream(
    world: World, asset: Asset, metric: str, parts: list[Happening], span: tuple[float, float]
) -> Stream:
    reports = world.reports_of(asset, *span, parts)
    low, high, at = _in_bins(reports.told, reports.values[metric], span, asset.cadence)
    unit = next(each.unit for each in asset.kind.metrics if each.name == metric)
    shown = tuple((part.began_at, part.ended_at) for part in parts if part.metric in {"", metric})
    return Stream(f"{asset.title}: {metric}", unit, at, low, high, shown)


def _in_bins(
    at: Floats, value: Floats, span: tuple[float, float], cadence: float
) -> tuple[Floats, Floats, Floats]:
    """Return the lowest and highest value of each bin, and the bins' middles."""
    since, until = span
    width = max((until - since) / BINS, REPORTS * cadence)
    count = int(np.ceil((until - since) / width))
    where = np.floor((at - since) / width).astype(np.int64)
    inside = (where >= 0) & (where < count)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, where[inside], value[inside])
    np.maximum.at(high, where[inside], value[inside])
    low[np.isinf(low)], high[np.isinf(high)] = np.nan, np.nan
    middles: Floats = since + (np.arange(count) + 0.5) * width
    return low, high, middles


def _rows(parts: Sequence[Happening]) -> tuple[Row, ...]:
    """Return a row a cause as they begin, or a row a kind where there are too many causes."""
    by_kind = len({part.cause for part in parts}) > MOST_ROWS
    rows: dict[str, list[Happening]] = {}
    for part in parts:
        rows.setdefault(part.kind if by_kind else part.cause, []).append(part)
    return tuple(
        Row(name, occurrence(of[0].kind).nature, tuple({(p.began_at, p.ended_at): 0 for p in of}))
        for name, of in rows.items()
    )
