"""What an asset reported at one moment, as the message it is in the platform's own convention."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from simulators.light import place


class Message(NamedTuple):
    """One message of a replay; due is when, in milliseconds since 1970."""

    due: float
    topic: str
    payload: str | bytes
    retain: bool = False


class Source(Protocol):
    """Something that can be replayed, as often as asked.

    Counts are of the latest time it was played.
    """

    @property
    def assets(self) -> Sequence[str]:
        """Who is online while it is played, and offline after it; nobody where it tells itself."""

    @property
    def rows(self) -> int:
        """Rows read."""

    @property
    def skipped(self) -> int:
        """Rows that could not be."""

    @property
    def repeated(self) -> int:
        """Rows whose time an earlier one had."""

    @property
    def share(self) -> float:
        """How far it is, 0 to 1."""

    @property
    def complaints(self) -> Sequence[str]:
        """What was wrong with the first of the skipped."""

    def latest(self) -> int | None:
        """The last time in it (milliseconds), None where there is none."""

    def messages(self, shift: int) -> Iterator[Message]:
        """Its messages in order, all times moved by so many milliseconds."""


def telemetry(
    asset: str,
    time: int,
    values: Mapping[str, float],
    units: Mapping[str, str] | None = None,
    quality: Mapping[str, str] | None = None,
) -> tuple[str, str]:
    """Topic and payload of a report; time is in microseconds since 1970, units are UCUM.

    >>> telemetry("pump-7", 1_767_225_600_000_000, {"flow": 1.5}, {"flow": "m3/h"})
    ('city/pump-7/telemetry', '{"ts":1767225600000,"values":{"flow":1.5},"units":{"flow":"m3/h"}}')
    """
    told: dict[str, object] = {"ts": milliseconds(time), "values": values}
    if units:
        told["units"] = units
    if quality:
        told["quality"] = quality
    return f"{place(asset)}/telemetry", json.dumps(told, separators=(",", ":"))


def milliseconds(time: int) -> float:
    """Microseconds as milliseconds, so that whoever cuts them off at the microsecond has the same.

    >>> milliseconds(1_767_225_600_000_000), milliseconds(1_767_225_600_000_123)
    (1767225600000, 1767225600000.123)
    """
    if not time % 1000:
        return time // 1000
    near = time / 1000
    return near if int(near * 1000) == time else math.nextafter(near, math.inf)
