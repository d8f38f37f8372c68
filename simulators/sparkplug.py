"""Sparkplug B payloads as an edge node sends them: protobuf written by hand, byte by byte."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

INT32: Final = 3
INT64: Final = 4
UINT64: Final = 8
FLOAT: Final = 9
DOUBLE: Final = 10
BOOLEAN: Final = 11
STRING: Final = 12

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
IN_INT_VALUE: Final = {1, 2, 3, 5, 6, 7}
IN_LONG_VALUE: Final = {4, 8, 13}


class Metric(NamedTuple):
    """One metric of a payload; what is None is left out. at_ms is in milliseconds since 1970."""

    value: float | str | None
    name: str | None = None
    alias: int | None = None
    datatype: int | None = DOUBLE
    at_ms: int | None = None
    historical: bool = False
    unit: str | None = None
    quality: int | None = None
    told_datatype: bool = True


def birth(seq: int, bdseq: int, metrics: Sequence[tuple[str, float]], at_ms: int) -> bytes:
    """Return an NBIRTH of doubles; their aliases are 1, 2, 3, ... in this order."""
    told = [
        Metric(bdseq, "bdSeq", datatype=INT64, at_ms=at_ms),
        Metric(False, "Node Control/Rebirth", datatype=BOOLEAN, at_ms=at_ms),
    ]
    told += [
        Metric(value, name, alias, at_ms=at_ms) for alias, (name, value) in enumerate(metrics, 1)
    ]
    return payload(told, at_ms, seq)


def data(seq: int, values: Mapping[int, float], at_ms: int) -> bytes:
    """Return an NDATA (or DDATA) of doubles by their aliases."""
    told = [
        Metric(value, alias=alias, at_ms=at_ms, told_datatype=False)
        for alias, value in values.items()
    ]
    return payload(told, at_ms, seq)


def death(bdseq: int, at_ms: int | None = None) -> bytes:
    """Return an NDEATH, the last will of the session with this number."""
    return payload([Metric(bdseq, "bdSeq", datatype=UINT64)], at_ms, None)


def payload(metrics: Iterable[Metric], at_ms: int | None, seq: int | None) -> bytes:
    """Return any payload of these metrics."""
    parts = [] if at_ms is None else [_number(1, at_ms)]
    parts += [_bytes(2, metric(each)) for each in metrics]
    if seq is not None:
        parts.append(_number(3, seq))
    return b"".join(parts)


def metric(told: Metric) -> bytes:
    """Return one metric, without its tag."""
    parts = []
    if told.name is not None:
        parts.append(_bytes(1, told.name.encode()))
    if told.alias is not None:
        parts.append(_number(2, told.alias))
    if told.at_ms is not None:
        parts.append(_number(3, told.at_ms))
    if told.told_datatype and told.datatype is not None:
        parts.append(_number(4, told.datatype))
    if told.historical:
        parts.append(_number(5, 1))
    if told.value is None:
        parts.append(_number(7, 1))
    if told.unit is not None or told.quality is not None:
        parts.append(_bytes(9, _properties(told)))
    if told.value is not None:
        parts.append(_value(told.value, told.datatype))
    return b"".join(parts)


def _value(value: float | str, datatype: int | None) -> bytes:
    if isinstance(value, str):
        return _bytes(15, value.encode())
    if datatype in IN_INT_VALUE:
        return _number(10, int(value) & 0xFFFF_FFFF)
    if datatype in IN_LONG_VALUE:
        return _number(11, int(value) & 0xFFFF_FFFF_FFFF_FFFF)
    if datatype == FLOAT:
        return _tag(12, FIXED32) + struct.pack("<f", value)
    if datatype == BOOLEAN:
        return _number(14, int(value))
    return _tag(13, FIXED64) + struct.pack("<d", value)


def _properties(told: Metric) -> bytes:
    keys, values = [], []
    if told.quality is not None:
        keys.append(_bytes(1, b"Quality"))
        values.append(_bytes(2, _number(1, INT32) + _number(3, told.quality & 0xFFFF_FFFF)))
    if told.unit is not None:
        keys.append(_bytes(1, b"engUnit"))
        values.append(_bytes(2, _number(1, STRING) + _bytes(8, told.unit.encode())))
    return b"".join(keys + values)


def _number(field: int, number: int) -> bytes:
    return _tag(field, VARINT) + _varint(number)


def _bytes(field: int, content: bytes) -> bytes:
    return _tag(field, BYTES) + _varint(len(content)) + content


def _tag(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    parts.append(number)
    return bytes(parts)
