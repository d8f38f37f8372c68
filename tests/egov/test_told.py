"""What the reckoning is told: weights with dates, facts, counts of others, in from CSV and out to it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.egov.index766 import checked, in_force
from services.store import index_tables
from services.store.__main__ import app
from services.store.city_sheets import BadSheet
from services.store.egov_sheets import SHEETS
from services.store.pool import Connection
from tests.models.egov.published import GRADES, IN_OPERATION, WEIGHTS


def told(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def exported(table: str, folder: Path) -> Path:
    file = folder / f"{table}.csv"
    assert told("egov", "export", table, str(file)).exit_code == 0
    return file


def test_the_store_begins_with_what_was_published(conn: Connection) -> None:
    kept = {each.code: each for each in index_tables.weights(conn)}
    assert len(kept) == len(WEIGHTS)
    for each in WEIGHTS:
        assert kept[each.code]._replace(source="") == each._replace(source="")
    checked(list(kept.values()), IN_OPERATION)
    grades = sorted(each.grade for each in index_tables.grades(conn))
    assert grades == sorted(GRADES)


def test_what_is_written_out_changes_nothing_when_it_comes_back(
    conn: Connection, tmp_path: Path
) -> None:
    for table in SHEETS:
        assert told("egov", "import", str(exported(table, tmp_path))).exit_code == 0
    row = conn.execute("SELECT count(*) FROM audit WHERE action LIKE 'import %'").fetchone()
    assert row == (0,)


def test_new_weights_begin_on_their_day_and_must_add_up(conn: Connection, tmp_path: Path) -> None:
    lines = exported("index_weights", tmp_path).read_text(encoding="utf-8").splitlines()
    file = tmp_path / "new.csv"
    moved = [lines[0]]
    for line in lines[1:]:
        if line.startswith(("PUBLISH_ON_TIME", "DOSSIER_SYNC")):
            points = "8" if line.startswith("PUBLISH") else "4"
            moved.append(line.replace("2022-08-01", "2027-01-01").replace(",6.0,", f",{points}.0,"))
    file.write_text("\n".join(moved[:2]) + "\n", encoding="utf-8")
    refused = told("egov", "import", str(file)).exception
    assert isinstance(refused, BadSheet)
    assert "add up to" in str(refused)
    file.write_text("\n".join(moved) + "\n", encoding="utf-8")
    assert told("egov", "import", str(file)).exit_code == 0
    every = index_tables.weights(conn)
    before, after = (
        {each.code: each.max for each in in_force(every, day)}
        for day in (IN_OPERATION, IN_OPERATION.replace(year=2027))
    )
    assert (before["PUBLISH_ON_TIME"], before["DOSSIER_SYNC"]) == (6, 6)
    assert (after["PUBLISH_ON_TIME"], after["DOSSIER_SYNC"]) == (8, 4)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("99999,PAYMENT_DOSSIERS,2026-01-01,1,2,test,design", "there is no unit 99999"),
        ("215,NOTHING,2026-01-01,1,2,test,design", "there is no sub-metric NOTHING"),
        ("215,PAYMENT_DOSSIERS,2026-01-01,-1,2,test,design", "below 0"),
    ],
)
def test_counts_of_nothing_are_refused(database: str, tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(f"unit,code,day,numerator,denominator,source,mark\n{line}\n")
    refused = told("egov", "import", str(file)).exception
    assert str(refused) == f"line 2: {why}"


def test_the_organisation_of_every_day_holds(conn: Connection) -> None:
    assert told("units", "check").exit_code == 0
    conn.execute("UPDATE org_successions SET share = 0.5 WHERE old = '07234'")
    conn.commit()
    found = told("units", "check")
    assert found.exit_code == 1
    assert "07234\t2020-01-01" in found.stdout
