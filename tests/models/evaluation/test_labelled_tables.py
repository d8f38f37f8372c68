from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from models.detectors.plane import distances, fitted, lasting
from models.evaluation.__main__ import app
from models.evaluation.labelled import marks
from models.evaluation.table import BadTable, read

COMMAND = CliRunner()


def pump(rows: int = 1000, odd: slice = slice(600, 800)) -> tuple[np.ndarray, np.ndarray]:
    """Four metrics moved by one load; while it is odd, two of them no longer follow it."""
    dice = np.random.default_rng(11)
    load = dice.normal(0, 1, rows)
    samples = load[:, None] * [1.0, 2.0, -1.0, 0.5] + dice.normal(0, 0.1, (rows, 4))
    label = np.zeros(rows, bool)
    label[odd] = True
    samples[odd, 2:] = dice.normal(0, 0.4, (200, 2))
    return samples, label


def as_file(file: Path, separator: str) -> Path:
    samples, label = pump()
    heading = separator.join(["datetime", "a", "b", "c", "d", "anomaly", "changepoint"])
    rows = [
        separator.join([f"2026-01-01 00:{i}", *map(str, row), str(float(odd)), str(float(odd))])
        for i, (row, odd) in enumerate(zip(samples, label, strict=True))
    ]
    file.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_labels_are_no_metrics_whatever_the_separator(tmp_path: Path, separator: str) -> None:
    metrics, samples, label = read(as_file(tmp_path / "pump.csv", separator), "anomaly")
    assert metrics == ["a", "b", "c", "d"]
    assert samples.shape == (1000, 4)
    assert label.sum() == 200


def test_a_hole_takes_the_value_before_it(tmp_path: Path) -> None:
    file = tmp_path / "holes.csv"
    file.write_text("datetime,a,anomaly\n1,,0\n2,5,0\n3,,1\n", encoding="utf-8")
    assert read(file, "anomaly").samples[:, 0].tolist() == [0.0, 5.0, 5.0]


def test_a_file_without_labels_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="has no column fault"):
        read(as_file(tmp_path / "pump.csv", ";"), "fault")
    refused = COMMAND.invoke(app, ["csv", str(tmp_path / "pump.csv"), "--label-column", "fault"])
    assert refused.exit_code == 2


def test_metrics_that_part_company_are_odd_though_each_is_in_its_range() -> None:
    samples, label = pump()
    t2, q = distances(fitted(samples[:400]), samples)
    assert np.median(q[label]) > 3
    assert (np.maximum(t2, q)[400:600] > 1).mean() < 0.05


def test_what_lasts_tells_more_than_single_rows() -> None:
    samples, label = pump()
    t2, q = distances(fitted(samples[:400]), samples)
    rows = marks((np.maximum(t2, q) > 1)[400:], label[400:]).summary()
    lasts = marks((lasting(t2, q, 10) > 0)[400:], label[400:]).summary()
    assert lasts["f1"] > rows["f1"] > 0.8
    assert lasts["event_recall"] == 1.0
    assert lasts["mean_delay_rows"] <= 10


def test_a_metric_that_stood_still_is_odd_once_it_moves() -> None:
    still = np.c_[np.full(500, 7.0), np.sin(np.arange(500))]
    moved = np.array([[7.5, 0.0]])
    t2, q = distances(fitted(still), moved)
    assert max(t2[0], q[0]) > 1


def test_the_command_prints_both_scorers(tmp_path: Path) -> None:
    told = COMMAND.invoke(app, ["csv", str(as_file(tmp_path / "pump.csv", ";"))])
    assert told.exit_code == 0, told.output
    assert "pca_t2_q" in told.output
    assert "mean_delay_rows" in told.output
