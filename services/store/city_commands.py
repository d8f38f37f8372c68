"""The commands `city`: limits, stations, parameters and facts, in from a CSV file and out to one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from models.city.derivation import stretch
from models.city.derived.rules import BY_NAME
from models.reading import microseconds
from services.store import city, city_rows, derivation_due, sheet_commands
from services.store.city_sheets import SHEETS
from services.store.sheet_commands import DryRun, Output
from services.store.terminal import connect, say

app = typer.Typer(no_args_is_help=True, help="What the city's rules stand on.")
MOST_AT_ONCE = timedelta(days=400)  # that are derived again


@app.command("import")
def import_rows(
    file: Annotated[Path, sheet_commands.a_file(SHEETS)],
    *,
    dry_run: DryRun = False,
) -> None:
    """Bring lines of one table into force: all of a file, or none.

    A line of a new day ends the one before it; a line of a day that is there is corrected. Every
    bad line is named, every change kept in the audit. What was derived before stays as it is:
    `city derive` does it again.
    """
    sheet_commands.bring(file, SHEETS, city_rows.CITY, dry_run=dry_run)


@app.command("export")
def export_rows(
    table: Annotated[str, sheet_commands.a_table(SHEETS)],
    file: Output = None,
) -> None:
    """Write a table as the CSV that import takes; imported again it changes nothing."""
    sheet_commands.put_out(table, file, SHEETS, city_rows.CITY)


@app.command("derive")
def derive_again(
    rule: Annotated[str, typer.Argument(help=f"one of: {', '.join(BY_NAME)}")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M%z"])],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M%z"])],
) -> None:
    """Have a rule derive a stretch again, of all its assets, without raising alarms.

    For a limit that was corrected, or an asset that was claimed after it had reported.
    """
    if rule not in BY_NAME:
        raise typer.BadParameter(f"{rule!r} is none of: {', '.join(BY_NAME)}")
    its = BY_NAME[rule]
    since, until = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in (since, until))
    if until <= since:
        raise typer.BadParameter("the stretch ends before it begins")
    if until - since > MOST_AT_ONCE:
        raise typer.BadParameter(f"a stretch of at most {MOST_AT_ONCE.days} days at once")
    begin = its.floor_of(microseconds(since))
    with connect() as conn:
        assets = city.reporting(conn, its.inputs, sorted(its.kinds))
        dues = [
            due
            for asset in assets
            for due in stretch(its, asset, begin, microseconds(until), news=False)
        ]
        derivation_due.mark(conn, dues, datetime.now(UTC))
    say.print(f"{rule} of {len(assets)} assets is due again")
