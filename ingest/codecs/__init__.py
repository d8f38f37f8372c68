"""One file a payload convention: bytes on a topic in, readings or a reason out.

A codec is called with the place it speaks from, the payload and the arrival (microseconds since
1970). It returns Decoded, or raises BadMessage where there is nothing to read at all; any bytes
give one of the two. It does no I/O.

Most are plain functions. One whose messages explain each other is an object with a memory: it
names what it has to know again in `Decoded.memory` and gets it back through `restore`.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from models.reading import Decoded, Reply


class Place(NamedTuple):
    """Who speaks on a topic, and what the topic says besides.

    asset is the name by the route's template, parent its gateway, names what stood in the topic
    for each name of its pattern. again means that the message was read before (a mended reject):
    it is data still, and no news of who is connected or what was missed.
    """

    asset: str
    parent: str | None
    names: Mapping[str, str]
    again: bool = False


class Codec(Protocol):
    """Bytes in, readings or a reason out."""

    def __call__(self, place: Place, payload: bytes, now: int, /) -> Decoded:
        """What one message says. Raises BadMessage where nothing of it can be read."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A codec whose messages explain each other; one worker reads all of its topics."""

    def __call__(self, place: Place, payload: bytes, now: int, /) -> Decoded:
        """As every codec."""
        ...

    def restore(self, memory: Mapping[str, bytes]) -> None:
        """Takes back what was in Decoded.memory before a restart."""
        ...

    def greeting(self, now: int) -> list[Reply]:
        """What to publish, retained, once connected."""
        ...

    def farewell(self, now: int) -> Reply | None:
        """The last will, retained, that takes the greeting back."""
        ...
