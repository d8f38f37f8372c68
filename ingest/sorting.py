"""Turns deliveries into rows and rejects; touches neither network nor database."""

from collections.abc import Callable, Iterable
from itertools import repeat
from typing import NamedTuple

from ingest.delivery import Delivery
from ingest.routes import Route, routed
from models.frame import Frame, frame
from models.reading import BadMessage, Sample, Span, moment
from services.store.rejects import Reject

StreamsOf = Callable[[str], dict[str, int]]


class Sorted(NamedTuple):
    """What a batch holds: rows as three columns, rejects, and what to do next.

    unknown maps (asset, kind) to metrics without a stream; waiting are the samples they
    belong to, with their delivery.
    """

    stream_ids: list[int]
    times: list[int]
    values: list[float]
    rejects: list[Reject]
    unknown: dict[tuple[str, str], set[str]]
    waiting: list[tuple[Delivery, Sample]]

    def frame(self) -> Frame:
        """The rows as a frame."""
        return frame(self.stream_ids, self.times, self.values)

    def reject(self, delivery: Delivery, flaws: list[str]) -> None:
        """Keeps a message with the reasons why it (or a part of it) gave no reading."""
        shown = "; ".join(flaws[:5]) + ("" if len(flaws) <= 5 else f"; and {len(flaws) - 5} more")
        self.rejects.append(
            Reject(
                moment(delivery.received_at), delivery.topic, delivery.payload, shown, len(flaws)
            )
        )


class Sorter:
    """Reads deliveries by their codec. Times outside `span_at(arrival)` are refused."""

    def __init__(
        self, streams_of: StreamsOf, span_at: Callable[[int], Span], max_payload: int
    ) -> None:
        self.streams_of, self.span_at, self.max_payload = streams_of, span_at, max_payload

    def sort(self, deliveries: Iterable[Delivery]) -> Sorted:
        """Everything in these deliveries, as rows, rejects, or waiting for a stream."""
        into = Sorted([], [], [], [], {}, [])
        for delivery in deliveries:
            try:
                self.read(delivery, into)
            except BadMessage as reason:
                into.reject(delivery, [str(reason)])
        return into

    def read(self, delivery: Delivery, into: Sorted) -> None:
        """One delivery. Raises BadMessage where nothing of it can be read."""
        if len(delivery.payload) > self.max_payload:
            raise BadMessage(
                f"a payload of {len(delivery.payload):,} bytes is over {self.max_payload:,}"
            )
        route = routed(delivery.topic)
        samples, flaws = route.decode(route.asset, delivery.payload, delivery.received_at)
        span = self.span_at(delivery.received_at)
        for sample in samples:
            if refusal := span.refusal(sample.time):
                flaws.extend(repeat(refusal, len(sample.values)))
            else:
                self.place(delivery, route, sample, into)
        if flaws:
            into.reject(delivery, flaws)

    def place(self, delivery: Delivery, route: Route, sample: Sample, into: Sorted) -> None:
        """Puts a sample into the rows, or sets it aside until its streams are known."""
        streams = self.streams_of(sample.asset)
        try:
            stream_ids = [streams[metric] for metric in sample.values]
        except KeyError:
            key = (sample.asset, route.kind)
            into.unknown.setdefault(key, set()).update(sample.values.keys() - streams.keys())
            into.waiting.append((delivery, sample))
            return
        into.stream_ids.extend(stream_ids)
        into.times.extend(repeat(sample.time, len(stream_ids)))
        into.values.extend(sample.values.values())

    def place_waiting(self, into: Sorted, refusal: Callable[[str, str], str]) -> None:
        """Places the samples set aside; a metric that still has no stream is rejected."""
        for delivery, sample in into.waiting:
            streams = self.streams_of(sample.asset)
            flaws = []
            for metric, value in sample.values.items():
                if metric in streams:
                    into.stream_ids.append(streams[metric])
                    into.times.append(sample.time)
                    into.values.append(value)
                else:
                    flaws.append(refusal(sample.asset, metric))
            if flaws:
                into.reject(delivery, flaws)
        into.waiting.clear()
        into.unknown.clear()
