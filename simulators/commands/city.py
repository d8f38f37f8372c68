"""city: let a whole province report, over MQTT or to a file."""

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from threading import Event
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeRemainingColumn

from simulators.address import Address, address_from
from simulators.broker import Broker
from simulators.commands.terminal import (
    NOT_ACKNOWLEDGED,
    STOPPED,
    Fast,
    Json,
    ScenarioName,
    Seed,
    Wait,
    say,
)
from simulators.document import NOWHERE
from simulators.labels import Label, LabelFile, spoken
from simulators.live import CONNECTIONS, City, Tally, Watch
from simulators.occurrences.catalogue import OCCURRENCES
from simulators.pace import Pace, stop_on_signal
from simulators.rows import blocks
from simulators.scenario import Plan, read_scenario
from simulators.schedule import Schedule, Wishes, schedule
from simulators.series.writer import SeriesWriter
from simulators.world import World

Start = Annotated[
    str | None,
    typer.Option(
        help="Begin then: an ISO 8601 time, or -30m, -6h, -7d before now. Default: the scenario's "
        "start for a file, else now."
    ),
]
Duration = Annotated[
    str | None,
    typer.Option(
        help="How long, in the city's time: 90s, 10m, 6h, 7d, or seconds. Default: the "
        "scenario's for a file, else until stopped.",
        show_default=False,
    ),
]
Realtime = Annotated[bool, typer.Option("--realtime", help="At the pace of the clock (default).")]
Speed = Annotated[
    float | None, typer.Option(min=0.001, help="How many times faster than the clock.")
]
Within = Annotated[
    str | None,
    typer.Option(
        help="Live through the whole scenario within so long (10m): it ends now, unless it is "
        "bound to its dates, and the city goes on in real time."
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Tell only what is from then on: now, an ISO 8601 time, or -30m. Default: all."
    ),
]
To = Annotated[
    Path | None,
    typer.Option(help="Write the readings to this file (.parquet, .csv) instead of MQTT."),
]
Labels = Annotated[
    Path | None, typer.Option(help="Write the truth about what goes wrong to this CSV file.")
]
Processes = Annotated[int, typer.Option(min=0, help="That work on a file; 0: one a core.")]
FaultKind = Annotated[
    str | None, typer.Option("--fault", help=f"Let this go wrong: {', '.join(OCCURRENCES)}.")
]
FaultAt = Annotated[float, typer.Option("--at", min=0, help="Seconds after the start it begins.")]
FaultFor = Annotated[float, typer.Option("--for", min=1, help="Seconds it lasts.")]
FaultAsset = Annotated[str, typer.Option("--asset", help="Who has it. Default: one that can.")]
FaultMetric = Annotated[str, typer.Option("--metric", help="Where it shows. Default: everywhere.")]
NoDossiers = Annotated[
    bool, typer.Option("--no-dossiers", help="Let no office tell of its dossiers.")
]
Calm = Annotated[bool, typer.Option("--calm", help="Let nothing go wrong but a --fault.")]


def run_city(
    *,
    scenario: ScenarioName = "city",
    seed: Seed = 1,
    start: Start = None,
    duration: Duration = None,
    realtime: Realtime = False,
    speed: Speed = None,
    fast: Fast = False,
    within: Within = None,
    since: Since = None,
    to: To = None,
    labels: Labels = None,
    processes: Processes = 0,
    kind: FaultKind = None,
    at: FaultAt = 60.0,
    lasting: FaultFor = 600.0,
    asset: FaultAsset = "",
    metric: FaultMetric = "",
    calm: Calm = False,
    no_dossiers: NoDossiers = False,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Let a simulated province report: sensors and e-government services.

    What there is and what goes wrong is said by a scenario; the same seed gives the same bytes for
    the same times. Over MQTT nothing is told ahead of the clock: what begins in the past is lived
    through at --speed or --as-fast-as-possible, catches up with the present and goes on in real
    time. With --to everything goes to a file, as fast as possible, which replay and the store's
    backfill read. What goes wrong is said on the error stream, and written with --labels.
    """
    found = read_scenario(scenario)
    if calm:
        found = replace(found, plans=(), chance={})
    if no_dossiers:
        found = replace(found, dossiers=0)
    if kind is not None:
        plan = Plan(kind, at, lasting, NOWHERE, asset=asset, metric=metric)
        found = replace(found, plans=(*found.plans, plan))
    pace = Wishes(start, duration, since, within, speed, fast=fast, realtime=realtime)
    when = schedule(pace, found, time.time(), to_file=to is not None)
    world = found.world(seed, when.start)
    streams = sum(len(each.kind.metrics) for each in world.assets)
    say(f"{len(world.assets)} assets, {streams} streams, from {spoken(when.begin)}")
    with LabelFile(labels, append=to is None) as truth:
        if to is None:
            tally = _live(world, when, truth, wait)
            _conclude(tally, as_json=as_json, endless=when.endless)
        else:
            told = _to_file(world, to, when, truth, processes)
            print(json.dumps(told) if as_json else _spoken_file(told))


def _live(world: World, when: Schedule, truth: LabelFile, wait: float) -> Tally:
    address, stop = address_from(), stop_on_signal()
    say(f"to {address}")
    with (
        _connections(address, wait, stop) as brokers,
        _progress(when.begin, when.end) as progress,
    ):
        watch = Watch(progress, lambda label: _tell(label, truth))
        pace = Pace(when.speed, stop, ahead=False)
        city = City(world, brokers)
        tally = city.run(pace, start=when.begin, end=when.end, watch=watch)
        if when.resumes and not (tally.stopped or tally.problem):
            pace = Pace(1.0, stop, ahead=False)
            tally = city.run(pace, start=time.time(), end=math.inf, watch=watch)
        return tally


def _to_file(
    world: World, to: Path, when: Schedule, truth: LabelFile, processes: int
) -> dict[str, Any]:
    begun, count = time.monotonic(), 0
    with SeriesWriter(to) as writer, _progress(when.begin, when.end) as progress:
        for block in blocks(world, when.begin, when.end, processes):
            writer.write(block)
            count += len(block.value)
            if len(block.time):
                progress(float(block.time[-1]) / 1e6)
        found = world.labels_between(when.begin, when.end)
        for label in found:
            truth.write(label)
    return {
        "file": str(to),
        "readings": count,
        "labels": len(found),
        "seconds": round(time.monotonic() - begun, 2),
        "megabytes": round(to.stat().st_size / 1e6, 1),
    }


def _spoken_file(told: dict[str, Any]) -> str:
    rate = told["readings"] / max(told["seconds"], 0.01)
    return (
        f"{told['readings']:,} readings and {told['labels']} labels, {told['megabytes']} MB, "
        f"in {told['seconds']:.1f} s ({rate:,.0f} a second): {told['file']}"
    )


@contextmanager
def _connections(address: Address, wait: float, stop: Event) -> Iterator[list[Broker]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                Broker(address, f"city-{number}", say=say, patience=wait, stop=stop)
            )
            for number in range(CONNECTIONS)
        ]


@contextmanager
def _progress(begin: float, end: float) -> Iterator[Callable[[float], None]]:
    """Show how far the city's time is, where there is somebody to see it and an end to come."""
    console = Console(stderr=True)
    shown = console.is_terminal and math.isfinite(end)
    columns = (*Progress.get_default_columns()[:3], TextColumn("{task.fields[at]}"))
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=not shown
    ) as progress:
        task = progress.add_task("the city's time", total=end - begin if shown else None, at="")
        yield lambda at: progress.update(task, completed=at - begin, at=spoken(at)[:16])


def _tell(label: Label, truth: LabelFile) -> None:
    truth.write(label)
    shows = f" of {label.metric}" if label.metric else ""
    say(f"fault: {label.kind}{shows} at {label.asset}, {label.ended_at - label.began_at:.0f} s")


def _conclude(tally: Tally, *, as_json: bool, endless: bool) -> None:
    if tally.problem:
        say(tally.problem)
    print(json.dumps(asdict(tally)) if as_json else tally)
    if tally.problem or tally.published != tally.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)
    if tally.stopped and not endless:
        raise typer.Exit(STOPPED)
