"""A running city: its assets report in turn, and now and then something goes wrong."""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from simulators.asset import Asset
from simulators.broker import Broker, BrokerGone
from simulators.faults.catalogue import take_effect
from simulators.faults.chance import Chance
from simulators.faults.fault import Fault, Reporting
from simulators.fleet import BadCity
from simulators.pace import Pace
from simulators.weather import Weather


@dataclass(slots=True)
class Tally:
    """What became of a city's messages."""

    published: int = 0
    acknowledged: int = 0
    refused: int = 0
    silenced: int = 0  # reports a fault kept back
    faults: int = 0
    seconds: float = 0.0
    problem: str | None = None

    def __str__(self) -> str:
        parts = [f"published {self.published}", f"acknowledged by the broker {self.acknowledged}"]
        if self.refused:
            parts.append(f"refused by the broker {self.refused}")
        parts += [f"faults {self.faults}", f"silenced {self.silenced}"]
        return ", ".join(parts) + f", {self.seconds:.1f} s"


class Faults(Protocol):
    """Says which fault an asset has at a moment, if it has one."""

    def __call__(self, asset: str, at: float) -> Fault | None:
        """Return the fault that is going on."""


@dataclass(frozen=True, slots=True)
class City:
    """The assets, how often all of them together report, and the seed of everything."""

    assets: Sequence[Asset]
    rate: float  # messages a second
    seed: int
    weather: Weather = field(init=False)

    def __post_init__(self) -> None:
        """Refuse a rate at which an asset's times would repeat; raises BadCity."""
        if not 0 < self.rate <= 1000 * len(self.assets):
            raise BadCity("a city reports more than never, each asset at most once a millisecond")
        object.__setattr__(self, "weather", Weather(self.seed))

    @property
    def cadence(self) -> float:
        """Seconds between two reports of an asset."""
        return len(self.assets) / self.rate

    def turns(self, start: float, end: float) -> Iterator[tuple[float, Asset]]:
        """Yield who reports when in [start, end), seconds since 1970, whole milliseconds.

        The turns are counted from 1970, so that they do not depend on when one begins to look.
        """
        number = math.ceil(start * self.rate)
        while (at := round(number / self.rate * 1000) / 1000) < end:
            yield at, self.assets[number % len(self.assets)]
            number += 1

    def report(self, asset: Asset, at: float, fault: Fault | None) -> dict[str, float] | None:
        """Return what an asset reports at a moment, None where it is silent."""
        values = asset.report(at, self.weather)
        if fault is None:
            return values
        return take_effect(fault, Reporting(asset, at, self.weather, values))


def planned(faults: Sequence[Fault]) -> Faults:
    """Let these faults happen."""

    def _find(asset: str, at: float) -> Fault | None:
        return next((fault for fault in faults if fault.asset == asset and fault.active(at)), None)

    return _find


def by_chance(chance: Chance) -> Faults:
    """Let rare faults happen."""

    def _find(asset: str, at: float) -> Fault | None:
        fault = chance.at(at)
        return fault if fault.asset == asset and fault.active(at) else None

    return _find


def run(
    city: City,
    brokers: Mapping[str, Broker],
    pace: Pace,
    faults: Faults,
    *,
    start: float,
    end: float,
    say: Callable[[str], None],
) -> Tally:
    """Let the city report from start to end over its gateways' connections.

    Every asset says `online` first and `offline` at the end; what is published is counted once the
    broker has answered for it.
    """
    tally, begun = Tally(), time.monotonic()
    try:
        _announce(city, brokers, "online")
        _report_all(city, brokers, pace, faults, start=start, end=end, tally=tally, say=say)
        _announce(city, brokers, "offline")
    except BrokerGone as why:
        tally.problem = str(why)
    tally.published = sum(broker.published for broker in brokers.values())
    tally.acknowledged = sum(broker.acknowledged for broker in brokers.values())
    tally.refused = sum(broker.refused for broker in brokers.values())
    tally.seconds = time.monotonic() - begun
    return tally


def _report_all(
    city: City,
    brokers: Mapping[str, Broker],
    pace: Pace,
    faults: Faults,
    *,
    start: float,
    end: float,
    tally: Tally,
    say: Callable[[str], None],
) -> None:
    last: Fault | None = None
    for at, asset in city.turns(start, end):
        if not pace.wait_for(at * 1000):
            return
        fault = faults(asset.name, at)
        if fault is not None and fault != last:
            last = fault
            tally.faults += 1
            say(f"fault: {fault.kind} of {fault.metric} at {fault.asset}, {fault.seconds:.0f} s")
        values = city.report(asset, at, fault)
        if values is None:
            tally.silenced += 1
            continue
        payload = json.dumps({"ts": round(at * 1000), "values": values}, separators=(",", ":"))
        brokers[asset.gateway].publish(f"{asset.topic}/telemetry", payload)


def _announce(city: City, brokers: Mapping[str, Broker], status: str) -> None:
    for asset in city.assets:
        brokers[asset.gateway].publish(f"{asset.topic}/status", status, retain=True)
    for broker in brokers.values():
        broker.settle()
