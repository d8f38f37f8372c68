"""Homie 5, and 3 and 4: plain text on homie/5/{device}/{node}/{property}, explained by $description.

A property gives the metric {node}_{property} when its text is a number, or a boolean; the device's
own description says which, in which unit and within which bounds (outside them: uncertain). Before
it is known, text that is a number is taken as it is. Homie 3 and 4 have no 5 in their topics and
describe a property by topics of its own ($datatype, $unit, $format). Values have no time: the
arrival counts.
"""

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from ingest.codecs import Place
from ingest.document import kind, number_in, parsed_object, title
from ingest.presence import presence
from models.asset import name_part
from models.reading import BadMessage, Decoded, Quality, Reply, Sample
from models.units import ucum

MAX_DEVICES = 10_000  # that describe themselves
MAX_PROPERTIES = 1000  # of one device
MAX_ALL = 100_000  # properties of all devices
LONGEST = 128  # characters of a name, a format, a number

# An init says nothing yet; alert (3 and 4) and sleeping devices are there.
STATES = {b"ready": 1.0, b"sleeping": 1.0, b"alert": 1.0, b"disconnected": 0.0, b"lost": 0.0}
NUMERIC = {"integer", "float", "percent"}
BOOLEANS = {"true": 1.0, "false": 0.0}
WHOLE = re.compile(r"[+-]?[0-9]{1,40}")
# node/property; the convention wants small letters, devices are not that strict.
ID = re.compile(r"[A-Za-z0-9_-]{1,64}/[A-Za-z0-9_-]{1,64}")
EMPTY = (b"", b"\x00")  # nothing, or Homie's empty string


class Property(NamedTuple):
    """What a property's text means; datatype "" is not known yet, unit as the device spells it."""

    datatype: str = ""
    unit: str = ""
    format: str = ""


Properties = dict[str, Property]
memories = msgspec.json.Decoder(Property)


class Homie:
    """The codec, with what devices said of their properties, by device and node/property."""

    def __init__(self) -> None:
        self.devices: dict[str, Properties] = {}
        self.known = 0  # properties of all of them

    def __call__(self, place: Place, payload: bytes, now: int, /) -> Decoded:
        """One message of one device. Raises BadMessage where nothing of it can be read."""
        names = place.names
        node, name, about = names.get("node"), names.get("property"), names.get("attribute", "")
        if node is None or name is None:
            return self.device(place, about, payload, now)
        if node.startswith("$") or name.startswith("$"):
            return Decoded([], [])
        if about:
            return self.attribute(place, f"{node}/{name}", about, payload)
        return self.value(place, node, name, payload, now)

    def restore(self, memory: Mapping[str, bytes]) -> None:
        """Takes back what was said; what cannot be read will be told anew."""
        for key, known in memory.items():
            asset, _, name = key.partition("/")
            with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError, BadMessage):
                self.learn(asset, {**self.devices.get(asset, {}), name: memories.decode(known)})

    def greeting(self, _now: int) -> list[Reply]:
        """Nothing: devices do not ask who listens."""
        return []

    def farewell(self, _now: int) -> Reply | None:
        """Nothing to take back."""
        return None

    def device(self, place: Place, about: str, payload: bytes, now: int) -> Decoded:
        """What a device says of itself: presence, description, name; all else is ignored."""
        if about == "$state":
            if payload == b"init" or payload in EMPTY:
                return Decoded([], [])
            if payload not in STATES:
                raise BadMessage(f"there is no state {payload[:20]!r}")
            return presence(place, STATES[payload], now)
        if about in ("$description", "$homie") and payload in EMPTY:
            return self.forget(place.asset)
        if about == "$description":
            return self.description(place, payload)
        if about == "$name" and (name := title(worded(payload))):
            return Decoded([], [], titles={place.asset: name})
        return Decoded([], [])

    def description(self, place: Place, payload: bytes) -> Decoded:
        """Homie 5: all properties at once, the name and the parent."""
        asset = place.asset
        if place.again and asset in self.devices:
            return Decoded([], [])  # the one known came later
        told = parsed_object(payload)
        properties, flaws = described(told)
        memory = self.learn(asset, properties)
        name = title(told.get("name"))
        return Decoded(
            [],
            flaws,
            titles={asset: name} if name else None,
            parents=parented(asset, told.get("parent")),
            memory=memory,
        )

    def forget(self, asset: str) -> Decoded:
        """A device that took its own description back is gone."""
        if asset not in self.devices:
            return Decoded([], [])
        return Decoded([], [], memory=self.learn(asset, {}))

    def learn(self, asset: str, properties: Properties) -> dict[str, bytes | None] | None:
        """Remembers all that is known of a device's properties, and says what is new of it.

        Raises BadMessage beyond the bounds.
        """
        before = self.devices.get(asset, {})
        if asset not in self.devices and len(self.devices) >= MAX_DEVICES:
            raise BadMessage(f"{MAX_DEVICES} devices describe themselves already")
        if len(properties) > MAX_PROPERTIES:
            raise BadMessage(f"more than {MAX_PROPERTIES} properties of one device")
        known = self.known - len(before) + len(properties)
        if known > MAX_ALL:
            raise BadMessage(f"{MAX_ALL} properties are described already")
        self.devices[asset], self.known = properties, known
        if not properties:
            del self.devices[asset]
        memory: dict[str, bytes | None] = {
            f"{asset}/{name}": msgspec.json.encode(told)
            for name, told in properties.items()
            if before.get(name) != told
        }
        memory |= {f"{asset}/{name}": None for name in before.keys() - properties.keys()}
        return memory or None

    def attribute(self, place: Place, name: str, about: str, payload: bytes) -> Decoded:
        """Homie 3 and 4: one thing about one property; a command (`set`) is ignored."""
        field = about.removeprefix("$")
        if not about.startswith("$") or field not in Property._fields:
            return Decoded([], [])
        if not ID.fullmatch(name):
            raise BadMessage(f"{name[:LONGEST]!r} is no property")
        properties = self.devices.get(place.asset, {})
        known = properties.get(name, Property())
        word = "" if payload in EMPTY else worded(payload)
        told = known._replace(**{field: word})
        if told == known or (place.again and getattr(known, field)):
            return Decoded([], [])
        flaws = unknown_unit(name, word) if field == "unit" else []
        return Decoded([], flaws, memory=self.learn(place.asset, {**properties, name: told}))

    def value(self, place: Place, node: str, name: str, payload: bytes, now: int) -> Decoded:
        """One value. Raises BadMessage where the description promises a number and it is none."""
        known = self.devices.get(place.asset, {}).get(f"{node}/{name}", Property())
        if payload in EMPTY:
            return Decoded([], [])
        number = numeric(known.datatype, payload)
        if number is None:
            return Decoded([], [])
        metric = f"{node}_{name}"
        unit = code(known.unit)
        doubted = not within(number, known.format) or bool(known.unit and unit is None)
        sample = Sample(
            place.asset,
            now,
            {metric: number},
            {metric: unit} if unit else None,
            {metric: Quality.UNCERTAIN} if doubted else None,
        )
        return Decoded([sample], [])


def made(settings: Mapping[str, Any]) -> Homie:
    """The codec. Raises ValueError: there is nothing to set."""
    if settings:
        raise ValueError(f"homie knows no {', '.join(sorted(map(str, settings)))}")
    return Homie()


def worded(payload: bytes) -> str:
    """A short text. Raises BadMessage where it is none."""
    try:
        return payload.decode()[:LONGEST]
    except UnicodeDecodeError:
        raise BadMessage("expected text in UTF-8") from None


def numeric(datatype: str, payload: bytes) -> float | None:
    """The number of a value; None for types that are none. Raises BadMessage for a broken one."""
    if datatype and datatype != "boolean" and datatype not in NUMERIC:
        return None
    text = payload[:LONGEST].decode("ascii", "replace")
    if datatype == "boolean":
        number = BOOLEANS.get(text)
    elif datatype == "integer":
        number = number_in(text) if WHOLE.fullmatch(text) else None
    else:
        number = number_in(text)
    if number is None and datatype:
        raise BadMessage(f"{text[:40]!r} is no {datatype}")
    return number


def within(number: float, bounds: str) -> bool:
    """Whether a number keeps to a format min:max, either of which may be left out (or min:max:step).

    >>> within(12.5, "0:12"), within(12.5, "0:"), within(12.5, "")
    (False, True, True)
    """
    lower, _, rest = bounds.partition(":")
    upper = rest.partition(":")[0]
    least, most = number_in(lower), number_in(upper)
    return (-math.inf if least is None else least) <= number <= (math.inf if most is None else most)


def code(unit: str) -> str | None:
    """The UCUM code of a unit; Homie's # is a count."""
    return "1" if unit == "#" else ucum(unit)


def unknown_unit(name: str, unit: str) -> list[str]:
    """A flaw where a unit is none we know."""
    return [f"{name}: the unit {unit!r} is not known"] if unit and code(unit) is None else []


def parented(asset: str, parent: Any) -> dict[str, str] | None:
    """Homie 5's tree: a child device names its parent, which is a device beside it."""
    if not isinstance(parent, str) or not parent:
        return None
    return {asset: asset.rpartition(":")[0] + ":" + name_part(parent)}


def described(told: Mapping[str, Any]) -> tuple[Properties, list[str]]:
    """The properties of a $description and a flaw for each that cannot be understood."""
    properties: Properties = {}
    flaws: list[str] = []
    nodes = told.get("nodes", {})
    if not isinstance(nodes, dict):
        raise BadMessage(f"expected nodes to be an object, got {kind(nodes)}")
    for node, about in nodes.items():
        inner = about.get("properties", {}) if isinstance(about, dict) else None
        if not isinstance(inner, dict):
            flaws.append(f"{node[:LONGEST]}: expected an object of properties")
            continue
        for name, fields in inner.items():
            path = f"{node}/{name}"
            if not ID.fullmatch(path):
                flaws.append(f"{path[:LONGEST]!r} is no property")
            elif isinstance(fields, dict) and isinstance(fields.get("datatype"), str):
                words = (fields.get(field) for field in Property._fields)
                properties[path] = Property(
                    *(word[:LONGEST] if isinstance(word, str) else "" for word in words)
                )
                flaws += unknown_unit(path, properties[path].unit)
            else:
                flaws.append(f"{path}: no datatype")
    return properties, flaws
