"""What an asset of the simulated city is, and what its kind measures."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulators.dice import Floats, bells, drift, evens, key_of
from simulators.weather import Weather

SHIMMER: Final = 0.10  # of a metric's swing: what differs from one reading to the next
WANDER: Final = 0.25  # of a metric's swing: what comes and goes within the half hour
HALF_HOUR: Final = 1800.0
JITTER: Final = 0.04  # of the cadence: no device keeps its time to the second


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

    def written(self, values: Floats) -> Floats:
        """Return the numbers as the device writes them: within its bounds, rounded."""
        bounded = np.clip(values, self.low, self.high)
        return np.asarray(np.round(bounded, self.decimals) + 0.0)  # no minus nought


Values = dict[str, Floats]  # by metric, arrays of one length


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of asset: what it reports how often, and the law it follows.

    `name` is the platform's kind (air, river, ...); several laws may share one: a lamp and its
    cabinet are both of kind light. `measure` gives the truth at moments (seconds since 1970).
    """

    name: str
    metrics: tuple[Metric, ...]
    measure: Callable[["Asset", Floats, Weather], Values]
    cadence: float = 60.0  # seconds
    mains: bool = True  # without power from the grid it is silent, or says that there is none
    loss: float = 0.0  # share of its messages that the air swallows

    def metric(self, name: str) -> Metric | None:
        """Return the metric of that name, where the kind has it."""
        return next((metric for metric in self.metrics if metric.name == name), None)


@dataclass(frozen=True, slots=True)
class Asset:
    """One thing with a name on the wire."""

    name: str  # as the platform knows it
    kind: Kind
    title: str
    area: str  # the district's code, or the province's
    commune: str  # where its power and its network come from; the district's code in between
    latitude: float
    longitude: float
    key: int  # its own dice
    size: float = 1.0  # against the ordinary one of its kind
    system: str = "city"  # the first level of its topics
    gateway: str = "city"  # what it shares with its neighbours, and is silent without
    parent: str = ""  # the asset whose child it is
    convention: str = "native"
    cadence: float = 60.0
    facts: dict[str, float] = field(default_factory=dict)  # what its law needs to know of it

    @property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.latitude, self.longitude

    def turns(self, since: float, until: float) -> Floats:
        """Return when it reports in [since, until): seconds since 1970, in whole milliseconds.

        The turns are counted from 1970, so that they do not depend on when one begins to look.
        """
        phase = evens(self.key, np.array([0]))[0] * self.cadence
        first = int(np.floor((since - phase) / self.cadence)) - 1
        last = int(np.ceil((until - phase) / self.cadence)) + 1
        numbers = np.arange(first, last + 1)
        jitter = JITTER * (2 * evens(key_of(self.key, "jitter"), numbers) - 1)
        at: Floats = np.round((phase + (numbers + jitter) * self.cadence) * 1000) / 1000
        return at[(at >= since) & (at < until)]

    def truth(self, at: Floats, weather: Weather) -> Values:
        """Return what there really is at moments, whether it is measured or not."""
        return self.kind.measure(self, at, weather)

    def measured(self, at: Floats, true: Values) -> Values:
        """Return what its device makes of the truth: noise, bounds, rounding."""
        numbers = np.round(at * 1000).astype(np.int64)
        reported = {}
        for metric in self.kind.metrics:
            if metric.name not in true:
                continue
            value = true[metric.name]
            if metric.swing:
                dice = key_of(self.key, metric.name)
                noise = SHIMMER * bells(dice, numbers) + WANDER * drift(dice, at, HALF_HOUR)
                value = value + metric.swing * noise
            reported[metric.name] = metric.written(value)
        return reported

    def heard(self, at: Floats) -> NDArray[np.bool_]:
        """Return which of its messages arrive: radio loses some, and in bad hours more."""
        loss = self.kind.loss
        if not loss:
            return np.ones(len(at), bool)
        dice = key_of(self.key, "radio")
        worse = np.clip(1 + 1.5 * drift(dice, at, 6 * 3600), 0, None)
        return evens(dice, np.round(at * 1000).astype(np.int64)) >= loss * worse
