"""Street lights, electricity meters, water districts and waste containers: what a city runs on."""

from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Metric, Values
from simulators.dice import Floats, drift, even, evens, key_of
from simulators.kinds.radio import RADIO, radio
from simulators.rhythm import LOCAL_OFFSET, bump, moments, presence
from simulators.weather import Weather

DAY: Final = 86400.0
LAMP_KW: Final = 0.12  # of one lamp at full light
CABINET_KW: Final = 9.5  # of a cabinet's lamps at full light
STANDBY_KW: Final = 0.12  # of a cabinet by day
HOUSEHOLDS: Final = 800  # behind the meter of a water district of ordinary size


def _grid(asset: Asset, at: Floats) -> Floats:
    """Return the mains voltage, which sags in the evening: the same for neighbours."""
    sag = 4 * bump(moments(at).hour, 19.5, 2.5)
    return 231 - sag + 1.5 * drift(key_of("grid", asset.commune), at, 5400)


def _light_level(at: Floats, weather: Weather) -> Floats:
    # Dimmed by a third from eleven to half past four, within a quarter of an hour.
    from_middle = np.abs((moments(at).hour - 1.75 + 12) % 24 - 12)
    dimmed = 0.35 * np.clip((2.875 - from_middle) / 0.25, 0.0, 1.0)
    return (1 - weather.daylight(at)) * (1 - dimmed)


def _light(asset: Asset, at: Floats, weather: Weather) -> Values:
    lit = CABINET_KW * asset.size * _light_level(at, weather)
    power, voltage = STANDBY_KW + lit, _grid(asset, at)
    return {"power_kw": power, "current": power * 1000 / (3 * voltage * 0.95), "voltage": voltage}


def _lamp(asset: Asset, at: Floats, weather: Weather) -> Values:
    level, voltage = _light_level(at, weather), _grid(asset, at)
    power = 0.002 + LAMP_KW * asset.size * level
    return {
        "illuminance_level": level,
        "power_kw": power,
        "current": power * 1000 / (voltage * 0.95),
        "voltage": voltage,
    }


def _energy(asset: Asset, at: Floats, weather: Weather) -> Values:
    now = moments(at)
    work = np.where(now.weekend, 0.25, 1.0)
    cooling = np.maximum(0.0, weather.temperature(at, asset.place) - 25) * 1.1
    power = (9 + (26 + cooling) * work * presence(now)) * asset.size
    voltage = _grid(asset, at)
    return {
        "active_power_kw": power * (1 + 0.06 * drift(asset.key, at, 2700)),
        "voltage_l1": voltage,
        "voltage_l2": voltage + 0.8,
        "voltage_l3": voltage - 0.6,
        "power_factor": 0.93 + 0.03 * presence(now),
        "frequency": 50 + 0.02 * drift(key_of("frequency"), at, 600),
    }


def _waste(asset: Asset, at: Floats, weather: Weather) -> Values:
    every = 2 + int(even(asset.key, 1) * 2)  # days between two visits, before five in the morning
    visit = (4 + even(asset.key, 2)) * 3600
    days = (at + LOCAL_OFFSET - visit) / DAY + int(even(asset.key, 3) * every)
    since = days % every
    rounds = np.floor(days / every).astype(np.int64) + 10
    filled = since / every * (0.7 + 0.25 * evens(asset.key, rounds))
    temperature = weather.temperature(at, asset.place) + 2 + 3 * filled
    return {"filling_level": 0.03 + filled, "temperature": temperature} | radio(asset, at)


def _water(asset: Asset, at: Floats, weather: Weather) -> Values:
    """Measure the inlet of a district metered area: little is drawn by night, but never nothing."""
    now = moments(at)
    drawn = 0.16 + 0.95 * bump(now.hour, 6.8, 1.4) + 0.55 * bump(now.hour, 11.5, 1.6)
    drawn = drawn + 1.0 * bump(now.hour, 18.8, 1.9) + 0.1 * now.weekend * bump(now.hour, 9.5, 2.5)
    heat = 1 + 0.012 * np.maximum(0.0, weather.temperature(at, asset.place) - 24)
    flow = 0.036 * HOUSEHOLDS * asset.size * drawn * heat * (1 + 0.06 * drift(asset.key, at, 1800))
    return {
        "flow": flow,
        "water_pressure": 310 - 0.55 * flow / asset.size + 4 * drift(asset.key + 1, at, 3 * DAY),
    } | radio(asset, at)


LIGHT = Kind(
    "light",
    (
        Metric("power_kw", "kW", 0, 100, 0.15),
        Metric("current", "A", 0, 200, 0.25),
        Metric("voltage", "V", 0, 300, 1.2, 1),
    ),
    _light,
)
LAMP = Kind(
    "light",
    (
        Metric("illuminance_level", "1", 0, 1, 0, 3),
        Metric("power_kw", "kW", 0, 1, 0.001, 4),
        Metric("current", "A", 0, 10, 0.005, 3),
        Metric("voltage", "V", 0, 300, 1.2, 1),
    ),
    _lamp,
    cadence=300,
)
ENERGY = Kind(
    "energy",
    (
        Metric("active_power_kw", "kW", 0, 1000, 1.5),
        Metric("voltage_l1", "V", 0, 300, 1.2, 1),
        Metric("voltage_l2", "V", 0, 300, 1.2, 1),
        Metric("voltage_l3", "V", 0, 300, 1.2, 1),
        Metric("power_factor", "1", 0, 1, 0.01, 3),
        Metric("frequency", "Hz", 0, 60, 0.02, 3),
    ),
    _energy,
)
WASTE = Kind(
    "waste",
    (
        Metric("filling_level", "1", 0, 1, 0.015, 3),
        Metric("temperature", "Cel", -10, 600, 0.6, 1),
        *RADIO,
    ),
    _waste,
    cadence=900,
    mains=False,
    loss=0.02,
)
WATER = Kind(
    "water",
    (
        Metric("flow", "m3/h", 0, 2000, 1.2),
        Metric("water_pressure", "kPa", 0, 1600, 4, 1),
        *RADIO,
    ),
    _water,
    cadence=300,
    mains=False,
    loss=0.015,
)
