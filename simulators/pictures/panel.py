"""What a picture of a fault shows: curves along the time, as arrays and without a drawing."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, NamedTuple

import numpy as np

from simulators.asset import Asset
from simulators.dice import Floats
from simulators.happening import Happening, Reports
from simulators.kinds.water import BY_NAME
from simulators.labels import Nature

Spans = tuple[tuple[float, float], ...]
LONGEST: Final = 62  # characters of a panel's title
MISSED: Final = 2.5  # cadences without a message are a gap in the line


class BadPicture(Exception):
    """A picture that cannot be written: the sentence names the file."""


class Face(Enum):
    """What stands on a panel's upright axis."""

    SERIES = auto()  # the numbers, along the time they tell
    ORDER = auto()  # the time each message tells, along the time it is sent
    COPIES = auto()  # how often each message is sent


class Curve(NamedTuple):
    """Points of a line, in the order in which they are sent; times in seconds since 1970."""

    at: Floats
    value: Floats


@dataclass(frozen=True, slots=True)
class Panel:
    """One stream with and without a fault, and when it has it."""

    title: str
    unit: str
    usual: Curve  # as it would have been
    sent: Curve
    spans: Spans
    face: Face = Face.SERIES
    alarms: tuple[float, ...] = ()  # a river's alarm levels, where it comes near them
    dots: bool = False  # sent in another order: a line through the points would say nothing


@dataclass(frozen=True, slots=True)
class Picture:
    """All panels of one fault, over [since, until)."""

    title: str
    nature: Nature
    since: float
    until: float
    panels: tuple[Panel, ...]


def series(metric: str, usual: Reports, sent: Reports, parts: list[Happening]) -> Panel:
    """Return a metric's numbers along the time that its messages tell."""
    asset, values = sent.asset, sent.values[metric]
    return Panel(
        titled(asset, metric),
        unit_of(asset, metric),
        Curve(usual.at, usual.values[metric]),
        broken(Curve(sent.told, values), MISSED * asset.cadence),
        spans(parts),
        alarms=_alarms(asset, values) if metric == "level_m" else (),
        dots=int((np.diff(sent.told) < 0).sum()) > 1,
    )


def order(usual: Reports, sent: Reports, parts: list[Happening]) -> Panel:
    """Return the time that messages tell along the time at which they are sent."""
    title = "giờ ghi trong bản tin, theo giờ gửi / time told, along the time sent"
    told = Curve(sent.at, sent.told)
    return Panel(title, "", Curve(usual.at, usual.at), told, spans(parts), Face.ORDER)


def copies(usual: Reports, sent: Reports, parts: list[Happening]) -> Panel:
    """Return how often each message is sent."""
    title = "số lần gửi mỗi bản tin / times each message is sent"
    told, count = np.unique(sent.told, return_counts=True)
    once = Curve(usual.at, np.ones(len(usual.at)))
    return Panel(title, "", once, Curve(told, count.astype(float)), spans(parts), Face.COPIES)


def broken(curve: Curve, longest: float) -> Curve:
    """Return a curve with a hole wherever it goes on later than so many seconds, or goes back."""
    steps = np.diff(curve.at)
    holes = np.nonzero((steps > longest) | (steps < 0))[0] + 1
    return Curve(np.insert(curve.at, holes, np.nan), np.insert(curve.value, holes, np.nan))


def spans(parts: list[Happening]) -> Spans:
    """Return from when until when each part lasts."""
    return tuple((part.began_at, part.ended_at) for part in parts)


def most_changed(usual: Reports, sent: Reports) -> str:
    """Return the metric that a fault changes most, against how much it varies without one.

    The first where nothing changes but the messages.
    """
    names = [metric.name for metric in sent.asset.kind.metrics if metric.name in sent.values]
    both = np.isin(usual.at, sent.at)
    if both.sum() != len(sent.at):
        return names[0]

    def _change(name: str) -> float:
        before, after = usual.values[name][both], sent.values[name]
        return float(np.abs(after - before).sum() / (np.std(usual.values[name]) + 1e-9))

    return max(names, key=_change) if len(sent.at) else names[0]


def titled(asset: Asset, metric: str, longest: int = LONGEST) -> str:
    """Return a stream's name for people, short enough to stand over its panel."""
    name, room = asset.title.split(" (")[0], longest - len(metric)
    return f"{name if len(name) <= room else name[: room - 1] + '…'}: {metric}"


def unit_of(asset: Asset, metric: str) -> str:
    """Return a metric's UCUM unit."""
    found = asset.kind.metric(metric)
    return found.unit if found else ""


def _alarms(asset: Asset, levels: Floats) -> tuple[float, ...]:
    alarms = BY_NAME[asset.name].alarms
    return alarms if len(levels) and levels.max() >= alarms[0] else ()
