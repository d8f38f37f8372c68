"""A city in a file: the same bytes by any number of processes, in order, with flat memory."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from simulators.chance import Chance
from simulators.labels import read_labels
from simulators.rows import Words, blocks, rows, stretches
from simulators.series.reader import SeriesFile
from simulators.series.writer import SeriesWriter
from simulators.world import World
from tests.simulators.province import DAY, HOUR, MONDAY, heard, some_of_everything, world_of
from tests.simulators.test_commands import CHECKOUT, simulators

ASSETS = some_of_everything(each=1)
RATES = {
    "spike": 20.0,
    "out-of-order": 20.0,
    "duplicate-storm": 10.0,
    "silence": 10.0,
    "light-group": 5.0,
}
WORLD = World(ASSETS, 1, [Chance(ASSETS, 1, RATES)])
# Ends with the most memory it ever held, in kilobytes.
MEASURED = """
import resource, sys
from simulators.__main__ import app
app(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def written(world: World, file: Path, processes: int, hours: float = 20) -> bytes:
    with SeriesWriter(file) as writer:
        for block in blocks(world, MONDAY + 100, MONDAY + hours * HOUR, processes):
            writer.write(block)
    return file.read_bytes()


def test_one_process_and_two_write_the_same_bytes(tmp_path: Path) -> None:
    once = written(WORLD, tmp_path / "one.parquet", 1)
    assert once == written(WORLD, tmp_path / "two.parquet", 2)
    assert len(once) > 100_000


def test_rows_are_in_the_order_in_which_they_are_sent_and_none_is_missing() -> None:
    start, end = MONDAY + 100, MONDAY + 13 * HOUR
    sent = heard(WORLD, start, end)
    told = {name: iter(reports.told.tolist()) for name, reports in sent.items()}
    at = {name: iter(reports.at.tolist()) for name, reports in sent.items()}
    count, before = 0, 0.0
    for block in blocks(WORLD, start, end, 1):
        turn = 0
        while turn < len(block.time):
            asset = ASSETS[block.asset_index[turn]]
            width = len(asset.kind.metrics)
            names = [block.metrics[number] for number in block.metric_index[turn : turn + width]]
            assert names == [metric.name for metric in asset.kind.metrics]
            assert set(block.time[turn : turn + width]) == {round(next(told[asset.name]) * 1e6)}
            now = next(at[asset.name])
            assert now >= before
            before, turn = now, turn + width
        count += turn
    assert count == sum(len(each.at) * len(each.values) for each in sent.values())
    assert all(next(rest, None) is None for rest in told.values())


def test_values_and_units_are_those_that_were_reported() -> None:
    world = world_of(ASSETS)
    block = rows(world, Words(world), MONDAY, MONDAY + HOUR)
    for name, reports in heard(world, MONDAY, MONDAY + HOUR).items():
        of_asset = block.asset_index == block.assets.index(name)
        for metric, values in reports.values.items():
            chosen = of_asset & (block.metric_index == block.metrics.index(metric))
            assert np.array_equal(block.value[chosen], values)
            assert {block.units[unit] for unit in block.unit_index[chosen]} == {
                reports.units[metric]
            }


def test_a_stretch_without_reports_is_an_empty_block() -> None:
    world = world_of(ASSETS[:1])
    assert len(rows(world, Words(world), MONDAY, MONDAY + 0.001).value) == 0


@pytest.mark.parametrize("start", [MONDAY, MONDAY + 0.25, MONDAY + 5000])
def test_stretches_meet_and_cover_the_whole(start: float) -> None:
    found = stretches(WORLD, start, start + 3 * DAY)
    assert (found[0][0], found[-1][1]) == (start, start + 3 * DAY)
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert all(since < until for since, until in found)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    fleet = "fleet: {rain: 1, parking: 1, waste: 1}\n"
    file.write_text(
        f"{fleet}cadence: 1h\nstart: 2026-01-01\nduration: 2d\nchance: {{spike: 1, silence: 2}}\n"
    )
    return file


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_the_command_writes_readings_and_the_truth_about_them(
    scenario: Path, tmp_path: Path, ending: str
) -> None:
    file, labels = tmp_path / f"out.{ending}", tmp_path / "labels.csv"
    done = simulators("city", "--scenario", scenario, "--to", file, "--labels", labels, "--json", "--processes", "1")  # fmt: skip
    assert done.returncode == 0, done.stderr
    told, found = json.loads(done.stdout), list(read_labels(labels))
    assert told["readings"] == sum(len(block.value) for block in SeriesFile(file)) > 300
    assert told["labels"] == len(found) > 0
    assert found == sorted(found, key=lambda label: label.began_at)
    again = tmp_path / f"again.{ending}"
    done = simulators("city", "--scenario", scenario, "--to", again, "--processes", "2")
    assert "readings and" in done.stdout
    assert again.read_bytes() == file.read_bytes()


def test_a_file_that_cannot_be_written_is_told_in_one_sentence(
    scenario: Path, tmp_path: Path
) -> None:
    for option, name in {"--to": "out.xls", "--labels": "no/labels.csv"}.items():
        done = simulators(
            "city", "--scenario", scenario, "--to", tmp_path / "out.csv", option, tmp_path / name
        )
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
        assert f"{tmp_path / name}: " in done.stderr
    assert not list(tmp_path.glob("out*"))


def peak(scenario: Path, file: Path, duration: str) -> int:
    options = [
        "city",
        "--scenario",
        scenario,
        "--to",
        file,
        "--duration",
        duration,
        "--processes",
        "1",
    ]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *map(str, options)],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return int(done.stdout.split()[-1])


def test_half_a_year_takes_no_more_memory_than_a_week(scenario: Path, tmp_path: Path) -> None:
    week, months = (peak(scenario, tmp_path / f"{long}.parquet", long) for long in ("7d", "180d"))
    assert months < 1.35 * week
    assert sum(len(block.value) for block in SeriesFile(tmp_path / "180d.parquet")) > 35_000
