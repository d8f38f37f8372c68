"""record: write what is heard on topics to a file."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import RawIOBase
from pathlib import Path
from typing import Annotated

import typer

from simulators.address import address_from
from simulators.commands.terminal import NOT_ACKNOWLEDGED, Json, Wait, say
from simulators.pace import stop_on_signal
from simulators.recorder import Recorder, check_filter
from simulators.recording import BadRecording
from simulators.tape import ENDING

Topics = Annotated[list[str], typer.Argument(help="Topics to hear, with + and # where wanted.")]
To = Annotated[Path, typer.Option("--to", help=f"The file; its name ends in {ENDING}.")]
For = Annotated[
    float,
    typer.Option("--for", min=0.1, help="Seconds. Default: until stopped.", show_default=False),
]
Most = Annotated[int | None, typer.Option("--messages", min=1, help="Stop after so many messages.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


def record_topics(
    topics: Topics,
    *,
    to: To,
    duration: For = math.inf,
    messages: Most = None,
    force: Force = False,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Write every message on some topics to a file, a line of JSON each, for `replay` to play.

    A line holds when it was received (ms since 1970), topic, payload (as text, or base64 where it
    is none), QoS and whether it was retained; it is written out before the broker is told that the
    message arrived. Ctrl-C ends the recording; the file is whole at any moment.
    """
    filters = [check_filter(topic) for topic in topics]
    address, stop = address_from(), stop_on_signal()
    with opened(to, force=force) as file:
        recorder = Recorder(address, filters, file, most=messages, stop=stop, say=say)
        account = recorder.run(duration, wait)
    if account.problem:
        say(account.problem)
    print(json.dumps(asdict(account)) if as_json else account)
    if account.problem:
        raise typer.Exit(NOT_ACKNOWLEDGED)


@contextmanager
def opened(path: Path, *, force: bool) -> Iterator[RawIOBase]:
    """A new file without a buffer of ours; where recording fails before the first message, none is left. BadRecording."""
    if path.suffix != ENDING:
        raise BadRecording(f"{path}: recorded topics go to a file whose name ends in {ENDING}")
    try:
        file = path.open("wb" if force else "xb", buffering=0)
    except FileExistsError as why:
        raise BadRecording(f"{path} is there already: --force writes over it") from why
    except OSError as why:
        raise BadRecording(f"{path}: cannot be written: {why.strerror or why}") from why
    try:
        with file:
            yield file
    except Exception:
        if not path.stat().st_size:
            path.unlink()
        raise
