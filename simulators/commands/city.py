"""city: let a whole city report."""

import json
import math
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from threading import Event
from typing import Annotated, Final

import typer

from simulators.address import Address, address_from
from simulators.asset import Asset
from simulators.broker import Broker
from simulators.city import City, Tally, by_chance, planned, run
from simulators.commands.terminal import NOT_ACKNOWLEDGED, Assets, Fast, Json, Seed, Wait, say
from simulators.faults.catalogue import EFFECTS, OF_SERVICES, BadFault, fault
from simulators.faults.chance import Chance
from simulators.fleet import BadCity, fleet
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace, stop_on_signal
from simulators.recording import moment

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Rate = Annotated[float, typer.Option(help="Messages a second, over the whole city.")]
Start = Annotated[
    str | None,
    typer.Option(help="Begin then: an ISO 8601 time, or -30m, -6h, -7d before now. Default: now."),
]
Duration = Annotated[
    float,
    typer.Option(
        min=0, help="Seconds of the city's time. Default: until stopped.", show_default=False
    ),
]
Speed = Annotated[
    float | None,
    typer.Option(min=0.001, help="How many times faster than the clock a past --start is run."),
]
FaultKind = Annotated[
    str | None, typer.Option("--fault", help=f"Let this go wrong: {', '.join(EFFECTS)}.")
]
FaultAt = Annotated[float, typer.Option("--at", min=0, help="Seconds after the start it begins.")]
FaultFor = Annotated[float, typer.Option("--for", help="Seconds it lasts.")]
FaultAsset = Annotated[
    str | None, typer.Option("--asset", help="Who has it. Default: the first that can.")
]
FaultMetric = Annotated[
    str | None, typer.Option("--metric", help="Where it shows. Default: the asset's first.")
]
Calm = Annotated[bool, typer.Option("--calm", help="Let nothing go wrong by itself.")]


def run_city(
    *,
    assets: Assets = 60,
    rate: Rate = 12.0,
    seed: Seed = 1,
    start: Start = None,
    duration: Duration = math.inf,
    speed: Speed = None,
    fast: Fast = False,
    kind: FaultKind = None,
    at: FaultAt = 60.0,
    lasting: FaultFor = 120.0,
    asset: FaultAsset = None,
    metric: FaultMetric = None,
    calm: Calm = False,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Let a simulated province report: sensors and e-government services, in real time.

    The same seed gives the same values for the same times. A --start in the past is lived through
    at --speed or --as-fast-as-possible, never ahead of the clock: without --duration the city
    catches up with the present and goes on in real time. Now and then something goes wrong by
    itself, unless --calm or a --fault of your own; what does is said on the error stream.
    """
    address = address_from()
    begin = time.time() if start is None else beginning(start, time.time())
    if speed is not None and start is None:
        raise BadCity("--speed needs a --start in the past: nothing reports ahead of the clock")
    city, stop = City(fleet(assets, seed), rate, seed), stop_on_signal()
    pace = Pace(AS_FAST_AS_POSSIBLE if fast else speed or 1.0, stop, ahead=False)
    if kind is not None:
        sufferer = _sufferer(city.assets, kind, asset)
        faults = planned([fault(kind, sufferer, begin + at, lasting, metric)])
    else:
        faults = planned([]) if calm else by_chance(Chance(city.assets, seed, city.cadence))
    say(f"{assets} assets, each every {city.cadence:g} s, to {address}")
    with _gateways(city, address, wait, stop) as brokers:
        tally = run(city, brokers, pace, faults, start=begin, end=begin + duration, say=say)
    _conclude(tally, as_json=as_json)


@contextmanager
def _gateways(
    city: City, address: Address, wait: float, stop: Event
) -> Iterator[dict[str, Broker]]:
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                Broker(address, f"gateway-{name}", say=say, patience=wait, stop=stop)
            )
            for name in sorted({asset.gateway for asset in city.assets})
        }


def beginning(text: str, now: float) -> float:
    """Return the seconds since 1970 of an ISO 8601 time or of -30m, -6h, -7d before now."""
    before = re.fullmatch(r"-(\d+(?:\.\d+)?)([smhd])", text.strip())
    if before:
        return now - float(before[1]) * UNITS[before[2]]
    try:
        return moment(text) / 1000
    except ValueError as why:
        raise BadCity(f"--start: {why}; give an ISO 8601 time, or -6h for six hours ago") from why


def _sufferer(assets: Sequence[Asset], kind: str, name: str | None) -> Asset:
    for asset in assets:
        fits = asset.system == "egov" or kind not in OF_SERVICES
        if asset.name == name or (name is None and fits):
            return asset
    raise BadFault(f"the city has no asset {name or 'that could have it'!r}: see the registry")


def _conclude(tally: Tally, *, as_json: bool) -> None:
    if tally.problem:
        say(tally.problem)
    print(json.dumps(asdict(tally)) if as_json else tally)
    if tally.problem or tally.published != tally.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)
