"""Zigbee2MQTT: JSON on zigbee2mqtt/{device}, one object a state, true and ON as 1.

Its time is `last_seen` where the bridge is set to send it, else the arrival. A route says by
`says: availability` that a topic tells presence (`online` or `{"state": "online"}`).
"""

from collections.abc import Mapping
from typing import Any

from ingest.codecs import Codec, Place
from ingest.document import flat, parsed_object, title
from ingest.presence import presence
from ingest.timestamp import MILLISECOND, iso8601, unix_time
from models.asset import NAME_PART
from models.reading import BadMessage, Decoded, Sample

WORDS = {"ON": 1.0, "OFF": 0.0}
STATES = {"online": 1.0, "offline": 0.0}
# About the bridge's own doing, not about the world.
DROPPED = {"last_seen", "elapsed", "update", "update_available", "device", "color_mode"}
UNITS = {
    "temperature": "Cel",
    "device_temperature": "Cel",
    "local_temperature": "Cel",
    "soil_temperature": "Cel",
    "humidity": "%",
    "soil_moisture": "%",
    "battery": "%",
    "pressure": "hPa",
    "power": "W",
    "current": "A",
    "energy": "kW.h",
    "ac_frequency": "Hz",
    "illuminance": "lx",
    "illuminance_lux": "lx",
    "co2": "[ppm]",
    "pm25": "ug/m3",
    "pm10": "ug/m3",
    "position": "%",
}
MAINS = {"power", "current", "energy", "ac_frequency"}


def made(settings: Mapping[str, Any]) -> Codec:
    """The codec of states, or of presence. Raises ValueError."""
    if settings == {"says": "availability"}:
        return availability
    if settings:
        raise ValueError("zigbee2mqtt knows `says: availability` only")
    return state


def state(place: Place, payload: bytes, now: int, /) -> Decoded:
    """The state of one device. Raises BadMessage where it is no object or has a bad time."""
    if not payload:  # a retained state is taken back: the device was removed
        return Decoded([], [])
    told = parsed_object(payload)
    values, flaws = flat(told, words=WORDS, dropped=DROPPED)
    units = {name: UNITS[name] for name in values.keys() & UNITS.keys()}
    if "voltage" in values:  # of a battery in mV, of the mains in V
        units["voltage"] = "V" if values.keys() & MAINS else "mV"
    time = seen(told.get("last_seen"), now)
    samples = [Sample(place.asset, time, values, units)] if values else []
    return Decoded(samples, flaws, titles=titled(place))


def seen(told: Any, now: int) -> int:
    """last_seen, as ISO 8601 or in milliseconds. Raises BadMessage."""
    if told is None:
        return now
    if isinstance(told, str):
        return iso8601(told, "last_seen")
    return unix_time(told, MILLISECOND, "last_seen")


def titled(place: Place) -> dict[str, str] | None:
    """The friendly name, where it had to be spelled in another way to be a name of ours."""
    friendly = place.names.get("device", "")
    name = None if NAME_PART.fullmatch(friendly) else title(friendly)
    return {place.asset: name} if name else None


def availability(place: Place, payload: bytes, now: int, /) -> Decoded:
    """Presence, as text or as an object. Raises BadMessage for any other word."""
    if not payload:
        return Decoded([], [])
    word: Any = payload.strip()[:16].decode("utf-8", "replace")
    if payload.lstrip().startswith(b"{"):
        word = parsed_object(payload).get("state")
    if not isinstance(word, str) or word not in STATES:
        raise BadMessage("availability is online or offline")
    return presence(place, STATES[word], now)
