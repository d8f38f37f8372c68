"""dossiers: let simulated offices tell what happens to their dossiers, over MQTT or to a file."""

import json
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Annotated, Final, NamedTuple

import typer
from rich.console import Console
from rich.progress import track

from simulators.address import address_from
from simulators.broker import Broker, BrokerGone
from simulators.commands.terminal import NOT_ACKNOWLEDGED, Fast, Json, Seed, Wait, say
from simulators.egov import counts
from simulators.egov.almanac import days_off, lunar_new_years
from simulators.egov.arrivals import ONLINE
from simulators.egov.dossiers import NEW, RECEIVED
from simulators.egov.events import DossierEvent, events, line
from simulators.egov.procedures import sheet
from simulators.egov.units import Unit, units
from simulators.fleet import BadCity
from simulators.labels import spoken
from simulators.pace import Pace, stop_on_signal
from simulators.scenario import read_scenario
from simulators.schedule import beginning

DAY: Final = 86400.0
OFFICES: Final = 259
WEEK: Final = 7.0  # days

To = Annotated[
    Path | None, typer.Option("--to", help="The file to write: a line of JSON an event.")
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        help="From this ISO 8601 time, or -30d before now, on. Default with --publish: now.",
    ),
]
Days = Annotated[
    float | None,
    typer.Option(
        "--duration", min=0.01, help="For so many days. Default: 7 to a file, else until stopped."
    ),
]
Publish = Annotated[
    bool, typer.Option("--publish", help="Over MQTT, on egov/OFFICE/dossiers, as time passes.")
]
Speed = Annotated[
    float, typer.Option(min=0.001, help="How many times faster than the clock, with --publish.")
]
Procedures = Annotated[
    Path | None,
    typer.Option("--procedures", help="Write the procedures as the CSV that the store imports."),
]
Calendar = Annotated[
    Path | None,
    typer.Option("--calendar", help="Write the days off as the CSV that the store imports."),
]
Tets = Annotated[
    Path | None,
    typer.Option("--lunar-new-years", help="Write the first days of lunar years as such a CSV."),
]
Counts = Annotated[
    Path | None,
    typer.Option(
        "--counts",
        help="Write what other systems count of these offices on the days from --start on, as the "
        "CSV that `scripts/store egov import` takes: the index's parts that no dossier tells.",
    ),
]
Scenario = Annotated[
    str | None,
    typer.Option(
        help="With --to or --counts: the offices that tell of their dossiers in this scenario, and what goes "
        "wrong at them; of each dossier from its beginning on."
    ),
]
ScenarioStart = Annotated[
    str | None,
    typer.Option("--scenario-start", help="When the scenario began. Default: at --start."),
]
Offices = Annotated[
    int,
    typer.Option(
        "--units", min=1, max=OFFICES, help="How many: departments, then districts, then communes."
    ),
]


@dataclass(slots=True)
class Told:
    """What became of the events on their way to the broker."""

    units: int
    events: int = 0
    acknowledged: int = 0

    def __str__(self) -> str:
        return f"{self.events} events of {self.units} offices, {self.acknowledged} acknowledged"


@dataclass(slots=True)
class Written:
    """What was written."""

    units: int
    events: int = 0
    dossiers: int = 0  # that came in
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.events} events, {self.dossiers} new dossiers at {self.units} offices, "
            f"{self.seconds:.1f} s"
        )


def tell_dossiers(
    to: To = None,
    start: Start = None,
    *,
    publish: Publish = False,
    procedures: Procedures = None,
    calendar: Calendar = None,
    tets: Tets = None,
    counted: Counts = None,
    number: Offices = 29,
    scenario: Scenario = None,
    scenario_start: ScenarioStart = None,
    duration: Days = None,
    speed: Speed = 1.0,
    fast: Fast = False,
    seed: Seed = 1,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Tell what happens to the dossiers of simulated offices: submitted, accepted, done, returned.

    An event is its name, the dossier's code, office, procedure, channel, state code, time and due
    date. There is nothing about people in it. The same seed gives the same events. To a file they
    go as fast as possible, a line each, oldest first; over MQTT at their time, and what begins in
    the past at --speed until it has caught up with the present.
    """
    tables = ((procedures, sheet), (calendar, days_off), (tets, lunar_new_years))
    for file, table in tables:
        if file is not None:
            _to_file(file, table())
    if to is None and counted is None and not publish and not any(file for file, _ in tables):
        raise typer.BadParameter("say --to FILE, --publish, --procedures FILE or --counts FILE")
    if counted is not None:
        since = _start_of_a_file(start)
        until = since + (duration or WEEK) * DAY
        offices = _offices(seed, number)
        if scenario is not None:
            offices = list(read_scenario(scenario).world(seed, since).offices)
        _to_file(counted, counts.sheet(offices, since, until))
    if to is not None:
        since = _start_of_a_file(start)
        until = since + (duration or WEEK) * DAY
        if scenario is not None:
            begun = since if scenario_start is None else _beginning(scenario_start)
            world = read_scenario(scenario).world(seed, begun)
            moves = (told.event for told in world.dossiers(since, until, all_of_them=True))
            _write(to, moves, Written(len(world.offices)), as_json)
        else:
            offices = _offices(seed, number)
            _write(to, _days(offices, since, until), Written(len(offices)), as_json)
    if publish:
        since = time.time() if start is None else _beginning(start)
        offices = _offices(seed, number)
        pace = Wishes(since, (duration or math.inf) * DAY, math.inf if fast else speed, wait)
        _publish(offices, pace, as_json)


def _offices(seed: int, number: int) -> list[Unit]:
    return list(islice(units(seed).values(), number))


class Wishes(NamedTuple):
    """From when on, for how many seconds, how fast, and how long a broker is waited for."""

    since: float
    seconds: float
    speed: float
    patience: float


def _publish(offices: list[Unit], wishes: Wishes, as_json: bool) -> None:  # noqa: FBT001
    address, stop = address_from(), stop_on_signal()
    pace = Pace(wishes.speed, stop, ahead=False)
    until = wishes.since + wishes.seconds
    streams = [events(unit, wishes.since, until) for unit in offices]
    told = Told(len(offices))
    say(f"the dossiers of {len(offices)} offices to {address}, from {spoken(wishes.since)}")
    with Broker(address, "dossiers", say=say, patience=wishes.patience, stop=stop) as broker:
        for event in merge(*streams, key=lambda event: (event.at, event.event)):
            if not pace.wait_for(event.at * 1000):
                break
            broker.publish(f"egov/{event.unit}/dossiers", line(event).encode())
        try:
            broker.settle()
        except BrokerGone as why:
            say(str(why))
        told.events, told.acknowledged = broker.published, broker.acknowledged
    print(json.dumps(asdict(told)) if as_json else told)
    if told.events != told.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)


def _write(
    to: Path,
    moves: Iterable[DossierEvent],
    written: Written,
    as_json: bool,  # noqa: FBT001
) -> None:
    begun = time.monotonic()
    _to_file(to, (f"{line(event)}\n" for event in _counted(moves, written)))
    written.seconds = round(time.monotonic() - begun, 3)
    print(json.dumps(asdict(written)) if as_json else written)


def _to_file(file: Path, lines: Iterable[str]) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="\n") as opened:
            opened.writelines(lines)
    except OSError as why:
        raise typer.BadParameter(f"{file} cannot be written: {why.strerror}") from why


def _start_of_a_file(start: str | None) -> float:
    if start is None:
        raise typer.BadParameter("--start: a file begins at some time")
    return _beginning(start)


def _beginning(text: str) -> float:
    try:
        return beginning(text, None, time.time())
    except BadCity as why:
        raise typer.BadParameter(str(why)) from why


def _days(offices: Iterable[Unit], since: float, until: float) -> Iterator[DossierEvent]:
    """Yield the events of all offices in order, and show the days as they pass."""
    console = Console(stderr=True)
    streams = [events(unit, since, until) for unit in offices]
    moves = merge(*streams, key=lambda event: (event.at, event.event))
    days = range(math.ceil((until - since) / DAY))
    shown = track(days, "days", console=console, transient=True, disable=not console.is_terminal)
    pending = next(moves, None)
    for day in shown:
        while pending is not None and pending.at < since + (day + 1) * DAY:
            yield pending
            pending = next(moves, None)


def _counted(moves: Iterable[DossierEvent], written: Written) -> Iterator[DossierEvent]:
    for event in moves:
        written.events += 1
        written.dossiers += event.state == (NEW if event.channel == ONLINE else RECEIVED)
        yield event
