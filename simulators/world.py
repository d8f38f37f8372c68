"""The simulated province: what all its assets send in any stretch of time, and the truth about it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.egov.events import EARLIEST, Told, telling, whole
from simulators.egov.held_up import CAUGHT_UP_WITHIN, STANDSTILL, STUCK, UNHEARD
from simulators.egov.units import Unit
from simulators.happening import Happening, Reports, label_of
from simulators.labels import Label
from simulators.occurrences.catalogue import OCCURRENCES, occurrence, parts
from simulators.weather import Weather


class Happens(Protocol):
    """Says what is going on at some time in a stretch of time."""

    def between(self, since: float, until: float) -> Iterator[Happening]:
        """Yield it, as it begins."""


@dataclass(frozen=True)
class Planned:
    """These happenings and no others."""

    happenings: Sequence[Happening]

    def between(self, since: float, until: float) -> Iterator[Happening]:
        """Yield those of them that are going on in [since, until)."""
        for each in self.happenings:
            if each.began_at < until and each.ended_at > since:
                yield each


# A part may begin later than its cause: what began this long ago may still be coming.
LATEST_LAG = 3600.0
LONGEST_AFTERMATH = max(each.aftermath for each in OCCURRENCES.values())
TOGETHER = max(each.together for each in OCCURRENCES.values())
HOLDING_UP = UNHEARD | {STANDSTILL, STUCK}
INSTANT = 0.001  # seconds: no device tells times apart that are nearer
MOST_FIRSTS = 1000  # parts whose beginnings are remembered: many more than go on at once


@dataclass(frozen=True)
class World:
    """All assets, the weather over them, and what happens to them."""

    assets: Sequence[Asset]
    seed: int
    happens: Sequence[Happens] = ()
    offices: Sequence[Unit] = ()  # that tell of their dossiers
    weather: Weather = field(init=False)
    _firsts: dict[Happening, Values] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Let there be weather."""
        object.__setattr__(self, "weather", Weather(self.seed))

    def parts_between(self, since: float, until: float) -> list[Happening]:
        """Return everybody's part in what has an effect in [since, until): its aftermath too."""
        earliest = since - LATEST_LAG - LONGEST_AFTERMATH
        causes = chain.from_iterable(each.between(earliest, until) for each in self.happens)
        met = chain.from_iterable(parts(cause, self.assets) for cause in causes)
        return [part for part in met if part.began_at < until and felt_until(part) > since]

    def labels_begun(self, since: float, until: float, start: float, end: float) -> list[Label]:
        """Return the truth about a run from start to end, as far as it begins in [since, until).

        What was going on at the start begins with it, and what goes on at the end ends with it.
        """
        found = []
        for part in self.parts_between(since, until):
            within = part.cut(max(part.began_at, start), min(part.ended_at, end))
            if since <= within.began_at < min(until, within.ended_at):
                found.append(label_of(within, occurrence(part.kind).nature))
        return sorted(found, key=lambda label: (label.began_at, label.cause, label.asset))

    def labels_between(self, start: float, end: float) -> list[Label]:
        """Return the truth about what goes wrong in [start, end), within these bounds."""
        return self.labels_begun(start, end, start, end)

    def dossiers(self, since: float, until: float, *, all_of_them: bool = False) -> list[Told]:
        """Return what offices tell of their dossiers in [since, until), in that order.

        all_of_them has what was told before of those dossiers as well, from their beginning on.
        """
        parts: dict[str, list[Happening]] = {}
        earliest = since - (EARLIEST if all_of_them else CAUGHT_UP_WITHIN)
        for part in self.parts_between(earliest, until) if self.offices else ():
            if part.kind in HOLDING_UP:
                parts.setdefault(part.asset, []).append(part)
        tell = whole if all_of_them else telling
        told = (tell(unit, since, until, _of(unit, parts)) for unit in self.offices)
        return sorted(
            chain.from_iterable(told), key=lambda each: (each.at, each.event.at, each.event.event)
        )

    def reports(self, since: float, until: float) -> Iterator[Reports]:
        """Yield what each asset sends in [since, until), asset by asset."""
        by_asset: dict[str, list[Happening]] = {}
        for part in self.parts_between(*widened(since, until, TOGETHER)):
            by_asset.setdefault(part.asset, []).append(part)
        for asset in self.assets:
            yield self.reports_of(asset, since, until, by_asset.get(asset.name, []))

    def reports_of(
        self, asset: Asset, since: float, until: float, happenings: Sequence[Happening]
    ) -> Reports:
        """Return what one asset sends in [since, until) while these go on."""
        together = max((occurrence(part.kind).together for part in happenings), default=0.0)
        at = asset.turns(*widened(since, until, together))
        reports = measured(asset, at, self.weather, happenings)
        reports.keep(asset.heard(at))
        for part in happenings:
            if fault := occurrence(part.kind).fault:
                fault(part, reports, self.at_first)
        if together:
            reports.keep((reports.at >= since) & (reports.at < until))
        return reports

    def at_first(self, part: Happening) -> Values:
        """Return what a part's asset measures as it begins, with what else the world does to it.

        That is looked up, whatever stretch of time is asked for: it may be over by then.
        """
        if part not in self._firsts:
            asset = next(each for each in self.assets if each.name == part.asset)
            since, until = part.began_at, part.began_at + INSTANT
            others = [each for each in self.parts_between(since, until) if each.asset == part.asset]
            first = measured(asset, np.array([part.began_at]), self.weather, others)
            if len(self._firsts) >= MOST_FIRSTS:
                self._firsts.clear()
            self._firsts[part] = first.values
        return self._firsts[part]


def _of(unit: Unit, parts: dict[str, list[Happening]]) -> dict[str, list[Happening]]:
    return {name: parts[name] for name in (unit.name, unit.above) if name in parts}


def felt_until(part: Happening) -> float:
    """Return until when a part has an effect: what was held up is made good after its end."""
    return part.ended_at + occurrence(part.kind).aftermath


def widened(since: float, until: float, to: float) -> tuple[float, float]:
    """Return a stretch that begins and ends at whole multiples of so many seconds (0: as it is)."""
    if not to:
        return since, until
    return math.floor(since / to) * to, math.ceil(until / to) * to


def measured(
    asset: Asset, at: Floats, weather: Weather, happenings: Sequence[Happening]
) -> Reports:
    """Return what an asset measures at moments while these go on, before its device's own faults."""
    values = asset.truth(at, weather)
    for part in happenings:
        if event := occurrence(part.kind).event:
            event(part, asset, at, weather, values)
    units = {metric.name: metric.unit for metric in asset.kind.metrics}
    return Reports(asset, at, at.copy(), asset.measured(at, values), units)
