"""The store's commands: migrate, logins, token, assets import, housekeeping."""

import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from rich.console import Console

from services import process
from services.store import (
    assets,
    connectivity,
    housekeeping,
    logins,
    migrations,
    refusals,
    registry,
    tokens,
)
from services.store import streams as stream_table

app = typer.Typer(no_args_is_help=True, help="The store: schema, accounts, registry.")
assets_app = typer.Typer(no_args_is_help=True, help="The registry of assets.")
app.add_typer(assets_app, name="assets")
say = Console(stderr=True)

PATIENCE = 60.0
KEEP_ARRIVALS = timedelta(hours=2)
KEEP_REJECTS = timedelta(days=90)
KEEP_REJECTED_BYTES = 1024**3
KEEP_CHANGES = timedelta(days=90)


def connect() -> psycopg.Connection[tuple[object, ...]]:
    """A connection by libpq's variables (PGHOST, PGUSER, ...), waited for up to a minute."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(connect_timeout=5, application_name="cityops-store")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@app.command()
def migrate() -> None:
    """Bring the schema up to date; safe to run again and from several places at once."""
    with connect() as conn:
        done = migrations.migrate(conn)
        edition = migrations.edition(conn)
    for name in done:
        say.print(f"applied {name}")
    say.print(f"the schema is up to date (TimescaleDB, {edition} edition)")


@app.command(name="logins")
def logins_command(
    folder: Annotated[Path, typer.Argument(help="files named for roles, holding passwords")],
) -> None:
    """Give the platform's database roles a login, a password file each."""
    with connect() as conn:
        done = logins.grant(conn, folder)
    say.print(f"may sign in: {', '.join(done)}")


@app.command()
def token(
    name: Annotated[str, typer.Argument(help="who it is for: the actor in every timeline")],
    role: Annotated[str, typer.Option(help="viewer, operator or engineer")] = "operator",
    *,
    revoke: Annotated[bool, typer.Option("--revoke", help="end it instead")] = False,
) -> None:
    """Make a token for the API and print it, this once."""
    if role not in ("viewer", "operator", "engineer"):
        raise typer.BadParameter("role is viewer, operator or engineer")
    with connect() as conn, refusals.translated():
        if revoke:
            if not tokens.revoke(conn, name):
                raise typer.BadParameter(f"no living token is named {name}")
            say.print(f"the token of {name} is revoked")
        else:
            print(tokens.create(conn, name, role))


@assets_app.command("import")
def import_assets(
    file: Annotated[
        Path, typer.Argument(help="CSV: name,kind,title,area,latitude,longitude,metrics")
    ],
    *,
    dry_run: Annotated[bool, typer.Option(help="check everything, keep nothing")] = False,
) -> None:
    """Register and claim the assets of a CSV file: all of them, or none."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = registry.read(lines)
    with connect() as conn, refusals.translated():
        assets.claim(conn, found.claims)
        stream_table.declare(conn, found.units)
        if dry_run:
            conn.rollback()
    done = "would be" if dry_run else "are"
    say.print(f"{len(found.claims)} assets with {len(found.units)} streams {done} registered")


@app.command()
def tidy(
    keep_readings_days: Annotated[
        int | None, typer.Option(help="also drop readings older than this", min=1)
    ] = None,
    every: Annotated[
        float | None, typer.Option(help="do it again every so many minutes", min=0.1)
    ] = None,
) -> None:
    """Drop what every reader of the change feed has read, and readings older than asked."""
    stop = process.on_stop_signals() if every is not None else threading.Event()
    while not stop.is_set():
        with connect() as conn:
            arrivals = housekeeping.drop_read_arrivals(conn, KEEP_ARRIVALS)
            rejects = housekeeping.drop_old_rejects(conn, KEEP_REJECTS, KEEP_REJECTED_BYTES)
            connectivity.drop_old_changes(conn, KEEP_CHANGES)
            readings = 0
            if keep_readings_days is not None:
                keep = timedelta(days=keep_readings_days)
                readings = housekeeping.drop_old_readings(conn, keep)
        say.print(
            f"dropped {arrivals} chunks of the change feed, {readings} of readings,"
            f" and {rejects} rejects"
        )
        if every is None:
            return
        process.announce_ready()
        stop.wait(every * 60)


def main() -> int:
    """Runs the command; a refusal is one sentence and exit code 1."""
    try:
        app()
    except (
        migrations.EditedMigration,
        migrations.NoTimescale,
        logins.NoPasswords,
        registry.BadRegistry,
        refusals.Refusal,
        OSError,
        psycopg.Error,
    ) as error:
        say.print(str(error).strip(), markup=False, style="red")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
