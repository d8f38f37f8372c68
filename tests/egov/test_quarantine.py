"""What cannot be is in quarantine with its reason and line, is put right, and taken in again."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.store import dossiers
from services.store.__main__ import app
from services.store.pool import Pool, transaction
from tests.egov.office import course, event, take
from tests.egov.office import procedures as office
from tests.egov.test_files import taken

ONE = "H02.215-190102-{}"
BROKEN = 40_000


def said(*words: str) -> Result:
    return CliRunner().invoke(app, ["dossiers", *words])


def wrong() -> list[tuple[str, dict[str, object], str, list[str]]]:
    """A line of a file that cannot be, why, and the fields that put it right."""
    stranger, closed = ONE.format(900_001), ONE.format(0)
    return [
        ("unit", event(1, 2, 0, ONE.format(900_002), unit="999"), "the unit is not known", ["unit=215"]),
        (
            "procedure", event(1, 2, 0, ONE.format(900_003), procedure="ZZ.99"),
            "the procedure is not known", ["procedure=DD.11"],
        ),
        (
            "state", event(1, 11, 0, ONE.format(900_004)), "state: there is none such; they are 1 to 10",
            ["state=2", "at=2019-01-02T08:30"],
        ),
        (
            "no date", event(1, 2, 0, ONE.format(900_005), at=None), "at: there is none",
            ["at=02/01/2019 08:30"],
        ),
        (
            "before it began", event(2, 9, -5, stranger),
            "", ["state=2"],
        ),
        (
            "another content", event(5, 9, 73, ONE.format(1)),
            "an event of this name is stored with other content", [f"event={ONE.format(1)}-7", "at=2019-01-04T09:00", "state=4"],
        ),
        ("closed", event(7, 4, 200, closed), "", ["at=2019-01-03T09:00"]),
    ]  # fmt: skip


@pytest.fixture
def imported(pool: Pool, tmp_path: Path) -> Path:
    """A file of 40,000 good lines, a broken one, and what cannot be."""
    with transaction(pool) as conn:
        office(conn)
    lines = [json.dumps(each) for at in range(BROKEN // 6 + 1) for each in course(ONE.format(at))]
    lines[BROKEN:] = ['{"dossier": "H02.215-19', *(json.dumps(each[1]) for each in wrong())]
    file = tmp_path / "2019.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_all_that_cannot_be_is_shown_put_right_and_taken(pool: Pool, imported: Path) -> None:
    tally = taken(imported)
    assert tally.lines == BROKEN + 1 + len(wrong())
    with transaction(pool) as conn:
        held = {each.line: each for each in dossiers.quarantine(conn)}
    assert held[BROKEN + 1].reason == "this line cannot be read"
    for place, (_, _, reason, fields) in enumerate(wrong(), BROKEN + 2):
        found = held[place]
        assert found.reason.startswith(reason)
        assert found.reason
        assert found.source == "2019.jsonl"
        done = said("mend", found.name, *fields)
        assert done.exit_code == 0, (fields, done.output)
    with transaction(pool) as conn:
        [left] = dossiers.quarantine(conn)
        assert left.line == BROKEN + 1
        mended = conn.execute("SELECT count(*) FROM audit WHERE action LIKE 'mend %'").fetchone()
        sums = conn.execute("SELECT sum(imbalance) FROM ledger_balance").fetchone()
    assert (mended, sums) == ((len(wrong()),), (0,))
    assert said("dismiss", left.name).exit_code == 0
    assert said("retry").exit_code == 0


def test_what_is_put_right_wrongly_stays_as_it_was(pool: Pool) -> None:
    with transaction(pool) as conn:
        office(conn)
        take(conn, event(1, 2, 0), event(2, 9, 1, unit="999"))
        [held] = dossiers.quarantine(conn)
    refused = said("mend", held.name, "unit=998")
    assert (refused.exit_code, refused.output.strip()) == (1, "the unit is not known")
    assert said("mend", held.name, "citizen=Lan").exit_code == 2
    assert said("mend", "no-such", "state=2").exit_code == 1
    with transaction(pool) as conn:
        assert dossiers.quarantine(conn) == [held]
