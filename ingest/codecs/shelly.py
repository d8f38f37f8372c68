"""Shelly, second generation and later: JSON on {device}/events/rpc and {device}/status/{component}.

A notification is partial: it tells what changed, and readings come of that alone. Numbers and
switches of numbered components (switch:0, em:0, temperature:100) are named by both: switch_0_power,
em_0_a_voltage. A route says by `says: online` that a topic tells presence (true or false).
`src` has to be the topic's device.
"""

import re
from collections.abc import Mapping
from typing import Any

from ingest.codecs import Codec, Place
from ingest.document import flat, parsed_object
from ingest.presence import presence
from ingest.timestamp import unix_time
from models.reading import SECOND, BadMessage, Decoded, Quality, Sample

NAMES = {"device"}  # that a route's topic has to have

STATES = {b"true": 1.0, b"false": 0.0}
MEASURING = re.compile(r"[a-z0-9]{1,24}:[0-9]{1,3}")
# Of the components without a number, what is worth a stream.
OWN_FIELDS = {"sys": ("uptime", "ram_free", "fs_free"), "wifi": ("rssi",)}
# Settings, moments and repetitions (tF is tC in another unit).
DROPPED = {
    "id",
    "by_minute",
    "minute_ts",
    "tF",
    "errors",
    "flags",
    "timer_started_at",
    "timer_duration",
    "last_updated_ts",
    "packet_id",
    "move_started_at",
    "move_timeout",
}
# A field of a component: how we call it ("" is the component itself), its UCUM unit.
FIELDS = {
    "apower": ("power", "W"),
    "aprtpower": ("apparent_power", "V.A"),
    "aenergy_total": ("energy", "W.h"),
    "ret_aenergy_total": ("returned_energy", "W.h"),
    "temperature_tC": ("temperature", "Cel"),
    "tC": ("", "Cel"),
    "rh": ("", "%"),
    "lux": ("", "lx"),
    "battery_percent": ("battery", "%"),
    "battery_V": ("battery_voltage", "V"),
}
# By the end of a field's name: a_voltage, total_act_power, ...
UNITS = {
    "voltage": "V",
    "current": "A",
    "freq": "Hz",
    "act_power": "W",
    "aprt_power": "V.A",
    "act_energy": "W.h",
    "act_ret_energy": "W.h",
    "total_act": "W.h",
    "total_act_ret": "W.h",
    "brightness": "%",
    "percent": "%",
    "current_pos": "%",
    "target_pos": "%",
    "current_C": "Cel",
    "target_C": "Cel",
    "rssi": "dB[mW]",
    "uptime": "s",
    "ram_free": "By",
    "fs_free": "By",
}
# With one of these a component says that it cannot measure as it should.
DOUBTS = ("out_of_range", "read", "power_meter_failure", "ct_type_not_set")


def made(settings: Mapping[str, Any]) -> Codec:
    """The codec of notifications and status, or of presence. Raises ValueError."""
    if settings == {"says": "online"}:
        return online
    if settings:
        raise ValueError("shelly knows `says: online` only")
    return decode


def online(place: Place, payload: bytes, now: int, /) -> Decoded:
    """Presence. Raises BadMessage for any other word."""
    try:
        return presence(place, STATES[payload.strip()], now)
    except KeyError:
        raise BadMessage("online is true or false") from None


def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
    """A notification, or the status of one component. Raises BadMessage."""
    told = parsed_object(payload)
    if component := place.names.get("component"):
        return components(place.asset, now, {component: told})
    if told.get("src") != place.names["device"]:
        raise BadMessage(f"src {str(told.get('src'))[:60]!r} is not the topic's device")
    method, params = told.get("method"), told.get("params")
    if method == "NotifyEvent":  # a button, a script: no measurement
        return Decoded([], [])
    if method not in ("NotifyStatus", "NotifyFullStatus") or not isinstance(params, dict):
        raise BadMessage(f"no notification: method {str(method)[:40]!r}")
    ts = params.get("ts")  # null until the clock is set
    time = now if ts is None else unix_time(ts, SECOND, "ts")
    return components(place.asset, time, params)


def components(asset: str, time: int, told: Mapping[str, Any]) -> Decoded:
    """What components say, each as far as it measures something."""
    read = Sample(asset, time, {}, units := {}, quality := {})
    flaws: list[str] = []
    for component, status in told.items():
        if not isinstance(status, dict):
            continue
        if component in OWN_FIELDS:
            said = {name: status[name] for name in OWN_FIELDS[component] if name in status}
        elif MEASURING.fullmatch(component):
            said = status
        else:
            continue  # cloud, mqtt, ble, ...: how it is connected
        values, wrong = flat(said, dropped=DROPPED)
        flaws += [f"{component}: {flaw}" for flaw in wrong]
        doubted = doubtful(status.get("errors"))
        for field, value in values.items():
            metric, unit = named(component.replace(":", "_"), field)
            read.values[metric] = value
            if unit:
                units[metric] = unit
            if doubted:
                quality[metric] = Quality.UNCERTAIN
    return Decoded([read] if read.values else [], flaws)


def named(component: str, field: str) -> tuple[str, str | None]:
    """The metric of a field, and its unit.

    >>> named("switch_0", "apower"), named("temperature_100", "tC"), named("em_0", "a_voltage")
    (('switch_0_power', 'W'), ('temperature_100', 'Cel'), ('em_0_a_voltage', 'V'))
    """
    if field in FIELDS:
        name, unit = FIELDS[field]
        return f"{component}_{name}" if name else component, unit
    ending = next((end for end in UNITS if field == end or field.endswith(f"_{end}")), None)
    return f"{component}_{field}", UNITS[ending] if ending else None


def doubtful(errors: Any) -> bool:
    """Whether a component cannot measure as it should."""
    told = errors if isinstance(errors, list) else []
    return any(isinstance(error, str) and error.startswith(DOUBTS) for error in told)
