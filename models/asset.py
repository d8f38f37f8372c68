"""An asset: a thing with a name on the wire, of one of these kinds."""

import hashlib
import re
import unicodedata
from enum import StrEnum

# A part of a name: parts are joined by colons, the gateway's first.
NAME_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


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


def name_part(text: str) -> str:
    """What a device calls itself, as a part of an asset's name.

    One that does not fit is spelled without accents and gets the beginning of its SHA-256, so
    that two devices never share a name.

    >>> name_part("lamp-1"), name_part("Đèn/đường 1")
    ('lamp-1', 'Den-duong-1-063e45')
    """
    if NAME_PART.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    spelled = UNFIT.sub("-", plain).strip("-._")[:56] or "device"
    return f"{spelled}-{digest}"


def child_name(gateway: str, child: str) -> str:
    """The name of an asset that speaks through a gateway.

    >>> child_name("plant-1", "boiler"), child_name("plant-1", "nồi hơi")
    ('plant-1:boiler', 'plant-1:noi-hoi-e0bb1d')
    """
    return f"{gateway}:{name_part(child)}"
