"""The arguments of a command: JSON that a small device can read and the store can keep."""

import json
import re
from typing import Annotated, Any

from pydantic import PlainValidator
from pydantic.json_schema import WithJsonSchema

from models.command import LARGEST_ARGUMENTS
from models.reading import LARGEST

NAME = re.compile(r"[^\x00-\x1f]{1,64}")
MOST = 64  # arguments, items of a list, members of an object
LONGEST_TEXT = 1000

TEXT = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": r"^[^\x00]*$"}
NUMBER = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
SCALARS: list[dict[str, Any]] = [{"type": "null"}, {"type": "boolean"}, NUMBER, TEXT]


def object_of(values: list[dict[str, Any]]) -> dict[str, Any]:
    """The JSON schema of an object with such values."""
    return {
        "type": "object",
        "maxProperties": MOST,
        "propertyNames": {"pattern": f"^{NAME.pattern}$"},
        "additionalProperties": {"anyOf": values},
    }


GROUP = object_of(SCALARS)
LIST = {"type": "array", "maxItems": MOST, "items": {"anyOf": [*SCALARS, GROUP]}}
SCHEMA = object_of([*SCALARS, GROUP, LIST]) | {
    "description": f"at most {LARGEST_ARGUMENTS} bytes of JSON; a value is a scalar, an object of "
    "scalars, or a list of both",
    "default": {},
}


def check(arguments: Any) -> dict[str, Any]:
    """The arguments. Raises ValueError with a sentence where they cannot be sent or kept."""
    if not isinstance(arguments, dict):
        raise ValueError("arguments are an object")  # noqa: TRY004 (pydantic speaks ValueErrors)
    check_object(arguments)
    for value in arguments.values():
        if isinstance(value, dict):
            check_group(value)
        elif isinstance(value, list):
            check_list(value)
        else:
            check_scalar(value)
    size = len(json.dumps(arguments).encode())
    if size > LARGEST_ARGUMENTS:
        raise ValueError(f"the arguments are {size} bytes of JSON, more than {LARGEST_ARGUMENTS}")
    return arguments


def check_object(value: dict[str, Any]) -> None:
    """Raises ValueError where an object has too many members, or a name that is none."""
    if len(value) > MOST:
        raise ValueError(f"an object has at most {MOST} members")
    if not all(NAME.fullmatch(name) for name in value):
        raise ValueError("a name has 1 to 64 characters and no control characters")
    for name in value:
        check_text(name)


def check_group(value: dict[str, Any]) -> None:
    """Raises ValueError where an object holds more than scalars."""
    check_object(value)
    for each in value.values():
        check_scalar(each)


def check_list(value: list[Any]) -> None:
    """Raises ValueError where a list holds more than scalars and objects of scalars."""
    if len(value) > MOST:
        raise ValueError(f"a list has at most {MOST} items")
    for each in value:
        if isinstance(each, dict):
            check_group(each)
        else:
            check_scalar(each)


def check_scalar(value: Any) -> None:
    """Raises ValueError where a value is nested too deep, too large, or no text the store keeps."""
    if isinstance(value, dict | list):
        raise ValueError("arguments nest no deeper than a list of objects")  # noqa: TRY004 (as above)
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT or "\0" in value:
            raise ValueError(f"a text has at most {LONGEST_TEXT} characters and no NUL")
        check_text(value)
    elif isinstance(value, int | float) and not abs(value) <= LARGEST:  # nor NaN
        raise ValueError(f"a number is between -{LARGEST:g} and {LARGEST:g}")


def check_text(text: str) -> None:
    """Raises ValueError where a text has half a character in it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text has half a surrogate pair in it") from None


Arguments = Annotated[dict[str, Any], PlainValidator(check), WithJsonSchema(SCHEMA)]
