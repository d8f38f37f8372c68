"""Readings of many series as columns, and the table that a file keeps them in."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

WORD: Final = pa.dictionary(pa.int32(), pa.string())
SCHEMA: Final = pa.schema(
    [
        pa.field("asset", WORD, nullable=False),
        pa.field("metric", WORD, nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("unit", WORD),
    ]
)
WORDS: Final = ["asset", "metric", "unit"]
NO_UNIT: Final = -1
PARQUET, CSV = ".parquet", ".csv"


class BadSeries(Exception):
    """A file that holds no series, or could not: the sentence names it."""


class Block(NamedTuple):
    """A stretch of readings in the order they were sent, column by column.

    The words stand once in a vocabulary each, and every reading has its number there: int32, all
    of one length. time is microseconds since 1970 (UTC, int64), value float64 in its unit (UCUM);
    a unit_index of -1 says that the device named none.
    """

    assets: Sequence[str]
    metrics: Sequence[str]
    units: Sequence[str]
    asset_index: NDArray[np.int32]
    metric_index: NDArray[np.int32]
    unit_index: NDArray[np.int32]
    time: NDArray[np.int64]
    value: NDArray[np.float64]

    def part(self, which: slice | NDArray[np.bool_]) -> "Block":
        """Some of the readings, by the same words."""
        return self._replace(
            asset_index=self.asset_index[which],
            metric_index=self.metric_index[which],
            unit_index=self.unit_index[which],
            time=self.time[which],
            value=self.value[which],
        )


def batch_of(block: Block) -> pa.RecordBatch:
    """The block as rows of the file's table; raises ValueError where its columns do not fit."""
    columns = (block.asset_index, block.metric_index, block.unit_index, block.time, block.value)
    if len({len(column) for column in columns}) != 1:
        raise ValueError("the columns of a block are of one length")
    time = np.ascontiguousarray(block.time, np.int64)
    return pa.record_batch(
        [
            _words(block.asset_index, block.assets),
            _words(block.metric_index, block.metrics),
            pa.Array.from_buffers(SCHEMA.field("time").type, len(time), [None, pa.py_buffer(time)]),
            pa.array(block.value, pa.float64(), from_pandas=False),
            _words(block.unit_index, block.units, np.asarray(block.unit_index) == NO_UNIT),
        ],
        schema=SCHEMA,
    )


def block_of(batch: pa.RecordBatch) -> Block:
    """The rows of a batch as a block; raises BadSeries where a cell is empty that may not be."""
    for name in ("asset", "metric", "time", "value"):
        if batch.column(name).null_count:
            raise BadSeries(f"a row has no {name}")
    asset, metric, unit = (batch.column(name) for name in ("asset", "metric", "unit"))
    return Block(
        asset.dictionary.to_pylist(),
        metric.dictionary.to_pylist(),
        unit.dictionary.to_pylist(),
        asset.indices.to_numpy(),
        metric.indices.to_numpy(),
        unit.indices.fill_null(NO_UNIT).to_numpy(),
        batch.column("time").view(pa.int64()).to_numpy(),
        batch.column("value").to_numpy(),
    )


def _words(
    index: NDArray[np.int32], vocabulary: Sequence[str], absent: NDArray[np.bool_] | None = None
) -> Any:
    indices = pa.array(np.asarray(index, np.int32), mask=absent)
    try:
        return pa.DictionaryArray.from_arrays(indices, pa.array(vocabulary, pa.string()))
    except IndexError as why:
        raise ValueError(f"a number without its word: {why}") from why
