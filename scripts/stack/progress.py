"""What is told while the stack comes up, to a screen or through a pipe to one."""

import contextlib
import json
import logging
import os
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from rich.console import Console

log = logging.getLogger("supervisor")


class Said(NamedTuple):
    """One thing told.

    The kind is `step` (it is ready after so many seconds), `note` (a sentence), `refused` (the
    sentence it ends with, and its exit code) or `up` (everything is ready after so many seconds).
    """

    kind: str
    text: str
    seconds: float = 0.0
    remark: str = ""
    code: int = 0


class Tell(Protocol):
    """Who is told."""

    def __call__(self, said: Said) -> None:
        """Take it in; never wait for long, never raise."""


class Screen:
    """Tells a person at a terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)

    def __call__(self, said: Said) -> None:
        """Print it in a line of its own."""
        if said.kind == "step":
            line = f"  {said.text:<14} {said.seconds:6.1f} s  {said.remark}"
        elif said.kind == "up":
            line = f"ready after {said.seconds:.1f} s"
        else:
            line = said.text
        style = "red" if said.kind == "refused" else None
        self.console.print(line.rstrip(), style=style, markup=False, soft_wrap=True)


class Pipe:
    """Tells the process that waits for us in the foreground, until everything is ready."""

    def __init__(self, handle: int) -> None:
        self.file: IO[str] | None = os.fdopen(handle, "w", encoding="utf-8")

    def __call__(self, said: Said) -> None:
        """Send it, if somebody still listens; the log has it in any case."""
        record(said)
        if self.file is not None:
            try:
                print(json.dumps(said), file=self.file, flush=True)
            except BrokenPipeError:
                self.hang_up()
        if said.kind == "up":
            self.hang_up()

    def hang_up(self) -> None:
        """End the conversation; what comes later is in the log."""
        if self.file is not None:
            with contextlib.suppress(BrokenPipeError):
                self.file.close()
            self.file = None


def record(said: Said) -> None:
    """Keep it in the supervisor's log."""
    took = f" after {said.seconds:.1f} s" if said.seconds else ""
    log.info("%s: %s%s %s", said.kind, said.text, took, said.remark)


def keep_log(file: Path, *, everything: bool) -> None:
    """Have `record` write into this file; with `everything`, all that is printed goes there too."""
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for old in log.handlers:
        old.close()
    log.handlers = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    if everything:
        with file.open("ab") as output:
            for number in (1, 2):
                os.dup2(output.fileno(), number)
