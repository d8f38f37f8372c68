"""The platform's own convention: JSON on city/{asset}/telemetry and egov/{service}/telemetry.

Three forms: `{"ts": 1767225600000, "values": {"pm25": 12.4}}` (ts in milliseconds since
1970-01-01T00:00Z), a plain object of values (its time is the arrival, or `ts` if it has one),
and a list of such objects. A value that is no finite number is a flaw; its neighbours count.

Beside `values`, where a device has more to say: `"units": {"pm25": "mg/m3"}` (UCUM; else the
stream's own is meant), `"quality": {"pm25": "uncertain"}` (good, uncertain, bad, stale) and
`"historical": true` for what comes out of its buffer.
"""

from typing import Any, Literal, get_args

import msgspec

from ingest.codecs import Place
from ingest.document import as_float, kind, parsed
from models.reading import BadMessage, Decoded, Quality, Sample

Word = Literal["good", "uncertain", "bad", "stale"]


class Telemetry(msgspec.Struct):
    """The usual form, read without detours."""

    ts: int
    values: dict[str, float]
    units: dict[str, str] | None = None
    quality: dict[str, Word] | None = None
    historical: bool = False


usual = msgspec.json.Decoder(Telemetry)

MILLISECOND = 1000  # microseconds
MAX_SAMPLES = 10_000  # in one message


def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
    """The samples of one message. Raises BadMessage where there is nothing to read at all."""
    try:
        told = usual.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return decode_unusual(place.asset, payload, now)
    if not told.values:
        raise BadMessage("an object without values")
    time = told.ts * MILLISECOND
    if told.units is None and told.quality is None and not told.historical:
        return Decoded([Sample(place.asset, time, told.values)], [])
    quality = {name: Quality[word.upper()] for name, word in (told.quality or {}).items()}
    return Decoded(
        [Sample(place.asset, time, told.values, told.units, quality, told.historical)], []
    )


def decode_unusual(asset: str, payload: bytes, now: int) -> Decoded:
    """Every other form, value by value."""
    content = parsed(payload)
    items = content if isinstance(content, list) else [content]
    if not items:
        raise BadMessage("an empty list")
    if len(items) > MAX_SAMPLES:
        raise BadMessage(f"a list of {len(items)}: more than {MAX_SAMPLES} in one message")
    decoded = Decoded([], [])
    for item in items:
        try:
            read_item(asset, item, now, decoded)
        except BadMessage as flaw:
            decoded.flaws.append(str(flaw))
    if not decoded.samples and len(decoded.flaws) == 1:
        raise BadMessage(decoded.flaws[0])
    return decoded


def read_item(asset: str, item: Any, now: int, decoded: Decoded) -> None:
    """One object of a message. Raises BadMessage where it holds no values at all."""
    if not isinstance(item, dict):
        raise BadMessage(f"expected an object of values, got {kind(item)}")
    time = milliseconds(item["ts"]) if "ts" in item else now
    if isinstance(item.get("values"), dict):
        told = item["values"]
    elif "values" in item:
        raise BadMessage(f"expected values to be an object, got {kind(item['values'])}")
    else:
        told = {name: value for name, value in item.items() if name != "ts"}
    if not told:
        raise BadMessage("an object without values")
    good: dict[str, float] = {}
    for metric, value in told.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            decoded.flaws.append(f"{metric}: expected a number, got {kind(value)}")
        elif (number := as_float(value)) is None:
            decoded.flaws.append(f"{metric}: the number is not finite")
        else:
            good[metric] = number
    if good:
        said = item if "values" in item else {}
        decoded.samples.append(
            Sample(asset, time, good, units(said), quality(said), said.get("historical") is True)
        )


def units(said: dict[str, Any]) -> dict[str, str] | None:
    """The units named beside values. Raises BadMessage where they are none."""
    told = said.get("units")
    if told is None:
        return None
    if not isinstance(told, dict) or not all(isinstance(unit, str) for unit in told.values()):
        raise BadMessage("expected units to be an object of text")
    return told


def quality(said: dict[str, Any]) -> dict[str, Quality] | None:
    """The words on quality beside values. Raises BadMessage where they are none."""
    told = said.get("quality")
    if told is None:
        return None
    if not isinstance(told, dict) or not all(word in get_args(Word) for word in told.values()):
        raise BadMessage(f"expected quality to be an object of {', '.join(get_args(Word))}")
    return {name: Quality[word.upper()] for name, word in told.items()}


def milliseconds(ts: Any) -> int:
    """A ts as microseconds. Raises BadMessage where it is no time."""
    if isinstance(ts, bool) or not isinstance(ts, int | float):
        raise BadMessage(f"expected ts in milliseconds, got {kind(ts)}")
    try:
        return int(ts * MILLISECOND)
    except (OverflowError, ValueError):
        raise BadMessage("ts is not finite") from None
