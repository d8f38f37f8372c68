"""What an asset of the simulated city is, and what its kind measures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulators.dice import bell, drift, key_of
from simulators.weather import Weather

SHIMMER: Final = 0.10  # of a metric's swing: what differs from one reading to the next
WANDER: Final = 0.25  # of a metric's swing: what comes and goes within the half hour
HALF_HOUR: Final = 1800.0


@dataclass(frozen=True, slots=True)
class Metric:
    """A number a kind of asset reports: its UCUM unit, its bounds and its swing.

    The swing is how far it moves on an ordinary day for no particular reason; noise is a share of
    it and faults are several of it.
    """

    name: str
    unit: str
    low: float
    high: float
    swing: float
    decimals: int = 2

    def written(self, value: float) -> float:
        """Return the number as the device writes it: within its bounds, rounded."""
        bounded = min(self.high, max(self.low, value))
        return round(bounded, self.decimals) if self.decimals else round(bounded)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of asset: what it reports, and the law it follows."""

    name: str
    metrics: tuple[Metric, ...]
    measure: Callable[["Asset", float, Weather], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing with a name on the wire."""

    name: str
    kind: Kind
    title: str
    area: str
    latitude: float
    longitude: float
    key: int  # its own dice
    size: float = 1.0  # against the ordinary one of its kind
    system: str = "city"  # the first level of its topics
    gateway: str = "city"  # the connection it shares with its neighbours

    @property
    def topic(self) -> str:
        """Where it publishes, without the last level."""
        return f"{self.system}/{self.name}"

    def report(self, at: float, weather: Weather) -> dict[str, float]:
        """Return what it reports at a moment (seconds since 1970): the same whenever it is asked."""
        true = self.kind.measure(self, at, weather)
        number = round(at * 1000)
        reported = {}
        for metric in self.kind.metrics:
            dice = key_of(self.key, metric.name)
            noise = SHIMMER * bell(dice, number) + WANDER * drift(dice, at, HALF_HOUR)
            reported[metric.name] = metric.written(true[metric.name] + metric.swing * noise)
        return reported
