"""The commands `city`: limits, stations, parameters and facts, in from a CSV file and out to one."""

import csv
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from models.city.derivation import stretch
from models.city.derived.rules import BY_NAME
from models.reading import microseconds
from services.store import city, city_rows, city_sheets, derivation_due, refusals
from services.store.account_commands import actor
from services.store.city_rows import Tables
from services.store.city_sheets import SHEETS, Found, Sheet
from services.store.pool import Connection
from services.store.terminal import connect, say

app = typer.Typer(no_args_is_help=True, help="What the city's rules stand on.")
COLUMNS = "; ".join(f"{name} ({','.join(sheet.columns)})" for name, sheet in SHEETS.items())
MOST_AT_ONCE = timedelta(days=400)  # that are derived again


@app.command("import")
def import_rows(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help=f"CSV; its columns say which table: {COLUMNS}"
        ),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="check everything, keep nothing")
    ] = False,
) -> None:
    """Bring lines of one table into force: all of a file, or none.

    A line of a new day ends the one before it; a line of a day that is there is corrected. Every
    bad line is named, every change kept in the audit. What was derived before stays as it is:
    `city derive` does it again.
    """
    bring(file, SHEETS, city_rows.CITY, dry_run=dry_run)


@app.command("export")
def export_rows(
    table: Annotated[str, typer.Argument(help=f"one of: {', '.join(SHEETS)}")],
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="where to; without it, the output")
    ] = None,
) -> None:
    """Write a table as the CSV that import takes; imported again it changes nothing."""
    put_out(table, file, SHEETS, city_rows.CITY)


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


def bring(
    file: Path,
    sheets: Mapping[str, Sheet],
    tables: Tables,
    *,
    dry_run: bool,
    afterwards: Callable[[Connection, Found], None] | None = None,
) -> None:
    """Writes all lines of a file, or none. Raises BadSheet with every bad line.

    afterwards looks at what the lines make together, and may raise it too.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = city_sheets.read(lines, sheets)
    with connect() as conn, refusals.translated():
        city_rows.check(conn, found, tables)
        changed = city_rows.write(conn, found, actor(), tables)
        if afterwards:
            afterwards(conn, found)
        if dry_run:
            conn.rollback()
    done = "would change" if dry_run else "changed"
    say.print(f"{changed} of {len(found.rows)} lines {done} {found.sheet.name}")


def put_out(table: str, file: Path | None, sheets: Mapping[str, Sheet], tables: Tables) -> None:
    """Writes a table to a file, or to the output."""
    if table not in sheets:
        raise typer.BadParameter(f"{table!r} is none of: {', '.join(sheets)}")
    with connect() as conn, ExitStack() as opened:
        place = sys.stdout.fileno() if file is None else file
        output = opened.enter_context(
            open(place, "w", encoding="utf-8", newline="", closefd=file is not None)
        )
        writer = csv.DictWriter(output, list(sheets[table].columns), lineterminator="\n")
        writer.writeheader()
        rows = list(city_rows.rows(conn, table, tables))
        writer.writerows(rows)
    say.print(f"{len(rows)} lines are written")
