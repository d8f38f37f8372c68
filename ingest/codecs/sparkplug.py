"""Sparkplug B 3.0: spBv1.0/{group}/{message}/{edge}[/{device}], protobuf with aliases from births.

What is a reading: every metric that counts (integers, floats, booleans as 1 or 0), in births too.
Silently left out are what serves the protocol (bdSeq, Node Control/..., Device Control/...),
nulls, transient metrics, and texts, times, tables and files: all legitimate, none a number. A
birth is `online` 1. A death is `online` 0, of a node for its devices too, and each last known
value once more with the quality STALE, at its arrival.

seq tells what was missed. A gap, an alias without a birth or a restart of ours makes the node be
asked for a rebirth, once in five seconds at most. MQTT keeps the order, so there is no waiting for
a message that might come later; one that was heard before and comes again is no gap. After a
restart the remembered aliases are used until the birth is there. Last values are not remembered
over a restart.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog

from ingest.codecs import Place
from ingest.sparkplug.metrics import Found, Heard, read, stale
from ingest.sparkplug.sources import Node, Source, Sources, Table, family, packed
from ingest.sparkplug.wire import parsed, rebirth
from models.reading import ONLINE, SECOND, BadMessage, Decoded, Reply, Sample

log = structlog.get_logger()

NAMESPACE = "spBv1.0"
COMMANDS = {"NCMD", "DCMD"}
PAUSE = 5 * SECOND  # between two requests to one node
MAX_ASKED = 10_000  # nodes whose last request is remembered
MILLISECOND = 1000  # microseconds
LONGEST_TITLE = 120


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """What a line for this codec in a table of routes may say.

    A remembered metric takes about 400 bytes of memory; max_sources counts nodes and devices.
    """

    host: str = "cityops"
    max_sources: int = 50_000
    max_metrics: int = 250_000


def made(settings: Mapping[str, Any]) -> "Sparkplug":
    """The codec. Raises ValueError where a setting cannot be."""
    try:
        told = msgspec.convert(dict(settings), Settings)
    except msgspec.ValidationError as error:
        raise ValueError(f"sparkplug: {error}") from error
    if not told.host or any(letter in told.host for letter in "+#/\0"):
        raise ValueError(f"sparkplug: {told.host!r} is no host id")
    if told.max_sources < 1 or told.max_metrics < 1:
        raise ValueError("sparkplug: max_sources and max_metrics are at least 1")
    return Sparkplug(told)


class Sparkplug:
    """All nodes and devices; one object reads all their topics, from one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self.host = settings.host
        self.sources = Sources(settings.max_sources, settings.max_metrics)
        self.asked: dict[str, int] = {}
        self.lock = threading.Lock()
        self.readers: dict[tuple[str, bool], Callable[[Place, str, Any, int], Decoded]] = {
            ("NBIRTH", False): self.node_birth,
            ("NDEATH", False): self.node_death,
            ("NDATA", False): self.data,
            ("DBIRTH", True): self.device_birth,
            ("DDEATH", True): self.device_death,
            ("DDATA", True): self.data,
        }

    def __call__(self, place: Place, payload: bytes, now: int, /) -> Decoded:
        """What one message says. Raises BadMessage where nothing of it can be read."""
        names = place.names
        try:
            message, key = names["message"], f"{names['group']}/{names['edge']}"
        except KeyError:
            raise BadMessage("a Sparkplug route names {group}, {message} and {edge}") from None
        reader = self.readers.get((message, "device" in names))
        if reader is None:
            if message in COMMANDS:
                return Decoded([], [])
            raise BadMessage(f"{message[:40]!r} is no message of Sparkplug B on this topic")
        told = parsed(payload)
        with self.lock:
            return reader(place, key, told, now)

    def restore(self, memory: Mapping[str, bytes]) -> None:
        """Takes back what was in Decoded.memory; what is damaged is left to a rebirth."""
        for key, reason in self.sources.restore(memory).items():
            log.warning("not remembered: a rebirth will be asked for", source=key, why=reason)

    def greeting(self, now: int) -> list[Reply]:
        """The host's STATE: online."""
        return [self.state(now, online=True)]

    def farewell(self, now: int) -> Reply:
        """The host's STATE: offline, with the time of the greeting that it takes back."""
        return self.state(now, online=False)

    def state(self, now: int, *, online: bool) -> Reply:
        """The host's STATE."""
        told = {"online": online, "timestamp": now // MILLISECOND}
        return Reply(f"{NAMESPACE}/STATE/{self.host}", msgspec.json.encode(told))

    def node_birth(self, place: Place, key: str, told: Any, now: int) -> Decoded:
        """All that a node has, and the start of its row."""
        if place.again:
            return self.read_apart(place, told, now)
        self.check_ids(place)
        seq = sequence(told)
        table = Table()
        found = read(Heard(place.asset, told, now), table, table.introduced)
        node = self.sources.node(key, place.asset, place.parent)
        self.sources.give(node, node, table)
        session, born = bdseq(told), (seq, told.timestamp)
        repeated = node.alive and told.timestamp and (node.bdseq, node.born) == (session, born)
        samples = [Sample(place.asset, now, {ONLINE: 1.0}), *found.samples]
        memory: dict[str, bytes | None] = {}
        if not repeated:
            self.await_devices(node, key, now, samples, memory)
            node.bdseq, node.born = session, born
            node.seq, node.stamp = born
        node.alive, node.doubted = True, False
        memory[key] = packed(node)
        titles = title(place, place.names["edge"])
        return Decoded(samples, found.flaws, titles=titles, memory=memory)

    def await_devices(
        self,
        node: Node,
        key: str,
        now: int,
        samples: list[Sample],
        memory: dict[str, bytes | None],
    ) -> None:
        """After its node's birth a device has to be born again; one that twice was not is gone."""
        for name, device in list(node.devices.items()):
            if device.alive:
                device.alive = False
                continue
            self.sources.forget_device(node, name)
            samples.append(Sample(device.asset, now, {ONLINE: 0.0}))
            memory[f"{key}/{name}"] = None

    def device_birth(self, place: Place, key: str, told: Any, now: int) -> Decoded:
        """All that a device has; of a node that is not known it counts as well."""
        if place.again:
            return self.read_apart(place, told, now)
        self.check_ids(place)
        table = Table()
        found = read(Heard(place.asset, told, now), table, table.introduced)
        node = self.sources.nodes.get(key)
        if node is None:
            node = self.sources.node(key, place.parent or place.asset, None)
        name = place.names["device"]
        device = self.sources.device(node, name, place.asset, place.parent)
        self.sources.give(node, device, table)
        device.alive = True
        return Decoded(
            [Sample(place.asset, now, {ONLINE: 1.0}), *found.samples],
            found.flaws,
            titles=title(place, name),
            replies=self.follow(node, place, key, told, now),
            memory={f"{key}/{name}": packed(device)},
        )

    def data(self, place: Place, key: str, told: Any, now: int) -> Decoded:
        """What has changed, by name or by the alias of a birth."""
        node = self.sources.nodes.get(key)
        name = place.names.get("device")
        source = node if name is None or node is None else node.devices.get(name)
        if place.again:
            return self.read_apart(place, told, now, source)
        if node is None:
            return self.data_unborn(place, key, told, now)
        if node.late(told):
            earlier_birth = told.timestamp < node.born[1]
            return self.read_apart(place, told, now, None if earlier_birth else source)
        whole = node.follow(told)
        if source is None or not source.alive:
            return self.data_unborn(place, key, told, now)

        def stranger(metric: Any) -> Any:
            return self.sources.learned(node, source, metric)

        found = read(Heard(place.asset, told, now), source.table, stranger)
        if found.unknown or not (whole and node.alive):
            return self.doubtful(found, place, key, now, node)
        return Decoded(found.samples, found.flaws)

    def data_unborn(self, place: Place, key: str, told: Any, now: int) -> Decoded:
        """Data before a birth: what is named and typed is read, the rest can be replayed."""
        table = Table()
        found = read(Heard(place.asset, told, now), table, table.introduced)
        return self.doubtful(found, place, key, now, None)

    def doubtful(
        self, found: Found, place: Place, key: str, now: int, node: Node | None
    ) -> Decoded:
        """What was found in a message whose birth, or neighbours, were missed."""
        return Decoded(found.samples, found.flaws, replies=self.ask(place, key, now, node))

    def read_apart(
        self, place: Place, told: Any, now: int, source: Source | None = None
    ) -> Decoded:
        """What a message says that is no news: nothing is learned from it, nobody asked."""
        scratch = Table()
        table = scratch if source is None else source.table
        found = read(Heard(place.asset, told, now), table, scratch.introduced, live=source is None)
        return Decoded(found.samples, found.flaws)

    def node_death(self, place: Place, key: str, told: Any, now: int) -> Decoded:
        """The last will of a node: its devices are dead too. One of an earlier session is void."""
        if place.again:
            return Decoded([], [])
        node, session = self.sources.nodes.get(key), bdseq(told)
        if session is None:
            raise BadMessage("a death without bdSeq")
        if node is None:
            return Decoded([Sample(place.asset, now, {ONLINE: 0.0})], [])
        if node.bdseq is not None and node.bdseq != session:
            return Decoded([], [])
        samples: list[Sample] = []
        for source in family(node):
            source.alive = False
            samples.extend(dead(source, now))
        parents = {device.asset: device.parent or place.asset for device in node.devices.values()}
        return Decoded(samples, [], parents=parents or None, memory={key: packed(node)})

    def device_death(self, place: Place, key: str, told: Any, now: int) -> Decoded:
        """A device is gone, its node is not."""
        if place.again:
            return Decoded([], [])
        node, name = self.sources.nodes.get(key), place.names["device"]
        replies = self.follow(node, place, key, told, now)
        device = None if node is None else node.devices.get(name)
        if device is None:
            return Decoded([Sample(place.asset, now, {ONLINE: 0.0})], [], replies=replies)
        device.alive = False
        memory = {f"{key}/{name}": packed(device)}
        return Decoded(dead(device, now), [], replies=replies, memory=memory)

    def follow(self, node: Node | None, place: Place, key: str, told: Any, now: int) -> list[Reply]:
        """Follows a node's row; the request for a rebirth where something was missed."""
        if node is not None and (node.late(told) or node.follow(told)) and node.alive:
            return []
        return self.ask(place, key, now, node)

    def ask(self, place: Place, key: str, now: int, node: Node | None) -> list[Reply]:
        """The request for a rebirth, unless it was made a moment ago.

        A node whose birth could not be taken in for want of room is not asked for it.
        """
        self.check_ids(place)
        if key not in self.sources.nodes and self.sources.full:
            return []
        asked_at = self.asked.get(key)
        if asked_at is not None and 0 <= now - asked_at < PAUSE:
            return []
        self.asked.pop(key, None)
        self.asked[key] = now
        if len(self.asked) > MAX_ASKED:
            del self.asked[next(iter(self.asked))]
        if node is not None:
            node.doubted = False
        topic = f"{NAMESPACE}/{place.names['group']}/NCMD/{place.names['edge']}"
        return [Reply(topic, rebirth(max(now, 0) // MILLISECOND))]

    def check_ids(self, place: Place) -> None:
        """Raises BadMessage for ids that no topic could have."""
        if any(letter in each for each in place.names.values() for letter in "+#\0"):
            raise BadMessage("an id of Sparkplug has no +, # or NUL")


def sequence(told: Any) -> int | None:
    """The seq that a birth starts with, if it has one. Raises BadMessage where it is too large."""
    if not told.HasField("seq"):
        return None
    seq: int = told.seq
    if seq > 255:
        raise BadMessage(f"seq {seq} is over 255")
    return seq


def bdseq(told: Any) -> int | None:
    """The number of a node's session, of whatever integer type."""
    for metric in told.metrics:
        if metric.name == "bdSeq" and metric.WhichOneof("value") in ("int_value", "long_value"):
            return int(metric.int_value or metric.long_value)
    return None


def dead(source: Source, now: int) -> list[Sample]:
    """That a source is gone, and that its last values are no longer true."""
    last = stale(source, now)
    gone = Sample(source.asset, now, {ONLINE: 0.0})
    return [gone] if last is None else [gone, last]


def title(place: Place, name: str) -> dict[str, str] | None:
    """What a source calls itself, where its asset's name could not be that."""
    return None if place.asset.endswith(name) else {place.asset: name[:LONGEST_TITLE]}
