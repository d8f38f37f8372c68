"""Reads a Parquet file of many series (asset, metric, time, value), some assets at a time."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import dataset

from models.evaluation.backtest import Chunk, Source, chunked

COLUMNS = ["asset", "metric", "time", "value"]
READ_FAILURES = (OSError, pa.ArrowException)


class BadSeriesFile(Exception):
    """A file that holds no series; the sentence names it."""


def part(file: Path, assets: Sequence[str]) -> Chunk:
    """The series of these assets, sorted by name and then by time. Raises BadSeriesFile."""
    wanted = pc.field("asset").isin(list(assets))
    try:
        rows = dataset.dataset(file, format="parquet").to_table(COLUMNS, filter=wanted)
    except READ_FAILURES as why:
        raise BadSeriesFile(f"{file}: cannot be read: {why}") from why
    return chunk_of(rows)


def parts(file: Path, assets_at_once: int) -> Iterator[Source]:
    """The file in parts of so many assets, each read where it is called. Raises BadSeriesFile."""
    try:
        told = dataset.dataset(file, format="parquet")
        if missing := set(COLUMNS) - set(told.schema.names):
            raise BadSeriesFile(f"{file}: has no column {', '.join(sorted(missing))}")
        names: set[str] = set()
        for batch in told.to_batches(["asset"]):
            names |= set(pc.unique(batch.column(0)).to_pylist())
    except READ_FAILURES as why:
        raise BadSeriesFile(f"{file}: cannot be read: {why}") from why
    for each in chunked(sorted(names - {None}), assets_at_once):
        yield partial(part, file, each)


def chunk_of(rows: pa.Table) -> Chunk:
    """The rows as series: one for each metric of each asset."""
    rows = rows.combine_chunks()
    asset, metric = (
        pc.rank(rows.column(name).cast(pa.string()), tiebreaker="dense").to_numpy()
        for name in ("asset", "metric")
    )
    time = rows.column("time").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).to_numpy()
    order = np.lexsort((time, metric, asset))
    asset, metric, time = asset[order], metric[order], time[order]
    value = rows.column("value").to_numpy()[order]
    new = (asset[1:] != asset[:-1]) | (metric[1:] != metric[:-1])
    starts = np.flatnonzero(new) + 1
    return Chunk(np.split(time, starts), np.split(value, starts)) if len(rows) else Chunk([], [])
