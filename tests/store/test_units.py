import subprocess
import sys
from datetime import date
from pathlib import Path

from services.store import city_rows, city_sheets, org_rows, organisation
from services.store.org_sheets import SHEETS
from services.store.pool import Connection, Pool, transaction

UNITS = "code,name,kind,valid_from,valid_to,source,mark\n"
EDGES = "parent,child,valid_from,valid_to,source,mark\n"
SHARES = "old,new,share,date,source,mark\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.store", "units", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def kinds(conn: Connection, day: date) -> dict[str, int]:
    found: dict[str, int] = {}
    for unit in organisation.tree(conn, day):
        found[unit.kind] = found.get(unit.kind, 0) + 1
    return found


def test_the_tree_is_that_of_the_day(conn: Connection) -> None:
    of_2019 = {"province": 1, "department": 19, "district": 10, "commune": 230}
    assert kinds(conn, date(2019, 6, 1)) == of_2019
    assert kinds(conn, date(2020, 6, 1)) == of_2019 | {"commune": 209}
    assert kinds(conn, date(2025, 8, 1)) == {"province": 1, "department": 15, "commune": 1}
    assert organisation.tree(conn, date(2018, 1, 1)) == []
    names = {unit.code: unit.name for unit in organisation.tree(conn, date(2025, 8, 1))}
    assert (names["24"], names["07663"]) == ("Tỉnh Bắc Ninh", "Xã Tuấn Đạo")


def test_everybody_who_is_gone_has_somebody_who_answers_for_it(conn: Connection) -> None:
    for day in ("2019-06-01", "2020-06-01", "2025-03-01", "2026-06-01"):
        rows = conn.execute(
            """SELECT DISTINCT u.code FROM org_units u WHERE u.valid_from <= %(day)s
               AND NOT EXISTS (SELECT FROM org_counts_in(%(day)s) c
                               WHERE c.unit = u.code AND c.counted_in = '24' AND c.share = 1)""",
            {"day": day},
        ).fetchall()
        assert rows == [], day


def test_communes_are_places_of_their_districts(conn: Connection) -> None:
    rows = conn.execute("SELECT kind, count(*) FROM areas GROUP BY 1 ORDER BY 1").fetchall()
    assert rows == [("commune", 230), ("district", 10), ("province", 1)]


def test_a_split_shares_what_was_one_units(pool: Pool, tmp_path: Path) -> None:
    """Tuấn Đạo becomes two communes; the circle and the too much below are refused whole."""
    files = {
        "units": UNITS
        + "10001,Xã Một,commune,2030-01-01,,NQ,general\n10002,Xã Hai,commune,2030-01-01,,NQ,general\n"
        + "07663,Xã Tuấn Đạo,commune,2019-01-01,2030-01-01,NQ,verified\n",
        "edges": EDGES + "24,10001,2030-01-01,,NQ,general\n24,10002,2030-01-01,,NQ,general\n",
        "shares": SHARES
        + "07663,10001,0.75,2030-01-01,NQ,general\n07663,10002,0.25,2030-01-01,NQ,general\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert command("import", str(tmp_path / "units.csv")).returncode == 0
    with transaction(pool) as conn:
        for name in ("edges", "shares"):
            bring(conn, files[name])
    with transaction(pool) as conn:
        rows = conn.execute(
            """SELECT counted_in, share FROM org_counts_in('2030-06-01') WHERE unit = '07663'
               ORDER BY 1"""
        ).fetchall()
        audited = conn.execute("SELECT count(*) FROM audit").fetchone()
    assert rows == [("10001", 0.75), ("10002", 0.25), ("24", 1.0)]
    assert audited == (7,)


def bring(conn: Connection, text: str) -> int:
    found = city_sheets.read(text.splitlines(keepends=True), SHEETS)
    city_rows.check(conn, found, org_rows.ORGANISATION)
    changed = city_rows.write(conn, found, "an", org_rows.ORGANISATION)
    org_rows.check_written(conn, found)
    return changed


def test_every_bad_line_is_named_and_nothing_of_the_file_is_taken(
    pool: Pool, tmp_path: Path
) -> None:
    file = tmp_path / "edges.csv"
    file.write_text(
        EDGES
        + "213,07234,2019-06-01,,NQ,general\n"
        + "213,nowhere,2019-06-01,,NQ,general\n"
        + "213,213,2019-06-01,,NQ,general\n"
        + "213,07237,2019-06-01,2019-01-01,NQ,general\n",
        encoding="utf-8",
    )
    done = command("import", str(file))
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "line 3: on 2019-06-01 there is no unit nowhere",
        "line 4: a unit does not stand below itself",
        "line 5: it ends (2019-01-01) before it begins (2019-06-01)",
    ]
    file.write_text(EDGES + "07201,213,2019-06-01,,NQ,general\n", encoding="utf-8")
    assert "line 2: 213 would stand below itself" in command("import", str(file)).stderr
    with transaction(pool) as conn:
        assert kinds(conn, date(2019, 7, 1))["commune"] == 230


def test_what_is_exported_changes_nothing_when_it_is_imported(conn: Connection) -> None:
    for table, sheet in SHEETS.items():
        rows = list(city_rows.rows(conn, table, org_rows.ORGANISATION))
        lines = [",".join(sheet.columns)]
        for row in rows:
            fields = ("" if value is None else str(value) for value in row.values())
            lines.append(",".join(f'"{each}"' for each in fields))
        if rows:
            assert bring(conn, "\n".join(lines)) == 0, table
