"""The commands behind scripts/up, scripts/down, scripts/store and scripts/certificates."""

import errno
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scripts.stack import addresses, certificates, grafana, progress, store, supervisor
from scripts.stack.home import Home
from scripts.stack.progress import Pipe, Said, Screen
from scripts.stack.refusals import AlreadyUp, BadSetting, DiskFull, Refusal
from scripts.stack.scenario import find_scenario

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
say = Console(stderr=True, highlight=False)


@app.command()
def up(
    *,
    detach: Annotated[bool, typer.Option("--detach")] = False,
    no_simulators: Annotated[bool, typer.Option("--no-simulators")] = False,
    scenario: Annotated[str | None, typer.Option("--scenario")] = None,
    seconds: Annotated[float | None, typer.Option("--for")] = None,
    fresh: Annotated[bool, typer.Option("--fresh")] = False,
    yes: Annotated[bool, typer.Option("--yes")] = False,
) -> None:
    """Start everything; see scripts/up --help."""
    if detach and seconds is not None:
        raise BadSetting("--detach and --for contradict each other: --for stays in the foreground.")
    if no_simulators and scenario is not None:
        raise BadSetting("--no-simulators and --scenario contradict each other.")
    home = Home.from_environment()
    if supervisor.is_up(home) and greet(home, detach=detach, fresh=fresh):
        return
    if fresh and not yes:
        confirm(home)
    wishes = supervisor.Wishes(
        detach=detach,
        scenario=None if no_simulators else find_scenario(scenario, home.services),
        seconds=seconds,
        fresh=fresh,
        grafana=grafana.find_home(),
    )
    home.prepare()
    if detach:
        code = follow(home, wishes)
        if code == 0:
            announce(home)
    else:
        code = supervisor.supervise(home, telling_a_person(home), wishes)
    raise typer.Exit(code)


@app.command()
def down() -> None:
    """Stop everything; see scripts/down --help."""
    home = Home.from_environment()
    began = time.monotonic()
    stopped = supervisor.bring_down(home, Screen())
    if stopped:
        took = time.monotonic() - began
        say.print(f"{home.folder}: everything is stopped, after {took:.1f} s", soft_wrap=True)
    else:
        say.print(f"{home.folder}: nothing was running", soft_wrap=True)


def greet(home: Home, *, detach: bool, fresh: bool) -> bool:
    """Say that it is up already, with its addresses; for --detach that is what was asked for.

    False when the one that was coming up gave up, and the way is free.
    """
    sentence = f"{home.folder} is up already; scripts/down stops it."
    if fresh:
        raise AlreadyUp(sentence)
    if not supervisor.wait_for_addresses(home):
        return False
    if not detach:
        addresses.show(home, say)
        raise AlreadyUp(sentence)
    say.print(sentence, soft_wrap=True)
    announce(home)
    return True


def announce(home: Home) -> None:
    """Print the addresses, and as the last line the file that a shell reads."""
    addresses.show(home, say)
    print(home.addresses, flush=True)


def telling_a_person(home: Home) -> progress.Tell:
    """Tell the screen, with the table when everything is ready."""
    screen = Screen()

    def tell(said: Said) -> None:
        progress.record(said)
        screen(said)
        if said.kind == "up":
            addresses.show(home, Console())
            say.print("Ctrl-C stops everything; the next start carries on with the data.")

    return tell


def confirm(home: Home) -> None:
    """Ask before everything is forgotten; where nobody can answer, refuse."""
    if not (home.folder / "postgres").exists():
        return
    if not sys.stdin.isatty():
        raise BadSetting(f"--fresh deletes everything in {home.folder}: say --yes as well.")
    question = f"Delete all readings, incidents, passwords and certificates in {home.folder}?"
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort:
        agreed = False
    if not agreed:
        raise typer.Exit(supervisor.INTERRUPTED)


def follow(home: Home, wishes: supervisor.Wishes) -> int:
    """Start a supervisor that outlives us, and tell what it does until everything is ready."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os._exit(serve(home, wishes, writer))
    os.close(writer)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os.kill(child, signal.SIGTERM))
    screen = Screen()
    with os.fdopen(reader, encoding="utf-8") as lines:
        for line in lines:
            said = Said(*json.loads(line))
            if said.kind == "refused":
                refuse(said.text)
                return said.code
            screen(said)
            if said.kind == "up":
                return 0
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == supervisor.INTERRUPTED:
        return supervisor.INTERRUPTED
    refuse(f"the supervisor ended; see {home.log(supervisor.NAME)}")
    return Refusal.code


def serve(home: Home, wishes: supervisor.Wishes, writer: int) -> int:
    """Be the supervisor: in a session of its own, heard through the pipe and the log alone."""
    os.setsid()
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    tell = Pipe(writer)
    try:
        return supervisor.supervise(home, tell, wishes)
    except (Refusal, OSError) as why:
        refusal = as_refusal(why)
        tell(Said("refused", str(refusal), code=refusal.code))
        return refusal.code
    finally:
        tell.hang_up()


def as_refusal(why: Refusal | OSError) -> Refusal:
    """Make a sentence of what the operating system refuses."""
    if isinstance(why, Refusal):
        return why
    if why.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"the disk is full: {why}. Make room and run this again.")
    return Refusal(str(why))


def refuse(why: str) -> None:
    """Say why the command does not do what it was called for."""
    sentence = f"{' '.join(sys.argv[1:2])}: {why}"
    say.print(sentence, markup=False, style="red", soft_wrap=True)


def main() -> int:
    """Run the command; a refusal is one sentence and its exit code."""
    os.umask(0o077)
    try:
        if sys.argv[1:2] == ["store"]:
            store.become(sys.argv[2:])
        if sys.argv[1:2] == ["certificates"]:
            certificates.become(sys.argv[2:])
        app()
    except (Refusal, OSError) as why:
        refusal = as_refusal(why)
        refuse(str(refusal))
        return refusal.code
    except KeyboardInterrupt:
        return supervisor.INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main())
