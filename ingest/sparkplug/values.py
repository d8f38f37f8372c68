"""What one metric of a Sparkplug payload says: its name here, its number, its unit, its quality."""

import hashlib
import math
import unicodedata
from functools import lru_cache
from typing import Any

from ingest.sparkplug.wire import DataType
from models.reading import METRIC_NAME, ONLINE, BadMessage, Quality
from models.units import ucum

LONGEST_NAME = 256
NAME_SHOWN = 80
CONTROL = ("Node Control/", "Device Control/")
SESSION = "bdSeq"
UNIT_PROPERTIES = {"engunit", "engunits", "engineeringunits", "unit", "units"}
LONGEST_UNIT = 30
QUALITY = "Quality"

SIGNED = {DataType.INT8: 8, DataType.INT16: 16, DataType.INT32: 32, DataType.INT64: 64}
UNSIGNED = {DataType.UINT8: 8, DataType.UINT16: 16, DataType.UINT32: 32, DataType.UINT64: 64}
LARGEST_DATATYPE = max(DataType)


def is_control(name: str) -> bool:
    """Whether a metric serves the protocol, and is nothing that was measured."""
    return name == SESSION or name.startswith(CONTROL)


@lru_cache(maxsize=10_000)
def metric_name(name: str) -> str:
    """The name of a metric here: spaces become "_", case and "/" stay.

    One that does not fit even then (or is the word for presence) is spelled without accents and
    gets the beginning of its SHA-256. Only names that differ in " " and "_" alone can meet: the
    second of two in one birth is refused there.

    >>> metric_name("Supply Voltage"), metric_name("Motor/Speed"), metric_name("Nhiệt độ")
    ('Supply_Voltage', 'Motor/Speed', 'Nhiet_do-d792b8')
    """
    spaced = name.replace(" ", "_")
    if METRIC_NAME.fullmatch(spaced) and spaced != ONLINE:
        return spaced
    plain = unicodedata.normalize("NFD", spaced.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "_.:/-") else "-"
        for letter in plain
        if not unicodedata.combining(letter)
    )
    if not plain[:1].isalpha():
        plain = f"m{plain}"
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{plain[:57]}-{digest}"


def spelled(name: Any) -> str:
    """A name as the payload has it. Raises BadMessage where it cannot be one."""
    if not isinstance(name, str):
        raise BadMessage("a name that is no UTF-8")
    if len(name) > LONGEST_NAME:
        raise BadMessage(f"{name[:NAME_SHOWN]!r}...: a name of {len(name)} characters")
    return name


def number(metric: Any, datatype: int) -> float | None:
    """The value of a metric; None where it is null or is nothing that is counted.

    Texts, times, tables and files are legitimate Sparkplug and no readings. Raises BadMessage
    where a number was announced and none is there.
    """
    if datatype > LARGEST_DATATYPE or metric.is_null:
        return None
    value: float = metric.double_value
    carrier = (
        "double_value" if value else metric.WhichOneof("value")
    )  # the usual one is asked least
    if carrier == "double_value":
        pass
    elif carrier == "float_value":
        value = metric.float_value
    elif carrier == "boolean_value":
        value = float(metric.boolean_value)
    elif carrier == "int_value":
        value = whole(metric.int_value, datatype, 32)
    elif carrier == "long_value":
        value = whole(metric.long_value, datatype, 64)
    elif datatype == DataType.NONE and carrier is not None:
        return None
    else:
        raise BadMessage("no value" if carrier is None else "a number is expected")
    if not math.isfinite(value):
        raise BadMessage("the number is not finite")
    return value


def whole(raw: int, datatype: int, carrier: int) -> float:
    """An integer that travelled without a sign, in `carrier` bits, as its datatype means it.

    Negative ones are two's complement, of the carrier or of the datatype's own width. Raises
    BadMessage where it does not fit its datatype.

    >>> whole(0xFFFFFFFE, DataType.INT8, 32), whole(0xFE, DataType.INT8, 32)
    (-2.0, -2.0)
    """
    if bits := SIGNED.get(datatype):  # type: ignore[call-overload]
        half = 1 << (bits - 1)
        if raw < half:
            return float(raw)
        if raw < 2 * half:
            return float(raw - 2 * half)
        if raw >= (1 << carrier) - half:
            return float(raw - (1 << carrier))
        raise BadMessage(f"{raw} does not fit Int{bits}")
    if bits := UNSIGNED.get(datatype):  # type: ignore[call-overload]
        if raw >> bits:
            raise BadMessage(f"{raw} does not fit UInt{bits}")
        return float(raw)
    if datatype == DataType.NONE:
        raise BadMessage("a whole number without a datatype: its sign is not known")
    if datatype == DataType.BOOLEAN and raw > 1:
        raise BadMessage(f"{raw} is neither true nor false")
    return float(raw)


def unit(metric: Any) -> str | None:
    """The UCUM code of the engineering unit among a metric's properties, if it names one.

    One that nobody knows becomes an annotation ({people}): valid UCUM that converts to nothing.
    """
    properties = metric.properties
    for key, value in zip(properties.keys, properties.values, strict=False):
        if not isinstance(key, str) or not isinstance(value.string_value, str):
            continue
        if "".join(key.lower().split()) in UNIT_PROPERTIES and value.string_value.strip():
            return unit_code(value.string_value.strip())
    return None


def unit_code(told: str) -> str | None:
    """A unit as UCUM code, or as annotation.

    >>> unit_code("°C"), unit_code("people"), unit_code("人")
    ('Cel', '{people}', None)
    """
    if len(told) > LONGEST_UNIT:
        return None
    if known := ucum(told):
        return known
    kept = "".join(letter for letter in told if "!" <= letter <= "z")
    return f"{{{kept}}}" if kept else None


def quality(metric: Any) -> Quality | None:
    """The quality among a metric's properties, if it has one and that is not good."""
    properties = metric.properties
    for key, value in zip(properties.keys, properties.values, strict=False):
        if key == QUALITY and not value.is_null:
            word = quality_of(value.int_value or value.long_value)
            return None if word is Quality.GOOD else word
    return None


def quality_of(code: int) -> Quality:
    """Sparkplug's 192, 0 and 500, and the codes of Ignition that travel in their place.

    Ignition's have the severity in the two highest of 32 bits (none, uncertain, bad) and its
    subcode in the lowest 16, where 516 and 500 are stale.

    >>> [quality_of(code).name for code in (192, 0, 500, 0x40000100, 0x80000204)]
    ['GOOD', 'BAD', 'STALE', 'UNCERTAIN', 'STALE']
    """
    code &= 0xFFFF_FFFF
    if code == 0:
        return Quality.BAD
    if code & 0xFFFF in (500, 516):
        return Quality.STALE
    if code & 0x8000_0000 or 0 < code < 64 or 512 <= code < 0x4000_0000:
        return Quality.BAD
    if code & 0x4000_0000 or code < 192 or code >= 256:
        return Quality.UNCERTAIN
    return Quality.GOOD
