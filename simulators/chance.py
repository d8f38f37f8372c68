"""Happenings that come by themselves: so many a day of each kind, the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Final

from simulators.asset import Asset
from simulators.dice import bits, even, key_of, poisson
from simulators.happening import Happening
from simulators.occurrences.catalogue import occurrence, sufferers
from simulators.occurrences.devices import DEVICES

DAY: Final = 86400.0
REPORTS: Final = 6  # a fault lasts at least so many reports, or nobody could see it
ONE_METRIC: Final = {each.kind for each in DEVICES}


@dataclass(frozen=True)
class Chance:
    """How often each kind happens in the whole city, a day; `scale` shortens how long it lasts."""

    assets: Sequence[Asset]
    seed: int
    rates: Mapping[str, float]
    scale: float = 1.0

    def between(self, since: float, until: float) -> Iterator[Happening]:
        """Yield what is going on at some time in [since, until), by kind and beginning."""
        for kind, rate in sorted(self.rates.items()):
            who = sufferers(kind, self.assets)
            longest = max(
                occurrence(kind).lasts[1] * self.scale, *(_least(each) for each in who), 0
            )
            if not who:
                continue
            first, last = floor((since - longest) / DAY), floor(until / DAY)
            for day in range(first, last + 1):
                for happening in self._of_day(kind, rate, day, who):
                    if happening.began_at < until and happening.ended_at > since:
                        yield happening

    def _of_day(self, kind: str, rate: float, day: int, who: list[Asset]) -> Iterator[Happening]:
        key = key_of(self.seed, "chance", kind)
        for number in range(poisson(key, day, rate)):
            yield self._happening(kind, key_of(key, day, number), day, number, who)

    def _happening(self, kind: str, key: int, day: int, number: int, who: list[Asset]) -> Happening:
        asset = who[bits(key, 0) % len(who)]
        low, high = occurrence(kind).lasts
        seconds = max(_least(asset), self.scale * (low + (high - low) * even(key, 1)))
        began_at = round((day + even(key, 2)) * DAY)
        metrics = asset.kind.metrics
        metric = metrics[bits(key, 3) % len(metrics)].name if kind in ONE_METRIC else ""
        cause = f"{kind}-{day}-{number}"
        return Happening(kind, cause, asset.name, metric, began_at, began_at + round(seconds))


def _least(asset: Asset) -> float:
    return REPORTS * asset.cadence
