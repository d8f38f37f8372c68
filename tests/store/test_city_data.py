import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.city import limits, parameters
from models.reading import microseconds
from services.store import assets, city, city_rows, city_sheets, streams
from services.store.pool import Connection, Pool, transaction

LIMITS = "metric,averaging,value,unit,valid_from,valid_to,source,mark\n"
PARAMETERS = "rule,name,value,unit,valid_from,source,mark\n"
STATIONS = "asset,title,river,first_m,second_m,third_m,valid_from,source,mark\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.store", "city", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def august(year: int) -> int:
    return microseconds(datetime(year, 8, 1, tzinfo=UTC))


def test_the_facts_are_there_after_migration_each_with_its_dates(conn: Connection) -> None:
    book = city.book(conn)
    before = limits.in_force(book.limits, "pm25", "24h", datetime(2025, 12, 31, tzinfo=UTC).date())
    after = limits.in_force(book.limits, "pm25", "24h", datetime(2026, 1, 1, tzinfo=UTC).date())
    assert before is not None
    assert after is not None
    assert (before.value, after.value) == (50, 45)
    limits.checked(book.limits)
    names = {each.asset for each in book.stations}
    assert len(names) == 5
    for name in names:
        station = book.station(name, august(2026))
        assert station is not None
        assert station.checked().name
    assert book.station("phu-lang-thuong", august(2019)) is None
    record = book.station("phu-lang-thuong", august(2026))
    assert record is not None
    assert record.record == 7.6
    assert [row.value for row in book.noise] == [55, 45, 70, 55]


def test_a_new_line_ends_the_one_before_and_is_in_the_audit(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "limits.csv"
    file.write_text(LIMITS + "pm25,24h,35,ug/m3,2030-01-01,,QCVN 05:2029,general\n")
    done = command("import", str(file))
    assert (done.returncode, done.stderr) == (0, "1 of 1 lines changed limits\n")
    with transaction(pool) as conn:
        rows = [r for r in city_rows.rows(conn, "limits") if r["metric"] == "pm25"]
        ends = [(r["value"], r["valid_to"]) for r in rows if r["averaging"] == "24h"]
        audited = conn.execute("SELECT action, target, detail->>'value' FROM audit").fetchall()
    assert ends == [(50, "2026-01-01"), (45, "2030-01-01"), (35, None)]
    assert audited == [("import limits", "pm25 24h 2030-01-01", "35.0")]


@pytest.mark.parametrize("table", city_sheets.SHEETS)
def test_what_is_exported_changes_nothing_when_it_is_imported(
    pool: Pool, tmp_path: Path, table: str
) -> None:
    file = tmp_path / "table.csv"
    with transaction(pool) as conn:
        assets.claim(conn, [assets.Claim("park-1", "parking")])
        for text in (
            "asset,name,value\npark-1,total_spots,120\n",
            PARAMETERS + "flood,dwell,20,min,2026-01-01,PCTT,design\n",
        ):
            found = city_sheets.read(text.splitlines(keepends=True))
            city_rows.check(conn, found)
            assert city_rows.write(conn, found, "an") == 1
    assert command("export", table, str(file)).returncode == 0
    again = command("import", str(file))
    assert (again.returncode, again.stderr[:4]) == (0, "0 of")
    assert command("export", table).stdout == file.read_text(encoding="utf-8")


def test_every_bad_line_is_named_and_nothing_is_kept(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "limits.csv"
    good = "o3,1h,180,ug/m3,2030-01-01,,QCVN,general\n"
    bad = [
        "o3,1h,180,ug/m3,2030-01-01,,QCVN,general",
        "o3,2h,180,ug/m3,2030-01-01,,QCVN,general",
        "o3,8h,many,ug/m3,2030-01-01,,QCVN,general",
        "o3,8h,180,mg/m3,2030-01-01,,QCVN,general",
        "ozone,8h,180,ug/m3,2030-01-01,,QCVN,general",
        "o3,8h,180,ug/m3,2030-01-01,2029-01-01,QCVN,general",
        "o3,8h,180,ug/m3,1.1.2030,,QCVN,general",
        "o3,8h,180,ug/m3,2030-01-01,,QCVN,perhaps",
        "o3,8h,0,ug/m3,2030-01-01,,QCVN,general",
        "o3,8h,180,ug/m3,2030-01-01,,,general",
    ]
    file.write_text(LIMITS + good + "\n".join(bad) + "\n")
    refused = command("import", str(file))
    assert refused.returncode == 1
    assert refused.stderr.replace("\n", " ").split(" line ")[0].startswith("line 3: it says the")
    lines = [line for line in refused.stderr.splitlines() if line.startswith("line ")]
    assert [line.split(":")[0] for line in lines] == [f"line {n}" for n in range(3, 13)]
    with transaction(pool) as conn:
        kept = [r for r in city_rows.rows(conn, "limits") if r["valid_from"] == "2030-01-01"]
    assert kept == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("asset,name,value\nnobody,total_spots,3\n", "line 2: there is no asset nobody"),
        ("asset,name,value\npark-1,spots,3\n", "line 2: 'spots' is no fact"),
        ("asset,name,value\npark-1,total_spots,0\n", "line 2: total_spots is a number from 1"),
        ("asset,name,value\npark-1,noise_class,loud\n", "line 2: noise_class is one of: special"),
        (
            PARAMETERS + "flood,dwell,-1,min,2026-01-01,x,design\n",
            "line 2: flood dwell is from 0 to 1440",
        ),
        (
            PARAMETERS + "flood,mood,1,min,2026-01-01,x,design\n",
            "line 2: no rule is told flood mood",
        ),
        (
            STATIONS + "x,X,Y,3,2,4,2026-01-01,x,design\n",
            "line 2: alarm levels rise from I to III",
        ),
        ("what,is,this\n", "line 1: no table has the columns what,is,this"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    conn: Connection, text: str, why: str
) -> None:
    assets.claim(conn, [assets.Claim("park-1", "parking")])
    with pytest.raises(city_sheets.BadSheet) as refused:
        city_rows.check(conn, city_sheets.read(text.splitlines(keepends=True)))
    assert str(refused.value).startswith(why)


def test_a_dry_run_keeps_nothing_and_a_strange_table_is_refused(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "limits.csv"
    file.write_text(LIMITS + "pm25,24h,35,ug/m3,2030-01-01,,QCVN 05:2029,general\n")
    assert command("import", "--dry-run", str(file)).returncode == 0
    with transaction(pool) as conn:
        assert len(city.limits(conn)) == 19
    assert command("export", "secrets").returncode == 2


def test_a_stretch_is_due_again_and_one_that_cannot_be_is_refused(pool: Pool) -> None:
    with transaction(pool) as conn:
        assets.claim(conn, [assets.Claim("dap-cau", "river")])
        asset_id = assets.ids(conn, ["dap-cau"])["dap-cau"]
        streams.register(conn, [(asset_id, "level_m", True, None)])
    done = command("derive", "flood", "--since", "2026-03-01", "--until", "2026-03-02")
    assert (done.returncode, done.stderr) == (0, "flood of 1 assets is due again\n")
    with transaction(pool) as conn:
        due = conn.execute("SELECT DISTINCT rule, news FROM derivation_due").fetchall()
        assert due == [("flood", False)]  # no alarm is raised of it
    for arguments, why in (
        (("tides", "--since", "2026-03-01", "--until", "2026-03-02"), "is none of"),
        (("flood", "--since", "2026-03-02", "--until", "2026-03-01"), "ends before it"),
        (("flood", "--since", "2000-01-01", "--until", "2026-03-01"), "at most 400 days"),
    ):
        refused = command("derive", *arguments)
        assert refused.returncode == 2
        assert why in refused.stderr


def test_the_boards_see_the_defaults_of_the_rules_and_what_is_in_force_instead(
    conn: Connection,
) -> None:
    shown = conn.execute("SELECT rule, name, value, unit FROM rule_parameter_list").fetchall()
    defaults = [(*key, told.default, told.unit) for key, told in parameters.PARAMETERS.items()]
    assert sorted(shown) == sorted(defaults)
    conn.execute(
        """INSERT INTO rule_parameters (rule, name, value, unit, valid_from, valid_to, source, mark)
           VALUES ('flood', 'fast_rise', 0.2, 'm/h', '2026-01-01', NULL, 'test', 'design'),
                  ('noise', 'loud', 5, 'dB', '2020-01-01', '2021-01-01', 'test', 'design')"""
    )
    now = set(conn.execute("SELECT rule, name, value FROM rule_parameter_list").fetchall())
    assert {("flood", "fast_rise", 0.2), ("noise", "loud", 10)} <= now
