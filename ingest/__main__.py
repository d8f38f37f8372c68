"""Ingest's commands: MQTT in and rows out (without a word), backfill, drain."""

import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from ingest import crew, worker
from ingest.broker import BrokerRefused, BrokerUnreachable
from ingest.patience import TooManyRejects
from ingest.routes import BadRoutes, Routes, read_routes
from ingest.settings import BrokerSettings, IngestSettings
from services import process
from services.store.pool import NoDatabase

app = typer.Typer(add_completion=False, help="The machines' door: MQTT in, rows out.")
GIVES_UP = (BrokerRefused, BrokerUnreachable, NoDatabase, crew.WorkerEnded, worker.SideWorkFailed)


@app.callback(invoke_without_command=True)
def take_in(
    context: typer.Context,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="how many share the work (INGEST_WORKERS)"),
    ] = None,
) -> None:
    """Take messages in until told to stop. INGEST_* and MQTT_* set what README.md names."""
    if context.invoked_subcommand is None:
        raise typer.Exit(process.run(lambda: run(workers), *GIVES_UP))


@app.command("backfill")
def backfill_command(
    file: Annotated[
        Path,
        typer.Argument(
            help="Parquet or CSV with asset,metric,time,value[,unit], times in RFC 3339"
        ),
    ],
    *,
    dry_run: Annotated[bool, typer.Option(help="check everything, keep nothing")] = False,
    wait: Annotated[
        bool, typer.Option(help="(a small CSV) until a running worker has stored it")
    ] = True,
) -> None:
    """Take in the readings of a file, as history: nobody is paged for them.

    A CSV of up to 8 MiB goes into the polite lane, all of its lines or none. A larger one, and
    Parquet, is stored straight; a bad row is rejected with its reason and stops nothing. Given
    twice, or again after it was stopped, a file changes nothing that is stored already.
    """
    # Arrow takes 45 MB and a third of a second that no worker needs.
    from ingest import backfill, series  # noqa: PLC0415

    raise typer.Exit(
        process.run(
            lambda: backfill.put(file, dry_run=dry_run, wait=wait),
            NoDatabase,
            series.BadFile,
            backfill.Stopped,
        )
    )


@app.command(hidden=True)
def member() -> None:
    """Run one worker of several; who started them looks after the others' sessions."""
    raise typer.Exit(
        process.run(lambda: alone(*settings(), read(), process.on_stop_signals()), *GIVES_UP)
    )


@app.command()
def drain() -> None:
    """End this worker's session for good: store what the broker holds for it, then leave."""
    raise typer.Exit(
        process.run(
            lambda: worker.drain(*settings(), read()),
            BrokerRefused,
            BrokerUnreachable,
            NoDatabase,
        )
    )


def run(workers: int | None) -> None:
    """One worker here, or several under us."""
    ours, brokers = settings()
    if workers is not None:
        ours = ours.model_copy(update={"workers": workers})
    routes = read(ours)  # what is wrong with the table is said before anything begins
    stop = process.on_stop_signals()
    if numbers := crew.superfluous(ours):
        crew.dismiss(ours, numbers)
    if ours.workers > 1:
        crew.work(ours, stop)
    else:
        alone(ours, brokers, routes, stop)


def alone(
    settings: IngestSettings, brokers: BrokerSettings, routes: Routes, stop: threading.Event
) -> None:
    """One worker in this process. Raises WrongConfiguration for what no supervisor should retry."""
    try:
        worker.work(settings, brokers, routes, stop)
    except TooManyRejects as error:
        raise process.WrongConfiguration(str(error)) from error


def settings() -> tuple[IngestSettings, BrokerSettings]:
    """What the environment says."""
    return process.read_settings(IngestSettings), process.read_settings(BrokerSettings)


def read(settings: IngestSettings | None = None) -> Routes:
    """The routing table. Raises WrongConfiguration."""
    try:
        return read_routes((settings or process.read_settings(IngestSettings)).routes)
    except BadRoutes as error:
        raise process.WrongConfiguration(f"INGEST_ROUTES: {error}") from error


if __name__ == "__main__":
    sys.exit(app())
