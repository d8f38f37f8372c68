"""What a city sends as columns of numbers, for files: by as many processes as there are cores."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, Final

import numpy as np

from simulators.happening import Reports
from simulators.series.block import Block
from simulators.world import World

STRETCH: Final = 6 * 3600.0  # seconds of the city's time that one block holds
MOST_ROWS: Final = 1_500_000  # of a block, about: longer ones hold no more
AHEAD: Final = 2  # blocks a process may be ahead of the file


class Words:
    """The vocabularies of a city: each name once."""

    def __init__(self, world: World) -> None:
        kinds = {asset.kind for asset in world.assets}
        self.assets = [asset.name for asset in world.assets]
        self.metrics = sorted({metric.name for kind in kinds for metric in kind.metrics})
        self.units = sorted({metric.unit for kind in kinds for metric in kind.metrics})
        self.metric_at = {name: place for place, name in enumerate(self.metrics)}
        self.unit_at = {name: place for place, name in enumerate(self.units)}


def stretches(world: World, start: float, end: float) -> list[tuple[float, float]]:
    """Return [start, end) in pieces that are good to hold in memory."""
    rate = sum(len(asset.kind.metrics) / asset.cadence for asset in world.assets)
    length = min(STRETCH, max(300.0, MOST_ROWS / rate // 300 * 300))
    found = []
    begin = start
    while begin < end:
        until = min(end, (begin // length + 1) * length)
        found.append((begin, until))
        begin = until
    return found


def rows(world: World, words: Words, since: float, until: float) -> Block:
    """Return what all assets send in [since, until), in the order they send it."""
    pieces = [
        _columns(place, reports, words)
        for place, reports in enumerate(world.reports(since, until))
        if len(reports.at)
    ]
    if not pieces:
        none = np.zeros(0, np.int32)
        return Block(
            words.assets, words.metrics, words.units, none, none, none,
            np.zeros(0, np.int64), np.zeros(0),
        )  # fmt: skip
    at, asset, metric, unit, told, value = (
        np.concatenate(column) for column in zip(*pieces, strict=True)
    )
    order = np.argsort(at, kind="stable")
    return Block(
        words.assets, words.metrics, words.units,
        asset[order], metric[order], unit[order], told[order], value[order],
    )  # fmt: skip


def _columns(place: int, reports: Reports, words: Words) -> tuple[Any, ...]:
    """Return the rows of one asset, report by report."""
    names, count = list(reports.values), len(reports.at)
    width = len(names)
    metrics = np.array([words.metric_at[name] for name in names], np.int32)
    units = np.array([words.unit_at[reports.units[name]] for name in names], np.int32)
    told = np.round(reports.told * 1000).astype(np.int64) * 1000
    return (
        np.repeat(reports.at, width),
        np.full(count * width, place, np.int32),
        np.tile(metrics, count),
        np.tile(units, count),
        np.repeat(told, width),
        np.stack([reports.values[name] for name in names], axis=1).ravel(),
    )


def blocks(world: World, start: float, end: float, processes: int = 0) -> Iterator[Block]:
    """Yield what all assets send in [start, end), stretch by stretch, in their order.

    By so many processes (0: as many as there are cores); the blocks are the same whatever their
    number, since no stretch needs to know of another.
    """
    todo = stretches(world, start, end)
    count = min(processes or os.cpu_count() or 1, len(todo))
    if count <= 1:
        words = Words(world)
        for since, until in todo:
            yield rows(world, words, since, until)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, context, _begin, (world,)) as pool:
        yield from _in_order(pool, todo, count * AHEAD)


def _in_order(
    pool: ProcessPoolExecutor, todo: Sequence[tuple[float, float]], most: int
) -> Iterator[Block]:
    waiting: deque[Future[Block]] = deque()
    try:
        for since, until in todo:
            waiting.append(pool.submit(_work, since, until))
            if len(waiting) > most:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


# What a process of the pool knows; it is told once, since a world takes time to build.
_here: dict[str, Any] = {}


def _begin(world: World) -> None:
    _here["world"], _here["words"] = world, Words(world)


def _work(since: float, until: float) -> Block:
    return rows(_here["world"], _here["words"], since, until)
