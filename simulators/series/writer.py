"""Writes a file of many series, block by block; it has its name once it is whole."""

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa
from pyarrow import csv, parquet

from simulators.series.block import CSV, PARQUET, SCHEMA, WORDS, BadSeries, Block, batch_of

ROWS_A_GROUP: Final = 1 << 20  # what a reader holds at a time, however large the blocks are
LEVEL: Final = 1  # of zstd: the next ones take twice the time for a twentieth less


class SeriesWriter:
    """Writes blocks to PATH.part, which becomes PATH (.parquet or .csv) at a clean end.

    A Parquet file has a row group for each block. Where the with-block is left by an exception,
    nothing stays; raises BadSeries for another ending, or where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        if path.suffix not in {PARQUET, CSV}:
            raise BadSeries(f"{path}: a file of series ends in {PARQUET} or {CSV}")
        self.rows = 0
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._open = ExitStack()

    def __enter__(self) -> Self:
        make = parquet_file if self._parquet else csv_file
        try:
            self._file: Any = make(self._part, self._open)
        except OSError as why:
            raise self._unwritable(why) from why
        return self

    def write(self, block: Block) -> None:
        """Append a block; one without readings changes nothing."""
        batch = batch_of(block)
        if not batch.num_rows:
            return
        try:
            if self._parquet:
                self._file.write_batch(batch, row_group_size=ROWS_A_GROUP)
            else:
                self._file.write_batch(plain(batch))
        except pa.ArrowInvalid as why:
            raise BadSeries(f"{self._path}: a name cannot stand in a CSV file: {why}") from why
        except OSError as why:
            raise self._unwritable(why) from why
        self.rows += batch.num_rows

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._open.close()
            if kind is None:
                self._part.replace(self._path)
        except OSError as why:
            raise self._unwritable(why) from why
        finally:
            self._part.unlink(missing_ok=True)

    @property
    def _parquet(self) -> bool:
        return self._path.suffix == PARQUET

    def _unwritable(self, why: OSError) -> BadSeries:
        return BadSeries(f"{self._path}: cannot be written: {why.strerror or why}")


def parquet_file(path: Path, until: ExitStack) -> Any:
    """A Parquet writer: words by number, times as differences, values by byte; zstd."""
    file = until.enter_context(path.open("wb"))
    return until.enter_context(
        parquet.ParquetWriter(
            file,
            SCHEMA,
            compression="zstd",
            compression_level=LEVEL,
            use_dictionary=WORDS,
            column_encoding={"time": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT"},
        )
    )


def csv_file(path: Path, until: ExitStack) -> Any:
    """A CSV writer that begins with the columns' names, without quotes around words."""
    schema = pa.schema([(name, _written(SCHEMA.field(name).type)) for name in SCHEMA.names])
    file = until.enter_context(path.open("wb"))
    file.write((",".join(SCHEMA.names) + "\n").encode())
    options = csv.WriteOptions(include_header=False, quoting_style="none")
    return until.enter_context(csv.CSVWriter(file, schema, write_options=options))


def plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with its words spelled out, as CSV has them."""
    return pa.record_batch(
        [column.cast(_written(column.type)) for column in batch.columns], names=batch.schema.names
    )


def _written(kind: Any) -> Any:
    return pa.string() if pa.types.is_dictionary(kind) else kind
