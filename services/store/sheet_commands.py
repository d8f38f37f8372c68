"""How tables come in from a CSV file and go out to one: what the commands city, units, egov share."""

import csv
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from services.store import city_rows, city_sheets, refusals
from services.store.account_commands import actor
from services.store.city_rows import Tables
from services.store.city_sheets import Found, Sheet
from services.store.pool import Connection
from services.store.terminal import connect, say

DryRun = Annotated[bool, typer.Option("--dry-run", help="check everything, keep nothing")]
Output = Annotated[
    Path | None, typer.Argument(dir_okay=False, help="where to; without it, the output")
]


def a_file(sheets: Mapping[str, Sheet]) -> Any:
    """The argument that is a file with lines of one of these tables."""
    columns = "; ".join(f"{name} ({','.join(sheet.columns)})" for name, sheet in sheets.items())
    return typer.Argument(
        exists=True, dir_okay=False, help=f"CSV; its columns say which table: {columns}"
    )


def a_table(sheets: Mapping[str, Sheet]) -> Any:
    """The argument that names one of these tables."""
    return typer.Argument(help=f"one of: {', '.join(sheets)}")


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
