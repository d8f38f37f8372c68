"""ChirpStack v4: JSON on application/{application}/device/{device}/event/{event}.

An uplink gives what the network server's own codec made of it (`object`, flattened) with rssi and
snr; without an `object` it gives those two alone, for bytes are not guessed at. A status gives
battery and margin. Zeros are left out of the JSON.
"""

from typing import Any

from ingest import reception
from ingest.codecs import Place
from ingest.document import as_number, flat, kind, parsed_object, part, title
from ingest.timestamp import iso8601
from models.reading import BadMessage, Decoded, Sample

NAMES = {"application", "device", "event"}  # that a route's topic has to have

# Joins, acknowledgements, logs and positions say nothing of the city; a LoRaWAN device has no
# connection, so a join is no presence either.
IGNORED = {"join", "ack", "txack", "log", "location", "integration"}
STATUS_UNITS = {"battery": "%", "margin": "dB"}


def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
    """One event of one device. Raises BadMessage, also where the payload names another one."""
    event = place.names["event"]
    if event in IGNORED:
        return Decoded([], [])
    if event not in ("up", "status"):
        raise BadMessage(f"there is no event {event[:40]!r}")
    told = parsed_object(payload)
    titles = titled(place, part(told, "deviceInfo"))
    time = iso8601(told["time"], "time") if "time" in told else now
    if event == "up":
        return uplink(place.asset, time, told)._replace(titles=titles)
    return status(place.asset, time, told)._replace(titles=titles)


def titled(place: Place, info: dict[str, Any]) -> dict[str, str] | None:
    """What people call the device. Raises BadMessage where the payload is another device's."""
    for field, name in (("devEui", "device"), ("applicationId", "application")):
        told = info.get(field)
        if not isinstance(told, str):
            raise BadMessage(f"deviceInfo has no {field}")
        if told.lower() != place.names[name].lower():
            raise BadMessage(f"{field} {told[:40]!r} is not the topic's {name}")
    called = title(info.get("deviceName"))
    return {place.asset: called} if called else None


def uplink(asset: str, time: int, told: dict[str, Any]) -> Decoded:
    """The decoded values; where one is named rssi or snr, the device's own word counts."""
    content = told.get("object")
    if content is not None and not isinstance(content, dict):
        raise BadMessage(f"expected object to be an object, got {kind(content)}")
    values, flaws = flat(content or {})
    link = {
        name: value
        for name, value in reception.heard(told.get("rxInfo")).items()
        if name not in values
    }
    units = {name: reception.UNITS[name] for name in link}
    values = link | values
    return Decoded([Sample(asset, time, values, units)] if values else [], flaws)


def status(asset: str, time: int, told: dict[str, Any]) -> Decoded:
    """Battery, where the device knows it, and the margin of the last request."""
    fields = {"margin": told.get("margin", 0)}
    if not (told.get("batteryLevelUnavailable") or told.get("externalPowerSource")):
        fields["battery"] = told.get("batteryLevel", 0)
    values, flaws = {}, []
    for name, value in fields.items():
        if (number := as_number(value)) is None:
            flaws.append(f"{name}: expected a number, got {kind(value)}")
        else:
            values[name] = number
    units = {name: STATUS_UNITS[name] for name in values}
    return Decoded([Sample(asset, time, values, units)] if values else [], flaws)
