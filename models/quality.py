"""How far each reading may be trusted: by range, by rate, and by the device's own word."""

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.frame import Frame
from models.reading import SECOND, Quality

NEVER = np.iinfo(np.int64).min
STREAM = np.dtype(
    [
        ("low", "f8"),
        ("high", "f8"),
        ("max_rate", "f8"),
        ("time", "i8"),  # of what it said last
        ("value", "f8"),
    ]
)
NOTHING = np.array((-np.inf, np.inf, np.inf, NEVER, 0.0), STREAM)  # is known of it
FIRST_ROOM = 1024


class Belief(NamedTuple):
    """What is believed of one stream: its range, and its largest change per second."""

    low: float | None = None
    high: float | None = None
    max_rate: float | None = None


class Rules:
    """What is believed of each stream, and what it said last; all streams as arrays.

    Out of its plausible range a reading is bad: no such thing happens. One that changed faster
    than its metric can, against the reading before it, is uncertain, and so is the one after
    it that comes back. The device's word counts where it is worse. What a stream said last is
    this worker's knowledge: where several share the readings, each compares with what it saw.
    """

    def __init__(self) -> None:
        self.streams = np.full(FIRST_ROOM, NOTHING, STREAM)
        self.one_at_a_time = threading.Lock()

    def know(self, stream_id: int, belief: Belief) -> None:
        """What is believed of one stream from now on."""
        with self.one_at_a_time:
            self.make_room(stream_id)
            row = self.streams[stream_id]
            row["low"] = -np.inf if belief.low is None else belief.low
            row["high"] = np.inf if belief.high is None else belief.high
            row["max_rate"] = np.inf if belief.max_rate is None else belief.max_rate

    def make_room(self, stream_id: int) -> None:
        """Grows the array to hold this stream."""
        room = len(self.streams)
        if stream_id >= room:
            more = max(stream_id + 1, 2 * room) - room
            self.streams = np.append(self.streams, np.full(more, NOTHING, STREAM))

    def judge(self, readings: Frame, words: NDArray[np.int8] | None = None) -> NDArray[np.int8]:
        """A number of Quality for each reading. words are the devices' own, None: all good."""
        quality = np.zeros(len(readings), np.int8) if words is None else words.copy()
        if not len(readings):
            return quality
        with self.one_at_a_time:
            self.make_room(int(readings["stream_id"].max()))
            believed, values = self.streams[readings["stream_id"]], readings["value"]
            outside = (values < believed["low"]) | (values > believed["high"])
            fast = self.too_fast(readings, believed["max_rate"])
        np.maximum(quality, Quality.BAD, out=quality, where=outside)
        np.maximum(quality, Quality.UNCERTAIN, out=quality, where=fast)
        return quality

    def too_fast(self, readings: Frame, max_rate: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which readings changed faster than their stream can; remembers what each said last."""
        fast = np.zeros(len(readings), bool)
        (limited,) = np.nonzero(np.isfinite(max_rate))
        if not len(limited):
            return fast
        order = limited[np.lexsort((readings["time"][limited], readings["stream_id"][limited]))]
        ids, times, values = (readings[name][order] for name in ("stream_id", "time", "value"))
        first, last = np.r_[True, ids[1:] != ids[:-1]], np.r_[ids[1:] != ids[:-1], True]
        before = self.streams[ids]
        before_time = np.where(first, before["time"], np.r_[times[:1], times[:-1]])
        before_value = np.where(first, before["value"], np.r_[values[:1], values[:-1]])
        known = before_time != NEVER
        seconds = np.abs(np.where(known, times - before_time, 0)) / SECOND
        change = np.abs(values - before_value)
        fast[order] = (seconds > 0) & (change > max_rate[order] * seconds)
        newer = last & (times > before["time"])
        self.streams["time"][ids[newer]] = times[newer]
        self.streams["value"][ids[newer]] = values[newer]
        return fast
