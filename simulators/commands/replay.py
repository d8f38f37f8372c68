"""replay: play recorded files, recorded topics, or a past window out of the store."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from simulators.address import address_from
from simulators.api import door_from
from simulators.broker import Broker
from simulators.commands.moments import moment
from simulators.commands.terminal import NOT_ACKNOWLEDGED, STOPPED, Fast, Json, Wait, say
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace, stop_on_signal
from simulators.replay import Summary, replay, shift_to_now
from simulators.series.messages import SeriesTrack
from simulators.series.reader import is_series
from simulators.tape import ENDING, Tape
from simulators.telemetry import Source
from simulators.tracks import Track, tracks
from simulators.window import Window

OTHERS: Final = "replay-"  # the prefix of assets out of the store: they are not those that live

Files = Annotated[
    list[Path] | None,
    typer.Argument(
        help="CSV with timestamp,value; CSV or Parquet with asset,metric,time,value,unit; "
        f"recorded topics ({ENDING})."
    ),
]
Speed = Annotated[float, typer.Option(min=0.001, help="How many times faster than recorded.")]
AssetNames = Annotated[
    list[str] | None,
    typer.Option(
        "--asset",
        help="Out of many series, or the store: only this one; may be given again. Of a CSV with "
        "timestamp,value: the asset that reports, in place of the file's name made safe for a "
        "topic; several files are metrics of it, named after the files.",
    ),
]
MetricNames = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        help="Out of many series, or the store: only this one; may be given again. Of a CSV with "
        "timestamp,value: the metric reported, in place of speed, occupancy or travel_time where "
        "the file's name begins so, else value.",
    ),
]
ToNow = Annotated[
    bool,
    typer.Option("--shift-to-now", help="Move all times so that the latest of all is now."),
]
FromStore = Annotated[
    bool,
    typer.Option("--from-store", help="Play past readings, asked of the API (API_URL, API_TOKEN)."),
]
Since = Annotated[
    str | None, typer.Option("--from", help="From then on: an ISO 8601 time, or -6h, -7d.")
]
Until = Annotated[str | None, typer.Option("--to", help="Before then, as --from. Default: now.")]
Prefix = Annotated[
    str | None,
    typer.Option(
        help="What the assets' names begin with. Default: nothing for files; replay- out of the "
        "store, for there the same names are devices that live, whose readings are not to be "
        "mixed with played ones ('' has it so all the same).",
        show_default=False,
    ),
]


def replay_files(
    files: Files = None,
    *,
    speed: Speed = 1.0,
    fast: Fast = False,
    asset: AssetNames = None,
    metric: MetricNames = None,
    to_now: ToNow = False,
    from_store: FromStore = False,
    since: Since = None,
    until: Until = None,
    prefix: Prefix = None,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Play what was recorded over MQTT, as the devices that reported it would have.

    **A CSV with timestamp,value** is one series: a row is a time (YYYY-MM-DD HH:MM:SS or any ISO
    8601, UTC unless it names a zone) and a number, and becomes one message on
    city/ASSET/telemetry. The asset is online from the first row on, and offline after the last.

    **A file of many series** (Parquet or CSV with asset,metric,time,value,unit) becomes a message
    for each asset and moment, in the order of the file.

    **Recorded topics** (see record) are played byte for byte on their own topics.

    **--from-store** plays what the platform has of a window, under other names.

    Rows that cannot be read are skipped and named. Several files are merged by time.
    """
    address = address_from()
    if from_store:
        if files:
            raise typer.BadParameter(f"--from-store plays no file: leave out {files[0]}")
        window = past(since, until, assets=asset or [], metrics=metric or [], prefix=prefix)
        played: Sequence[Source] = [window]
    elif since or until:
        raise typer.BadParameter("--from and --to choose a window of --from-store")
    else:
        played = sources(files or [], asset or [], metric or [], prefix)
    refuse_to_shift(played, to_now=to_now)
    shift = shift_to_now(played, time.time()) if to_now else 0
    stop = stop_on_signal()
    pace = Pace(AS_FAST_AS_POSSIBLE if fast else speed, stop)
    for source in played:
        if isinstance(source, Track):
            say(f"{source.recording.path} is {source.metric} of {source.asset}")
    with (
        Broker(address, "replay", say=say, patience=wait, will=_will(played), stop=stop) as broker,
        _progress() as watch,
    ):
        summary = replay(played, broker, pace, shift=shift, watch=watch)
    _conclude(summary, as_json=as_json)


def sources(
    files: Sequence[Path], assets: Sequence[str], metrics: Sequence[str], prefix: str | None
) -> list[Source]:
    """What each file is played as; raises BadRecording, AmbiguousTracks, typer.BadParameter."""
    if not files:
        raise typer.BadParameter("there is nothing to play: name a file, or give --from-store")
    many = [SeriesTrack(file, assets, metrics, prefix or "") for file in files if _many(file)]
    tapes = [Tape(file) for file in files if file.suffix == ENDING]
    single = [file for file in files if file.suffix != ENDING and not _many(file)]
    if tapes and (assets or metrics or prefix):
        raise typer.BadParameter(
            f"{tapes[0].path} is played as it was heard: --asset, --metric and --prefix change "
            "nothing in it"
        )
    if single and (len(assets) > 1 or len(metrics) > 1 or prefix):
        raise typer.BadParameter(
            f"{single[0]} is one series: it takes one --asset, one --metric and no --prefix"
        )
    for series in many:
        series.check()
    for tape in tapes:
        tape.check()
    named = (assets[0] if assets else None, metrics[0] if metrics else None)
    return [*many, *tapes, *tracks(single, *named)]


def _many(file: Path) -> bool:
    try:
        return is_series(file)
    except OSError:
        return False  # whoever reads it will say so


def past(
    since: str | None,
    until: str | None,
    *,
    assets: Sequence[str],
    metrics: Sequence[str],
    prefix: str | None,
) -> Window:
    """The window that was asked for; raises typer.BadParameter, and as Window.check."""
    if since is None:
        raise typer.BadParameter("--from-store needs --from: since when?")
    now = datetime.now(UTC)
    begin, end = moment(since, now, "--from"), moment(until or "now", now, "--to")
    if begin >= end:
        raise typer.BadParameter(f"the window ends at {end.isoformat()}, before it begins")
    named = OTHERS if prefix is None else prefix
    window = Window(door_from(), begin, end, assets, metrics, named)
    window.check()
    say(f"{len(window.streams)} streams from {begin.isoformat()} to {end.isoformat()}")
    return window


def refuse_to_shift(played: Sequence[Source], *, to_now: bool) -> None:
    """Raise typer.BadParameter where times were to be moved that stand inside of payloads."""
    for source in played:
        if to_now and isinstance(source, Tape):
            raise typer.BadParameter(
                f"--shift-to-now cannot move the times of {source.path}: they stand inside its "
                "payloads, which are played byte for byte"
            )


def _will(played: Sequence[Source]) -> str | None:
    """Return the topic of the last will; one connection has one, so several assets have none."""
    assets = {asset for source in played for asset in source.assets}
    return f"city/{assets.pop()}/status" if len(assets) == 1 else None


@contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("replaying", total=1.0)
        yield lambda share: progress.update(task, completed=share)


def _conclude(summary: Summary, *, as_json: bool) -> None:
    for complaint in summary.complaints:
        say(f"skipped {complaint}")
    if summary.skipped > len(summary.complaints):
        say(f"skipped {summary.skipped - len(summary.complaints)} more")
    if summary.unheard:
        say(f"nobody was subscribed for {summary.unheard} of the acknowledged messages")
    if summary.problem:
        say(summary.problem)
    elif not summary.rows and not summary.stopped:
        say("there was nothing to play")
    print(json.dumps(asdict(summary)) if as_json else summary)
    if summary.problem or summary.published != summary.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)
    if summary.stopped:
        raise typer.Exit(STOPPED)
