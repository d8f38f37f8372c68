"""Who does the work of a back-test: processes on this machine, or a dask cluster."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

PATIENCE = "5s"  # for a cluster to answer


class NoHands(Exception):
    """Nobody is there to work; the sentence says what to do."""


@contextmanager
def hired(workers: int, dask: str) -> Iterator[tuple[Executor, int]]:
    """An executor and how many hands it has; workers 0 is one a core. Raises NoHands."""
    if dask:
        with on_dask(dask) as hands:
            yield hands
        return
    count = workers or os.cpu_count() or 1
    # A fresh process each: a fork of one that has threads (numpy's, Arrow's) may hang.
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool, count


@contextmanager
def on_dask(address: str) -> Iterator[tuple[Executor, int]]:
    """The hands of the cluster whose scheduler answers at this address. Raises NoHands."""
    try:
        import distributed  # noqa: PLC0415 (an extra)
    except ImportError as why:
        raise NoHands(
            "dask is not installed: pip install --require-hashes -r requirements-dask.lock"
        ) from why
    hire: Any = distributed.Client  # it has no types
    try:
        client: Any = hire(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as why:
        raise NoHands(f"no dask cluster answers at {address}: {why}") from why
    with client:
        count = sum(client.nthreads().values())
        if not count:
            raise NoHands(f"the dask cluster at {address} has no workers")
        with client.get_executor() as executor:
            yield executor, count
