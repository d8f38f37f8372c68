"""A running city: its assets report over MQTT, each in its convention, at the pace of a clock."""

import heapq
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulators.asset import Asset
from simulators.broker import Broker, BrokerGone
from simulators.dice import key_of
from simulators.egov.events import line
from simulators.happening import Reports
from simulators.labels import Label
from simulators.pace import Pace
from simulators.voices import Message, Voice
from simulators.voices.chirpstack import ChirpStack
from simulators.voices.native import Native
from simulators.voices.senml import SenML
from simulators.voices.sparkplug import Sparkplug
from simulators.world import World

CONNECTIONS: Final = 6  # that a city's gateways share
REPORTS_AT_ONCE: Final = 20_000  # that are worked out ahead, about
STRETCH: Final = (60.0, 3600.0)  # seconds of the city's time, the least and the most


_Due = tuple[float, Broker, list[Message]]  # when, over which connection, what


@dataclass(slots=True)
class Tally:
    """What became of a city's messages."""

    published: int = 0
    acknowledged: int = 0
    refused: int = 0
    labels: int = 0
    seconds: float = 0.0
    told_until: float = 0.0  # the city's time, seconds since 1970
    stopped: bool = False
    problem: str | None = None

    def __str__(self) -> str:
        parts = [f"published {self.published}", f"acknowledged by the broker {self.acknowledged}"]
        if self.refused:
            parts.append(f"refused by the broker {self.refused}")
        return ", ".join([*parts, f"labels {self.labels}"]) + f", {self.seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far it is, and of what goes wrong."""

    progress: Callable[[float], None]
    label: Callable[[Label], None]


class City:
    """A province that speaks over so many connections."""

    def __init__(self, world: World, brokers: Sequence[Broker]) -> None:
        self.world, self.brokers = world, brokers
        self.voices: list[Mapping[str, Voice]] = [
            {
                "native": Native(),
                "senml": SenML(),
                "sparkplug": Sparkplug(),
                "chirpstack": ChirpStack(),
            }
            for _ in brokers
        ]
        # What shares a gateway shares a connection, so that its messages keep their order.
        self.line_of = {
            asset.name: key_of("line", asset.gateway) % len(brokers) for asset in world.assets
        }

    def run(self, pace: Pace, *, start: float, end: float, watch: Watch) -> Tally:
        """Let the city report from start to end (seconds since 1970).

        Every asset says hello first and goodbye at the end; what is published is counted once the
        broker has answered for it.
        """
        tally, begun = Tally(told_until=start), time.monotonic()
        try:
            self._hello(start)
            self._report(pace, start, end, tally, watch)
            self._goodbye()
        except BrokerGone as why:
            tally.problem = str(why)
        tally.published = sum(broker.published for broker in self.brokers)
        tally.acknowledged = sum(broker.acknowledged for broker in self.brokers)
        tally.refused = sum(broker.refused for broker in self.brokers)
        tally.seconds = time.monotonic() - begun
        return tally

    def _report(self, pace: Pace, start: float, end: float, tally: Tally, watch: Watch) -> None:
        for since, until in self._stretches(start, end):
            labels = deque(self.world.labels_begun(since, until, start, end))
            told = heapq.merge(
                self._in_order(since, until),
                self._of_dossiers(since, until),
                key=lambda each: each[0],
            )
            for at, broker, messages in told:
                if not pace.wait_for(at * 1000):
                    tally.stopped = True
                    return
                _tell(labels, at, tally, watch)
                _publish(broker, messages)
                tally.told_until = at
            _tell(labels, until, tally, watch)
            watch.progress(until)

    def _stretches(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        rate = sum(1 / asset.cadence for asset in self.world.assets)
        least, most = STRETCH
        length = min(most, max(least, REPORTS_AT_ONCE / rate // least * least))
        since = start
        while since < end:
            until = min(end, (since // length + 1) * length)
            yield since, until
            since = until

    def _of_dossiers(self, since: float, until: float) -> Iterator[_Due]:
        """Yield what is told of dossiers in a stretch, in that order."""
        for at, event in self.world.dossiers(since, until):
            message = Message(f"egov/{event.unit}/dossiers", line(event).encode())
            yield at, self.brokers[self._line_of_office(event.unit)], [message]

    def _line_of_office(self, name: str) -> int:
        """Return the connection of an office: that of its service, where the city has it."""
        return self.line_of.get(name, key_of("line", name) % len(self.brokers))

    def _in_order(self, since: float, until: float) -> Iterator[_Due]:
        """Yield every report of a stretch in the order in which they are sent."""
        found = [reports for reports in self.world.reports(since, until) if len(reports.at)]
        if not found:
            return
        who = np.concatenate([np.full(len(each.at), at) for at, each in enumerate(found)])
        place = np.concatenate([np.arange(len(each.at)) for each in found])
        for turn in np.argsort(np.concatenate([each.at for each in found]), kind="stable"):
            reports, number = found[who[turn]], int(place[turn])
            yield (
                float(reports.at[number]),
                self._broker_of(reports.asset),
                self._messages(reports, number),
            )

    def _messages(self, reports: Reports, number: int) -> list[Message]:
        asset = reports.asset
        values = {name: _plain(values[number]) for name, values in reports.values.items()}
        voice = self.voices[self.line_of[asset.name]][asset.convention]
        return voice.report(asset, round(reports.told[number] * 1000), values, reports.units)

    def _broker_of(self, asset: Asset) -> Broker:
        return self.brokers[self.line_of[asset.name]]

    def _hello(self, start: float) -> None:
        for asset in self.world.assets:
            voice = self.voices[self.line_of[asset.name]][asset.convention]
            _publish(self._broker_of(asset), voice.hello(asset, round(start * 1000)))
        for broker in self.brokers:
            broker.settle()

    def _goodbye(self) -> None:
        for asset in self.world.assets:
            voice = self.voices[self.line_of[asset.name]][asset.convention]
            _publish(self._broker_of(asset), voice.goodbye(asset))
        for broker in self.brokers:
            broker.settle()


def _publish(broker: Broker, messages: Sequence[Message]) -> None:
    for message in messages:
        broker.publish(message.topic, message.payload, retain=message.retain)


def _tell(labels: deque[Label], at: float, tally: Tally, watch: Watch) -> None:
    """Tell what has begun by now: who stops before it begins has not seen it go wrong."""
    while labels and labels[0].began_at <= at:
        tally.labels += 1
        watch.label(labels.popleft())


def _plain(value: np.float64) -> float:
    """Return a number as JSON is to show it: a whole one without a point."""
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
