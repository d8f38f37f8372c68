"""The commands of the outside world: python -m simulators --help."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from simulators.address import BadAddress, address_from
from simulators.broker import Broker, BrokerRefuses, BrokerUnreachable
from simulators.load import BadLoad, Load, publish_load
from simulators.pace import AS_FAST_AS_POSSIBLE, Pace, stop_on_signal
from simulators.recording import BadRecording
from simulators.replay import AmbiguousTracks, Summary, replay, shift_to_now, tracks
from simulators.wire import ConnectionLost, ConnectionRefused

USAGE, NO_BROKER, NOT_ACKNOWLEDGED, STOPPED = 2, 3, 4, 130
EXIT_CODES: Final[dict[type[Exception], int]] = {
    BadAddress: USAGE,
    AmbiguousTracks: USAGE,
    BadRecording: USAGE,
    BadLoad: USAGE,
    BrokerUnreachable: NO_BROKER,
    BrokerRefuses: NO_BROKER,
    ConnectionLost: NO_BROKER,
    ConnectionRefused: NO_BROKER,
}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="The outside world of the platform: devices and e-government services that publish over "
    "MQTT. The broker is named by MQTT_HOST (127.0.0.1 when unset), MQTT_PORT (1883), "
    "MQTT_USERNAME and MQTT_PASSWORD or MQTT_PASSWORD_FILE.\n\n"
    "Exit codes: 0 everything acknowledged; 2 usage, or a file that cannot be read; 3 the broker "
    "refuses or cannot be reached; 4 not everything was acknowledged; 130 stopped by hand.",
)

Fast = Annotated[bool, typer.Option("--as-fast-as-possible", help="Do not wait between messages.")]
Wait = Annotated[float, typer.Option(help="Seconds to wait for a broker that is not there.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as one line of JSON.")]


def say(sentence: str) -> None:
    """Tell the person at the terminal something that is not the command's result."""
    print(sentence, file=sys.stderr, flush=True)


@app.command("replay")
def replay_files(
    files: Annotated[list[Path], typer.Argument(help="CSV files with a timestamp,value header.")],
    *,
    speed: Annotated[float, typer.Option(min=0.001, help="Times faster than recorded.")] = 1.0,
    fast: Fast = False,
    asset: Annotated[
        str | None,
        typer.Option(
            help="The asset that reports. Default: the file's name without its ending, made safe "
            "for a topic. With several files they are metrics of this one asset, named after them."
        ),
    ] = None,
    metric: Annotated[
        str | None,
        typer.Option(
            help="The metric reported. Default: speed, occupancy or travel_time where the file's "
            "name begins so, else value."
        ),
    ] = None,
    to_now: Annotated[
        bool,
        typer.Option("--shift-to-now", help="Move all times so that the latest row is now."),
    ] = False,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Play recorded CSV series over MQTT, as the device that recorded them would have.

    A row is a time (YYYY-MM-DD HH:MM:SS or any ISO 8601, UTC unless it names a zone) and a number.
    Each row becomes one message on city/ASSET/telemetry, at the pace it was recorded unless told
    otherwise. Rows that cannot be read are skipped and named. The asset is online from the first
    row and offline after the last.
    """
    played = tracks(files, asset, metric)
    shift = shift_to_now(played, time.time()) if to_now else 0
    stop = stop_on_signal()
    pace = Pace(AS_FAST_AS_POSSIBLE if fast else speed, stop)
    assets = {track.asset for track in played}
    will = f"city/{assets.pop()}/status" if len(assets) == 1 else None
    for track in played:
        say(f"{track.recording.path} is {track.metric} of {track.asset}")
    size = sum(file.stat().st_size for file in files)
    with (
        Broker(address_from(), "replay", say=say, patience=wait, will=will) as broker,
        _progress(size) as watch,
    ):
        summary = replay(played, broker, pace, shift=shift, watch=watch)
    _conclude(summary, as_json=as_json)


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
    if summary.published != summary.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)
    if summary.stopped:
        raise typer.Exit(STOPPED)


@app.command("load")
def load_broker(
    *,
    rate: Annotated[float, typer.Option(min=0, help="Messages a second; 0: all it takes.")] = 1000,
    assets: Annotated[int, typer.Option(min=1, help="Assets the messages come from.")] = 1000,
    connections: Annotated[int, typer.Option(min=1, help="Connections they share.")] = 4,
    seconds: Annotated[float, typer.Option(min=0.01, help="How long.")] = 10,
    qos: Annotated[int, typer.Option(min=0, max=1, help="0 or 1.")] = 1,
    values: Annotated[int, typer.Option(min=1, max=64, help="Values in a message.")] = 7,
    window: Annotated[int, typer.Option(min=1, help="Most unacknowledged messages.")] = 4000,
    as_json: Json = False,
) -> None:
    """Publish as many messages as a benchmark asks for, at the least cost per message.

    Every message carries the time it was sent, and no two of an asset carry the same.
    """
    outcome = publish_load(
        Load(rate, seconds, assets, connections, qos, values, window), address_from()
    )
    if as_json:
        print(json.dumps(asdict(outcome)))
    else:
        print(
            f"sent {outcome.sent}, acknowledged {outcome.acknowledged} in {outcome.seconds:.2f} s: "
            f"{outcome.acknowledged / outcome.seconds:,.0f} messages/s, "
            f"{outcome.cpu_seconds:.2f} s of processor time"
        )
    if outcome.acknowledged < outcome.sent:
        raise typer.Exit(NOT_ACKNOWLEDGED)


def main() -> None:
    """Run a command; what went wrong is one sentence and an exit code."""
    try:
        app()
    except tuple(EXIT_CODES) as why:
        say(str(why))
        sys.exit(EXIT_CODES[type(why)])


if __name__ == "__main__":
    main()
