"""The records of a SenML pack (RFC 8428), out of JSON or CBOR, with fields of the RFC's types."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, NoReturn, TypeVar

import cbor2
import msgspec
from msgspec import UNSET, UnsetType

from models.reading import BadMessage

Pack = TypeVar("Pack")

MAX_RECORDS = 10_000
# Arrays as the keys of a map can be made to have one hash, and then each costs all others: depth
# is for small packs. What is usual has none.
FLAT, NESTED, NESTED_BYTES = 2, 4, 16_384


class Record(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One record as it is sent; what is missing is UNSET, or the zero that is meant by it."""

    bn: str | UnsetType = UNSET
    bt: float | UnsetType = UNSET
    bu: str | UnsetType = UNSET
    bv: float | UnsetType = UNSET
    bs: float | UnsetType = UNSET
    bver: int | UnsetType = UNSET
    n: str = ""
    u: str = ""
    v: float | UnsetType = UNSET
    vs: str | UnsetType = UNSET
    vb: bool | UnsetType = UNSET
    s: float | UnsetType = UNSET
    t: float = 0.0
    ut: float = 0.0


class JsonRecord(Record, forbid_unknown_fields=True, gc=False):
    """In JSON, data is base64url text."""

    vd: str | UnsetType = UNSET


class CborRecord(Record, forbid_unknown_fields=True, gc=False):
    """In CBOR, data is bytes."""

    vd: bytes | UnsetType = UNSET


AnyRecord = JsonRecord | CborRecord
json_pack = msgspec.json.Decoder(list[JsonRecord])
any_json = msgspec.json.Decoder()

JSON_LABELS: Mapping[Any, str] = {
    label: label
    for label in "bn bt bu bv bs bver n u v vs vb vd s t ut".split()  # noqa: SIM905
}
CBOR_LABELS: Mapping[Any, str] = {
    -1: "bver", -2: "bn", -3: "bt", -4: "bu", -5: "bv", -6: "bs", 0: "n", 1: "u", 2: "v", 3: "vs",
    4: "vb", 5: "s", 6: "t", 7: "ut", 8: "vd",
}  # fmt: skip


def refused(_decoder: object, _immutable: bool, /) -> NoReturn:  # noqa: FBT001
    """A tag that no pack has: dates, regular expressions, references. Raises ValueError."""
    raise ValueError


DECIMAL_FRACTION = 4
OTHER_TAGS = dict.fromkeys({*range(300), 1004, 43000} - {DECIMAL_FRACTION}, refused)


def read_json(payload: bytes) -> Sequence[AnyRecord]:
    """The records of a JSON pack. Raises BadMessage."""
    if not payload.strip():
        raise BadMessage("an empty payload")
    try:
        try:
            return few(json_pack.decode(payload))
        except msgspec.ValidationError:
            return typed(understood(few(any_json.decode(payload)), JSON_LABELS), JsonRecord)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage(f"malformed: {str(error).removeprefix('JSON is malformed: ')}") from error


def read_cbor(payload: bytes) -> Sequence[AnyRecord]:
    """The records of a CBOR pack. Raises BadMessage."""
    pack = few(from_cbor(payload))
    try:
        named = [{CBOR_LABELS[label]: said for label, said in record.items()} for record in pack]
    except (AttributeError, KeyError, TypeError):
        named = understood(pack, CBOR_LABELS)
    return typed(named, CborRecord)


def few(pack: Pack) -> Pack:
    """The pack as it is. Raises BadMessage where it has too many records."""
    if isinstance(pack, list) and len(pack) > MAX_RECORDS:
        raise BadMessage(f"a pack of {len(pack)}: more than {MAX_RECORDS} records")
    return pack


def from_cbor(payload: bytes) -> Any:
    """What the bytes hold. Raises BadMessage."""
    if not payload:
        raise BadMessage("an empty payload")
    try:
        try:
            return only_item(payload, max_depth=FLAT)
        except cbor2.CBORDecodeError:  # decimal fractions are arrays in tags
            if len(payload) > NESTED_BYTES:
                raise
            return only_item(payload, max_depth=NESTED, semantic_decoders=OTHER_TAGS)
    except (cbor2.CBORDecodeError, RecursionError, ValueError) as error:
        raise BadMessage(f"malformed: {error}") from error


def only_item(payload: bytes, **bounds: Any) -> Any:
    """The item the bytes are. Raises CBORDecodeError, or ValueError where something follows."""
    stream = BytesIO(payload)
    content = cbor2.CBORDecoder(stream, allow_duplicate_keys=False, **bounds).decode()
    if stream.tell() != len(payload):
        raise ValueError("more than one item")
    return content


def understood(pack: Any, labels: Mapping[Any, str]) -> list[dict[str, Any]]:
    """The records without what may be ignored. Raises BadMessage for what must not be."""
    if not isinstance(pack, list):
        raise BadMessage("expected a list of records")
    known: list[dict[str, Any]] = []
    for number, record in enumerate(pack, 1):
        if not isinstance(record, dict):
            raise BadMessage(f"record {number}: expected labels and values")
        for label in record.keys() - labels.keys():
            if isinstance(label, str) and label.endswith("_"):
                raise BadMessage(f"record {number}: {label[:40]!r} must be understood, and is not")
        known.append({labels[label]: record[label] for label in record if label in labels})
    return known


def typed(
    records: list[dict[str, Any]], kind: type[JsonRecord] | type[CborRecord]
) -> Sequence[AnyRecord]:
    """The records with fields of the RFC's types. Raises BadMessage."""
    try:
        pack: Sequence[AnyRecord] = msgspec.convert(records, list[kind])  # type: ignore[valid-type]
    except (msgspec.ValidationError, OverflowError) as error:
        raise BadMessage(spoken(str(error))) from error
    return pack


def spoken(error: str) -> str:
    """What msgspec says, with records counted from one.

    >>> spoken("Expected `float`, got `str` - at `$[0].v`")
    'record 1: v: expected `float`, got `str`'
    """
    at = re.fullmatch(r"(.*) - at `\$\[(\d+)\]\.?(\w*)`", error)
    if at is None:
        return error
    field = f"{at[3]}: " if at[3] else ""
    return f"record {int(at[2]) + 1}: {field}{at[1][0].lower()}{at[1][1:]}"
