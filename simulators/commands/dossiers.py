"""dossiers: write the moves of the simulated offices' dossiers to a file."""

import json
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import track

from simulators.commands.terminal import Json, Seed
from simulators.egov.arrivals import ONLINE
from simulators.egov.dossiers import NEW, RECEIVED
from simulators.egov.events import DossierEvent, events
from simulators.egov.units import Unit, units
from simulators.labels import spoken
from simulators.recording import moment

DAY: Final = 86400.0
OFFICES: Final = 259

To = Annotated[Path, typer.Option("--to", help="The file to write: a line of JSON an event.")]
Start = Annotated[str, typer.Option("--start", help="From this ISO 8601 time on.")]
Days = Annotated[float, typer.Option("--duration", min=0.01, help="For so many days.")]
Offices = Annotated[
    int,
    typer.Option(
        "--units", min=1, max=OFFICES, help="How many: departments, then districts, then communes."
    ),
]


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


def write_dossiers(
    to: To,
    start: Start,
    *,
    number: Offices = 29,
    duration: Days = 7.0,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Write what happens to the dossiers of simulated offices: submitted, accepted, done, returned.

    A line an event, oldest first: its name, the dossier's code, office, procedure, channel, state
    code, time and due date. There is nothing about people in it. The same seed gives the same file.
    """
    begun = time.monotonic()
    since = _beginning(start)
    offices = list(islice(units(seed).values(), number))
    written = Written(len(offices))
    try:
        with to.open("w", encoding="utf-8", newline="\n") as file:
            for event in _counted(_days(offices, since, since + duration * DAY), written):
                file.write(_line(event))
    except OSError as why:
        raise typer.BadParameter(f"{to} cannot be written: {why.strerror}") from why
    written.seconds = round(time.monotonic() - begun, 3)
    print(json.dumps(asdict(written)) if as_json else written)


def _beginning(text: str) -> float:
    try:
        return moment(text) / 1000
    except ValueError as why:
        raise typer.BadParameter(f"--start: {why}") from why


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


def _line(event: DossierEvent) -> str:
    told = event._asdict() | {"at": spoken(event.at)}
    if event.due_at is not None:
        told["due_at"] = spoken(event.due_at)
    return json.dumps(told, separators=(",", ":")) + "\n"
