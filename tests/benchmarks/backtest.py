"""How fast many series are tested back: processes on this machine, and a local dask cluster."""

import json
import time
from functools import partial
from typing import Annotated, Any

import distributed
import numpy as np
import typer

from models.evaluation import backtest, hands
from models.evaluation.backtest import Chunk
from models.reading import MINUTE

CHUNK = 1000  # series


def main(
    series: Annotated[int, typer.Option(min=1, help="How many.")] = 20_000,
    points: Annotated[int, typer.Option(min=1, help="Of each, every five minutes.")] = 2016,
    workers: Annotated[int, typer.Option(min=1, help="Processes of either kind.")] = 2,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Test made-up series back by a local pool and by a dask cluster of as many processes."""
    local, here = timed(series, points, workers, "")
    cluster_of: Any = distributed.LocalCluster  # it has no types
    with cluster_of(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        dask, there = timed(series, points, workers, cluster.scheduler_address)
    told = {
        "series": series,
        "points": points,
        "workers": workers,
        "local_s": round(local, 1),
        "local_samples_per_s": round(here.samples / local),
        "dask_s": round(dask, 1),
        "dask_samples_per_s": round(there.samples / dask),
        "same": bool((here.heard == there.heard).all()),
    }
    print(json.dumps(told) if as_json else "\n".join(f"{k:22}{v:>14}" for k, v in told.items()))


def timed(series: int, points: int, workers: int, dask: str) -> tuple[float, backtest.Told]:
    """Seconds from the first chunk handed out, the hands being there, to the last one back."""
    sources = [
        partial(made, first, min(CHUNK, series - first), points)
        for first in range(0, series, CHUNK)
    ]
    with hands.hired(workers, dask) as (executor, count):
        list(executor.map(abs, range(count)))  # everybody has arrived
        begun = time.perf_counter()
        found = backtest.backtest(sources, executor, count)
        return time.perf_counter() - begun, found


def made(seed: int, series: int, points: int) -> Chunk:
    """Series with a day in them, noise, and now and then a jump."""
    dice = np.random.default_rng(seed)
    at = np.arange(points) * 5 * MINUTE
    day = np.sin(np.arange(points) * 2 * np.pi / 288)
    values = 50 + 10 * day + dice.normal(0, 2, (series, points))
    values += 40 * (dice.random((series, points)) < 1e-4)
    return Chunk([at] * series, list(values))
