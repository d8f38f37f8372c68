"""The commands `assets`: the registry in from a CSV file, and out to one."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from services.store import exports, imports, refusals, registry
from services.store.terminal import connect, say

app = typer.Typer(no_args_is_help=True, help="The registry of assets.")


@app.command("import")
def import_assets(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help=f"CSV with the columns {','.join(registry.COLUMNS)}"
        ),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="check everything, keep nothing")
    ] = False,
) -> None:
    """Register and claim the assets of a CSV file: all of them, or none.

    Only name and kind are needed. area is a code of the view area_list; metrics are the UCUM
    units of its streams, as pm25=ug/m3;humidity=1; parent is the gateway it speaks through, of
    the store or of any line of the file. What is empty stays as it is. Every bad line is named.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        found = registry.read(lines)
    with connect() as conn, refusals.translated():
        imports.check(conn, found)
        total = len(found.claims) + len(found.units)
        with Progress(console=say, transient=True, disable=not say.is_terminal) as progress:
            task = progress.add_task("registering", total=total)
            imports.write(conn, found, lambda count: progress.advance(task, count))
        if dry_run:
            conn.rollback()
    done = "would be" if dry_run else "are"
    say.print(f"{len(found.claims)} assets with {len(found.units)} streams {done} registered")


@app.command("export")
def export_assets(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="where to; without it, the output")
    ] = None,
    *,
    unclaimed: Annotated[
        bool, typer.Option("--unclaimed", help="what registered itself and nobody has claimed")
    ] = False,
) -> None:
    """Write the claimed assets as the CSV that import takes.

    Imported again it changes nothing. --unclaimed gives the others instead: say what they are
    in the file, and import it.
    """
    with connect() as conn:
        lines = exports.lines(conn, claimed=not unclaimed)
        if file is None:
            with open(sys.stdout.fileno(), "w", encoding="utf-8", closefd=False) as output:
                count = registry.write(lines, output)
        else:
            with file.open("w", encoding="utf-8", newline="") as output:
                count = registry.write(lines, output)
    say.print(f"{count} assets are written")
