"""What is known of a stream from the catalogue, and not from its past."""

import math
import zlib
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from models.asset import Kind
from models.detectors.columns import Columns
from models.detectors.promise import Rows

# The plausible range and the largest change a second, in the stream's unit: infinite where
# nobody said. sort is a number of Sort.
LAYOUT = np.dtype(
    [
        ("low", "<f8"),
        ("high", "<f8"),
        ("max_rate", "<f8"),
        ("sort", "u1"),
        ("family", "<u4"),
        ("office", "?"),
        ("place", "<u4"),
        ("gauge", "?"),
        ("wetted", "?"),
    ]
)
NOWHERE = 0  # the place of what stands in no known area
UNKNOWN = np.array((-math.inf, math.inf, math.inf, 0, 0, False, NOWHERE, False, False), LAYOUT)
# Metrics that say how hard it rains, and those that rain moves at one place and not at another.
GAUGES = frozenset({"rain_mm_h"})
WETTED = GAUGES | {"humidity"}


def unknown(size: int) -> Rows:
    """The traits of so many streams of which nobody said anything."""
    rows = Columns.zeros(LAYOUT, size).as_rows()
    for name in LAYOUT.names or ():
        rows[name] = UNKNOWN[name]
    return rows


# What a service answers, and how: the load that people's week makes, and what it does to it. Numbers
# of an office's desks are left out: their week is that of their like, which `neighbours` knows.
ANSWERS = frozenset({"requests", "errors", "latency_ms", "success_share", "availability"})


class Sort(IntEnum):
    """What sort of number a metric is, where that matters to a detector."""

    GAUGE = 0  # any value of its range
    COUNTER = 1  # only grows, until it begins anew
    STATE = 2  # one of few values, each kept for long: a door, a mode, a level of alarm
    ANGLE = 3  # a direction: beyond its highest value the lowest follows


class Traits(NamedTuple):
    """The traits of one stream.

    unit is UCUM, None where nobody has said it. family is a number that streams of the same
    metric at the same kind of asset share; 0: it has none. office says that weeks, office hours
    and free days move it; place is a number that all streams of an area share, gauge and wetted
    say whether it tells of rain and whether rain moves it.
    """

    low: float = -math.inf
    high: float = math.inf
    max_rate: float = math.inf
    sort: Sort = Sort.GAUGE
    unit: str | None = None
    family: int = 0
    office: bool = False
    place: int = NOWHERE
    gauge: bool = False
    wetted: bool = False

    def of(
        self, kind: str, metric: str, area: str | None, *, under_its_kind: bool = False
    ) -> "Traits":
        """These, with what follows from the asset and the metric: whom it is like, what moves it."""
        return self._replace(
            family=family(kind, metric, self.unit, under_its_kind=under_its_kind),
            office=kind == Kind.SERVICE and metric in ANSWERS,
            place=place(area),
            gauge=metric in GAUGES,
            wetted=metric in WETTED,
        )

    @property
    def mark(self) -> int:
        """A number for the unit: 0 where it is not known, else hardly ever another unit's."""
        return 0 if self.unit is None else zlib.crc32(self.unit.encode()) or 1


def family(kind: str, metric: str, unit: str | None, *, under_its_kind: bool = False) -> int:
    """The number of all streams that are like this one, never 0.

    under_its_kind: the asset stands under one of its own kind, as a lamp does under a cabinet.
    """
    return zlib.crc32(f"{kind}/{metric}/{unit}/{under_its_kind}".encode()) or 1


def place(area: str | None) -> int:
    """The number of an area; NOWHERE of none."""
    return NOWHERE if area is None else zlib.crc32(area.encode()) or 1
