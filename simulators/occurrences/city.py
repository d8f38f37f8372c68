"""What really happens in a city: a flood, smog, an accident, a fire, a leak, a street in the dark."""

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from simulators.asset import Asset, Values
from simulators.dice import Floats
from simulators.happening import Happening, Occurrence
from simulators.kinds.utility import LIGHT
from simulators.labels import Nature
from simulators.rhythm import LOCAL_OFFSET, along, moments
from simulators.weather import NOON, Weather, half_day

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR


class Crest(NamedTuple):
    """How a flood passes a station: metres at the crest, and hours from the flood's beginning."""

    height: float
    hours: float


# October 2025. Read in reports: Cau Son 18.37 m at 02:00, Phu Lang Thuong 7.60 m at 03:00 and Dap Cau
# 7.52 m at 23:00 on the 9th; before it the rivers fell by 0.5 to 2 cm an hour. The beginning is
# put at 12:00 on the 6th. Luc Nam and Phuc Loc Phuong are made up to match.
CRESTS: Final = {
    "cau-son": Crest(18.37, 62),
    "phu-lang-thuong": Crest(7.60, 63),
    "luc-nam": Crest(6.90, 58),
    "phuc-loc-phuong": Crest(8.90, 74),
    "dap-cau": Crest(7.52, 83),
}
RISES: Final = 0.62  # of the way to the crest nothing is seen yet, then it goes quickly
FALLS: Final = 80.0  # hours in which a flood falls to a third: 2 to 4 cm an hour, as was read
ENDS: Final = 2.5  # days at the end in which what is left of it runs off
# A fire in a container, along the share of it that has passed: degrees above the air, and what is left.
BURNS: Final = ((0.0, 0.0), (0.2, 25.0), (0.3, 60.0), (0.4, 330.0), (0.5, 420.0), (0.6, 380.0),
                (0.8, 90.0), (1.0, 0.0))  # fmt: skip
LEFT: Final = ((0.0, 1.0), (0.3, 0.98), (0.6, 0.5), (0.9, 0.45), (1.0, 1.0))
DUSK: Final = 0.15  # hours from when lamps begin to burn until sunset
STORM_HOURS: Final = (2.0, 46.0)  # of rain, from the beginning
STORM: Final = 16.0  # mm/h in the middle of it


def flood_wave(part: Happening, asset: Asset, at: Floats, weather: Weather, values: Values) -> None:
    """A wave comes down the rivers; before it the rain that makes it.

    A station's part begins when the water begins to rise there, the rain's with the flood.
    """
    hours = (at - part.began_at) / HOUR
    if "rain_mm_h" in values:
        first, last = STORM_HOURS
        hill = np.clip((hours - first) / 6, 0, 1) * np.clip((last - hours) / 12, 0, 1)
        gusts = 0.65 + 0.35 * weather.local("storm", at, asset.place, 2 * HOUR)
        storm = part.strength * STORM * hill * gusts * part.going_on(at)
        values["rain_mm_h"] = values["rain_mm_h"] + storm
    if "level_m" not in values:
        return
    crest = CRESTS[asset.name]
    base, hours_up = values["level_m"], RISES * crest.hours
    rise = np.clip(hours / hours_up, 0.0, 1.0)
    rising = rise * rise * (3 - 2 * rise)
    falling = np.exp(-((np.maximum(hours - hours_up, 0) / FALLS) ** 1.3))
    end = np.clip((part.ended_at - at) / (ENDS * DAY), 0.0, 1.0)
    share = np.where(hours < hours_up, rising, falling) * end * part.going_on(at)
    values["level_m"] = base + share * np.maximum(0.0, part.strength * (crest.height - base))


def along_the_rivers(part: Happening, _asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return the parts of all stations it passes, and of the rain gauges it begins at."""
    passed = part.began_at + STORM_HOURS[1] * HOUR
    storm = part.cut(part.began_at, min(part.ended_at, passed))
    rivers = [
        part.cut(_rises_at(part, each), part.ended_at).at(each, "level_m")
        for each in others
        if each.name in CRESTS and _rises_at(part, each) < part.ended_at
    ]
    return rivers + [
        storm.at(each, "rain_mm_h") for each in others if each.kind.metric("rain_mm_h")
    ]


def _rises_at(part: Happening, station: Asset) -> float:
    return part.began_at + (1 - RISES) * CRESTS[station.name].hours * HOUR


def smog(part: Happening, asset: Asset, at: Floats, weather: Weather, values: Values) -> None:
    """Still air under a lid: dust gathers for days, most where there is most of it anyway."""
    lid = part.ramp(at, 12 * HOUR, 8 * HOUR) * part.strength
    near = 1 + 0.2 * weather.local("lid", at, asset.place, 12 * HOUR)
    for name, factor in (("pm25", 2.4), ("pm10", 1.8), ("no2", 1.0), ("co", 1.1), ("so2", 0.8)):
        if name in values:
            values[name] = values[name] * (1 + factor * lid * near)


def everywhere_the_air(part: Happening, _asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return the parts of all air stations."""
    return [part.at(each, "pm25") for each in others if each.kind.metric("pm25")]


def accident(part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values) -> None:
    """Traffic stands: slow and dense at once, then the queue dissolves."""
    jam = part.ramp(at, 300, 1500) * part.strength
    values["speed"] = values["speed"] * (1 - 0.85 * jam)
    values["intensity"] = values["intensity"] * (1 - 0.55 * jam)
    full = np.maximum(values["occupancy"], 0.75)
    values["occupancy"] = values["occupancy"] + jam * (full - values["occupancy"])


def up_the_road(part: Happening, asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return its own part, and a weaker and later one at the nearest counter within 6 km."""
    near = [
        (apart(asset, each), each)
        for each in others
        if each.kind.metric("speed") and each.name != asset.name
    ]
    parts = [part.at(asset, "speed")]
    if near:
        distance, neighbour = min(near, key=lambda pair: (pair[0], pair[1].name))
        if distance < 6:
            parts.append(part.at(neighbour, "speed", lag=420.0, share=0.5))
    return parts


def fire(part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values) -> None:
    """Something glows for a while, then burns, then cools; at the end the container is changed."""
    share = part.share(at)
    heat = along(BURNS, share) * part.strength
    values["temperature"] = values["temperature"] + heat
    values["filling_level"] = values["filling_level"] * along(LEFT, share)


def leak(part: Happening, asset: Asset, at: Floats, _weather: Weather, values: Values) -> None:
    """A pipe breaks: more is drawn day and night, and the pressure falls."""
    burst = part.ramp(at, 2 * HOUR, HOUR) * part.strength
    values["flow"] = values["flow"] + 11.0 * asset.size * burst
    values["water_pressure"] = values["water_pressure"] - 45 * burst


def dark_group(
    part: Happening, _asset: Asset, at: Floats, _weather: Weather, values: Values
) -> None:
    """A group of lamps gets no current; the cabinet's voltage is there."""
    out = part.going_on(at)
    for name in ("power_kw", "current", "illuminance_level"):
        if name in values:
            values[name] = np.where(out, 0.02 * values[name], values[name])


def under_the_cabinet(part: Happening, asset: Asset, others: list[Asset]) -> list[Happening]:
    """Return the parts of a cabinet and all its lamps."""
    group = [each for each in others if asset.name in {each.name, each.parent}]
    nights = _in_the_dark(part)
    return [night.at(each, "power_kw") for each in group for night in nights]


def _in_the_dark(part: Happening) -> list[Happening]:
    """Cut a happening to its nights, from dusk to dawn: by day nobody could see it."""
    found = []
    first = math.floor((part.began_at + LOCAL_OFFSET) / DAY) - 1
    last = math.floor((part.ended_at + LOCAL_OFFSET) / DAY)
    for day in range(first, last + 1):
        midnight = (day + 1) * DAY - LOCAL_OFFSET
        half = float(half_day(moments(np.array([midnight])))[0])
        dusk, dawn = (NOON + half - DUSK - 24) * HOUR, (NOON - half + DUSK) * HOUR
        began_at = max(part.began_at, midnight + dusk)
        ended_at = min(part.ended_at, midnight + dawn)
        if ended_at > began_at:
            found.append(part.cut(began_at, ended_at))
    return found


def alone(part: Happening, _asset: Asset, _others: list[Asset]) -> list[Happening]:
    """Return its own part."""
    return [part]


def apart(one: Asset, other: Asset) -> float:
    """Return how far two assets are apart, in kilometres (on a plain, good enough for a province)."""
    north = (one.latitude - other.latitude) * 111.2
    east = (one.longitude - other.longitude) * 111.2 * math.cos(math.radians(one.latitude))
    return math.hypot(north, east)


def _shows(metric: str) -> Callable[[Asset], bool]:
    """Return who can have what shows in a metric."""
    return lambda asset: asset.kind.metric(metric) is not None


def _cabinet(asset: Asset) -> bool:
    return asset.kind == LIGHT  # equal, not the same: another process has copies


_E = Nature.EVENT
CITY: Final = (
    Occurrence(
        "flood-wave", _E, "lũ trên sông / flood wave", _shows("level_m"), along_the_rivers,
        event=flood_wave, lasts=(7 * DAY, 9 * DAY),
    ),
    Occurrence(
        "smog", _E, "đợt ô nhiễm không khí / smog episode", _shows("pm25"), everywhere_the_air,
        event=smog, lasts=(2 * DAY, 4 * DAY),
    ),
    Occurrence(
        "accident", _E, "tai nạn giao thông / traffic accident", _shows("speed"), up_the_road,
        event=accident, lasts=(2400, 5400),
    ),
    Occurrence(
        "container-fire", _E, "cháy thùng rác / fire in a container", _shows("filling_level"),
        alone, event=fire, lasts=(HOUR, 3 * HOUR),
    ),
    Occurrence(
        "leak", _E, "rò rỉ nước / leak", _shows("flow"), alone,
        event=leak, lasts=(2 * DAY, 6 * DAY),
    ),
    Occurrence(
        "light-group", _E, "mất một nhóm đèn / broken light group", _cabinet, under_the_cabinet,
        event=dark_group, lasts=(DAY, 3 * DAY),
    ),
)  # fmt: skip
