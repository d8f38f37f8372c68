"""Tasmota: JSON on tele/{device}/{message} and stat/{device}/{message}.

SENSOR gives every number, named by its sensor (energy_power, am2301_temperature); STATE the
network, the supply and the relays; RESULT the relays; LWT presence; ZbReceived what the children
of a Zigbee bridge measured.

A Tasmota writes its local time without a zone. It counts only where the route has
`utc_offset_hours`, or where it is told with a zone or as an epoch; else the arrival does, and
as long as the device's clock is not set.
"""

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone
from itertools import islice
from typing import Any

from ingest.codecs import Codec, Place
from ingest.document import Flat, as_number, flat, parsed_object, part, spelled, title
from ingest.presence import presence
from ingest.timestamp import calendar_time, unix_time
from models.asset import child_name
from models.reading import SECOND, BadMessage, Decoded, Sample, microseconds

NAMES = {"message"}  # that a route's topic has to have

WORDS = {"ON": 1.0, "OFF": 0.0}
STATES = {b"Online": 1.0, b"Offline": 0.0}
# No Tasmota is older: a clock before 2016 has not been set since it was switched on.
EARLIEST = 1_451_606_400 * SECOND
MAX_CHILDREN = 1000  # in one message

HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
COUNTED = re.compile(r"_?[0-9]+$")
RELAY = re.compile(r"POWER([0-9]{0,2})")
RAW = re.compile(r"[0-9A-F]{4}[^A-Za-z0-9]")  # a Zigbee attribute without a name

ABOUT = {"Time", "Epoch", "Id", "TempUnit", "PressureUnit", "SpeedUnit", "ZbReceived"}
ABOUT_CHILD = {"Device", "Name", "Endpoint", "Group", "Cluster", "ModelId", "Manufacturer"}
# Of a state: the field, our metric, its UCUM unit.
STATE = (("Vcc", "vcc", "V"), ("UptimeSec", "uptime", "s"), ("Dimmer", "dimmer", "%"))
WIFI = (("RSSI", "wifi_rssi", "%"), ("Signal", "wifi_signal", "dB[mW]"))
CHILD_NAMES = {"battery_percentage": "battery", "power": "relay"}
CHILD_UNITS = {
    "temperature": "Cel",
    "humidity": "%",
    "pressure": "hPa",
    "battery": "%",
    "battery_voltage": "V",
}
ENERGY_UNITS = {
    "energy_total": "kW.h",
    "energy_today": "kW.h",
    "energy_yesterday": "kW.h",
    "energy_export_active": "kW.h",
    "energy_period": "W.h",
    "energy_power": "W",
    "energy_apparent_power": "V.A",
    "energy_reactive_power": "var",
    "energy_voltage": "V",
    "energy_current": "A",
    "energy_frequency": "Hz",
}
SENSOR_UNITS = {
    "humidity": "%",
    "illuminance": "lx",
    "carbon_dioxide": "[ppm]",
    "e_co2": "[ppm]",
    "tvoc": "[ppb]",
    "pm1": "ug/m3",
    "pm25": "ug/m3",
    "pm10": "ug/m3",
}
TEMPERATURES, PRESSURES = ("temperature", "dew_point"), ("pressure", "sea_pressure")
DEGREES = {"C": "Cel", "F": "[degF]"}
PRESSURE_UNITS = {"hPa": "hPa", "mmHg": "mm[Hg]", "inHg": "[in_i'Hg]"}


def made(settings: Mapping[str, Any]) -> Codec:
    """The codec, for devices with this zone where one is given. Raises ValueError."""
    if unknown := settings.keys() - {"utc_offset_hours"}:
        raise ValueError(f"tasmota knows no {', '.join(sorted(map(str, unknown)))}")
    hours = settings.get("utc_offset_hours")
    if hours is not None:
        offset = as_number(hours)
        if offset is None or abs(offset) > 14:
            raise ValueError("utc_offset_hours is a number from -14 to 14")
        zone = timezone(timedelta(hours=offset))
    else:
        zone = None

    def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
        return read(place, payload, now, zone)

    return decode


def read(place: Place, payload: bytes, now: int, zone: timezone | None) -> Decoded:
    """One message of one device. Raises BadMessage where nothing of it can be read."""
    message = place.names["message"]
    if "child" in place.names and message not in ("SENSOR", "ZbReceived"):
        return Decoded([], [])
    if message == "LWT":
        try:
            return presence(place, STATES[payload.strip()], now)
        except KeyError:
            raise BadMessage("a last will is Online or Offline") from None
    if message not in ("SENSOR", "STATE", "RESULT", "ZbReceived"):
        return Decoded([], [])  # answers to commands, and what it says of itself at its start
    told = parsed_object(payload)
    if message == "ZbReceived":  # SetOption118
        told = {"ZbReceived": told}
    if "child" in place.names and "ZbReceived" not in told:
        raise BadMessage("no child of a Zigbee bridge: a name of two levels needs its own route")
    time = measured(told, now, zone)
    if message == "SENSOR":
        (values, flaws), units = sensors(told)
    else:
        values, units = relays(told), {}
        flaws = []
        if message == "STATE":
            health, units = state(told)
            values |= health
    samples = [Sample(place.asset, time, values, units)] if values else []
    return with_children(place.asset, time, told, Decoded(samples, flaws))


def measured(told: dict[str, Any], now: int, zone: timezone | None) -> int:
    """When it was measured, as far as the device can say. Raises BadMessage for no time."""
    clock = told.get("Epoch", told.get("Time"))
    if clock is None:
        return now
    if isinstance(clock, str):
        at = calendar_time(clock, "Time")
        if at.tzinfo is None and zone is None:
            return now
        time = microseconds(at if at.tzinfo else at.replace(tzinfo=zone or UTC))
    else:
        time = unix_time(clock, SECOND, "Time")
    return now if time < EARLIEST else time


def sensors(told: dict[str, Any]) -> tuple[Flat, dict[str, str]]:
    """What the sensors say, and in which units."""
    degrees = DEGREES.get(str(told.get("TempUnit", "C")))
    pressure = PRESSURE_UNITS.get(str(told.get("PressureUnit", "hPa")))
    known: dict[str, str | None] = {
        **SENSOR_UNITS,
        **dict.fromkeys(TEMPERATURES, degrees),
        **dict.fromkeys(PRESSURES, pressure),
    }
    read = flat(told, snake, WORDS, ABOUT)
    units = {name: unit for name in read.values if (unit := unit_of(name, known))}
    return read, units


def unit_of(name: str, known: Mapping[str, str | None]) -> str | None:
    """The unit of a sensor's field: energy_power_1, sht3x_dew_point, temperature.

    >>> unit_of("energy_power_1", {}), unit_of("sht3x_dew_point", {"dew_point": "Cel"})
    ('W', 'Cel')
    """
    if name.startswith("energy_"):
        return ENERGY_UNITS.get(COUNTED.sub("", name))
    words = name.rsplit("_", 2)
    return known.get("_".join(words[-2:])) or known.get(words[-1])


def snake(key: str) -> str:
    """A field's name in our spelling.

    >>> snake("ApparentPower"), snake("DS18B20-1"), snake("PM2.5")
    ('apparent_power', 'ds18b20-1', 'pm25')
    """
    return HUMP.sub("_", spelled(key)).lower().replace(".", "")


def relays(told: dict[str, Any]) -> dict[str, float]:
    """POWER, POWER1, ... as relay, relay_1, ...: 1 is on."""
    found = {}
    for field, value in told.items():
        if (relay := RELAY.fullmatch(field)) and isinstance(value, str) and value in WORDS:
            found[f"relay_{relay[1]}" if relay[1] else "relay"] = WORDS[value]
    return found


def state(told: dict[str, Any]) -> tuple[dict[str, float], dict[str, str]]:
    """The supply and the network, and in which units."""
    values, units = {}, {}
    for holder, fields in ((told, STATE), (part(told, "Wifi"), WIFI)):
        for field, metric, unit in fields:
            if (number := as_number(holder.get(field))) is not None:
                values[metric], units[metric] = number, unit
    return values, units


def with_children(asset: str, time: int, told: dict[str, Any], decoded: Decoded) -> Decoded:
    """The same with what the children of a Zigbee bridge measured."""
    children = part(told, "ZbReceived")
    if not children:
        return decoded
    if len(children) > MAX_CHILDREN:
        decoded.flaws.append(f"ZbReceived: more than {MAX_CHILDREN} devices in one message")
    parents, titles = {}, {}
    for key, said in islice(children.items(), MAX_CHILDREN):
        if not isinstance(said, dict):
            continue
        address, called = said.get("Device"), title(said.get("Name"))
        name = child_name(asset, address if isinstance(address, str) else key)
        values = child_values(said, decoded.flaws)
        units = {metric: CHILD_UNITS[metric] for metric in values.keys() & CHILD_UNITS.keys()}
        if values:
            parents[name] = asset
            decoded.samples.append(Sample(name, time, values, units))
        if values and called:
            titles[name] = called
    return decoded._replace(parents=parents, titles=titles)


def child_values(said: dict[str, Any], flaws: list[str]) -> dict[str, float]:
    """The numbers of one child that have a name."""
    named = {field: value for field, value in said.items() if not RAW.match(field)}
    values, wrong = flat(named, snake, WORDS, ABOUT_CHILD)
    flaws.extend(wrong)
    return {CHILD_NAMES.get(metric, metric): value for metric, value in values.items()}
