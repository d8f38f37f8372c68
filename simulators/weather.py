"""The weather all sensors of the province share."""

import math
from functools import lru_cache
from typing import Final

from simulators.dice import drift, key_of
from simulators.rhythm import bump, moment, summer

HOUR: Final = 3600.0
MEMORY: Final = 36  # steps of two hours that rain is felt in a river
STEP: Final = 2 * HOUR


class Weather:
    """One province's weather: the same seed brings the same weather at the same times."""

    def __init__(self, seed: int) -> None:
        self._front = key_of(seed, "front")
        self._rain = key_of(seed, "rain")
        self._wind = key_of(seed, "wind")
        self._swell = lru_cache(maxsize=10_000)(self._swell_at)

    def temperature(self, at: float) -> float:
        """Return degrees Celsius in the shade."""
        now = moment(at)
        day = math.cos(2 * math.pi * (now.hour - 14.5) / 24) * (3.6 + 0.8 * summer(now))
        return 23.8 + 5.8 * summer(now) + 2.6 * drift(self._front, at, 3.3 * 24 * HOUR) + day

    def rain(self, at: float, place: str = "") -> float:
        """Return millimetres an hour, at a place where it is named."""
        wet = 0.5 + 0.5 * summer(moment(at))
        cloud = 0.65 * drift(self._rain, at, 11 * HOUR) + 0.35 * drift(self._rain + 1, at, 3 * HOUR)
        local = 0.12 * drift(key_of(self._rain, place), at, HOUR)
        return max(0.0, cloud + local - (0.62 - 0.3 * wet)) * (14 + 30 * wet)

    def humidity(self, at: float) -> float:
        """Return relative humidity, 0 to 1."""
        day = math.cos(2 * math.pi * (moment(at).hour - 14.5) / 24)
        wet = min(0.12, 0.03 * self.rain(at))
        return min(0.99, 0.78 - 0.11 * day + 0.06 * drift(self._front + 1, at, 30 * HOUR) + wet)

    def wind(self, at: float) -> float:
        """Return metres a second."""
        gust = 1.0 + 0.6 * drift(self._wind, at, 7 * HOUR)
        return gust * (1.2 + 1.4 * bump(moment(at).hour, 15, 4))

    def stagnation(self, at: float) -> float:
        """Return how still and lidded the air is, 0 to 1: winter inversions keep the dust down."""
        winter = 0.5 - 0.5 * summer(moment(at))
        calm = 0.5 + 0.5 * drift(self._wind + 1, at, 40 * HOUR)
        return winter * calm / (1 + 0.2 * self.rain(at))

    def daylight(self, at: float) -> float:
        """Return 1 by day and 0 by night, with about a quarter of an hour between."""
        now = moment(at)
        half = 6.05 + 0.75 * summer(now)  # hours from noon to sunset
        before_sunset = half - abs(now.hour - 11.85)
        return 1 / (1 + math.exp(-24 * max(-2.0, min(2.0, before_sunset))))

    def swell(self, at: float) -> float:
        """Return how high the rain of the last three days stands in the rivers, in metres."""
        step, share = divmod(at / STEP, 1.0)
        before, after = self._swell(int(step)), self._swell(int(step) + 1)
        return before + (after - before) * share

    def _swell_at(self, step: int) -> float:
        return 0.03 * sum(
            self.rain((step - back) * STEP) * (back / 5) * math.exp(1 - back / 5)
            for back in range(1, MEMORY)
        )
