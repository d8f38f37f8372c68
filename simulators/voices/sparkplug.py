"""Sparkplug B: the devices behind an edge node, with their births and the node's sequence."""

from collections.abc import Mapping
from typing import Final

from simulators.asset import Asset
from simulators.sparkplug import BOOLEAN, INT64, Metric, payload
from simulators.voices import Message

SEQUENCE: Final = 256


class Sparkplug:
    """Speaks for edge nodes: a node is born before the first of its devices.

    Metrics are told by name and without aliases, so that nothing that comes after a lost birth is
    lost with it.
    """

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self._born: set[str] = set()

    def hello(self, asset: Asset, at_ms: int) -> list[Message]:
        """Return the device's birth, behind its node's where that is not born yet."""
        group, edge, device = _names(asset)
        messages = [] if edge in self._next else [self._node(group, edge, at_ms)]
        self._born.add(asset.name)
        told = [
            Metric(None, metric.name, at_ms=at_ms, unit=metric.unit)
            for metric in asset.kind.metrics
        ]
        birth = payload(told, at_ms, self._number(edge))
        return [*messages, Message(f"spBv1.0/{group}/DBIRTH/{edge}/{device}", birth)]

    def report(
        self, asset: Asset, at_ms: int, values: Mapping[str, float], units: Mapping[str, str]
    ) -> list[Message]:
        """Return the device's data."""
        group, edge, device = _names(asset)
        first = [] if asset.name in self._born else self.hello(asset, at_ms)
        told = [
            Metric(value, name, at_ms=at_ms, unit=units.get(name)) for name, value in values.items()
        ]
        data = payload(told, at_ms, self._number(edge))
        return [*first, Message(f"spBv1.0/{group}/DDATA/{edge}/{device}", data)]

    def goodbye(self, asset: Asset) -> list[Message]:
        """Return the device's death."""
        group, edge, device = _names(asset)
        death = payload([], None, self._number(edge))
        return [Message(f"spBv1.0/{group}/DDEATH/{edge}/{device}", death)]

    def _node(self, group: str, edge: str, at_ms: int) -> Message:
        self._next[edge] = 0
        told = [
            Metric(0, "bdSeq", datatype=INT64, at_ms=at_ms),
            Metric(False, "Node Control/Rebirth", datatype=BOOLEAN, at_ms=at_ms),
        ]
        birth = payload(told, at_ms, self._number(edge))
        return Message(f"spBv1.0/{group}/NBIRTH/{edge}", birth)

    def _number(self, edge: str) -> int:
        number = self._next[edge]
        self._next[edge] = (number + 1) % SEQUENCE
        return number


def _names(asset: Asset) -> tuple[str, str, str]:
    _, group, edge, device = asset.name.split(":", 3)
    return group, edge, device
