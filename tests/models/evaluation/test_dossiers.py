"""The back-test of forecasts over a file of moves."""

import json
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.evaluation.__main__ import app
from simulators.egov.almanac import days_off, lunar_new_years
from simulators.egov.events import events, line
from simulators.egov.units import units

SINCE, UNTIL = (datetime(2025, *day, tzinfo=UTC).timestamp() for day in ((9, 1), (10, 25)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight weeks of two departments, and the calendar they keep."""
    found = tmp_path_factory.mktemp("moves")
    moves = [move for unit in islice(units(3).values(), 2) for move in events(unit, SINCE, UNTIL)]
    moves.sort(key=lambda move: move.at)
    (found / "moves.jsonl").write_text("".join(f"{line(each)}\n" for each in moves), "utf-8")
    (found / "days.csv").write_text("".join(days_off()), "utf-8")
    (found / "tets.csv").write_text("".join(lunar_new_years()), "utf-8")
    return found


def said(folder: Path, *more: str) -> str:
    tables = [
        "--calendar", str(folder / "days.csv"), "--lunar-new-years", str(folder / "tets.csv"),
    ]  # fmt: skip
    found = CliRunner().invoke(
        app, ["dossiers", str(folder / "moves.jsonl"), *tables, "--since", "2025-10-13", *more]
    )
    assert found.exit_code == 0, found.output
    return found.output


def test_a_stretch_of_dossiers_tells_how_good_its_forecasts_were(folder: Path) -> None:
    told = json.loads(said(folder, "--json", "--every", "2"))
    assert told["units"] == 2
    assert told["load"]["all units"]["error"] < told["load"]["all units"]["naive"]
    assert "province, each" in told["load"]
    assert len(told["overdue"]["all, together"]) == 5
    assert "days ahead" in said(folder)


def test_a_line_that_is_no_move_is_named(folder: Path) -> None:
    (folder / "broken.jsonl").write_text('{"event": 1}\n', "utf-8")
    found = CliRunner().invoke(app, ["dossiers", str(folder / "broken.jsonl")])
    assert found.exit_code == 2
    assert "broken.jsonl:1" in found.output
