"""Turns deliveries into rows and rejects; touches neither network nor database."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import repeat
from typing import NamedTuple

import structlog

from ingest.delivery import Delivery
from ingest.routes import Route, Routes
from models.frame import Frame, frame
from models.reading import LARGEST, METRIC_NAME, BadMessage, Sample, Span, moment
from services.store.rejects import Reject

log = structlog.get_logger()

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


def within_range(sample: Sample) -> tuple[Sample, list[str]]:
    """What of a sample the store can add up, and a flaw for each value that it cannot."""
    good = {name: value for name, value in sample.values.items() if abs(value) <= LARGEST}
    flaws = [
        f"{name}: {value:g} is beyond {LARGEST:g}"
        for name, value in sample.values.items()
        if abs(value) > LARGEST
    ]
    return sample._replace(values=good), flaws


class Sorter:
    """Reads deliveries by their codec. Times outside `span_at(arrival)` are refused."""

    def __init__(
        self,
        routes: Routes,
        streams_of: StreamsOf,
        span_at: Callable[[int], Span],
        max_payload: int,
    ) -> None:
        self.routes, self.streams_of = routes, streams_of
        self.span_at, self.max_payload = span_at, max_payload

    def sort(self, deliveries: Iterable[Delivery]) -> Sorted:
        """Everything in these deliveries, as rows, rejects, or waiting for a stream."""
        into = Sorted([], [], [], [], {}, [])
        for delivery in deliveries:
            try:
                self.read(delivery, into)
            except BadMessage as reason:
                into.reject(delivery, [str(reason)])
            except Exception as mistake:  # a codec's; nobody else's message shall wait for it
                log.exception("a codec failed", topic=delivery.topic)
                into.reject(delivery, [f"its codec failed: {type(mistake).__name__}"])
        return into

    def read(self, delivery: Delivery, into: Sorted) -> None:
        """One delivery. Raises BadMessage where nothing of it can be read."""
        if len(delivery.payload) > self.max_payload:
            raise BadMessage(
                f"a payload of {len(delivery.payload):,} bytes is over {self.max_payload:,}"
            )
        route = self.routes.routed(delivery.topic)
        decoded = route.codec(route.place, delivery.payload, delivery.received_at)
        flaws = decoded.flaws
        span = self.span_at(delivery.received_at)
        for sample in decoded.samples:
            if refusal := span.refusal(sample.time):
                flaws.extend(repeat(refusal, len(sample.values)))
            elif not sample.values:
                continue
            elif min(sample.values.values()) < -LARGEST or max(sample.values.values()) > LARGEST:
                into_range, outside = within_range(sample)
                flaws.extend(outside)
                flaws.extend(self.place(delivery, route, into_range, into))
            else:
                flaws.extend(self.place(delivery, route, sample, into))
        if flaws:
            into.reject(delivery, flaws)

    def place(
        self, delivery: Delivery, route: Route, sample: Sample, into: Sorted
    ) -> Sequence[str]:
        """Puts a sample into the rows, or sets it aside until its streams are known.

        Returns a flaw for each metric that has no possible name.
        """
        streams = self.streams_of(sample.asset)
        try:
            stream_ids = [streams[metric] for metric in sample.values]
        except KeyError:
            return self.set_aside(delivery, route, sample, streams.keys(), into)
        into.stream_ids.extend(stream_ids)
        into.times.extend(repeat(sample.time, len(stream_ids)))
        into.values.extend(sample.values.values())
        return ()

    def set_aside(
        self,
        delivery: Delivery,
        route: Route,
        sample: Sample,
        known: Collection[str],
        into: Sorted,
    ) -> list[str]:
        """Keeps what waits for a stream, and says what never can have one."""
        flaws, values, unknown = [], {}, set()
        for metric, value in sample.values.items():
            if metric in known:
                values[metric] = value
            elif METRIC_NAME.fullmatch(metric):
                values[metric] = value
                unknown.add(metric)
            else:
                flaws.append(f"{metric[:80]!r} is no name of a metric")
        if values:
            if unknown:
                into.unknown.setdefault((sample.asset, route.kind), set()).update(unknown)
            into.waiting.append((delivery, sample._replace(values=values)))
        return flaws

    def place_waiting(self, into: Sorted, refusal: Callable[[str], str]) -> None:
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
                    flaws.append(f"{metric}: {refusal(sample.asset)}")
            if flaws:
                into.reject(delivery, flaws)
        into.waiting.clear()
        into.unknown.clear()
