"""What is derived from what: the grid of a rule, how far its inputs reach, and what it gives.

A rule gives values on a grid of steps. A value is stamped with the beginning of its step, like a
rollup. Times are microseconds since 1970-01-01T00:00Z.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np

from models.city.book import Book
from models.city.series import Floats, Ints
from models.incident import Severity
from models.reading import DAY, HOUR, MINUTE

UTC_OFFSET = 7 * HOUR  # the province's clock, which knows no summer time
# Before three quarters of an hour are measured its mean says little: no alarm yet [D].
ENOUGH_OF_AN_HOUR = 45 * MINUTE
PART_STEPS = 288  # steps in a part: a day of five minutes

Json: TypeAlias = bool | int | float | str | list["Json"] | Mapping[str, "Json"] | None


class Cell(NamedTuple):
    """What one metric did in one step, in the unit of its catalogue; moments of its ends."""

    mean: float
    low: float
    high: float
    last: float
    samples: int
    first_at: int
    last_at: int


Series: TypeAlias = Mapping[str, Mapping[int, Cell]]  # by metric, by the step's beginning


class Alarm(NamedTuple):
    """That an operator has to act: how soon, and what the value should be."""

    severity: Severity
    expected: float = 0.0


class Derived(NamedTuple):
    """A value, what it was made of, and whether it is an alarm.

    inputs name everything the value depends on. judged is False where it is too early to tell
    whether there is an alarm (an hour that has just begun).
    """

    metric: str
    time: int
    value: float
    inputs: Mapping[str, Json]
    alarm: Alarm | None = None
    judged: bool = True


class Kept(NamedTuple):
    """A derived reading as it was kept."""

    time: int
    value: float
    inputs: Mapping[str, Json]


class Place(NamedTuple):
    """The asset that something is derived for; facts are what is known of it, by name."""

    asset_id: int
    name: str
    latitude: float | None
    longitude: float | None
    facts: Mapping[str, str]

    def number(self, fact: str) -> float | None:
        """A fact that is a number, or None."""
        return float(self.facts[fact]) if fact in self.facts else None


class Case(NamedTuple):
    """All that a rule is given: steps from since until before until, and what is there of inputs.

    series are the asset's own, from since less the rule's reach; members those of each asset
    below it, where the rule asks for them. before is the newest reading of each output before
    since.
    """

    place: Place
    series: Series
    members: Mapping[int, Series]
    before: Mapping[str, Kept]
    book: Book
    since: int
    until: int

    def mean(self, metric: str, time: int) -> float | None:
        """The mean of a metric in a step; None where it is missing."""
        cell = self.series.get(metric, {}).get(time)
        return cell.mean if cell else None

    def last(self, metric: str, time: int) -> float | None:
        """What a metric was at the end of a step; None where it is missing."""
        cell = self.series.get(metric, {}).get(time)
        return cell.last if cell else None


class Rule(NamedTuple):
    """How one kind of value is derived.

    inputs and outputs are metrics; of the outputs, alarms are those that an operator may have to
    act on. A value reads `back` before its step, so an input matters for `ahead` after its own;
    with remembers, it also depends on the value before it, and with `earlier` a step is done once
    more when something came so long after it. Inputs come in steps of `grain` (the grid's own
    where it is 0). offset moves a grid of days to the local day; within, times of the local day,
    says which inputs matter at all. Steps are done together every `patience` seconds. wakes names
    the rules that read the outputs, `upwards` those that read them of the asset's parent;
    of_members: the inputs are those of the assets below.
    """

    name: str
    kinds: frozenset[str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    step: int
    derive: Callable[[Case], Iterable[Derived]]
    alarms: frozenset[str] = frozenset()
    back: int = 0
    ahead: int = 0
    earlier: int = 0
    grain: int = 0
    offset: int = 0
    within: tuple[int, int] = (0, DAY)
    patience: float = 10.0
    remembers: bool = False
    of_members: bool = False
    wakes: tuple[str, ...] = ()
    upwards: tuple[str, ...] = ()

    @property
    def part(self) -> int:
        """How long a part is."""
        return self.step * PART_STEPS

    def floor(self, times: Ints) -> Ints:
        """The beginnings of the steps that times lie in."""
        return np.asarray((times + self.offset) // self.step * self.step - self.offset)

    def floor_of(self, time: int) -> int:
        """The beginning of the step that a time lies in."""
        return (time + self.offset) // self.step * self.step - self.offset

    def matters(self, times: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which times' inputs the rule looks at."""
        clock = (times + UTC_OFFSET) % DAY
        return np.asarray((clock >= self.within[0]) & (clock < self.within[1]))


class Due(NamedTuple):
    """Steps of one part of a rule's grid that have to be derived (again) for one asset.

    news: something of it came live, so that an alarm is one.
    """

    rule: str
    asset_id: int
    part: int
    news: bool
    since: int
    until: int


def touched(rule: Rule, asset_ids: Ints, times: Ints, *, news: bool) -> Iterator[Due]:
    """What is due because these inputs came, each of an asset at a time."""
    keep = rule.matters(times)
    asset_ids, steps = asset_ids[keep], rule.floor(times[keep])
    if not len(steps):
        return
    parts = (steps + rule.offset) // rule.part
    order = np.lexsort((steps, parts, asset_ids))
    asset_ids, steps, parts = asset_ids[order], steps[order], parts[order]
    new = np.r_[True, (np.diff(asset_ids) != 0) | (np.diff(parts) != 0)]
    first, last = np.flatnonzero(new), np.r_[np.flatnonzero(new)[1:], len(steps)] - 1
    for i, j in zip(first.tolist(), last.tolist(), strict=True):
        until = int(steps[j]) + rule.step + rule.ahead
        since = int(steps[i]) - rule.earlier
        yield from stretch(rule, int(asset_ids[i]), since, until, news=news)


def stretch(rule: Rule, asset_id: int, since: int, until: int, *, news: bool) -> Iterator[Due]:
    """A stretch of a rule's grid as one Due a part."""
    while since < until:
        part = (since + rule.offset) // rule.part
        end = min(until, (part + 1) * rule.part - rule.offset)
        yield Due(rule.name, asset_id, part, news, since, end)
        since = end


def steps(case: Case, metrics: Iterable[str]) -> list[int]:
    """The due steps in which one of these metrics was reported, in order."""
    return sorted(
        {
            time
            for metric in metrics
            for time in case.series.get(metric, ())
            if case.since <= time < case.until
        }
    )


def means(series: Series, metric: str, times: Iterable[int]) -> Floats:
    """The means of a metric at these steps, nan where it is missing."""
    cells = series.get(metric, {})
    return np.array([cells[time].mean if time in cells else np.nan for time in times], np.float64)
