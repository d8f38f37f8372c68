"""What the nodes and devices of Sparkplug have said of themselves, bounded and restorable."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from ingest.sparkplug import values
from models.reading import BadMessage

SEQUENCE = 256
MAX_FAMILY = 50_000  # metrics of one node and its devices: its death speaks of them all


class Metric:
    """One metric of a birth: its name here, how it is read, and the last value it had.

    A metric without a name here is known and not read: it serves the protocol, or another one has
    its name.
    """

    __slots__ = ("alias", "datatype", "last", "name", "spelled", "unit")

    def __init__(self, spelled: str, alias: int | None, datatype: int, unit: str | None) -> None:
        self.spelled, self.alias, self.datatype, self.unit = spelled, alias, datatype, unit
        self.name = "" if values.is_control(spelled) else values.metric_name(spelled)
        if self.name == spelled:
            self.name = spelled  # one text in memory, not two
        self.last: float | None = None


class Table:
    """The metrics of one birth, by name and by alias."""

    __slots__ = ("by_alias", "by_name", "shared", "taken", "units")

    def __init__(self) -> None:
        self.by_name: dict[str, Metric] = {}
        self.by_alias: dict[int, Metric] = {}
        self.shared: set[int] = set()
        self.taken: dict[str, str] = {}
        self.units: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.by_name)

    def introduced(self, told: Any) -> Metric:
        """A metric as its birth introduces it. Raises BadMessage where it cannot be taken in."""
        alias = told.alias if told.HasField("alias") else None
        unit = values.unit(told) if told.HasField("properties") else None
        metric = Metric(values.spelled(told.name), alias, told.datatype, unit)
        if flaw := self.add(metric):
            raise BadMessage(flaw)
        return metric

    def add(self, metric: Metric) -> str | None:
        """Takes a metric in; what is wrong with it, if another one has its name here already.

        An alias that several have is nobody's: they can still be called by name.
        """
        self.by_name[metric.spelled] = metric
        if metric.alias is not None:
            if metric.alias in self.by_alias:
                del self.by_alias[metric.alias]
                self.shared.add(metric.alias)
            elif metric.alias not in self.shared:
                self.by_alias[metric.alias] = metric
        if not metric.name:
            return None
        other = self.taken.setdefault(metric.name, metric.spelled)
        if other != metric.spelled:
            metric.name = ""
            return f"{other!r} has its name here already"
        if metric.unit is not None:
            self.units[metric.name] = metric.unit
        return None


class Source:
    """A node or a device: the asset it is here, and what it said at its birth."""

    def __init__(self, asset: str, parent: str | None) -> None:
        self.asset, self.parent = asset, parent
        self.alive = False
        self.table = Table()


class Node(Source):
    """An edge node, with its devices and the numbers that tell what was missed.

    seq and stamp (milliseconds) are those of its last message, born those of its birth. doubted:
    nobody knows what was missed while we were away. metrics counts those of its devices as well.
    """

    def __init__(self, asset: str, parent: str | None) -> None:
        super().__init__(asset, parent)
        self.bdseq: int | None = None
        self.seq: int | None = None
        self.stamp = 0
        self.born: tuple[int | None, int] = (None, 0)
        self.doubted = False
        self.devices: dict[str, Source] = {}
        self.metrics = 0

    def late(self, told: Any) -> bool:
        """Whether a message was heard before, and comes again from a broker not sure of it.

        seq counts from 0 to 255 and begins anew.
        """
        if self.seq is None:
            return False
        behind: int = (self.seq - told.seq) % SEQUENCE
        return (
            behind < SEQUENCE // 2 and told.timestamp <= self.stamp and bool(told.HasField("seq"))
        )

    def follow(self, told: Any) -> bool:
        """Takes the next message of the node or a device; False where one before it was missed."""
        seq: int = told.seq
        if not seq and not told.HasField("seq"):
            return not self.doubted
        before, self.seq, self.stamp = self.seq, seq, told.timestamp
        return not self.doubted if before is None else seq == (before + 1) % SEQUENCE


class Remembered(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A node or a device as it is kept over a restart; last values are not."""

    form: Literal[1]
    asset: str
    parent: str | None
    alive: bool
    bdseq: int | None
    metrics: list[tuple[str, int | None, int, str | None]]


encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder(Remembered)


def packed(source: Source) -> bytes:
    """A source as bytes."""
    bdseq = source.bdseq if isinstance(source, Node) else None
    metrics = [
        (each.spelled, each.alias, each.datatype, each.unit)
        for each in source.table.by_name.values()
    ]
    return encoder.encode(Remembered(1, source.asset, source.parent, source.alive, bdseq, metrics))


class Full(BadMessage):
    """Too much would have to be remembered; the text says of what."""


class Sources:
    """All nodes and their devices, never more than so many, with never more than so many metrics."""

    def __init__(self, max_sources: int, max_metrics: int) -> None:
        self.max_sources, self.max_metrics = max_sources, max_metrics
        self.nodes: dict[str, Node] = {}
        self.count = self.metrics = 0

    def node(self, key: str, asset: str, parent: str | None) -> Node:
        """A node, new if need be. Raises Full."""
        found = self.nodes.get(key)
        if found is None:
            self.make_room()
            found = self.nodes[key] = Node(asset, parent)
        found.asset, found.parent = asset, parent
        return found

    def device(self, node: Node, name: str, asset: str, parent: str | None) -> Source:
        """A device of a node, new if need be. Raises Full."""
        found = node.devices.get(name)
        if found is None:
            self.make_room()
            found = node.devices[name] = Source(asset, parent)
        found.asset, found.parent = asset, parent
        return found

    @property
    def full(self) -> bool:
        """Whether no further node or device can be remembered."""
        return self.count >= self.max_sources

    def make_room(self) -> None:
        """Counts one more source. Raises Full."""
        if self.full:
            raise Full(f"more than {self.max_sources} nodes and devices speak Sparkplug")
        self.count += 1

    def give(self, node: Node, source: Source, table: Table) -> None:
        """The table of a node, or of its device, becomes this one. Raises Full."""
        more = len(table) - len(source.table)
        if self.metrics + more > self.max_metrics:
            raise Full(f"more than {self.max_metrics} metrics speak Sparkplug")
        if node.metrics + more > MAX_FAMILY:
            raise Full(f"more than {MAX_FAMILY} metrics of one node and its devices")
        self.metrics += more
        node.metrics += more
        source.table = table

    def learned(self, node: Node, source: Source, told: Any) -> Metric:
        """A metric that its birth did not name; it is remembered where there is room.

        Raises BadMessage where it cannot be taken in.
        """
        metric = Metric(values.spelled(told.name), None, told.datatype, None)
        if self.metrics < self.max_metrics and node.metrics < MAX_FAMILY:
            flaw = source.table.add(metric)
            self.metrics += 1
            node.metrics += 1
            if flaw:
                raise BadMessage(flaw)
        return metric

    def forget_device(self, node: Node, name: str) -> Source:
        """A device that its node no longer has."""
        gone = node.devices.pop(name)
        self.count -= 1
        self.metrics -= len(gone.table)
        node.metrics -= len(gone.table)
        return gone

    def restore(self, memory: Mapping[str, bytes]) -> dict[str, str]:
        """All that was remembered, nodes first; for what cannot be taken back, the reason."""
        refused = {}
        for key in sorted(memory, key=lambda key: key.count("/")):
            try:
                self.restore_source(key, decoder.decode(memory[key]))
            except (ValueError, msgspec.DecodeError, BadMessage) as reason:
                refused[key] = str(reason)
        return refused

    def restore_source(self, key: str, told: Remembered) -> None:
        """One node or device. Raises ValueError or Full where it cannot be taken back."""
        group, _, rest = key.partition("/")
        edge, _, name = rest.partition("/")
        if not group or not edge:
            raise ValueError("a key is group/edge or group/edge/device")
        known = self.nodes.get(f"{group}/{edge}")
        node = known or self.node(f"{group}/{edge}", told.parent or told.asset, None)
        source = self.device(node, name, told.asset, told.parent) if name else node
        table = Table()
        for spelled, alias, datatype, unit in told.metrics:
            table.add(Metric(spelled, alias, datatype, unit))
        self.give(node, source, table)
        source.asset, source.parent = told.asset, told.parent
        # A node's death is written down once, for its devices too.
        source.alive = told.alive and not (name and known and not known.alive)
        if not name:
            node.bdseq, node.doubted = told.bdseq, True


def family(node: Node) -> Iterator[Source]:
    """A node, and its devices."""
    yield node
    yield from node.devices.values()
