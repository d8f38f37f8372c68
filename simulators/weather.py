"""The weather all sensors of the province share: neighbours more of it than those far apart."""

import math
from typing import Final

import numpy as np

from simulators.dice import Floats, drift, key_of
from simulators.rhythm import Moments, bump, moments, summer

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
SOLSTICE: Final = 10 / 365  # of a year before its end
NOON: Final = 11.85  # when the sun is highest, hours
MEMORY: Final = 36  # steps of two hours that rain is felt in a river
STEP: Final = 2 * HOUR
# Metres a river swells by for each mm/h: so that an ordinary summer reaches the alarm levels I and,
# seldom, II; III is left to floods.
SWELLS: Final = 0.018
CELL: Final = 0.2  # degrees, about 20 km: what lies closer has much of its weather in common


class Weather:
    """One province's weather: the same seed brings the same weather at the same times.

    All times are seconds since 1970, as arrays. Where a place is given (latitude and longitude in
    degrees), what is returned is that place's, else the province's.
    """

    def __init__(self, seed: int) -> None:
        self._front = key_of(seed, "front")
        self._rain = key_of(seed, "rain")
        self._wind = key_of(seed, "wind")
        self._place = key_of(seed, "place")

    def temperature(self, at: Floats, place: tuple[float, float] | None = None) -> Floats:
        """Return degrees Celsius in the shade."""
        now = moments(at)
        day = np.cos(2 * np.pi * (now.hour - 14.5) / 24) * (3.6 + 0.8 * summer(now))
        front = 2.6 * drift(self._front, at, 3.3 * DAY)
        return 23.8 + 5.8 * summer(now) + front + day + 0.8 * self.local("heat", at, place, DAY)

    def rain(self, at: Floats, place: tuple[float, float] | None = None) -> Floats:
        """Return millimetres an hour."""
        wet = 0.5 + 0.5 * summer(moments(at))
        cloud = 0.65 * drift(self._rain, at, 11 * HOUR) + 0.35 * drift(self._rain + 1, at, 3 * HOUR)
        cloud = cloud + 0.18 * self.local("rain", at, place, HOUR)
        return np.maximum(0.0, cloud - (0.62 - 0.3 * wet)) * (14 + 30 * wet)

    def humidity(self, at: Floats, place: tuple[float, float] | None = None) -> Floats:
        """Return relative humidity, 0 to 1."""
        day = np.cos(2 * np.pi * (moments(at).hour - 14.5) / 24)
        wet = np.minimum(0.12, 0.03 * self.rain(at, place))
        return np.minimum(
            0.99, 0.78 - 0.11 * day + 0.06 * drift(self._front + 1, at, 30 * HOUR) + wet
        )

    def pressure(self, at: Floats) -> Floats:
        """Return hectopascals: high in winter, low before rain, twice a day a breath."""
        now = moments(at)
        tide = 1.2 * np.cos(4 * np.pi * (now.hour - 10) / 24)
        return 1010 - 7 * summer(now) - 4 * drift(self._front, at, 3.3 * DAY) + tide

    def wind(self, at: Floats, place: tuple[float, float] | None = None) -> Floats:
        """Return metres a second."""
        gust = (
            1.0 + 0.6 * drift(self._wind, at, 7 * HOUR) + 0.2 * self.local("wind", at, place, HOUR)
        )
        return np.maximum(0.0, gust) * (1.2 + 1.4 * bump(moments(at).hour, 15, 4))

    def wind_direction(self, at: Floats) -> Floats:
        """Return degrees the wind comes from: north-east in winter, south-east in summer."""
        return (90 + 45 * summer(moments(at)) + 60 * drift(self._wind + 2, at, 20 * HOUR)) % 360

    def stagnation(self, at: Floats) -> Floats:
        """Return how still and lidded the air is, 0 to 1: winter inversions keep the dust down."""
        winter = 0.5 - 0.5 * summer(moments(at))
        calm = 0.5 + 0.5 * drift(self._wind + 1, at, 40 * HOUR)
        return winter * calm / (1 + 0.2 * self.rain(at))

    def daylight(self, at: Floats) -> Floats:
        """Return 1 by day and 0 by night, with about a quarter of an hour between."""
        now = moments(at)
        before_sunset = half_day(now) - np.abs(now.hour - NOON)
        return 1 / (1 + np.exp(-24 * np.clip(before_sunset, -2.0, 2.0)))

    def sunshine(self, at: Floats) -> Floats:
        """Return watts a square metre on the ground, less of it under clouds."""
        now = moments(at)
        share = np.clip((now.hour - NOON) / half_day(now), -1, 1)
        height = np.maximum(0.0, np.cos(np.pi / 2 * share))
        clouds = 0.75 + 0.25 * drift(self._rain + 2, at, 4 * HOUR)
        return (760 + 180 * summer(now)) * height * clouds / (1 + 0.3 * self.rain(at))

    def swell(self, at: Floats) -> Floats:
        """Return how high the rain of the last three days stands in the rivers, in metres."""
        if not len(at):
            return np.zeros(0)
        first, last = math.floor(float(at.min()) / STEP), math.floor(float(at.max()) / STEP) + 1
        steps = np.arange(first - MEMORY, last + 1)
        fallen = self.rain(steps.astype(np.float64) * STEP)
        back = np.arange(1, MEMORY)
        shares = (back / 5) * np.exp(1 - back / 5)
        # The newest last: each step is the rain before it, weighed by how long ago it fell.
        stands = SWELLS * np.convolve(fallen, np.concatenate([[0.0], shares]))[MEMORY : len(steps)]
        return np.interp(at / STEP, np.arange(first, last + 1), stands)

    def local(
        self, what: str, at: Floats, place: tuple[float, float] | None, period: float
    ) -> Floats:
        """Return how a place differs from the province, in [-1, 1]: alike where places are near.

        Between the corners of a net of 20 km, each with a wandering of its own.
        """
        if place is None:
            return np.zeros(len(at))
        (row, north), (column, east) = (divmod(each / CELL, 1.0) for each in place)
        found = np.zeros(len(at))
        for down, weight in ((0, 1 - north), (1, north)):
            for over, share in ((0, 1 - east), (1, east)):
                corner = key_of(self._place, what, int(row) + down, int(column) + over)
                found += weight * share * drift(corner, at, period)
        return found


def half_day(now: Moments) -> Floats:
    """Return the hours from noon to sunset: 5.3 in winter, 6.8 in summer.

    The sun turns at its solstices, a month before the weather does.
    """
    hours: Floats = 6.05 - 0.75 * np.cos(2 * np.pi * (now.season + SOLSTICE))
    return hours
