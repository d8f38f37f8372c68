"""Plays what was recorded over MQTT, as the devices that reported it would have."""

import heapq
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.broker import Broker, BrokerGone
from simulators.pace import Pace
from simulators.recording import BadRecording
from simulators.telemetry import Message, Source

LOOK: Final = 250  # messages between two looks at how far it is


@dataclass(slots=True)
class Summary:
    """What became of the rows of a replay."""

    rows: int = 0
    published: int = 0
    acknowledged: int = 0
    refused: int = 0  # by the broker, for instance because the account may not publish there
    unheard: int = 0  # acknowledged while nobody subscribed
    skipped: int = 0
    repeated: int = 0
    seconds: float = 0.0
    stopped: bool = False
    problem: str | None = None
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [
            f"rows read {self.rows}",
            f"published {self.published}",
            f"acknowledged by the broker {self.acknowledged}",
            f"skipped {self.skipped}",
            f"repeated times {self.repeated}",
        ]
        if self.refused:
            parts.insert(3, f"refused by the broker {self.refused}")
        return ", ".join(parts) + f", {self.seconds:.1f} s"


def shift_to_now(played: Sequence[Source], now: float) -> int:
    """Return the milliseconds that bring the latest row of all to now (seconds since 1970)."""
    latest = [at for at in (source.latest() for source in played) if at is not None]
    return round(now * 1000) - max(latest) if latest else 0


def replay(
    played: Sequence[Source],
    broker: Broker,
    pace: Pace,
    *,
    shift: int = 0,
    watch: Callable[[float], None] = lambda _share: None,
) -> Summary:
    """Publish every row in the order of time, and wait until the broker has answered for each.

    Each asset that a source names is `online` from the first row on, and `offline` once all is
    played. `watch` is told how far it is, from 0 to 1. A source that ends in the middle raises
    BadRecording where nothing was published, and is the summary's problem else.
    """
    summary, begun = Summary(), time.monotonic()
    assets = sorted({asset for source in played for asset in source.assets})
    try:
        _report(broker, assets, "online")
        before = (broker.acknowledged, broker.refused, broker.unheard)
        try:
            _publish(played, broker, pace, shift=shift, summary=summary, watch=watch)
            broker.settle()
        finally:
            summary.acknowledged = broker.acknowledged - before[0]
            summary.refused = broker.refused - before[1]
            summary.unheard = broker.unheard - before[2]
        _report(broker, assets, "offline")
    except BrokerGone as why:
        summary.problem = str(why)
    for source in played:
        summary.rows += source.rows
        summary.skipped += source.skipped
        summary.repeated += source.repeated
        summary.complaints += source.complaints
    summary.seconds = time.monotonic() - begun
    if summary.rows and summary.rows == summary.skipped:
        raise BadRecording(f"no row could be read; the first: {summary.complaints[0]}")
    return summary


def _report(broker: Broker, assets: Sequence[str], status: str) -> None:
    for asset in assets:
        broker.publish(f"city/{asset}/status", status, retain=True)
    broker.settle()


def _publish(
    played: Sequence[Source],
    broker: Broker,
    pace: Pace,
    *,
    shift: int,
    summary: Summary,
    watch: Callable[[float], None],
) -> None:
    try:
        for message in _in_order(played, shift):
            if not pace.wait_for(message.due):
                summary.stopped = True
                return
            broker.publish(message.topic, message.payload, retain=message.retain)
            summary.published += 1
            if summary.published % LOOK == 0:
                watch(sum(source.share for source in played) / len(played))
    except BadRecording as why:
        if not summary.published:
            raise
        summary.problem = f"{why}; what stood before it is published"


def _in_order(played: Sequence[Source], shift: int) -> Iterator[Message]:
    """Merge the sources by time, holding one message of each; a source's own order is kept."""

    def _numbered(number: int, source: Source) -> Iterator[tuple[float, int, Message]]:
        return ((message.due, number, message) for message in source.messages(shift))

    merged = heapq.merge(
        *(_numbered(number, source) for number, source in enumerate(played)),
        key=lambda each: each[:2],
    )
    return (message for _, _, message in merged)
