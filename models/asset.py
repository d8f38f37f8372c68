"""An asset: a thing with a name on the wire, of one of these kinds."""

from enum import StrEnum


class Kind(StrEnum):
    """What an asset measures or does; unknown until an engineer says it."""

    UNKNOWN = "unknown"
    AIR = "air"
    RIVER = "river"
    RAIN = "rain"
    TRAFFIC = "traffic"
    LIGHT = "light"
    ENERGY = "energy"
    WASTE = "waste"
    NOISE = "noise"
    PARKING = "parking"
    WATER = "water"
    WEATHER = "weather"
    SERVICE = "service"
    PLATFORM = "platform"
