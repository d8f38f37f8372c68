"""Street lights: whether one should burn by the sun, and which fault it or its group shows.

The sun's elevation follows NOAA's General Solar Position Calculations (Global Monitoring
Laboratory), good to a few tenths of a degree.
"""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.city.series import Flags, Floats, Ints
from models.reading import DAY

Lights = NDArray[np.int8]


class Light(IntEnum):
    """What a light shows: UNKNOWN where its power is missing, or the sun leaves it open."""

    UNKNOWN = -1
    FINE = 0
    BURNING_BY_DAY = 1
    DARK_BY_NIGHT = 2


class Rules(NamedTuple):
    """Day, night, burning and failing: all [D].

    By day the sun stands above day_above (degrees), by night below night_below; between them
    either is right. A light burns at a share of its rated power above burning; a group fails
    when a share of its known lights, and at least fewest of them, show one fault.
    """

    day_above: float = 3.0
    night_below: float = -4.0
    burning: float = 0.15
    group_share: float = 0.5
    fewest: int = 3

    def checked(self) -> "Rules":
        """These rules. Raises ValueError where night would come before the end of day."""
        if self.night_below > self.day_above or self.fewest < 1:
            raise ValueError("night is not before the end of day, and a group has a light")
        return self


def solar_elevation(times: Ints, latitude: float, longitude: float) -> Floats:
    """The sun's elevation (degrees above the horizon, without refraction) at each time.

    times are in microseconds since 1970, the place in degrees north and east. At sunrise and
    sunset, as people know them, it is -0.833.
    """
    days = times.astype("datetime64[us]").astype("datetime64[D]")
    day_of_year = (days - days.astype("datetime64[Y]")).astype(np.float64)
    minutes = (times % DAY) / (DAY / 1440)
    year = 2 * np.pi / 365 * (day_of_year + (minutes / 60 - 12) / 24)
    true_minutes = minutes + equation_of_time(year) + 4 * longitude
    hour_angle = np.radians(true_minutes / 4 - 180)
    here, sun = np.radians(latitude), declination(year)
    sine = np.sin(here) * np.sin(sun) + np.cos(here) * np.cos(sun) * np.cos(hour_angle)
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def equation_of_time(year: Floats) -> Floats:
    """By how many minutes a sundial is fast, at an angle (radians) of the year."""
    return np.asarray(
        229.18
        * (
            0.000075
            + 0.001868 * np.cos(year)
            - 0.032077 * np.sin(year)
            - 0.014615 * np.cos(2 * year)
            - 0.040849 * np.sin(2 * year)
        )
    )


def declination(year: Floats) -> Floats:
    """The sun's declination (radians), at an angle (radians) of the year."""
    return np.asarray(
        0.006918
        - 0.399912 * np.cos(year)
        + 0.070257 * np.sin(year)
        - 0.006758 * np.cos(2 * year)
        + 0.000907 * np.sin(2 * year)
        - 0.002697 * np.cos(3 * year)
        + 0.00148 * np.sin(3 * year)
    )


def should_burn(rules: Rules, times: Ints, latitude: float, longitude: float) -> Flags:
    """Whether a light must burn at each time: it is night."""
    return np.asarray(solar_elevation(times, latitude, longitude) < rules.night_below)


def should_be_dark(rules: Rules, times: Ints, latitude: float, longitude: float) -> Flags:
    """Whether a light must not burn at each time: it is day."""
    return np.asarray(solar_elevation(times, latitude, longitude) > rules.day_above)


def verdicts(
    rules: Rules, times: Ints, shares: Floats, latitude: float, longitude: float
) -> Lights:
    """The Light of each reading of a lamp: its power as a share (0 to 1) of its rated power."""
    burning = shares > rules.burning
    night = should_burn(rules, times, latitude, longitude)
    day = should_be_dark(rules, times, latitude, longitude)
    found = np.full(shares.shape, Light.UNKNOWN, np.int8)
    found[(night & burning) | (day & ~burning)] = Light.FINE
    found[day & burning] = Light.BURNING_BY_DAY
    found[night & ~burning] = Light.DARK_BY_NIGHT
    found[np.isnan(shares)] = Light.UNKNOWN
    return found


def group_failure(rules: Rules, lights: Lights) -> Light:
    """The fault that a group shows, of its lights at one moment.

    FINE where too few of the known lights show one, UNKNOWN where fewer than `fewest` are known.
    """
    known = int((lights != Light.UNKNOWN).sum())
    if known < rules.fewest:
        return Light.UNKNOWN
    for fault in (Light.DARK_BY_NIGHT, Light.BURNING_BY_DAY):
        count = int((lights == fault).sum())
        if count >= max(rules.fewest, rules.group_share * known):
            return fault
    return Light.FINE
