"""The command `budget`: how many false alarms each desk was promised a shift, and how many it saw."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, NamedTuple

import typer

from services.store import desks
from services.store.desks import Desk, SeenShift, StoredThreshold
from services.store.pool import Connection
from services.store.terminal import connect, in_utc, print_table

COLUMNS = ("desk", "shift began (UTC)", "promised", "seen", "alarms", "real", "false", "kept")


class Report(NamedTuple):
    """One desk: its shifts, newest first, and what is asked of its alarms; None: nothing yet."""

    desk: Desk
    shifts: list[SeenShift]
    threshold: StoredThreshold | None


def budget(
    *,
    days: Annotated[int, typer.Option(help="how far to look back", min=1, max=400)] = 7,
    desk: Annotated[str | None, typer.Option(help="this desk alone")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
) -> None:
    """Report promised against seen, shift by shift, of every desk.

    Seen are the alarms that nobody called real.
    """
    with connect() as conn:
        found = [report(conn, each, days) for each in desks.page(conn)]
    found = [each for each in found if desk in (None, each.desk.name)]
    if not found:
        raise typer.BadParameter(f"there is no desk {desk}")
    if as_json:
        print(json.dumps([as_data(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        print(spoken(each))
    print_table(COLUMNS, [line(shift) for each in found for shift in each.shifts])


def report(conn: Connection, desk: Desk, days: int) -> Report:
    """What there is to say of a desk."""
    since = datetime.now(UTC) - timedelta(days=days)
    newest = desks.thresholds(conn, desk.name, limit=1)
    return Report(desk, desks.seen(conn, desk.name, since=since), newest[0] if newest else None)


def spoken(found: Report) -> str:
    """A desk in one sentence."""
    desk, shifts = found.desk, found.shifts
    asked = "nothing more is asked of alarms yet"
    if found.threshold is not None:
        asked = f"alarms have to be {found.threshold.factor:.2f} times as loud ({found.threshold.bound})"
    if not shifts:
        return f"{desk.title} ({desk.name}): no incident yet; {asked}."
    kept = sum(shift.kept for shift in shifts)
    mean = sum(shift.seen for shift in shifts) / len(shifts)
    return (
        f"{desk.title} ({desk.name}): {desk.budget:g} false alarms a shift promised,"
        f" {mean:.1f} seen on average; kept in {kept} of {len(shifts)} shifts; {asked}."
    )


def line(shift: SeenShift) -> tuple[str, ...]:
    """A shift as a line of the table."""
    return (
        shift.desk,
        in_utc(shift.time),
        f"{shift.promised:g}",
        str(shift.seen),
        str(shift.alarms),
        str(shift.real_alarms),
        str(shift.false_alarms),
        "yes" if shift.kept else "no",
    )


def as_data(found: Report) -> dict[str, object]:
    """A desk for a program."""
    return {
        "desk": found.desk.name,
        "budget": found.desk.budget,
        "shift_hours": found.desk.shift_hours,
        "threshold": None if found.threshold is None else told(found.threshold._asdict()),
        "shifts": [told(shift._asdict()) for shift in found.shifts],
    }


def told(row: dict[str, object]) -> dict[str, object]:
    """A row whose moments are texts."""
    return {
        name: each.isoformat() if isinstance(each, datetime) else each for name, each in row.items()
    }
