"""Air and noise, which follow the traffic and the weather."""

import numpy as np

from simulators.asset import Asset, Kind, Metric, Values
from simulators.dice import Floats, drift
from simulators.rhythm import bump, fireworks, moments, presence, summer, traffic
from simulators.weather import HOUR, Weather


def _air(asset: Asset, at: Floats, weather: Weather) -> Values:
    now = moments(at)
    place = asset.place
    hours = 0.75 + 0.35 * bump(now.hour, 7.5, 1.5) + 0.4 * bump(now.hour, 18.5, 1.8)
    winter = 1.35 - 0.35 * summer(now)
    rain = weather.rain(at, place)
    washed = 1 / (1 + 0.12 * rain)
    air_mass = 1 + 0.22 * weather.local("dust", at, place, 5 * HOUR)  # neighbours breathe it alike
    site = asset.size * air_mass * (1 + 0.08 * drift(asset.key, at, 6 * HOUR))
    dust = 21 * hours * winter * (1 + 0.9 * weather.stagnation(at)) * washed * site
    dust = dust * np.where(now.weekend, 0.92, 1.0)
    dust = dust * (1 + 2.5 * fireworks(now, 0.5, 1.0))
    road = traffic(now)
    sun = weather.daylight(at) * bump(now.hour, 14, 2.8) * washed
    return {
        "pm25": dust,
        "pm10": 1.55 * dust + 8 * road + 6,
        "no2": (11 + 26 * road) * site / (0.6 + 0.2 * weather.wind(at, place)),
        "o3": 24 + 68 * sun + 6 * summer(now),
        "so2": 7 + 5 * site,
        "co": (420 + 900 * road) * site / (0.7 + 0.15 * weather.wind(at, place)),
        "temperature": weather.temperature(at, place),
        "humidity": weather.humidity(at, place),
    }


def _noise(asset: Asset, at: Floats, weather: Weather) -> Values:
    now = moments(at)
    level = 44 + 13 * presence(now) + 9 * traffic(now) + 4 * (asset.size - 1)
    level = level + np.minimum(5.0, 0.5 * weather.rain(at, asset.place))
    return {"laeq": level, "lamax": level + 11}


AIR = Kind(
    "air",
    (
        Metric("pm25", "ug/m3", 0, 1000, 5, 1),
        Metric("pm10", "ug/m3", 0, 1500, 8, 1),
        Metric("no2", "ug/m3", 0, 1000, 5, 1),
        Metric("o3", "ug/m3", 0, 1000, 6, 1),
        Metric("so2", "ug/m3", 0, 1000, 2, 1),
        Metric("co", "ug/m3", 0, 60000, 90, 0),
        Metric("temperature", "Cel", -10, 60, 0.6, 1),
        Metric("humidity", "1", 0, 1, 0.02, 3),
    ),
    _air,
)
NOISE = Kind(
    "noise",
    (Metric("laeq", "dB", 25, 130, 2.5, 1), Metric("lamax", "dB", 25, 140, 5, 1)),
    _noise,
)
