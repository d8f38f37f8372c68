"""Rare faults that come by themselves, the same ones for the same seed."""

from collections.abc import Iterator, Sequence
from typing import Final

from simulators.asset import Asset
from simulators.dice import bits, even, key_of
from simulators.faults.catalogue import OF_SERVICES, fault
from simulators.faults.fault import Fault

EVERY: Final = 300.0  # seconds in which one fault begins and ends
LASTS: Final = (60.0, 150.0)
# How often each kind is thrown, against the others: the loud ones more often than the quiet.
WEIGHTS: Final = {"spike": 3, "shift": 3, "stuck": 1, "silence": 1, "overload": 3, "down": 3}
REPORTS: Final = 6  # a fault lasts at least so many reports, or nobody could see it


class Chance:
    """One rare fault every few minutes."""

    def __init__(self, assets: Sequence[Asset], seed: int, cadence: float) -> None:
        """Cadence is the seconds between two reports of an asset."""
        self._assets = assets
        self._key = key_of(seed, "chance")
        self._least = REPORTS * cadence
        self._every = max(EVERY, 2 * self._least)

    def at(self, moment: float) -> Fault:
        """Return the fault of the time around a moment, whether it is going on or not."""
        return self._fault(int(moment // self._every))

    def between(self, begin: float, end: float) -> Iterator[Fault]:
        """Yield the faults that begin in [begin, end)."""
        for number in range(int(begin // self._every), int(end // self._every) + 1):
            found = self._fault(number)
            if begin <= found.begins_at < end:
                yield found

    def _fault(self, number: int) -> Fault:
        key = key_of(self._key, number)
        asset = self._assets[bits(key, 0) % len(self._assets)]
        kinds = [
            kind
            for kind, weight in WEIGHTS.items()
            for _ in range(weight)
            if asset.system == "egov" or kind not in OF_SERVICES
        ]
        metrics = asset.kind.metrics
        low, high = LASTS
        seconds = max(self._least, low + (high - low) * even(key, 1))
        begins_at = (number + even(key, 2) * (1 - seconds / self._every)) * self._every
        return fault(
            kinds[bits(key, 3) % len(kinds)],
            asset,
            begins_at,
            seconds,
            metrics[bits(key, 4) % len(metrics)].name,
        )
