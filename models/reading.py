"""A reading: one number that one asset reported for one of its metrics at one moment.

Times are whole microseconds since 1970-01-01T00:00Z throughout the hot path: they are exact,
they compare fast, and they are what the database keeps.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from models.egov.told import Told

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A name is one topic level without MQTT's wildcards and without what a shell, a URL or a
# spreadsheet would trip over.
ASSET_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
METRIC_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,63}")
# UCUM codes are printable ASCII without spaces.
UNIT_CODE = re.compile(r"[!-~]{1,32}")

# No sensor measures more; a million of them, squared, can still be added up.
LARGEST = 1e100

# 1 while the device is connected, 0 when its last will has spoken.
ONLINE = "online"
DELIVERY = "delivery_fault"  # how much of what a device sends it sends wrongly


class BadMessage(Exception):
    """A message that gives no reading; the text is the reason, for people."""


class Quality(IntEnum):
    """How far a reading may be trusted (the four words of OPC and of the store's column)."""

    GOOD = 0
    UNCERTAIN = 1
    BAD = 2
    STALE = 3


class Sample(NamedTuple):
    """What one asset reported at one moment: its metrics and their values.

    time is in microseconds since 1970-01-01T00:00Z; values are finite. units are the UCUM codes
    the device named, by metric; where it named none, its stream's unit is meant. quality is the
    device's own word, by metric; where it said none, good. historical is the device's word too:
    this comes out of its buffer, and is nobody's news.
    """

    asset: str
    time: int
    values: dict[str, float]
    units: Mapping[str, str] | None = None
    quality: Mapping[str, Quality] | None = None
    historical: bool = False


class Reply(NamedTuple):
    """A message that a convention wants sent in answer."""

    topic: str
    payload: bytes


class Decoded(NamedTuple):
    """What a codec made of one message: good samples, and a reason for each value that is not.

    parents names the gateway of an asset that speaks through one, titles what people call it.
    memory is what the codec has to know again after a restart, by key; None forgets a key.
    dossiers are what is told of dossiers, which are no readings.
    """

    samples: list[Sample]
    flaws: list[str]
    parents: Mapping[str, str] | None = None
    titles: Mapping[str, str] | None = None
    replies: Sequence[Reply] = ()
    memory: Mapping[str, bytes | None] | None = None
    dossiers: Sequence[Told] = ()


class Span(NamedTuple):
    """The times a reading may carry, in microseconds: older is a dead clock, newer a fast one."""

    oldest: int
    newest: int

    def refusal(self, time: int) -> str | None:
        """Why a reading of this time is refused, or None."""
        if time < self.oldest:
            return f"time {spoken(time)} is before {spoken(self.oldest)}"
        if time > self.newest:
            return f"time {spoken(time)} is in the future"
        return None


def microseconds(moment: datetime) -> int:
    """A moment (with a zone) as microseconds since 1970-01-01T00:00Z."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(time: int) -> datetime:
    """Microseconds since 1970-01-01T00:00Z as a moment in UTC."""
    return EPOCH + timedelta(microseconds=time)


def spoken(time: int) -> str:
    """A time for people; one outside the calendar is given as the number it is."""
    try:
        return moment(time).isoformat(timespec="seconds").replace("+00:00", "Z")
    except OverflowError:
        return f"{time:.3g} us" if abs(time) < 10**300 else "outside any calendar"
