"""A small chart of readings with their normal band, as SVG without a script or a style of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from models.told_odd import clock, measured
from services.console import words
from services.console.access import Reader
from services.console.markup import Markup, tag
from services.store.evidence import OddPoint
from services.store.readings import Bucket

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 22, 26  # room for the numbers above, and the times below
ROOM = 0.06  # of the values' range, above and below


class Drawn(NamedTuple):
    """What a chart shows. unit is UCUM; low and high are the normal band, None where unknown."""

    buckets: Sequence[Bucket]
    odd: Sequence[OddPoint]
    low: float | None
    high: float | None
    unit: str


class Scale(NamedTuple):
    """Where moments and values lie on the paper."""

    since: datetime
    until: datetime
    least: float
    most: float

    def x(self, at: datetime) -> float:
        """From the left, in the paper's units."""
        share = (at - self.since) / (self.until - self.since)
        return round(LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """From the top, in the paper's units."""
        share = (value - self.least) / (self.most - self.least)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def chart(reader: Reader, drawn: Drawn) -> Markup | None:
    """The picture with a sentence that says what it shows; None of fewer than two moments."""
    if len(drawn.buckets) < 2:
        return None
    scale = scale_of(drawn)
    told = reader.said(words.CHART_OF, clock(scale.since), clock(scale.until))
    points = " ".join(f"{scale.x(each.time)},{scale.y(each.mean)}" for each in drawn.buckets)
    svg = tag(
        "svg",
        tag("title", told),
        band(scale, drawn),
        axis(reader, scale, drawn.unit),
        tag("polyline", points=points, class_="line"),
        [
            tag("circle", cx=scale.x(each.time), cy=scale.y(each.value), r=4.5, class_="odd")
            for each in drawn.odd
        ],
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
    )
    return tag("figure", svg, tag("figcaption", tag("small", told)))


def scale_of(drawn: Drawn) -> Scale:
    """A scale on which all that is shown has its place."""
    values = [each.mean for each in drawn.buckets] + [each.value for each in drawn.odd]
    values += [each for each in (drawn.low, drawn.high) if each is not None]
    least, most = min(values), max(values)
    room = (most - least) * ROOM or abs(most) * ROOM or 1.0  # what stands still has no range
    moments = [each.time for each in drawn.buckets] + [each.time for each in drawn.odd]
    return Scale(min(moments), max(moments), least - room, most + room)


def band(scale: Scale, drawn: Drawn) -> Markup | None:
    """What was normal at the oddest moment, across the picture."""
    if drawn.low is None or drawn.high is None:
        return None
    upper, lower = scale.y(drawn.high), scale.y(drawn.low)
    height = round(max(lower - upper, 1.0), 1)
    return tag("rect", x=LEFT, y=upper, width=WIDTH - LEFT - RIGHT, height=height, class_="band")


def axis(reader: Reader, scale: Scale, unit: str) -> list[Markup]:
    """The least and most, the first and last moment."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    least, most = measured(scale.least, unit), measured(scale.most, unit)
    return [
        tag("line", x1=LEFT, y1=bottom, x2=right, y2=bottom, class_="axis"),
        tag("text", reader.said(most), x=LEFT, y=TOP - 6),
        tag("text", reader.said(least), x=LEFT, y=bottom - 4),
        tag("text", clock(scale.since), x=LEFT, y=HEIGHT - 5),
        tag("text", clock(scale.until), x=right, y=HEIGHT - 5, text_anchor="end"),
    ]
