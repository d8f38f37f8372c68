"""What is told of dossiers by others: counts of other systems, and other holidays."""

from datetime import date, datetime
from itertools import islice

from models.egov.index766 import Group
from models.egov.worktime import VIETNAM
from models.egov.yearbook import Period
from services.store import (
    city_rows,
    city_sheets,
    dossier_clocks,
    egov_rows,
    egov_sheets,
    org_rows,
    org_sheets,
    yearbooks,
)
from services.store.pool import Connection
from simulators.egov import counts
from simulators.egov.units import units
from tests.egov.office import course, procedures, take

MONDAY, DAY = date(2026, 3, 2), date(2026, 3, 6)


def test_counts_of_other_systems_fill_the_groups_that_no_dossier_tells(conn: Connection) -> None:
    """All of four groups, and what the province's offices count is the province's."""
    offices = list(islice(units(3).values(), 31))
    since, until = (datetime(2026, 3, day, tzinfo=VIETNAM).timestamp() for day in (2, 7))
    found = city_sheets.read(counts.sheet(offices, since, until), egov_sheets.SHEETS)
    city_rows.check(conn, found, egov_rows.TABLES)
    assert city_rows.write(conn, found, "an", egov_rows.TABLES) > 1000
    shelf = yearbooks.shelf(conn, MONDAY, DAY, DAY)
    roll = yearbooks.rollup_of(conn, shelf.book.units, DAY)
    index = shelf.indexes(roll, Period.MONTH.start(DAY), DAY)["24"]
    assessed = {group for group, part in index.groups.items() if part.assessed == part.max}
    assert assessed == set(Group) - {Group.PROGRESS, Group.ONLINE}
    assert index.total.points is not None
    assert 0.65 < index.total.points / index.total.assessed < 0.95
    synchronised = [row for row in found.rows.values() if row["code"] == "DOSSIER_SYNC"]
    counted = sum(float(str(row["numerator"])) for row in synchronised)
    (said,) = (each.counted for each in index.scores if each.weight.code == "DOSSIER_SYNC")
    assert said.numerator == counted


def test_another_holiday_has_those_dossiers_counted_anew_on_which_it_bears(
    conn: Connection,
) -> None:
    """One ended before it and one is open; the office's holiday came after the first."""
    procedures(conn)
    take(conn, *course(), *course("H02.215-190102-0002")[:3])
    dossier_clocks.take_changes(conn, 100)
    lines = "day,works,note,source,mark\n2019-04-01,no,Lụt,x,design\n"
    found = city_sheets.read(lines.splitlines(keepends=True), org_sheets.SHEETS)
    found.check()
    city_rows.write(conn, found, "an", org_rows.ORGANISATION)
    org_rows.count_again(conn, found)
    assert dossier_clocks.take_changes(conn, 100) == ["H02.215-190102-0002"]
