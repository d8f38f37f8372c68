"""replay: play recorded files."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from simulators.address import address_from
from simulators.broker import Broker
from simulators.commands.terminal import NOT_ACKNOWLEDGED, STOPPED, Fast, Json, Wait, say
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace, stop_on_signal
from simulators.replay import Summary, Track, replay, shift_to_now, tracks

Files = Annotated[list[Path], typer.Argument(help="CSV files with a timestamp,value header.")]
Speed = Annotated[float, typer.Option(min=0.001, help="How many times faster than recorded.")]
AssetName = Annotated[
    str | None,
    typer.Option(
        help="The asset that reports. Default: the file's name without its ending, made safe for "
        "a topic. With several files they are metrics of this one asset, named after the files."
    ),
]
MetricName = Annotated[
    str | None,
    typer.Option(
        help="The metric reported. Default: speed, occupancy or travel_time where the file's name "
        "begins so, else value."
    ),
]
ToNow = Annotated[
    bool,
    typer.Option("--shift-to-now", help="Move all times so that the latest row of all is now."),
]


def replay_files(
    files: Files,
    *,
    speed: Speed = 1.0,
    fast: Fast = False,
    asset: AssetName = None,
    metric: MetricName = None,
    to_now: ToNow = False,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Play recorded CSV series over MQTT, as the device that recorded them would have.

    A row is a time (YYYY-MM-DD HH:MM:SS or any ISO 8601, UTC unless it names a zone) and a number.
    Each row becomes one message on city/ASSET/telemetry, at the pace it was recorded unless told
    otherwise. Rows that cannot be read are skipped and named. The asset is online from the first
    row on, and offline after the last.
    """
    address = address_from()
    played = tracks(files, asset, metric)
    shift = shift_to_now(played, time.time()) if to_now else 0
    stop = stop_on_signal()
    pace = Pace(AS_FAST_AS_POSSIBLE if fast else speed, stop)
    for track in played:
        say(f"{track.recording.path} is {track.metric} of {track.asset}")
    with (
        Broker(address, "replay", say=say, patience=wait, will=_will(played), stop=stop) as broker,
        _progress(sum(file.stat().st_size for file in files)) as watch,
    ):
        summary = replay(played, broker, pace, shift=shift, watch=watch)
    _conclude(summary, as_json=as_json)


def _will(played: list[Track]) -> str | None:
    """Return the topic of the last will; one connection has one, so several assets have none."""
    assets = {track.asset for track in played}
    return f"city/{assets.pop()}/status" if len(assets) == 1 else None


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("replaying", total=total)
        yield lambda done: progress.update(task, completed=done)


def _conclude(summary: Summary, *, as_json: bool) -> None:
    for complaint in summary.complaints:
        say(f"skipped {complaint}")
    if summary.skipped > len(summary.complaints):
        say(f"skipped {summary.skipped - len(summary.complaints)} more")
    if summary.unheard:
        say(f"nobody was subscribed for {summary.unheard} of the acknowledged messages")
    if summary.problem:
        say(summary.problem)
    print(json.dumps(asdict(summary)) if as_json else summary)
    if summary.problem or summary.published != summary.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)
    if summary.stopped:
        raise typer.Exit(STOPPED)
