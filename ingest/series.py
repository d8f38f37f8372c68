"""Reads files of many series (Parquet or CSV) as pieces of columns: memory stays flat.

The contract is the columns: asset, metric, time, value and, where there is one, unit.
"""

import csv as lines
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv, parquet

from models.reading import microseconds

COLUMNS = ("asset", "metric", "time", "value")
EVERY_COLUMN = (*COLUMNS, "unit")
NEVER = np.iinfo(np.int64).min  # the time of a row whose time cannot be read
NO_WORD = -1
PIECE = 50_000  # rows that one transaction takes
AT_ONCE = 8 << 20  # bytes of a CSV file
SHOWN_LINES = 100  # lines of another shape of which the text is kept, of a piece
WORD = pa.dictionary(pa.int32(), pa.string())
MOMENT = pa.timestamp("us", tz="UTC")

Watch = Callable[[int], None]


class BadFile(Exception):
    """The file cannot be taken as it is; nothing of it was."""


class Piece(NamedTuple):
    """Rows of a file as columns; first is the number of the first of them, from 1.

    Words stand in a vocabulary and every row has its number there, NO_WORD where it has none.
    time is in microseconds since 1970 or NEVER, value is not a number where there is none.
    misshapen are lines that are no rows at all, as far as their text is kept; lost counts them.
    """

    first: int
    assets: list[str]
    metrics: list[str]
    units: list[str]
    asset: NDArray[np.int32]
    metric: NDArray[np.int32]
    unit: NDArray[np.int32]
    time: NDArray[np.int64]
    value: NDArray[np.float64]
    misshapen: list[str]
    lost: int = 0


class Pieces(NamedTuple):
    """An open file: its pieces in order, and how many rows it has where it says so."""

    rows: int | None
    pieces: Iterator[Piece]


def opened(file: Path) -> AbstractContextManager[Pieces]:
    """The file as pieces, by its ending. Raises BadFile, in one sentence, for what is none."""
    return of_parquet(file) if file.suffix == ".parquet" else of_csv(file)


@contextmanager
def of_parquet(file: Path) -> Iterator[Pieces]:
    """A Parquet file; its row groups come one after the other."""
    with said(file), parquet.ParquetFile(file) as table:
        check(table.schema_arrow)
        names = [name for name in EVERY_COLUMN if name in table.schema_arrow.names]
        batches = (
            batch
            for group in range(table.num_row_groups)
            for batch in table.iter_batches(PIECE, row_groups=[group], columns=names)
        )
        yield Pieces(table.metadata.num_rows, pieces_of(file, gathered(batches), lambda: ([], 0)))


@contextmanager
def of_csv(file: Path) -> Iterator[Pieces]:
    """A CSV file whose first line names the columns; a bad line costs itself alone."""
    misshapen: list[str] = []
    lost = 0

    def skip(row: Any) -> str:
        nonlocal lost
        lost += 1
        if len(misshapen) < SHOWN_LINES:
            misshapen.append(row.text)
        return "skip"

    def taken() -> tuple[list[str], int]:
        nonlocal lost
        found, lost = (misshapen.copy(), lost), 0
        misshapen.clear()
        return found

    with said(file):
        check_header(file)
        table = csv.open_csv(
            file,
            csv.ReadOptions(use_threads=False, block_size=AT_ONCE),
            csv.ParseOptions(invalid_row_handler=skip),
            csv.ConvertOptions(
                column_types={name: pa.string() for name in EVERY_COLUMN},
                include_columns=EVERY_COLUMN,
                include_missing_columns=True,
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
        cut = (
            batch.slice(at, PIECE) for batch in table for at in range(0, batch.num_rows or 1, PIECE)
        )
        yield Pieces(None, pieces_of(file, cut, taken))


@contextmanager
def said(file: Path) -> Iterator[None]:
    """Whatever Arrow says of the file, as one sentence."""
    try:
        yield
    except FileNotFoundError as why:
        raise BadFile(f"{file}: there is no such file") from why
    except (OSError, pa.ArrowException) as why:
        raise BadFile(f"{file}: cannot be read: {str(why).splitlines()[0]}") from why
    except BadFile as why:
        raise BadFile(f"{file}: {why}") from why


def check(schema: pa.Schema) -> None:
    """Raises BadFile where a column is missing or of a kind that it cannot have."""
    for name in EVERY_COLUMN:
        kind = schema.field(name).type if name in schema.names else None
        if kind is None and name != "unit":
            raise BadFile(f"there is no column {name}")
        if kind is not None and not FITS[name](kind):
            raise BadFile(f"the column {name} is {kind}, and has to be {WANTED[name]}")


def check_header(file: Path) -> None:
    """Raises BadFile where the first line of a CSV lacks a column."""
    with file.open(encoding="utf-8-sig", errors="backslashreplace") as text:
        names = next(lines.reader([text.readline(10_000)]), [])
    if missing := [name for name in COLUMNS if name not in names]:
        raise BadFile(f"line 1: no column {' and no column '.join(missing)}")


def word_like(kind: Any) -> bool:
    """Whether a column can hold names."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def number_like(kind: Any) -> bool:
    """Whether a column can hold values."""
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


FITS: dict[str, Callable[[Any], bool]] = {
    "asset": word_like,
    "metric": word_like,
    "unit": word_like,
    "time": lambda kind: bool(pa.types.is_timestamp(kind) and kind.tz is not None),
    "value": number_like,
}
WANTED = {
    **dict.fromkeys(("asset", "metric", "unit"), "text"),
    "time": "a timestamp with a zone",
    "value": "a number",
}


def gathered(batches: Iterator[Any]) -> Iterator[Any]:
    """Small neighbours as one batch: a file of tiny row groups would cost a transaction each."""
    waiting: list[Any] = []
    for batch in batches:
        if waiting and sum(each.num_rows for each in waiting) + batch.num_rows > PIECE:
            yield joined(waiting)
            waiting = []
        waiting.append(batch)
    if waiting:
        yield joined(waiting)


def joined(batches: list[Any]) -> Any:
    """Batches as one, their words in one vocabulary."""
    if len(batches) == 1:
        return batches[0]
    return pa.Table.from_batches(batches).unify_dictionaries().combine_chunks().to_batches()[0]


def pieces_of(
    file: Path, batches: Iterator[Any], misshapen: Callable[[], tuple[list[str], int]]
) -> Iterator[Piece]:
    """Batches of the file's table as pieces."""
    first = 1
    with said(file):
        for batch in batches:
            texts, lost = misshapen()
            found = piece_of(batch, first)._replace(misshapen=texts, lost=lost)
            first += batch.num_rows
            yield found
        if (rest := misshapen())[1]:  # behind the last row
            yield piece_of(EMPTY, first)._replace(misshapen=rest[0], lost=rest[1])


def piece_of(batch: pa.RecordBatch, first: int) -> Piece:
    """One batch as a piece."""
    (assets, asset), (metrics, metric), (units, unit) = (
        words_of(batch, name) for name in ("asset", "metric", "unit")
    )
    return Piece(
        first,
        assets,
        metrics,
        units,
        asset,
        metric,
        unit,
        times_of(batch.column("time")),
        values_of(batch.column("value")),
        [],
    )


def words_of(batch: pa.RecordBatch, name: str) -> tuple[list[str], NDArray[np.int32]]:
    """The vocabulary of a column, and each row's number in it."""
    if name not in batch.schema.names:
        return [], np.full(batch.num_rows, NO_WORD, np.int32)
    column = batch.column(name)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    numbers = column.indices.cast(pa.int32()).fill_null(NO_WORD).to_numpy()
    return [str(word or "") for word in column.dictionary.to_pylist()], numbers


def times_of(column: Any) -> NDArray[np.int64]:
    """Microseconds since 1970, NEVER where a row has no time."""
    if pa.types.is_string(column.type):
        column = parsed(column, MOMENT, lambda text: microseconds(zoned(text)))
    found = column.cast(MOMENT, safe=False).view(pa.int64()).fill_null(NEVER)
    return np.asarray(found.to_numpy())


def values_of(column: Any) -> NDArray[np.float64]:
    """Numbers, not a number where a row has none."""
    if pa.types.is_string(column.type):
        column = parsed(column, pa.float64(), float)
    found = column.cast(pa.float64(), safe=False).fill_null(np.nan)
    return np.asarray(found.to_numpy())


def parsed(column: Any, kind: Any, one: Callable[[str], float]) -> Any:
    """Texts as what they write; where one of them cannot be read, each is read by itself."""
    try:
        return pc.cast(column, kind)
    except pa.ArrowInvalid:
        return pa.array([attempt(text, one) for text in column.to_pylist()], kind)


def attempt(text: str | None, one: Callable[[str], float]) -> float | None:
    """What a text writes, or None."""
    try:
        return None if text is None else one(text.strip())
    except (ValueError, OverflowError):
        return None


def zoned(text: str) -> datetime:
    """The moment a text writes. Raises ValueError where it names no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("it names no zone")
    return at


EMPTY = pa.record_batch(
    [pa.array([], WORD), pa.array([], WORD), pa.array([], MOMENT), pa.array([], pa.float64())],
    names=list(COLUMNS),
)
