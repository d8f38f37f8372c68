"""One thing that goes wrong: what, where, from when until when."""

from collections.abc import Callable
from dataclasses import dataclass

from simulators.asset import Asset, Metric
from simulators.weather import Weather


@dataclass(frozen=True, slots=True)
class Fault:
    """The truth about a fault; times are seconds since 1970."""

    kind: str
    asset: str
    metric: str  # the one it shows in first; silence and the services' faults show in all
    begins_at: float
    seconds: float

    @property
    def ends_at(self) -> float:
        """When all is well again."""
        return self.begins_at + self.seconds

    def active(self, at: float) -> bool:
        """Whether it is going on."""
        return self.begins_at <= at < self.ends_at

    def share(self, at: float) -> float:
        """Return how much of it has passed, 0 to 1."""
        return (at - self.begins_at) / self.seconds


@dataclass(frozen=True, slots=True)
class Reporting:
    """A report about to leave: who sends it, when, and under which sky."""

    asset: Asset
    at: float
    weather: Weather
    values: dict[str, float]

    def metric(self, name: str) -> Metric | None:
        """Return the metric of that name, where the asset has it."""
        return next((metric for metric in self.asset.kind.metrics if metric.name == name), None)

    def changed(self, changes: dict[str, float]) -> dict[str, float]:
        """Return the values with some replaced, those the asset has, written as it writes them."""
        written = {
            metric.name: metric.written(changes[metric.name])
            for metric in self.asset.kind.metrics
            if metric.name in changes
        }
        return self.values | written


# What a fault makes of a report: other values, or none at all.
Effect = Callable[[Fault, Reporting], dict[str, float] | None]
