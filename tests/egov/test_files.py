import csv
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from services.store import dossier_files, dossiers
from services.store.pool import Pool, transaction
from services.store.terminal import connect
from tests.egov.office import CODE, course, event, procedures

RECORD = {
    "MaHoSo": CODE,
    "DonViId": "215",
    "MaTTHC": "DD.11",
    "KenhThucHien": "2",
    "ChuHoSo": "Nguyễn Văn A",
    "TrangThaiHoSoId": "10",
    "NgayNopHoSo": "01/01/2019 20:15:00",
    "NgayTiepNhan": "02/01/2019 08:30:00",
    "NgayHenTra": "09/01/2019 08:30:00",
    "NgayKetThucXuLy": "08/01/2019 16:00:00",
    "NgayTra": "10/01/2019 09:00:00",
}


@pytest.fixture(autouse=True)
def office(pool: Pool) -> None:
    with transaction(pool) as conn:
        procedures(conn)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.store", "dossiers", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def taken(file: Path, *, again: bool = False) -> dossier_files.Tally:
    with connect() as conn:
        return dossier_files.take(conn, file, lambda _: None, threading.Event(), again=again)


def test_a_broken_line_costs_itself_alone_and_is_named(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "2019.jsonl"
    lines = [json.dumps(each) for at in range(50) for each in course(f"H02.215-190102-{at}")]
    lines[219] = '{"dossier": "H02.215-19'
    lines.insert(100, "")
    file.write_text("\n".join(lines), encoding="utf-8")
    done = command("import", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines() == [
        "300 lines read: 299 events stored, 0 were there, 1 rejected",
        "  line 221: this line cannot be read",
    ]
    with transaction(pool) as conn:
        (bad,) = [each for each in dossiers.quarantine(conn) if each.what == "reject"]
        assert (bad.source, bad.line, bad.kept) == ("2019.jsonl", 221, {})
    assert taken(file).lines == 0
    again = taken(file, again=True)
    assert (again.lines, again.counted) == (300, (0, 299, 1))
    with transaction(pool) as conn:
        (bad,) = [each for each in dossiers.quarantine(conn) if each.what == "reject"]
        assert bad.times == 2
        told = conn.execute("SELECT worker, received, stored, duplicate, rejected FROM ledger")
        assert {row[0] for row in told.fetchall()} == {"dossiers-file"}
        sums = conn.execute(
            """SELECT sum(received), sum(stored), sum(duplicate), sum(rejected), sum(imbalance)
               FROM ledger_balance"""
        ).fetchone()
        assert sums == (600, 299, 299, 2, 0)


def test_an_import_that_was_stopped_goes_on_where_it_was(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier_files, "TOGETHER", 40)
    file = tmp_path / "long.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(event(1, 2, 0, due_at="")), extrasaction="ignore")
        writer.writeheader()
        for at in range(50):
            writer.writerows(course(f"H02.215-190102-{at}"))
    stop, seen = threading.Event(), []

    def told(done: int) -> None:
        seen.append(done)
        if len(seen) == 4:
            stop.set()

    with connect() as conn, pytest.raises(dossier_files.Stopped, match="after line 121"):
        dossier_files.take(conn, file, told, stop, again=False)
    tally = taken(file)
    assert tally.lines == 180
    assert tally.counted == (180, 0, 0)
    with transaction(pool) as conn:
        assert conn.execute("SELECT state, count(*) FROM dossiers GROUP BY 1").fetchall() == [
            (10, 50)
        ]


def test_a_national_record_tells_all_its_moves_in_local_time(pool: Pool, tmp_path: Path) -> None:
    early = {
        key: value for key, value in RECORD.items() if key not in ("NgayKetThucXuLy", "NgayTra")
    }
    file = tmp_path / "sync.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(RECORD))
        writer.writeheader()
        writer.writerow(early | {"TrangThaiHoSoId": "4"})
        writer.writerow(RECORD)
        writer.writerow(RECORD)
    assert taken(file).bad == []
    with transaction(pool) as conn:
        found = dossiers.find(conn, CODE)
        assert dossiers.quarantine(conn) == []
    assert found is not None
    assert (found.state, found.unit, found.channel) == (10, "215", 2)
    assert found.accepted_at is not None
    assert found.accepted_at.isoformat() == "2019-01-02T01:30:00+00:00"
    assert found.ended_at is not None
    assert found.ended_at.isoformat() == "2019-01-08T09:00:00+00:00"
    assert found.due_at is not None
    assert found.due_at.isoformat() == "2019-01-09T01:30:00+00:00"


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("HoTen,SoCCCD\nNguyễn Văn A,024099001234\n", encoding="utf-8")
    with pytest.raises(dossier_files.BadDossierFile, match="line 1: it names none of") as refused:
        taken(file)
    assert "Nguyễn" not in str(refused.value)


def test_a_file_of_which_nothing_can_be_taken_is_refused_whole(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "2019.jsonl"
    lines = [json.dumps(event(1, 2, 0, f"H02.215-190102-{at}")) for at in range(600)]
    file.write_text("\n".join(lines), encoding="utf-8")
    with transaction(pool) as conn:
        conn.execute("DELETE FROM procedures")
    done = command("import", str(file))
    assert done.returncode == 1
    assert " ".join(done.stderr.split()).endswith(
        "none of the first 600 lines can be taken (the procedure is not known): "
        "nothing of them is kept"
    )
    with transaction(pool) as conn:
        assert dossiers.quarantine(conn) == []
        procedures(conn)
    assert taken(file).counted == (600, 0, 0)
