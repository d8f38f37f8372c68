"""Street lights, electricity meters and waste containers: what the city is kept running with."""

from simulators.asset import Asset, Kind, Metric
from simulators.dice import drift, even
from simulators.rhythm import LOCAL_OFFSET, bump, moment, presence
from simulators.weather import Weather

DAY = 86400.0


def _grid(asset: Asset, at: float) -> float:
    """Return the mains voltage, which sags in the evening."""
    return 231 - 4 * bump(moment(at).hour, 19.5, 2.5) + 1.5 * drift(asset.key + 9, at, 5400)


def _light(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    # Dimmed by a third from eleven to half past four, within a quarter of an hour.
    from_middle = abs((moment(at).hour - 1.75 + 12) % 24 - 12)
    dimmed = 0.35 * min(1.0, max(0.0, (2.875 - from_middle) / 0.25))
    lit = (1 - weather.daylight(at)) * (1 - dimmed)
    power, voltage = 0.12 + 9.5 * asset.size * lit, _grid(asset, at)
    return {"power_kw": power, "current": power * 1000 / (3 * voltage * 0.95), "voltage": voltage}


def _energy(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    now = moment(at)
    work = 0.25 if now.weekend else 1.0
    cooling = max(0.0, weather.temperature(at) - 25) * 1.1
    power = (9 + (26 + cooling) * work * presence(now)) * asset.size
    voltage = _grid(asset, at)
    return {
        "active_power_kw": power * (1 + 0.06 * drift(asset.key, at, 2700)),
        "voltage_l1": voltage,
        "voltage_l2": voltage + 0.8,
        "voltage_l3": voltage - 0.6,
        "power_factor": 0.93 + 0.03 * presence(now),
        "frequency": 50 + 0.02 * drift(asset.key + 2, at, 600),
    }


def _waste(asset: Asset, at: float, weather: Weather) -> dict[str, float]:
    every = 2 + int(even(asset.key, 1) * 2)  # days between two visits, before five in the morning
    visit = (4 + even(asset.key, 2)) * 3600
    days = (at + LOCAL_OFFSET - visit) / DAY + int(even(asset.key, 3) * every)
    since = days % every
    filled = since / every * (0.7 + 0.25 * even(asset.key, int(days // every) + 10))
    return {"filling_level": 0.03 + filled, "temperature": weather.temperature(at) + 2 + 3 * filled}


LIGHT = Kind(
    "light",
    (
        Metric("power_kw", "kW", 0, 100, 0.15),
        Metric("current", "A", 0, 200, 0.25),
        Metric("voltage", "V", 0, 300, 1.2, 1),
    ),
    _light,
)
ENERGY = Kind(
    "energy",
    (
        Metric("active_power_kw", "kW", 0, 1000, 1.5),
        Metric("voltage_l1", "V", 0, 300, 1.2, 1),
        Metric("voltage_l2", "V", 0, 300, 1.2, 1),
        Metric("voltage_l3", "V", 0, 300, 1.2, 1),
        Metric("power_factor", "1", 0, 1, 0.01, 3),
        Metric("frequency", "Hz", 40, 60, 0.02, 3),
    ),
    _energy,
)
WASTE = Kind(
    "waste",
    (
        Metric("filling_level", "1", 0, 1, 0.015, 3),
        Metric("temperature", "Cel", -10, 120, 0.6, 1),
    ),
    _waste,
)
