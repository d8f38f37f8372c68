"""Reads a file of many series, block by block: memory stays flat however long it is."""

import csv as lines
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from pyarrow import csv, parquet

from simulators.series.block import CSV, PARQUET, SCHEMA, WORDS, BadSeries, Block, block_of

ROWS_AT_ONCE: Final = 1 << 20
BYTES_AT_ONCE: Final = 16 << 20  # of a CSV file
NEEDED: Final = ("asset", "metric", "time", "value")


@dataclass(frozen=True)
class SeriesFile:
    """A file with the columns asset, metric, time, value and unit, read as often as asked.

    Its ending says whether it is Parquet or CSV. Raises BadSeries, in one sentence, for a file that
    is not one, as soon as that shows.
    """

    path: Path

    def __iter__(self) -> Iterator[Block]:
        try:
            for batch in self._batches():
                yield block_of(batch)
        except FileNotFoundError as why:
            raise BadSeries(f"{self.path}: cannot be read: there is no such file") from why
        except (OSError, pa.ArrowException) as why:
            raise BadSeries(f"{self.path}: cannot be read: {_first_line(why)}") from why
        except BadSeries as why:
            raise BadSeries(f"{self.path}: {why}") from why

    @property
    def rows(self) -> int | None:
        """How many readings it has; None where only reading all of it would tell."""
        try:
            known = self.path.suffix == PARQUET
            return int(parquet.read_metadata(self.path).num_rows) if known else None
        except (OSError, pa.ArrowException):
            return None

    def check(self) -> None:
        """Read the first block; raises BadSeries where there is none."""
        for _ in self:
            return
        raise BadSeries(f"{self.path}: there are no readings in it")

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if self.path.suffix == PARQUET:
            return parquet_batches(self.path)
        if self.path.suffix == CSV:
            return csv_batches(self.path)
        raise BadSeries(f"a file of series ends in {PARQUET} or {CSV}")


def parquet_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The row groups of a Parquet file, large ones in pieces."""
    metadata = parquet.read_metadata(path)
    words = [name for name in WORDS if name in metadata.schema.names]
    with parquet.ParquetFile(path, metadata=metadata, read_dictionary=words) as file:
        found = {field.name: field.type for field in file.schema_arrow}
        for field in SCHEMA:
            if found.get(field.name) != field.type:
                raise BadSeries(
                    f"the column {field.name} is {found.get(field.name, 'missing')}, "
                    f"and has to be {field.type}"
                )
        for group in range(file.num_row_groups):
            yield from file.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=SCHEMA.names)


def csv_batches(path: Path) -> Iterator[pa.RecordBatch]:
    """The lines of a CSV file as many at a time as BYTES_AT_ONCE hold."""
    names = columns_of(path)
    if missing := [name for name in NEEDED if name not in names]:
        raise BadSeries(f"line 1: there is no column {', '.join(missing)}")
    yield from csv.open_csv(
        path,
        csv.ReadOptions(use_threads=False, block_size=BYTES_AT_ONCE),
        convert_options=csv.ConvertOptions(
            column_types=SCHEMA,
            include_columns=SCHEMA.names,
            include_missing_columns=True,
            null_values=[""],
            strings_can_be_null=True,
            timestamp_parsers=[csv.ISO8601],
        ),
    )


def columns_of(path: Path) -> list[str]:
    """The names in the first line of a CSV file; raises OSError."""
    with path.open(encoding="utf-8-sig", errors="backslashreplace") as file:
        return next(lines.reader([file.readline(10_000)]), [])


def is_series(path: Path) -> bool:
    """Whether a file looks like one of many series: by its ending, or its first line."""
    if path.suffix != CSV:
        return path.suffix == PARQUET
    return set(NEEDED) <= set(columns_of(path))


def _first_line(why: Any) -> str:
    text = getattr(why, "strerror", None) or str(why)
    return str(text).splitlines()[0].rstrip(".")[:200]
