"""Roads and car parks, which follow when people drive."""

from simulators.asset import Asset, Kind, Metric
from simulators.dice import drift
from simulators.rhythm import bump, moment, traffic
from simulators.weather import Weather

SPOTS = 120


def _traffic(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    wet = min(1.0, 0.06 * weather.rain(at, asset.area))
    load = traffic(moment(at)) * (1 + 0.12 * drift(asset.key, at, 2400))
    load = min(1.15, load * (1 + 0.1 * wet))
    intensity = 1500 * asset.size * load
    speed = (58 - 6 * wet) * (1 - 0.5 * load**3)
    return {
        "intensity": intensity,
        "speed": speed,
        "occupancy": min(0.95, 0.006 * intensity / asset.size / max(speed, 5)),
    }


def _parking(asset: Asset, at: float, _weather: Weather) -> dict[str, float]:
    now = moment(at)
    work = 0.0 if now.weekend else 0.62 * bump(now.hour, 10, 2.4) + 0.5 * bump(now.hour, 15, 1.8)
    share = 0.12 + work + 0.25 * bump(now.hour, 19.5, 1.8)
    share *= 1 + 0.08 * drift(asset.key, at, 5400) + 0.02 * drift(asset.key + 1, at, 240)
    spots = round(SPOTS * asset.size)
    taken = min(spots, spots * share)
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
