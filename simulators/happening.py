"""One thing that goes wrong, in the world or in its devices: what, where, from when until when."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.labels import Label, Nature
from simulators.weather import Weather


@dataclass(frozen=True, slots=True)
class Happening:
    """One cause and its part at one asset; times are seconds since 1970.

    `strength` is 1 for what is usual of its kind; `lag` is how much later it begins here than where
    it began. `metric` is the one it shows in, "" where it shows in all.
    """

    kind: str
    cause: str
    asset: str
    metric: str
    began_at: float
    ended_at: float
    strength: float = 1.0
    facts: dict[str, float] = field(default_factory=dict, hash=False)

    def going_on(self, at: Floats) -> NDArray[np.bool_]:
        """Whether it is going on."""
        return (at >= self.began_at) & (at < self.ended_at)

    def share(self, at: Floats) -> Floats:
        """Return how much of it has passed, 0 before and 1 after."""
        passed: Floats = np.clip((at - self.began_at) / (self.ended_at - self.began_at), 0.0, 1.0)
        return passed

    def ramp(self, at: Floats, rise: float, fall: float) -> Floats:
        """Return 0 outside and 1 inside, with a smooth rise and fall of so many seconds."""
        up = np.clip((at - self.began_at) / rise, 0.0, 1.0)
        down = np.clip((self.ended_at - at) / fall, 0.0, 1.0)
        both = np.minimum(up, down)
        smooth: Floats = both * both * (3 - 2 * both)
        return smooth

    def at(
        self, asset: Asset, metric: str = "", *, lag: float = 0.0, share: float = 1.0
    ) -> "Happening":
        """Return its part at an asset: `lag` seconds later, a share as strong."""
        return replace(
            self,
            asset=asset.name,
            metric=metric,
            began_at=self.began_at + lag,
            ended_at=self.ended_at + lag,
            strength=self.strength * share,
        )

    def cut(self, began_at: float, ended_at: float) -> "Happening":
        """Return the same within other bounds."""
        return replace(self, began_at=began_at, ended_at=ended_at)


@dataclass(slots=True)
class Reports:
    """What one asset sends in a stretch of time, in the order in which it sends it.

    `at` is when each report was measured and when it says so too, unless its clock is wrong
    (`told`); arrays of one length. `units` are the units of the numbers, by metric.
    """

    asset: Asset
    at: Floats
    told: Floats
    values: Values
    units: dict[str, str]

    def keep(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> None:
        """Leave these and no others: a mask, or places in a new order."""
        self.at, self.told = self.at[which], self.told[which]
        self.values = {name: values[which] for name, values in self.values.items()}


# What becomes of the truth; the values are changed in place.
Event = Callable[[Happening, Asset, Floats, Weather, Values], None]
# What a part's asset measures at the part's beginning, while all else goes on: arrays of length 1.
AtFirst = Callable[[Happening], Values]
# What becomes of reports about to leave; they are changed in place.
Fault = Callable[[Happening, Reports, AtFirst], None]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A kind of happening: whom it can meet, how it spreads, what it does, what it is called.

    `parts` gives the asset's part and those of all others it meets; its labels are those parts.
    """

    kind: str
    nature: Nature
    title: str  # for people
    meets: Callable[[Asset], bool]
    parts: Callable[["Happening", Asset, "list[Asset]"], "list[Happening]"]
    event: Event | None = None
    fault: Fault | None = None
    lasts: tuple[float, float] = (600.0, 1800.0)  # by chance, seconds
    fields: tuple[str, ...] = ()  # what a scenario may say of it besides
    aftermath: float = 0.0  # seconds after its end in which `event` still has an effect
    together: float = 0.0  # seconds, counted from 1970, whose reports the fault has to see at once


def label_of(part: Happening, nature: Nature) -> Label:
    """Return the truth about a part."""
    return Label(
        part.asset, part.metric, part.kind, nature, part.began_at, part.ended_at, part.cause
    )
