"""The ensemble over very many series: in chunks, by processes here or by a dask cluster."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import distributed
import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from models.detectors.ensemble import Ensemble, Settings
from models.evaluation import backtest, series_file
from models.evaluation.streaming import scores
from models.reading import MINUTE

POINTS = 700  # at ten minutes: what comes after the warm-up of two days too
SPIKE = 550


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six assets with two metrics each, in the order of time; one of them has a spike."""
    dice = np.random.default_rng(5)
    value = 20 + dice.normal(0, 1, (POINTS, 12))
    value[SPIKE, 3] = 90
    names = [(f"pump-{one}", metric) for one in range(6) for metric in ("flow", "level")]
    columns = {
        "asset": [asset for _ in range(POINTS) for asset, _ in names],
        "metric": [metric for _ in range(POINTS) for _, metric in names],
        "time": pa.array(
            np.repeat(np.arange(POINTS) * 10 * MINUTE, 12), pa.timestamp("us", tz="UTC")
        ),
        "value": value.ravel(),
    }
    path = tmp_path_factory.mktemp("series") / "week.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "models.evaluation", "backtest", *arguments],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_chunks_hear_what_one_run_over_all_series_hears(file: Path) -> None:
    (whole,) = (part() for part in series_file.parts(file, 100))
    assert (len(whole.times), {len(each) for each in whole.times}) == (12, {POINTS})
    with ThreadPoolExecutor(2) as executor:
        found = backtest.backtest(series_file.parts(file, 2), executor, 2)
    assert (found.series, found.samples) == (12, 12 * POINTS)
    assert found.heard.sum() == found.samples
    loud = np.array([score >= 0.995 for score in scores(Ensemble(), *whole)])
    assert loud[3, SPIKE]  # pump-1's level: the fourth by name
    assert abs(backtest.alarms(found, Settings()) - loud.sum()) <= 1  # the width of a step


def test_a_dask_cluster_of_two_processes_hears_the_same(file: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        here = backtest.backtest(series_file.parts(file, 2), executor, 2)
    cluster_of: Any = distributed.LocalCluster  # it has no types
    with cluster_of(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        done = command(str(file), "--assets", "2", "--dask", cluster.scheduler_address, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == backtest.summary(here, 0.05)


def test_the_chosen_loudness_keeps_to_the_alarms_that_were_asked_for(file: Path) -> None:
    with ThreadPoolExecutor(2) as executor:
        found = backtest.backtest(series_file.parts(file, 6), executor, 2)
    for a_week in (0.0, 0.01, 0.05, 1.0, 1000.0):
        chosen = Settings()._replace(alarm=backtest.alarm_for(found, a_week))
        assert backtest.alarms(found, chosen) <= a_week * found.stream_days / 7


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere.parquet"], "nowhere.parquet: cannot be read"),
        (["pyproject.toml"], "pyproject.toml: cannot be read"),
        (["{file}", "--dask", "tcp://127.0.0.1:9"], "no dask cluster answers at tcp://127.0.0.1:9"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    file: Path, arguments: list[str], sentence: str
) -> None:
    done = command(*(each.format(file=file) for each in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
