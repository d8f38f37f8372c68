"""Air and noise, which follow the traffic and the weather."""

from simulators.asset import Asset, Kind, Metric
from simulators.dice import drift
from simulators.rhythm import bump, moment, presence, summer, traffic
from simulators.weather import Weather


def _air(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    now = moment(at)
    hours = 0.75 + 0.35 * bump(now.hour, 7.5, 1.5) + 0.4 * bump(now.hour, 18.5, 1.8)
    winter = 1.35 - 0.35 * summer(now)
    washed = 1 / (1 + 0.12 * weather.rain(at, asset.area))
    site = asset.size * (1 + 0.2 * drift(asset.key, at, 6 * 3600))
    dust = 21 * hours * winter * (1 + 0.9 * weather.stagnation(at)) * washed * site
    dust *= 0.92 if now.weekend else 1.0
    road = traffic(now)
    sun = weather.daylight(at) * bump(now.hour, 14, 2.8) * washed
    return {
        "pm25": dust,
        "pm10": 1.55 * dust + 8 * road + 6,
        "no2": (11 + 26 * road) * site / (0.6 + 0.2 * weather.wind(at)),
        "o3": 24 + 68 * sun + 6 * summer(now),
        "so2": 7 + 5 * site,
        "temperature": weather.temperature(at),
        "humidity": weather.humidity(at),
    }


def _noise(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    now = moment(at)
    level = 44 + 13 * presence(now) + 9 * traffic(now) + 4 * (asset.size - 1)
    level += min(5.0, 0.5 * weather.rain(at, asset.area))
    return {"laeq": level, "lamax": level + 11}


AIR = Kind(
    "air",
    (
        Metric("pm25", "ug/m3", 0, 1000, 5, 1),
        Metric("pm10", "ug/m3", 0, 1500, 8, 1),
        Metric("no2", "ug/m3", 0, 1000, 5, 1),
        Metric("o3", "ug/m3", 0, 1000, 6, 1),
        Metric("so2", "ug/m3", 0, 1000, 2, 1),
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
