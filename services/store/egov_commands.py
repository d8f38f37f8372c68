"""The commands `egov`: what the reckoning is told, a back-test of its forecasts, a count from anew."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from models.egov.backtest import backtest
from models.egov.daybook import day_of, midnight
from models.egov.daykind import Almanac
from models.egov.forecast import SETTINGS, History, TooShort
from models.egov.occasions import HOURS
from models.egov.worktime import VIETNAM
from services.store import (
    dossier_clocks,
    egov_rows,
    forecast_tables,
    procedures,
    sheet_commands,
    unit_days,
)
from services.store.city_sheets import Found
from services.store.egov_sheets import SHEETS
from services.store.pool import Connection
from services.store.sheet_commands import DryRun, Output
from services.store.terminal import connect, say

app = typer.Typer(
    no_args_is_help=True, help="E-government: weights of the index and of readiness, forecasts."
)
LEARNED = timedelta(weeks=SETTINGS.weeks)  # of history before the first day that is foretold


@app.command("import")
def import_rows(
    file: Annotated[Path, sheet_commands.a_file(SHEETS)],
    *,
    dry_run: DryRun = False,
) -> None:
    """Bring lines of one table into force: all of a file, or none.

    A line of a new day ends the one before it. The index of the days it reaches is reckoned again
    by itself; weights that do not add up to 100 points are refused.
    """

    def afterwards(conn: Connection, found: Found) -> None:
        egov_rows.check_written(conn, found)
        egov_rows.reckon_again(conn, found, datetime.now(UTC))

    sheet_commands.bring(file, SHEETS, egov_rows.TABLES, dry_run=dry_run, afterwards=afterwards)


@app.command("export")
def export_rows(
    table: Annotated[str, sheet_commands.a_table(SHEETS)],
    file: Output = None,
) -> None:
    """Write a table as the CSV that import takes; imported again it changes nothing."""
    sheet_commands.put_out(table, file, SHEETS, egov_rows.TABLES)


@app.command("recount")
def recount() -> None:
    """Have every dossier counted anew, as after a change of holidays; the process does it."""
    with connect() as conn:
        number = dossier_clocks.mark_all(conn)
    say.print(f"{number:,} dossiers will be counted anew")


@app.command("backtest")
def backtest_loads(
    since: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="the first day")],
    until: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="the day after the last")],
) -> None:
    """Tell how good forecasts of the load would have been, each made from the days before it.

    Against the naive one: the same hour a week before.
    """
    first, last = since.date(), until.date()
    if last <= first or last > day_of(datetime.now(UTC)):
        raise typer.BadParameter("the stretch ends before it begins, or is not over")
    with connect() as conn:
        almanac = Almanac(procedures.calendar(conn), forecast_tables.tets(conn))
        history = history_of(conn, first - LEARNED, last)
    if history is None:
        say.print("no dossiers were received in that time")
        return
    try:
        found = backtest(almanac, history, first, last)
    except TooShort as why:
        raise typer.BadParameter(str(why)) from why
    print(
        f"{(last - first).days} days, {history.counts.shape[0]} units:"
        f" mean absolute error {found.error:.4f} dossiers an hour, naive {found.naive:.4f}"
        f" ({found.gain:+.1%} better); within the band {found.inside:.1%} of all hours,"
        f" {found.busy:.1%} of busy ones"
    )


def history_of(conn: Connection, first: date, last: date) -> History | None:
    """What units received of their own in the hours of [first, last); None where nothing."""
    known = unit_days.first_day(conn)
    first = first if known is None else max(first, known)
    rows = unit_days.hours(conn, midnight(first), midnight(last))
    if not rows:
        return None
    place = {unit: number for number, unit in enumerate(sorted({row[0] for row in rows}))}
    counts = np.zeros((len(place), (last - first).days, HOURS))
    for unit, hour, received in rows:
        here = hour.astimezone(VIETNAM)
        counts[place[unit], (here.date() - first).days, here.hour] = received
    return History(first, counts)
