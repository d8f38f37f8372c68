"""Roads and car parks, which follow when people drive."""

import numpy as np

from simulators.asset import Asset, Kind, Metric, Values
from simulators.dice import Floats, drift
from simulators.rhythm import bump, moments, traffic
from simulators.weather import Weather

SPOTS = 120
FREE_FLOW = 58.0  # km/h


def _traffic(asset: Asset, at: Floats, weather: Weather) -> Values:
    wet = np.minimum(1.0, 0.06 * weather.rain(at, asset.place))
    load = traffic(moments(at)) * (1 + 0.12 * drift(asset.key, at, 2400))
    load = np.minimum(1.15, load * (1 + 0.1 * wet))
    intensity = 1500 * asset.size * load
    speed = (FREE_FLOW - 6 * wet) * (1 - 0.5 * load**3)
    return {
        "intensity": intensity,
        "speed": speed,
        "occupancy": np.minimum(0.95, 0.006 * intensity / asset.size / np.maximum(speed, 5)),
    }


def _parking(asset: Asset, at: Floats, _weather: Weather) -> Values:
    now = moments(at)
    work = np.where(now.weekend, 0, 0.62 * bump(now.hour, 10, 2.4) + 0.5 * bump(now.hour, 15, 1.8))
    share = 0.12 + work + 0.25 * bump(now.hour, 19.5, 1.8)
    share = share * (1 + 0.08 * drift(asset.key, at, 5400) + 0.02 * drift(asset.key + 1, at, 240))
    spots = round(SPOTS * asset.size)
    taken = np.minimum(spots, np.round(spots * share))
    return {"occupied": taken, "available": spots - taken, "occupancy": taken / spots}


TRAFFIC = Kind(
    "traffic",
    (
        Metric("intensity", "/h", 0, 8000, 60, 0),
        Metric("speed", "km/h", 0, 160, 3, 1),
        Metric("occupancy", "1", 0, 1, 0.015, 3),
    ),
    _traffic,
)
# The three are one count told three ways, so none has a noise of its own.
PARKING = Kind(
    "parking",
    (
        Metric("occupied", "1", 0, 2000, 0, 0),
        Metric("available", "1", 0, 2000, 0, 0),
        Metric("occupancy", "1", 0, 1, 0, 3),
    ),
    _parking,
)
