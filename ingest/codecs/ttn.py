"""The Things Stack v3: JSON on v3/{application}/devices/{device}/up.

An uplink gives its decoded_payload, flattened, with rssi and snr of the gateway that heard it
best, at the moment the network server received it. Values the payload formatter warned of are
uncertain. A simulated uplink (the console's button) is refused: it is no measurement.
"""

from typing import Any

from ingest import reception
from ingest.codecs import Place
from ingest.document import flat, kind, parsed_object, part
from ingest.timestamp import iso8601
from models.reading import BadMessage, Decoded, Quality, Sample

NAMES = {"application", "device"}  # that a route's topic has to have; app, or app@tenant


def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
    """One uplink. Raises BadMessage, also where the payload names another device."""
    told = parsed_object(payload)
    check_ids(place, part(told, "end_device_ids"))
    if told.get("simulated"):
        raise BadMessage("simulated: no measurement")
    message = told.get("uplink_message")
    if not isinstance(message, dict):
        raise BadMessage(f"expected uplink_message to be an object, got {kind(message)}")
    content = message.get("decoded_payload")
    if content is not None and not isinstance(content, dict):
        raise BadMessage(f"expected decoded_payload to be an object, got {kind(content)}")
    decoded = flat(content or {})
    link = reception.heard(message.get("rx_metadata"))
    link = {name: value for name, value in link.items() if name not in decoded.values}
    values = link | decoded.values
    units = {name: reception.UNITS[name] for name in link}
    doubted = bool(message.get("decoded_payload_warnings"))
    quality = dict.fromkeys(decoded.values, Quality.UNCERTAIN) if doubted else None
    sample = Sample(place.asset, received(message, told, now), values, units, quality)
    return Decoded([sample] if values else [], decoded.flaws)


def check_ids(place: Place, ids: dict[str, Any]) -> None:
    """Raises BadMessage where a payload is not the topic's device's."""
    if ids.get("device_id") != place.names["device"]:
        raise BadMessage(f"device_id {str(ids.get('device_id'))[:40]!r} is not the topic's device")
    application = part(ids, "application_ids").get("application_id")
    if application != place.names["application"].partition("@")[0]:
        raise BadMessage(f"application_id {str(application)[:40]!r} is not the topic's application")


def received(message: dict[str, Any], told: dict[str, Any], now: int) -> int:
    """When the network server had the uplink, else when the application server had it."""
    for holder in (message, told):
        if "received_at" in holder:
            return iso8601(holder["received_at"], "received_at")
    return now
