"""Odd for the hour: what a stream usually does at this hour of a working or a free day."""

import numpy as np

from models.detectors.level import TO_DEVIATION
from models.detectors.promise import (
    BAND_SCALES,
    UNSURE,
    Floats,
    Ints,
    Rows,
    Verdicts,
    noise_floor,
    oddness,
    tamed,
)
from models.reading import DAY, HOUR

BINS = 48  # 24 hours of a working day, 24 of a weekend day
THURSDAY = 3  # 1970-01-01 was one; Monday is 0


class Season:
    """Knows each hour's usual value and deviation, working days and weekends apart.

    days is how many different days an hour must have been seen on before it judges; memory
    the number of samples of that hour that count. utc_offset_hours is the city's clock (7 in
    Vietnam): habits follow the clock on the wall.
    """

    name = "season"
    layout = np.dtype(
        [
            ("mean", "<f4", BINS),
            ("deviation", "<f4", BINS),
            ("seen", "<u2", BINS),
            ("days", "u1", BINS),
            ("last_day", "<u2", BINS),
            ("whole", "?"),
        ],
        align=False,
    )

    def __init__(
        self, days: int = 4, memory: int = 240, clip: float = 4.0, utc_offset_hours: int = 7
    ) -> None:
        if not 1 <= days <= 255:
            raise ValueError("an hour can be asked for 1 to 255 days")
        self.days, self.memory, self.clip = days, memory, clip
        self.offset = utc_offset_hours * HOUR

    def hour_and_day(self, time: Ints) -> tuple[Ints, Ints]:
        """The bin of each moment, and the day it falls on (days since 1970, local)."""
        local = time + self.offset
        day = local // DAY
        weekend = (day + THURSDAY) % 7 >= 5
        return (local % DAY) // HOUR + 24 * weekend, day

    def score(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> Verdicts:
        """Judges samples against what their hour usually brings."""
        told = ~np.isnan(value)
        value = tamed(np.where(told, value, 0.0))
        hour, _ = self.hour_and_day(time)
        mean = rows["mean"][who, hour].astype(np.float64)
        scale = np.maximum(
            TO_DEVIATION * rows["deviation"][who, hour].astype(np.float64),
            noise_floor(mean, rows["whole"][who]),
        )
        sure = (rows["days"][who, hour] >= self.days) & told
        return Verdicts(
            np.where(sure, oddness(value, mean, scale), UNSURE), mean, BAND_SCALES * scale
        )

    def learn(self, rows: Rows, who: Ints, time: Ints, value: Floats) -> None:
        """Moves the hour's usual value and deviation towards the samples."""
        told = ~np.isnan(value)
        who, time, value = who[told], time[told], tamed(value[told])
        hour, day = self.hour_and_day(time)
        seen = rows["seen"][who, hour].astype(np.int64)
        mean = rows["mean"][who, hour].astype(np.float64)
        deviation = rows["deviation"][who, hour].astype(np.float64)
        first_ever = ~rows["seen"][who].any(axis=1)
        whole = (rows["whole"][who] | first_ever) & (value == np.round(value))
        rows["whole"][who] = whole
        weight = 1.0 / np.minimum(seen + 1, self.memory)
        step = value - mean
        limit = self.clip * np.maximum(TO_DEVIATION * deviation, noise_floor(mean, whole))
        sure = rows["days"][who, hour] >= self.days
        step = np.where(sure, np.clip(step, -limit, limit), step)
        first = seen == 0
        rows["mean"][who, hour] = np.where(first, value, mean + weight * step)
        moved = deviation + weight * (np.abs(step) - deviation)
        rows["deviation"][who, hour] = np.where(first, 0.0, moved)
        rows["seen"][who, hour] = np.minimum(seen + 1, 65_535)
        self.count_days(rows, who, hour, day)

    def count_days(self, rows: Rows, who: Ints, hour: Ints, day: Ints) -> None:
        """Counts on how many different days each hour was seen."""
        mark = (day % 65_535).astype(np.uint16) + np.uint16(1)  # 0 says: never
        new = rows["last_day"][who, hour] != mark
        days = rows["days"][who, hour].astype(np.int64) + new
        rows["days"][who, hour] = np.minimum(days, 255)
        rows["last_day"][who, hour] = mark
