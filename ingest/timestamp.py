"""Times as devices write them, in microseconds since 1970-01-01T00:00Z."""

from datetime import datetime
from typing import Any

from ingest.document import kind
from models.reading import SECOND, BadMessage, microseconds

MILLISECOND = SECOND // 1000
LONGEST = 64  # characters


def iso8601(told: Any, name: str) -> int:
    """A time with a zone; digits beyond the microsecond are cut off. Raises BadMessage.

    >>> iso8601("2020-02-12T15:15:46.014773143Z", "time")
    1581520546014773
    """
    at = calendar_time(told, name)
    if at.tzinfo is None:
        raise BadMessage(f"{name} has no zone")
    return microseconds(at)


def calendar_time(told: Any, name: str) -> datetime:
    """A time with or without a zone. Raises BadMessage."""
    if not isinstance(told, str):
        raise BadMessage(f"expected {name} as text, got {kind(told)}")
    try:
        return datetime.fromisoformat(told[:LONGEST])
    except ValueError:
        raise BadMessage(f"{name} is no ISO 8601 time: {told[:LONGEST]!r}") from None


def unix_time(told: Any, unit: int, name: str) -> int:
    """A number of seconds or milliseconds (unit: their microseconds). Raises BadMessage.

    >>> unix_time(1736603810.49, SECOND, "ts")
    1736603810490000
    """
    if isinstance(told, bool) or not isinstance(told, int | float):
        raise BadMessage(f"expected {name} as a number, got {kind(told)}")
    try:
        return round(told * unit)
    except (OverflowError, ValueError):
        raise BadMessage(f"{name} is not finite") from None
