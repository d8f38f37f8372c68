"""The commands `dossiers`: import events from a file, look at what was refused, try it again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import DownloadColumn, Progress, TimeRemainingColumn

from models.egov.told import FIELDS
from services import process
from services.store import audit, dossier_files, dossier_intake, dossier_mending, dossiers
from services.store.account_commands import actor
from services.store.dossier_intake import Counted
from services.store.terminal import connect, in_utc, print_table, say

TENTHS = 10

app = typer.Typer(no_args_is_help=True, help="What happens to dossiers: events, not people.")


@app.command("import")
def import_events(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="a line of JSON an event, or CSV (.csv) whose first line names the columns",
        ),
    ],
    *,
    again: Annotated[
        bool, typer.Option("--again", help="from the first line, even if it is in already")
    ] = False,
) -> None:
    """Take in dossier events: our own fields, or those of the national record.

    A bad line is refused with its number, the others are taken. The same command after Ctrl-C or
    a failure goes on where it was. Fields that are not known, people's among them, are dropped.
    """
    stop = process.on_stop_signals()
    with connect() as conn, shown(file) as told:
        tally = dossier_files.take(conn, file, told, stop, again=again)
    for line in tally.report():
        say.print(line, markup=False, highlight=False)


@contextmanager
def shown(file: Path) -> Iterator[Callable[[int], None]]:
    """Shows how many bytes of a file are in: as a bar, or where nobody looks, a line a tenth."""
    whole, done = file.stat().st_size, 0
    columns = (*Progress.get_default_columns()[:3], DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=say, disable=not say.is_terminal) as progress:
        bar = progress.add_task(file.name, total=whole)

        def told(more: int) -> None:
            nonlocal done
            before, done = done, done + more
            progress.update(bar, completed=done)
            if (
                not say.is_terminal
                and done < whole
                and done * TENTHS // whole > before * TENTHS // whole
            ):
                say.print(f"{file.name}: {done:,} of {whole:,} bytes", highlight=False)

        yield told


@app.command()
def quarantine(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="how many at most")] = 50,
) -> None:
    """List what is not counted: refused events, and moves that wait for what was before them."""
    with connect() as conn:
        found = dossiers.quarantine(conn, limit=limit)
    print_table(
        ("what", "name", "received (UTC)", "door", "source", "line", "reason"),
        [
            (
                each.what,
                each.name,
                in_utc(each.received_at),
                each.door,
                each.source,
                str(each.line or ""),
                each.reason,
            )
            for each in found
        ],
    )


@app.command()
def retry() -> None:
    """Read all open rejects again, after a unit or a procedure was imported."""
    after, total = 0, Counted()
    with connect() as conn:
        while True:
            after, count, looked = dossier_intake.retry(conn, after, datetime.now(UTC))
            conn.commit()
            if not looked:
                break
            total = Counted(*map(sum, zip(total, count, strict=True)))
    stored, duplicate, rejected = total
    say.print(f"{stored} stored, {duplicate} were there, {rejected} stay refused")


@app.command()
def mend(
    name: Annotated[str, typer.Argument(help="number of a reject or name of a move, as listed")],
    fields: Annotated[list[str], typer.Argument(help="what is right: state=4 at=2019-01-02T09:00")],
) -> None:
    """Put right what is in quarantine and take it in; written into the audit."""
    told = dict(each.partition("=")[::2] for each in fields)
    if strange := sorted(told.keys() - FIELDS.keys()):
        raise typer.BadParameter(f"{strange[0]} is no field: there are {', '.join(FIELDS)}")
    with connect() as conn:
        try:
            answer = dossier_mending.mend(conn, name, told, datetime.now(UTC))
        except (dossier_mending.NothingHeld, dossier_mending.StillRefused) as why:
            say.print(str(why), markup=False)
            raise typer.Exit(1) from None
        audit.append(conn, actor(), "mend dossier event", name, {"fields": sorted(told)})
    say.print(answer.outcome.value + (f": {answer.reason}" if answer.reason else ""), markup=False)


@app.command()
def dismiss(
    numbers: Annotated[list[int], typer.Argument(help="numbers of rejects")],
) -> None:
    """Let go of rejects that nobody can mend; kept in the audit."""
    with connect() as conn:
        dossiers.settle(conn, numbers)
        for number in numbers:
            audit.append(conn, actor(), "dismiss dossier reject", str(number), {})
    say.print(f"{len(numbers)} rejects are dismissed")
