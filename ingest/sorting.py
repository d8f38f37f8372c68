"""Turns deliveries into rows and rejects; touches neither network nor database."""

from collections.abc import Callable, Mapping, Sequence
from itertools import repeat
from typing import Protocol

import structlog

from ingest.aside import Aside
from ingest.delivery import Delivery
from ingest.routes import Route, Routes
from ingest.sorted import Sorted
from models.reading import (
    LARGEST,
    METRIC_NAME,
    UNIT_CODE,
    BadMessage,
    Decoded,
    Quality,
    Sample,
    Span,
)
from models.units import conversion, ucum
from services.store.dossier_intake import Item

log = structlog.get_logger()

IGNORED = "ignore"  # the codec of what is nobody's reading, however large
NOTHING: Mapping[str, str] = {}


class Known(Protocol):
    """What is known of assets and streams."""

    def streams_of(self, asset: str) -> dict[str, int]:
        """The known streams of an asset, by metric; empty where it has never spoken."""
        ...

    def unit_of(self, stream_id: int) -> str | None:
        """The stream's own unit, None where nobody has said it."""
        ...

    def held_back(self, asset: str) -> bool:
        """Whether its readings wait until somebody claims it."""
        ...

    def refusal(self, asset: str, metric: str) -> str:
        """Why a metric that was to be registered has no stream."""
        ...


class Sorter:
    """Reads deliveries by their codec. Times outside `span_at(arrival)` are refused."""

    def __init__(
        self,
        routes: Routes,
        known: Known,
        span_at: Callable[[int], Span],
        max_payload: int,
    ) -> None:
        self.routes, self.known = routes, known
        self.span_at, self.max_payload = span_at, max_payload

    def sort(
        self,
        deliveries: Sequence[Delivery],
        told: Mapping[int, Decoded] | None = None,
        *,
        again: bool = False,
    ) -> Sorted:
        """Everything in these deliveries, as rows, rejects, or waiting for a stream.

        told is what was read of some of them (by id) before, by codecs that would take it as news:
        they are a sequence, because an id is one delivery's only while somebody keeps it. again
        says that all of them were read before.
        """
        into = Sorted(told=dict(told or {}))
        for delivery in deliveries:
            try:
                self.read(delivery, into, again=again)
            except BadMessage as reason:
                into.received += 1
                self.refuse(delivery, [str(reason)], into)
            except Exception as mistake:  # a codec's; nobody else's message shall wait for it
                pattern = self.routes.private(delivery.topic)
                topic = delivery.topic if pattern is None else pattern
                log.exception("a codec failed", topic=topic, exc_info=pattern is None)
                into.received += 1
                self.refuse(delivery, [f"its codec failed: {type(mistake).__name__}"], into)
        return into

    def refuse(self, delivery: Delivery, flaws: list[str], into: Sorted) -> None:
        """Rejects a message; of one that may tell of people neither topic nor payload is kept."""
        if (pattern := self.routes.private(delivery.topic)) is not None:
            if isinstance(self.routes.route(delivery.topic), str):
                flaws = ["the topic names nobody who could speak on it"]  # a reason quotes it
            delivery = delivery._replace(topic=pattern, payload=b"")
        into.reject(delivery, flaws)

    def read(self, delivery: Delivery, into: Sorted, *, again: bool) -> None:
        """One delivery. Raises BadMessage where nothing of it can be read."""
        route = self.routes.routed(delivery.topic)
        if len(delivery.payload) > self.max_payload and route.codec_name != IGNORED:
            raise BadMessage(
                f"a payload of {len(delivery.payload):,} bytes is over {self.max_payload:,}"
            )
        if route.remembering or again:
            decoded = self.read_once(delivery, route, into, again=again)
        else:
            decoded = route.codec(route.place, delivery.payload, delivery.received_at)
        flaws = list(decoded.flaws)
        into.received += len(flaws) + len(decoded.dossiers)
        into.dossiers.extend(Item(told, None, route.place.asset) for told in decoded.dossiers)
        if decoded.parents or decoded.titles:
            into.parents.update(decoded.parents or NOTHING)
            into.titles.update(decoded.titles or NOTHING)
        span = self.span_at(delivery.received_at)
        for sample in decoded.samples:
            into.received += len(sample.values)
            if refusal := span.refusal(sample.time):
                flaws.extend(repeat(refusal, len(sample.values)))
            else:
                flaws.extend(self.accept(delivery, route, sample, into))
        if flaws:
            self.refuse(delivery, flaws, into)

    def read_once(self, delivery: Delivery, route: Route, into: Sorted, *, again: bool) -> Decoded:
        """What a codec with a memory makes of a delivery: asked once, however often it is sorted."""
        if (before := into.told.get(id(delivery))) is not None:
            return before
        place = route.place._replace(again=again)
        decoded = route.codec(place, delivery.payload, delivery.received_at)
        into.told[id(delivery)] = decoded
        if not again:
            into.replies.extend(decoded.replies)
            if decoded.memory:
                into.memory.setdefault(route.codec_name, {}).update(decoded.memory)
        return decoded

    def accept(
        self, delivery: Delivery, route: Route, sample: Sample, into: Sorted
    ) -> Sequence[str]:
        """Places what of a sample can be placed; returns a flaw for each value that cannot."""
        if not sample.values:
            return ()
        flaws: list[str] = []
        if sample.units:
            sample, flaws = in_ucum(sample, sample.units)
        values = sample.values
        if values and (min(values.values()) < -LARGEST or max(values.values()) > LARGEST):
            sample, outside = within_range(sample)
            flaws += outside
        if not sample.values:
            return flaws
        if sample.historical or self.known.held_back(sample.asset):
            into.held.append(Aside(sample, route.kind, route.place.parent))
            return flaws
        return [*flaws, *self.place(delivery, route, sample, into)]

    def place(
        self, delivery: Delivery, route: Route, sample: Sample, into: Sorted
    ) -> Sequence[str]:
        """Puts a sample into the rows, or sets it aside until its streams are known.

        Returns a flaw for each value that has no possible place.
        """
        streams = self.known.streams_of(sample.asset)
        try:
            stream_ids = [streams[metric] for metric in sample.values]
        except KeyError:
            if route.place.parent is not None:
                into.parents.setdefault(sample.asset, route.place.parent)
            return self.set_aside(delivery, route.kind, sample, into)
        if sample.units or sample.quality:
            return self.place_told(sample, streams, into)
        into.stream_ids.extend(stream_ids)
        into.times.extend(repeat(sample.time, len(stream_ids)))
        into.values.extend(sample.values.values())
        return ()

    def place_told(self, sample: Sample, streams: Mapping[str, int], into: Sorted) -> list[str]:
        """Puts a sample into the rows whose device says more than numbers.

        Units become the stream's; returns a flaw for each value whose unit cannot.
        """
        flaws = []
        for metric, value in sample.values.items():
            stream_id = streams[metric]
            if unit := (sample.units or NOTHING).get(metric):
                if (own := self.known.unit_of(stream_id)) is None:
                    own = into.units.setdefault(stream_id, unit)
                if own != unit:
                    if (into_own := conversion(unit, own)) is None:
                        flaws.append(f"{metric}: {unit} cannot be told in {own}")
                        continue
                    value = value * into_own.scale + into_own.offset  # noqa: PLW2901
                    into.conversions[stream_id, unit] = own, into_own
            if word := (sample.quality or {}).get(metric, Quality.GOOD):
                into.words[len(into.stream_ids)] = word
            into.stream_ids.append(stream_id)
            into.times.append(sample.time)
            into.values.append(value)
        return flaws

    def place_aside(self, delivery: Delivery, apart: Aside, into: Sorted) -> None:
        """Places a sample that was put aside before, whose time has come."""
        if apart.parent is not None:
            into.parents.setdefault(apart.sample.asset, apart.parent)
        streams = self.known.streams_of(apart.sample.asset)
        if apart.sample.values.keys() <= streams.keys():
            flaws = self.place_told(apart.sample, streams, into)
        else:
            flaws = self.set_aside(delivery, apart.kind, apart.sample, into)
        if flaws:
            into.reject(delivery, flaws)

    def set_aside(self, delivery: Delivery, kind: str, sample: Sample, into: Sorted) -> list[str]:
        """Keeps what waits for a stream, and says what never can have one."""
        known = self.known.streams_of(sample.asset)
        units = sample.units or NOTHING
        named = {metric for metric in sample.values if METRIC_NAME.fullmatch(metric)}
        if unknown := named - known.keys():
            wanted = into.unknown.setdefault((sample.asset, kind), {})
            wanted.update((metric, units.get(metric)) for metric in unknown)
        if named:
            values = {metric: sample.values[metric] for metric in sample.values if metric in named}
            into.waiting.append((delivery, kind, sample._replace(values=values)))
        return [
            f"{metric[:80]!r} is no name of a metric"
            for metric in sample.values
            if metric not in named
        ]

    def place_waiting(self, into: Sorted) -> None:
        """Places the samples set aside; a metric that still has no stream is rejected.

        However many samples of a message are refused, it is kept once.
        """
        refused: dict[int, tuple[Delivery, list[str]]] = {}
        for delivery, _, sample in into.waiting:
            streams = self.known.streams_of(sample.asset)
            values = {metric: value for metric, value in sample.values.items() if metric in streams}
            flaws = [
                f"{metric}: {self.known.refusal(sample.asset, metric)}"
                for metric in sample.values
                if metric not in streams
            ]
            flaws += self.place_told(sample._replace(values=values), streams, into)
            if flaws:
                refused.setdefault(id(delivery), (delivery, []))[1].extend(flaws)
        for delivery, flaws in refused.values():
            into.reject(delivery, flaws)
        into.waiting.clear()
        into.unknown.clear()


def in_ucum(sample: Sample, units: Mapping[str, str]) -> tuple[Sample, list[str]]:
    """A sample with its units as UCUM codes, and a flaw for each value whose unit can be none."""
    codes = {metric: ucum(unit) or unit for metric, unit in units.items()}
    bad = {metric for metric, code in codes.items() if not UNIT_CODE.fullmatch(code)}
    flaws = [
        f"{metric}: {codes[metric][:40]!r} is no unit" for metric in bad & sample.values.keys()
    ]
    values = {metric: value for metric, value in sample.values.items() if metric not in bad}
    good = {metric: code for metric, code in codes.items() if metric not in bad}
    return sample._replace(values=values, units=good), flaws


def within_range(sample: Sample) -> tuple[Sample, list[str]]:
    """What of a sample the store can add up, and a flaw for each value that it cannot."""
    good = {name: value for name, value in sample.values.items() if abs(value) <= LARGEST}
    flaws = [
        f"{name}: {value:g} is beyond {LARGEST:g}"
        for name, value in sample.values.items()
        if abs(value) > LARGEST
    ]
    return sample._replace(values=good), flaws
