"""JSON documents as devices send them: parsed within bounds, and flattened to metrics."""

import math
import re
from collections.abc import Callable, Container, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from models.reading import BadMessage

DEPTH = 8  # levels of keys that make one name
MAX_VALUES = 1000  # of one document
TITLE = 200  # characters
SHOWN = 80  # characters of a name in a reason
UNFIT = re.compile(r"[^A-Za-z0-9_.:/-]+")
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
NO_WORDS: Mapping[str, float] = {}

any_json = msgspec.json.Decoder()


class Flat(NamedTuple):
    """The numbers of a document by metric, and a reason for each that cannot be taken."""

    values: dict[str, float]
    flaws: list[str]


def parsed(payload: bytes) -> Any:
    """What a payload holds. Raises BadMessage where it is no JSON (RFC 8259)."""
    if not payload.strip():
        raise BadMessage("an empty payload")
    try:
        return any_json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage(
            f"malformed JSON: {str(error).removeprefix('JSON is malformed: ')}"
        ) from error


def parsed_object(payload: bytes) -> dict[str, Any]:
    """The object that a payload is. Raises BadMessage where it is anything else."""
    content = parsed(payload)
    if not isinstance(content, dict):
        raise BadMessage(f"expected an object, got {kind(content)}")
    return content


def part(content: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object; empty where there is none."""
    inner = content.get(name)
    return inner if isinstance(inner, dict) else {}


def flat(
    content: Mapping[str, Any],
    spell: Callable[[str], str] | None = None,
    words: Mapping[str, float] = NO_WORDS,
    dropped: Container[str] = (),
) -> Flat:
    """The numbers of a document, named by their keys: {"a": {"b": 1}} gives a_b.

    Lists count from 0, true is 1 and false 0; text counts where it is one of `words`, else it is
    no reading, nor is null. Keys in `dropped` are left out wherever they stand.

    >>> flat({"air": {"t": 21.5, "ok": True, "unit": "C"}, "door 1": [1, None]}).values
    {'air_t': 21.5, 'air_ok': 1.0, 'door_1_0': 1.0}
    """
    into = Flat({}, [])
    spell = spell or spelled
    found = list(islice(leaves(content, dropped), MAX_VALUES + 1))
    if len(found) > MAX_VALUES:
        into.flaws.append(f"more than {MAX_VALUES} values in one document")
    for path, value in found[:MAX_VALUES]:
        told = words.get(value) if isinstance(value, str) else value
        if told is not None:
            name = "_".join(spell(key) for key in path)
            if flaw := taken(name, told, into.values):
                into.flaws.append(f"{name[:SHOWN]}: {flaw}")
    return into


def taken(name: str, value: Any, values: dict[str, float]) -> str | None:
    """Puts a number among the values, or says why it cannot be there."""
    if isinstance(value, dict | list):
        return f"nested deeper than {DEPTH}"
    if name in values:
        return "two values have this name"
    if (number := as_float(value)) is None:
        return "the number is not finite"
    values[name] = number
    return None


def leaves(
    content: Mapping[str, Any] | list[Any], dropped: Container[str], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Everything in a document that holds nothing else, with the keys that lead there.

    What lies deeper than DEPTH comes as the object or list it is.
    """
    items = content.items() if isinstance(content, Mapping) else enumerate(content)
    for key, value in items:
        if key in dropped:
            continue
        here = (*path, str(key))
        if isinstance(value, dict | list) and len(here) < DEPTH:
            yield from leaves(value, dropped, here)
        else:
            yield here, value


def spelled(key: str) -> str:
    """A key as a part of a metric's name: what cannot stand there becomes an underscore."""
    return UNFIT.sub("_", key[:SHOWN])


def title(told: Any) -> str | None:
    """What people call a device, as one line of at most TITLE characters; None where it is empty.

    >>> title(" Trạm  1 "), title(""), title(7)
    ('Trạm 1', None, None)
    """
    if not isinstance(told, str):
        return None
    printable = "".join(letter if letter.isprintable() else " " for letter in told[: 2 * TITLE])
    return " ".join(printable.split())[:TITLE] or None


def as_float(value: float) -> float | None:
    """A number as the store keeps it, None where it does not fit."""
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def as_number(value: Any) -> float | None:
    """A JSON number as the store keeps it; None for anything else, true and false included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return as_float(value)


def number_in(text: str) -> float | None:
    """The number that a text is, in plain digits; None where it is none.

    >>> number_in("21.5"), number_in("-3e2"), number_in("1_000"), number_in("nan")
    (21.5, -300.0, None, None)
    """
    return as_float(float(text)) if NUMBER.fullmatch(text) else None


def kind(value: Any) -> str:
    """What JSON calls it."""
    if value is None:
        return "null"
    return {bool: "a boolean", str: "text", list: "a list", dict: "an object"}.get(
        type(value), "a number"
    )
