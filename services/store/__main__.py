"""The store's commands: migrate, logins, token, tidy; assets, units, dossiers, ... are groups."""

import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from services import process
from services.store import (
    account_commands,
    alarm_candidates,
    assets_commands,
    city_commands,
    city_sheets,
    connectivity,
    dossier_commands,
    dossier_files,
    egov_commands,
    housekeeping,
    logins,
    migrations,
    org_commands,
    refusals,
    registry,
    rejects_commands,
    rollups,
    tokens,
)
from services.store.terminal import connect, say

app = typer.Typer(no_args_is_help=True, help="The store: schema, accounts, registry.")
app.add_typer(assets_commands.app, name="assets")
app.add_typer(city_commands.app, name="city")
app.add_typer(org_commands.app, name="units")
app.add_typer(dossier_commands.app, name="dossiers")
app.add_typer(egov_commands.app, name="egov")
app.add_typer(rejects_commands.app, name="rejects")
app.add_typer(account_commands.app, name="account")

KEEP_ARRIVALS = timedelta(hours=2)
KEEP_REJECTS = timedelta(days=90)
KEEP_REJECTED_BYTES = 1024**3
KEEP_SETTLED = timedelta(days=30)  # until then one sees what became of a dossier's reject
KEEP_CHANGES = timedelta(days=90)
KEEP_CANDIDATES = timedelta(days=45)  # three times what a threshold looks back
MOST_CANDIDATES = 1_000_000
KEEP_DERIVATIONS = timedelta(days=400)  # a year, and the report on it


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


@app.command()
def tidy(
    keep_readings_days: Annotated[
        int | None, typer.Option(help="also drop readings older than this", min=1)
    ] = None,
    every: Annotated[
        float | None, typer.Option(help="do it again every so many minutes", min=0.1)
    ] = None,
) -> None:
    """Drop what everybody has read and readings older than asked; mend rollups."""
    stop = process.on_stop_signals() if every is not None else threading.Event()
    while not stop.is_set():
        with connect() as conn:
            arrivals = housekeeping.drop_read_arrivals(conn, KEEP_ARRIVALS)
            rejects = housekeeping.drop_old_rejects(conn, KEEP_REJECTS, KEEP_REJECTED_BYTES)
            housekeeping.drop_old_held(conn, KEEP_REJECTS)
            housekeeping.drop_settled_dossiers(conn, KEEP_SETTLED)
            connectivity.drop_old_changes(conn, KEEP_CHANGES)
            housekeeping.drop_old_derivations(conn, KEEP_DERIVATIONS)
            alarm_candidates.drop_old(conn, KEEP_CANDIDATES, MOST_CANDIDATES)
            readings = 0
            if keep_readings_days is not None:
                keep = timedelta(days=keep_readings_days)
                readings = housekeeping.drop_old_readings(conn, keep)
            repaired = rollups.repair(conn)
            rollups.keep_on(conn)
        say.print(
            f"dropped {arrivals} chunks of the change feed, {readings} of readings,"
            f" and {rejects} rejects; rollups of {repaired} late spans computed again"
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
        city_sheets.BadSheet,
        dossier_files.BadDossierFile,
        dossier_files.Stopped,
        refusals.Refusal,
        account_commands.NoSuchAccount,
        account_commands.BadAccount,
        OSError,
        psycopg.Error,
    ) as error:
        say.print(str(error).strip(), markup=False, style="red")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
