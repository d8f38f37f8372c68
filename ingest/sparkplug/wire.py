"""Sparkplug B's protobuf messages (Eclipse Tahu's field numbers), built without a compiler.

What no reading comes from (templates, data sets, nested property sets, meta data, bodies) is left
out of the description: protobuf keeps it as unknown fields and never unfolds it, so that depth
costs nothing. Text that is no UTF-8 comes out as bytes: readers check.
"""

from enum import IntEnum
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from models.reading import BadMessage

MAX_METRICS = 10_000  # in one message
REBIRTH = "Node Control/Rebirth"
PACKAGE = "cityops.sparkplug"
COMPRESSED = "SPBV1.0_COMPRESSED"


class DataType(IntEnum):
    """The data types that become readings; all others are texts, tables, files or times."""

    NONE = 0
    INT8 = 1
    INT16 = 2
    INT32 = 3
    INT64 = 4
    UINT8 = 5
    UINT16 = 6
    UINT32 = 7
    UINT64 = 8
    FLOAT = 9
    DOUBLE = 10
    BOOLEAN = 11


# name: (number, type, of); a type with an asterisk is repeated, one after "=" is one of several.
PROPERTY_VALUE = {
    "is_null": (2, "bool"),
    "int_value": (3, "=uint32"),
    "long_value": (4, "=uint64"),
    "float_value": (5, "=float"),
    "double_value": (6, "=double"),
    "boolean_value": (7, "=bool"),
    "string_value": (8, "=string"),
}
PROPERTY_SET = {"keys": (1, "*string"), "values": (2, "*PropertyValue")}
METRIC = {
    "name": (1, "string"),
    "alias": (2, "uint64"),
    "timestamp": (3, "uint64"),
    "datatype": (4, "uint32"),
    "is_historical": (5, "bool"),
    "is_transient": (6, "bool"),
    "is_null": (7, "bool"),
    "properties": (9, "PropertySet"),
    "int_value": (10, "=uint32"),
    "long_value": (11, "=uint64"),
    "float_value": (12, "=float"),
    "double_value": (13, "=double"),
    "boolean_value": (14, "=bool"),
    "string_value": (15, "=bytes"),
    "bytes_value": (16, "=bytes"),
    "dataset_value": (17, "=bytes"),
    "template_value": (18, "=bytes"),
}
PAYLOAD = {
    "timestamp": (1, "uint64"),
    "metrics": (2, "*Metric"),
    "seq": (3, "uint64"),
    "uuid": (4, "string"),
}
MESSAGES = {
    "PropertyValue": PROPERTY_VALUE,
    "PropertySet": PROPERTY_SET,
    "Metric": METRIC,
    "Payload": PAYLOAD,
}
TYPES = descriptor_pb2.FieldDescriptorProto


def described() -> descriptor_pb2.FileDescriptorProto:
    """The messages as a .proto file says them."""
    file = descriptor_pb2.FileDescriptorProto(name="sparkplug_b", package=PACKAGE, syntax="proto2")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        if any(kind.startswith("=") for _, kind in fields.values()):
            message.oneof_decl.add(name="value")
        for field, (number, kind) in fields.items():
            plain = kind.lstrip("*=")
            label = TYPES.LABEL_REPEATED if kind.startswith("*") else TYPES.LABEL_OPTIONAL
            told = message.field.add(name=field, number=number, label=label)
            if plain in MESSAGES:
                told.type, told.type_name = TYPES.TYPE_MESSAGE, f".{PACKAGE}.{plain}"
            else:
                told.type = TYPES.Type.Value(f"TYPE_{plain.upper()}")
            if kind.startswith("="):
                told.oneof_index = 0
    return file


def payload_class() -> Any:
    """The class of a payload, from a pool of its own."""
    pool = descriptor_pool.DescriptorPool()
    pool.Add(described())
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{PACKAGE}.Payload"))


Payload = payload_class()


def parsed(payload: bytes) -> Any:
    """A message as a Payload. Raises BadMessage where it is none, or too large a one."""
    if not payload:
        raise BadMessage("an empty payload")
    try:
        told = Payload.FromString(payload)
    except DecodeError:
        raise BadMessage("malformed protobuf") from None
    if len(told.metrics) > MAX_METRICS:
        raise BadMessage(f"{len(told.metrics)} metrics: more than {MAX_METRICS} in one message")
    if not told.metrics and told.uuid == COMPRESSED:
        raise BadMessage("a compressed payload is not read")
    return told


def rebirth(now: int) -> bytes:
    """The command that makes a node tell all about itself again; now is in milliseconds."""
    request = Payload(timestamp=now)
    request.metrics.add(name=REBIRTH, timestamp=now, datatype=DataType.BOOLEAN, boolean_value=True)
    told: bytes = request.SerializeToString()
    return told
