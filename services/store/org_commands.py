"""The commands `units`: the organisation, procedures and the calendar, in from CSV and out to it."""

from pathlib import Path
from typing import Annotated

import typer

from models.egov.unit_faults import faults
from services.store import org_rows, organisation, sheet_commands
from services.store.city_sheets import Found
from services.store.org_sheets import SHEETS
from services.store.pool import Connection
from services.store.sheet_commands import DryRun, Output
from services.store.terminal import connect, print_table

app = typer.Typer(
    no_args_is_help=True, help="Who handles dossiers: units, procedures, days off, with dates."
)


@app.command("import")
def import_rows(
    file: Annotated[Path, sheet_commands.a_file(SHEETS)],
    *,
    dry_run: DryRun = False,
) -> None:
    """Bring lines of one table into force: all of a file, or none.

    Units come before their edges. A line of a new day ends the one before it; a line of a day
    that is there is corrected. Every bad line is named, every change kept in the audit. Events
    that were refused for want of a unit or a procedure are taken in by `dossiers retry`. With
    other holidays or office hours the dossiers they bear upon are counted anew by themselves.
    """

    def afterwards(conn: Connection, found: Found) -> None:
        org_rows.check_written(conn, found)
        org_rows.count_again(conn, found)

    sheet_commands.bring(
        file, SHEETS, org_rows.ORGANISATION, dry_run=dry_run, afterwards=afterwards
    )


@app.command("export")
def export_rows(
    table: Annotated[str, sheet_commands.a_table(SHEETS)],
    file: Output = None,
) -> None:
    """Write a table as the CSV that import takes; imported again it changes nothing."""
    sheet_commands.put_out(table, file, SHEETS, org_rows.ORGANISATION)


@app.command("check")
def check() -> None:
    """List what is wrong with the organisation on any day; with nothing, every day's tree holds."""
    with connect() as conn:
        found = faults(organisation.whole(conn))
    print_table(
        ("unit", "day", "lỗi", "fault"),
        [
            (each.code, "" if each.day is None else each.day.isoformat(), *each.kind.words)
            for each in found
        ],
    )
    if found:
        raise typer.Exit(1)
