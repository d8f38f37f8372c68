"""Rivers, rain and weather stations, which share the weather of the last three days."""

from typing import Final, NamedTuple

from simulators.asset import Asset, Kind, Metric, Values
from simulators.dice import Floats, drift
from simulators.rhythm import moments, summer
from simulators.weather import Weather

DAY: Final = 86400.0
HEIGHT: Final = 20.0  # of the weather stations over the sea, metres
PER_METRE: Final = 0.11  # hectopascals that the air is lighter a metre up


class Station(NamedTuple):
    """A gauging station, and the water it sees in an ordinary dry spell (metres)."""

    name: str
    title: str
    river: str
    area: str
    latitude: float  # approximate
    longitude: float
    low: float
    rise: float  # how far it follows a rise of one metre
    alarms: tuple[float, float, float]  # its alarm levels I, II and III


# The province's flood stations, with their alarm levels by Decision 05/2020/QD-TTg.
PLAIN: Final = (4.3, 5.3, 6.3)
STATIONS: Final = (
    Station("phu-lang-thuong", "Phủ Lạng Thương", "Thương", "213", 21.2731, 106.1912, 1.6, 1.0, PLAIN),
    Station("dap-cau", "Đáp Cầu", "Cầu", "222", 21.2058, 106.0936, 1.5, 1.0, PLAIN),
    Station("luc-nam", "Lục Nam", "Lục Nam", "218", 21.2969, 106.4072, 1.4, 1.1, PLAIN),
    Station("cau-son", "Cầu Sơn", "Thương", "217", 21.4335, 106.3318, 11.6, 0.9, (14.0, 15.0, 16.0)),
    Station("phuc-loc-phuong", "Phúc Lộc Phương", "Cầu", "223", 21.2561, 105.9248, 2.9, 1.1, (6.0, 7.0, 8.0)),
)  # fmt: skip
BY_NAME: Final = {station.name: station for station in STATIONS}


def _river(asset: Asset, at: Floats, weather: Weather) -> Values:
    station = BY_NAME[asset.name]
    now = moments(at)
    wet = 0.5 + 0.5 * summer(now)
    level = 0.7 * wet + weather.swell(at) + 0.15 * drift(asset.key, at, 2 * DAY)
    return {
        "level_m": station.low + station.rise * level,
        "water_temperature": 24 + 5 * summer(now) + drift(asset.key + 1, at, 2 * DAY),
        "battery_voltage": 12.4 + 0.8 * weather.daylight(at),
    }


def _rain(asset: Asset, at: Floats, weather: Weather) -> Values:
    return {
        "rain_mm_h": weather.rain(at, asset.place),
        "battery_voltage": 12.4 + 0.8 * weather.daylight(at),
    }


def _weather(asset: Asset, at: Floats, weather: Weather) -> Values:
    return {
        "temperature": weather.temperature(at, asset.place),
        "humidity": weather.humidity(at, asset.place),
        "pressure": weather.pressure(at) - PER_METRE * HEIGHT,
        "wind_speed": weather.wind(at, asset.place),
        "wind_direction": weather.wind_direction(at),
        "solar_radiation": weather.sunshine(at),
        "rain_mm_h": weather.rain(at, asset.place),
    }


_BATTERY = Metric("battery_voltage", "V", 0, 16, 0.1)
# A tipping bucket has no noise of its own: it is dry or it is not.
_FALLING = Metric("rain_mm_h", "mm/h", 0, 300, 0, 1)
RIVER = Kind(
    "river",
    (
        Metric("level_m", "m", -2, 30, 0.04, 3),
        Metric("water_temperature", "Cel", 0, 45, 0.3),
        _BATTERY,
    ),
    _river,
    cadence=300,
    mains=False,
)
RAIN = Kind("rain", (_FALLING, _BATTERY), _rain, cadence=300, mains=False)
WEATHER = Kind(
    "weather",
    (
        Metric("temperature", "Cel", -10, 60, 0.4, 1),
        Metric("humidity", "1", 0, 1, 0.02, 3),
        Metric("pressure", "hPa", 900, 1060, 0.4, 1),
        Metric("wind_speed", "m/s", 0, 75, 0.5, 1),
        Metric("wind_direction", "deg", 0, 360, 8, 0),
        Metric("solar_radiation", "W/m2", 0, 1500, 15, 0),
        _FALLING,
    ),
    _weather,
)
