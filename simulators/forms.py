"""How a load's messages are spelled: payloads with places for the time and for changing numbers."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from simulators import sparkplug

# A metric, its unit in SenML, and how its number is written; every # becomes a new digit.
METRICS: Final = (
    ("pm25", "ug/m3", "1#.##"),
    ("pm10", "ug/m3", "2#.##"),
    ("no2", "ug/m3", "3#.##"),
    ("so2", "ug/m3", "1#.##"),
    ("o3", "ug/m3", "4#.##"),
    ("co", "ug/m3", "1.#1#"),
    ("temperature", "Cel", "2#.##"),
)
MOST_VALUES: Final = 64
WHEN: Final = 1_000_000_000_000  # milliseconds, in the place of the true time
GROUP: Final = "load"  # of Sparkplug's edge nodes
SEQUENCE: Final = 256


@dataclass(frozen=True, slots=True)
class Form:
    """One convention: where its messages go, and one of them with the places that change.

    stamp gives the bytes that stand at each of `times` for a moment in milliseconds; changing are the
    places of digits. count is the place of the two bytes of Sparkplug's sequence number; birth
    gives topic and payload of what an asset says before anything else, at a moment.
    """

    topic: Callable[[str], str]
    payload: bytes
    stamp: Callable[[int], bytes]
    times: tuple[int, ...]
    changing: tuple[int, ...]
    count: int | None = None
    birth: Callable[[str, int], tuple[str, bytes]] | None = None


def native(values: int) -> Form:
    """The platform's own JSON."""
    pairs = ",".join(f'"{name}":{shape}' for name, _, shape in named(values))
    return written("telemetry", f'{{"ts":{WHEN},"values":{{{pairs}}}}}', "%13d", 1)


def senml(values: int) -> Form:
    """A SenML pack as JSON, its time in seconds."""
    records = ",".join(
        f'{{"n":"{name}","u":"{unit}","v":{shape}}}' for name, unit, shape in named(values)
    )
    return written("senml", f'[{{"bt":{WHEN / 1000:.3f}}},{records}]', "%.3f", 1000)


def written(last: str, text: str, shape: str, unit: int) -> Form:
    """A form whose numbers are text."""
    payload, mark = text.encode(), (shape % (WHEN / unit)).encode()
    return Form(
        topic=lambda asset: f"city/{asset}/{last}",
        payload=payload.replace(b"#", b"0"),
        stamp=lambda now: (shape % (now / unit)).encode(),
        times=places(payload, mark),
        changing=places(payload, b"#"),
    )


def senml_cbor(values: int) -> Form:
    """A SenML pack as CBOR; what changes in a number is the end of its mantissa."""
    head = bytes([0x80 + 1 + values, 0xA1, 0x22, 0xFB])  # an array; {bt: a double}
    payload = head + struct.pack(">d", WHEN / 1000)
    changing: list[int] = []
    for name, unit, shape in named(values):
        payload += b"\xa3\x00" + text(name) + b"\x01" + text(unit) + b"\x02\xfb"
        payload += struct.pack(">d", float(shape.replace("#", "5")))
        changing += range(len(payload) - 4, len(payload))
    return Form(
        topic=lambda asset: f"city/{asset}/senml-cbor",
        payload=payload,
        stamp=lambda now: struct.pack(">d", now / 1000),
        times=(len(head),),
        changing=tuple(changing),
    )


def sparkplug_b(values: int) -> Form:
    """Sparkplug's NDATA by alias, each asset an edge node; its birth comes first."""
    numbers = [(name, float(shape.replace("#", "5"))) for name, _, shape in named(values)]
    told = {alias: value for alias, (_, value) in enumerate(numbers, 1)}
    # The sequence number as two bytes whatever it is: 200 takes two, and all others may.
    payload = sparkplug.data(200, told, WHEN)
    changing = [
        payload.index(struct.pack("<d", value)) + place
        for _, value in numbers
        for place in range(4)
    ]
    return Form(
        topic=lambda asset: f"spBv1.0/{GROUP}/NDATA/{asset}",
        payload=payload,
        stamp=varint_of_six,
        times=places(payload, varint_of_six(WHEN)),
        changing=tuple(changing),
        count=len(payload) - 2,
        birth=lambda asset, now: (
            f"spBv1.0/{GROUP}/NBIRTH/{asset}",
            sparkplug.birth(0, 0, numbers, now),
        ),
    )


FORMS: Final[dict[str, Callable[[int], Form]]] = {
    "native": native,
    "senml": senml,
    "senml-cbor": senml_cbor,
    "sparkplug": sparkplug_b,
}


def named(values: int) -> list[tuple[str, str, str]]:
    """So many metrics: those of an air station, and numbered ones behind them."""
    more = range(len(METRICS) + 1, MOST_VALUES + 1)
    return [*METRICS, *((f"m{number}", "count", "1#.##") for number in more)][:values]


def places(payload: bytes, mark: bytes) -> tuple[int, ...]:
    """Where a mark stands."""
    return tuple(at for at in range(len(payload)) if payload.startswith(mark, at))


def text(content: str) -> bytes:
    """A short text as CBOR."""
    return bytes([0x60 + len(content)]) + content.encode()


def varint_of_six(number: int) -> bytes:
    """A number as six bytes of seven bits each, the lowest first."""
    return bytes(number >> 7 * place & 127 | (128 if place < 5 else 0) for place in range(6))
