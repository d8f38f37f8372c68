"""A scenario at one glance: some streams along its time, and beneath them what goes wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.asset import Asset, Kind
from simulators.dice import Floats
from simulators.happening import Happening
from simulators.labels import Nature
from simulators.occurrences.catalogue import occurrence
from simulators.pictures.panel import Spans, spans, titled, unit_of
from simulators.recording import moment
from simulators.scenario import Scenario, read_scenario
from simulators.world import World

MOST: Final = 15  # streams
PLANNED: Final = 12  # of them, about, at most, of what the planned causes meet
OF_A_CAUSE: Final = (2, 4)  # of each, at least and at most
OF_A_KIND: Final = 2  # of a cause and of one kind of asset
LONGEST: Final = 43  # characters of a stream's name
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
    spans: dict[Nature, Spans]


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
        _stream(world, pair, [part for part in parts if part.asset == pair[0].name], since, until)
        for pair in _chosen(world.assets, parts, planned)
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
    for part in _of_plans([part for part in parts if part.cause in planned], by_name):
        chosen.setdefault(part.asset, _metric(by_name[part.asset], part))
    shown = {id(by_name[name].kind) for name in chosen}
    for asset, met in _of_kinds(assets, parts):
        if id(asset.kind) not in shown:
            chosen.setdefault(asset.name, _metric(asset, met))
    found = [(by_name[name], metric) for name, metric in chosen.items()][:MOST]
    places = {asset.name: place for place, asset in enumerate(assets)}
    return sorted(found, key=lambda pair: places[pair[0].name])


def _of_plans(parts: Sequence[Happening], by_name: dict[str, Asset]) -> Iterator[Happening]:
    """Yield some parts of each cause, the fewer of each the more causes there are."""
    causes: dict[tuple[str, str], list[Happening]] = {}
    for part in parts:
        causes.setdefault((part.cause, part.kind), []).append(part)
    least, most = OF_A_CAUSE
    count = min(most, max(least, PLANNED // max(1, len(causes))))
    for of_cause in causes.values():
        yield from _varied(of_cause, by_name)[:count]


def _varied(parts: Sequence[Happening], by_name: dict[str, Asset]) -> list[Happening]:
    """Return parts of all kinds: services first, then sensors, one of each before a second."""
    rounds: dict[str, tuple[int, bool, int]] = {}
    seen: dict[int, int] = {}
    for place, part in enumerate(parts):
        kind = id(by_name[part.asset].kind)
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= OF_A_KIND and part.asset not in rounds:
            rounds[part.asset] = seen[kind], by_name[part.asset].system == "city", place
    return [parts[place] for _, _, place in sorted(rounds.values())]


def _of_kinds(
    assets: Sequence[Asset], parts: Sequence[Happening]
) -> Iterator[tuple[Asset, Happening | None]]:
    """Yield an asset of each kind: one whose first metric goes wrong, where there is such.

    Lamps and whatever else is another's child are left to their cabinet.
    """
    met = {part.asset: part for part in reversed(parts)}
    names = {asset.name for asset in assets}
    kinds: dict[int, tuple[Kind, list[Asset]]] = {}
    for asset in assets:
        if asset.parent not in names:
            kinds.setdefault(id(asset.kind), (asset.kind, []))[1].append(asset)
    for kind, of_kind in kinds.values():
        shown = {"", kind.metrics[0].name}
        found = [each for each in of_kind if each.name in met and met[each.name].metric in shown]
        asset = (found or of_kind)[0]
        yield asset, met.get(asset.name) if found else None


def _metric(asset: Asset, part: Happening | None) -> str:
    return part.metric if part is not None and part.metric else asset.kind.metrics[0].name


def _stream(
    world: World,
    stream: tuple[Asset, str],
    parts: list[Happening],
    since: float,
    until: float,
) -> Stream:
    asset, metric = stream
    reports = world.reports_of(asset, since, until, parts)
    found = _in_bins(reports.told, reports.values[metric], (since, until), asset.cadence)
    shown = [part for part in parts if part.metric in {"", metric}]
    by_nature = {
        nature: spans([part for part in shown if occurrence(part.kind).nature is nature])
        for nature in Nature
    }
    return Stream(titled(asset, metric, LONGEST), unit_of(asset, metric), *found, by_nature)


def _in_bins(
    at: Floats, value: Floats, span: tuple[float, float], cadence: float
) -> tuple[Floats, Floats, Floats]:
    """Return the bins' middles, and the lowest and the highest value in each."""
    since, until = span
    width = max((until - since) / BINS, REPORTS * cadence)
    count = int(np.ceil((until - since) / width))
    where = np.floor((at - since) / width).astype(np.int64)
    inside = (where >= 0) & (where < count)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, where[inside], value[inside])
    np.maximum.at(high, where[inside], value[inside])
    low[np.isinf(low)], high[np.isinf(high)] = np.nan, np.nan
    return since + (np.arange(count, dtype=np.float64) + 0.5) * width, low, high


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
