"""How devices speak: a file a convention, from a report to the messages that carry it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from simulators.asset import Asset


class Message(NamedTuple):
    """One message on its way."""

    topic: str
    payload: bytes
    retain: bool = False


class Voice(Protocol):
    """One convention; one object speaks for all devices of one connection, in their order."""

    def hello(self, asset: Asset, at_ms: int) -> list[Message]:
        """Return what a device says first."""

    def report(
        self, asset: Asset, at_ms: int, values: Mapping[str, float], units: Mapping[str, str]
    ) -> list[Message]:
        """Return the messages of one report; at_ms is in milliseconds since 1970."""

    def goodbye(self, asset: Asset) -> list[Message]:
        """Return what a device says last."""
