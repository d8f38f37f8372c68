"""The load of the coming hour, with a band that holds nine of ten: learned from a stream's errors.

What is expected is what the hour of the week brings (`season`), moved by half of how far the
last hours were off. The band's two edges are quantiles of the stream's own past errors, moved
up a little when a value was beyond and down less when it was not, so that the shares come out
right whatever the errors look like (adaptive conformal inference: Gibbs and Candes 2021).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.detectors import season
from models.detectors.glance import Glance, copied, rated
from models.detectors.promise import Floats, Ints, Rows, Verdicts
from models.reading import DAY

BEYOND = 0.05  # of the values lie over the band, and as many under it
FIRST_EDGE = 2.5  # usual deviations
STEP = 0.3  # usual deviations that an edge is moved by, of one that is fully wrong
PERSISTENCE = 0.5  # of what the last hours were off is expected of the next
MEMORY = 4  # values that "the last" are
WIDTHS = 2.5  # bands beyond the band: that is odd
BUSY = 0.5  # of a count: less is expected of hours that are shut
LARGEST = 1e6  # usual deviations: nothing is farther off


class Forecast(NamedTuple):
    """What is to be expected at some moments, in the unit of each stream: arrays of n."""

    expected: Floats
    low: Floats
    high: Floats


class Band(Glance):
    """See the module. A value is odd far beyond the band; that is told once.

    days pass before a stream is judged; free_days and worked_days are as `Season`'s.
    """

    name = "band"
    layout = np.dtype(
        [
            ("week", season.Season.layout),
            ("off", "<f4"),  # mean error of late, in usual deviations
            ("under", "<f4"),  # the edges of the band, beyond FIRST_EDGE
            ("over", "<f4"),
            ("told", "?"),
        ],
        align=False,
    )
    alarm = WIDTHS

    def __init__(
        self,
        days: int = 14,
        free_days: NDArray[np.int64] = season.NONE,
        worked_days: NDArray[np.int64] = season.NONE,
        utc_offset_hours: int = 7,
    ) -> None:
        self.week = season.Season(
            days,
            free_days=free_days,
            worked_days=worked_days,
            utc_offset_hours=utc_offset_hours,
        )
        self.days = days

    def forecast(self, rows: Rows, who: Ints, time: Ints) -> Forecast:
        """What streams will bring at these coming moments, one each; changes nothing."""
        known = rows[who]
        middle, spread = self.middle(known, time)
        whole = known["week"]["whole"]
        edges = (middle, middle - spread * lower(known), middle + spread * upper(known))
        return Forecast(*(season.back(each, whole) for each in edges))

    def middle(self, known: Rows, time: Ints) -> tuple[Floats, Floats]:
        """What is expected and a usual deviation, on the scale of `season.evened`."""
        week = known["week"]
        at = self.week.hours(time)
        expected, spread = season.expectation(week, at, season.an_hour(week, time))
        middle = season.evened(expected, week["whole"])
        return middle + PERSISTENCE * spread * known["off"], spread

    def look(self, known: Rows, time: Ints, value: Floats, asked: Floats) -> tuple[Verdicts, Rows]:
        """The verdicts, and the records after the samples."""
        week = known["week"]
        middle, spread = self.middle(known, time)
        error = (season.evened(value, week["whole"]) - middle) / spread
        error = np.clip(error, -LARGEST, LARGEST)
        low, high = lower(known), upper(known)
        beyond = np.maximum(error - high, -low - error) / (0.5 * (low + high))
        at, hourly = self.week.hours(time), season.an_hour(week, time)
        seen = season.familiar(week, at, hourly)
        warm = seen & (time - week["born"] >= self.days * DAY)
        loud = warm & (beyond >= asked)
        news = loud & ~known["told"]
        goes_on = warm & (beyond > 0) & (known["told"] | loud)
        after = copied(known)
        _, after["week"] = self.week.look(packed(week), time, value, asked)
        # An hour when everybody is at home is easily foretold, and says nothing of the others.
        expected = season.back(middle, week["whole"])
        self.move(after, error, seen & (~week["whole"] | (expected >= BUSY) | (value > 0)))
        after["told"] = goes_on
        edges = [season.back(each, week["whole"]) for each in (middle - spread * low, middle)]
        score = rated(np.where(news, beyond, 0.0), self.alarm)
        return Verdicts(score, edges[1], np.abs(edges[1] - edges[0]), goes_on), after

    def move(self, after: Rows, error: Floats, told: NDArray[np.bool_]) -> None:
        """Moves the edges by whether these errors were beyond them, where that tells anything."""
        low, high = lower(after), upper(after)
        more = STEP * (np.where(error > high, 1.0, 0.0) - BEYOND)
        less = STEP * (np.where(error < -low, 1.0, 0.0) - BEYOND)
        after["over"] += np.where(told, np.maximum(more, 0.1 - high), 0.0)
        after["under"] += np.where(told, np.maximum(less, 0.1 - low), 0.0)
        off = np.clip(error, -FIRST_EDGE, FIRST_EDGE) - after["off"]
        after["off"] += np.where(told, off / MEMORY, 0.0)


def packed(week: Rows) -> Rows:
    """A part of records, as records of its own."""
    return np.ascontiguousarray(week)


def lower(known: Rows) -> Floats:
    """How far under the middle the band begins, in usual deviations."""
    return np.asarray(FIRST_EDGE + known["under"].astype(np.float64))


def upper(known: Rows) -> Floats:
    """How far over the middle it ends."""
    return np.asarray(FIRST_EDGE + known["over"].astype(np.float64))
