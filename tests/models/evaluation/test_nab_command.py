import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from models.evaluation.__main__ import app

COMMAND = CliRunner()


def a_benchmark(folder: Path) -> Path:
    """One group of one series: a calm week and a half of ten minutes, then a leap."""
    times = [datetime(2026, 3, 1) + timedelta(minutes=10 * i) for i in range(1500)]  # noqa: DTZ001
    values = 20 + np.random.default_rng(5).normal(0, 1, 1500)
    values[1200:1210] += 30
    rows = [f"{at},{value}" for at, value in zip(times, values, strict=True)]
    (folder / "data" / "made").mkdir(parents=True)
    (folder / "labels").mkdir()
    (folder / "data" / "made" / "leap.csv").write_text("\n".join(["timestamp,value", *rows]))
    window = [f"{times[1150]}.000000", f"{times[1250]}.000000"]
    (folder / "labels" / "combined_windows.json").write_text(
        json.dumps({"made/leap.csv": [window]})
    )
    return folder


def test_the_command_scores_every_row_and_tells_the_result(tmp_path: Path) -> None:
    folder = a_benchmark(tmp_path / "nab")
    told = COMMAND.invoke(app, ["nab", str(folder), "--out", str(tmp_path / "out"), "--json"])
    assert told.exit_code == 0, told.output
    result = json.loads(told.stdout)
    assert result["groups"]["made"]["found"] == 1
    assert result["profiles"]["standard"]["score"] > 85
    rows = (tmp_path / "out" / "made" / "leap.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1501
    as_text = COMMAND.invoke(app, ["nab", str(folder), "--out", str(tmp_path / "out")])
    assert "reward_low_FN_rate" in as_text.stdout


def test_a_series_is_drawn(tmp_path: Path) -> None:
    folder = a_benchmark(tmp_path / "nab")
    told = COMMAND.invoke(app, ["plot", str(folder), "made/leap.csv", "--out", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert (tmp_path / "made" / "leap.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    nothing = COMMAND.invoke(app, ["nab", str(tmp_path), "--out", str(tmp_path / "out")])
    assert (nothing.exit_code, "no benchmark at" in nothing.output) == (2, True)
    folder = a_benchmark(tmp_path / "nab")
    unknown = COMMAND.invoke(app, ["plot", str(folder), "made/other.csv", "--out", str(tmp_path)])
    assert (unknown.exit_code, "made/other.csv" in unknown.output) == (2, True)
