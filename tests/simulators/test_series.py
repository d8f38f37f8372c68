"""Files of many series: what is written is read, and what is none is refused in a sentence."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyarrow import parquet

from simulators.series.block import SCHEMA, BadSeries, Block
from simulators.series.reader import SeriesFile, is_series
from simulators.series.writer import SeriesWriter

NEW_YEAR = 1_767_225_600_000_000
ENDINGS = [".parquet", ".csv"]
Row = tuple[str, str, int, float, str | None]


def block_of(rows: list[Row]) -> Block:
    assets, metrics = sorted({row[0] for row in rows}), sorted({row[1] for row in rows})
    units = sorted({row[4] for row in rows if row[4] is not None})
    return Block(
        assets,
        metrics,
        units,
        np.array([assets.index(row[0]) for row in rows], np.int32),
        np.array([metrics.index(row[1]) for row in rows], np.int32),
        np.array([-1 if row[4] is None else units.index(row[4]) for row in rows], np.int32),
        np.array([row[2] for row in rows], np.int64),
        np.array([row[3] for row in rows], np.float64),
    )


def rows_of(block: Block) -> list[Row]:
    return [
        (
            block.assets[asset],
            block.metrics[metric],
            int(time),
            float(value),
            None if unit < 0 else block.units[unit],
        )
        for asset, metric, unit, time, value in zip(*block[3:], strict=True)
    ]


def write(path: Path, *blocks: list[Row]) -> Path:
    with SeriesWriter(path) as writer:
        for rows in blocks:
            writer.write(block_of(rows))
    return path


READING = some.tuples(
    some.sampled_from(["air-1", "river-2", "pump:7"]),
    some.sampled_from(["pm25", "level_m"]),
    some.integers(-(2**50), 2**53),
    some.floats(allow_nan=False, allow_infinity=False),
    some.sampled_from([None, "ug/m3", "m", "[in_i'Hg]"]),
)
FIRST: list[Row] = [
    ("b", "pm25", NEW_YEAR, 12.5, "ug/m3"),
    ("a", "pm25", NEW_YEAR + 1, 0.1, None),
    ("b", "level_m", NEW_YEAR - 1, -3.0, "m"),
]
SECOND: list[Row] = [("c", "pm10", NEW_YEAR + 2, 1e-9, None)]


@pytest.mark.parametrize("ending", ENDINGS)
@given(readings=some.lists(READING, min_size=1, max_size=20))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, ending: str, readings: list[Row]
) -> None:
    path = write(tmp_path_factory.mktemp("series") / f"some{ending}", readings)
    assert [row for block in SeriesFile(path) for row in rows_of(block)] == readings


@pytest.mark.parametrize("ending", ENDINGS)
def test_order_is_kept_over_blocks_with_other_words(tmp_path: Path, ending: str) -> None:
    file = SeriesFile(write(tmp_path / f"some{ending}", FIRST, SECOND))
    for _ in range(2):  # as often as asked
        assert [row for block in file for row in rows_of(block)] == FIRST + SECOND


def test_parquet_has_a_row_group_a_block_and_the_columns_of_the_contract(tmp_path: Path) -> None:
    with parquet.ParquetFile(write(tmp_path / "some.parquet", FIRST, [], SECOND)) as file:
        assert [file.metadata.row_group(at).num_rows for at in (0, 1)] == [3, 1]
        assert file.num_row_groups == 2
        assert file.schema_arrow.equals(SCHEMA)
        kinds = [str(field.type) for field in file.schema_arrow]
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    words = "dictionary<values=string, indices=int32, ordered=0>"
    assert kinds == [words, words, "timestamp[us, tz=UTC]", "double", words]


def test_csv_is_what_the_platforms_own_import_reads(tmp_path: Path) -> None:
    with write(tmp_path / "some.csv", FIRST).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["asset", "metric", "time", "value", "unit"]
    assert datetime.fromisoformat(rows[1]["time"]) == datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert [row["unit"] for row in rows] == ["ug/m3", "", "m"]


def test_csv_of_another_hand_is_read_by_the_names_of_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text('note,value,metric,asset,time\nx,2,m,"a",2026-01-01T07:00:00+07:00\n')
    assert [rows_of(block) for block in SeriesFile(path)] == [[("a", "m", NEW_YEAR, 2.0, None)]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_that_was_not_finished_has_no_name(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"some{ending}"
    path.write_text("what was there")
    with pytest.raises(ValueError, match="one length"):
        write_and_fail(path)
    assert path.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [path]


def write_and_fail(path: Path) -> None:
    with SeriesWriter(path) as writer:
        writer.write(block_of(FIRST))
        writer.write(block_of(FIRST)._replace(value=np.zeros(9)))


def parquet_with(path: Path, **columns: object) -> None:
    parquet.write_table(pa.table(columns), path)


def test_what_is_no_series_is_refused_in_a_sentence(tmp_path: Path) -> None:
    text, other, cut = (tmp_path / f"{name}.parquet" for name in ("text", "other", "cut"))
    text.write_text("asset,metric\n" * 100)
    parquet_with(other, asset=["a"], metric=["m"])
    cut.write_bytes(write(tmp_path / "some.parquet", FIRST).read_bytes()[:-20])
    refused(text, "cannot be read: ")
    refused(other, "the column asset is|the column time is missing")
    refused(cut, "cannot be read: ")
    refused(tmp_path / "absent.parquet", "there is no such file")
    refused(tmp_path / "absent.csv", "there is no such file")
    refused(tmp_path / "some.txt", r"ends in \.parquet or \.csv")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("asset,metric,value\n", "line 1: there is no column time"),
        ("asset,metric,time,value\n", "there are no readings in it"),
        ("asset,metric,time,value\na,m,soon,1\n", "'soon'"),
        ("asset,metric,time,value\na,m,2026-01-01T00:00:00Z,x\n", "'x'"),
        ("asset,metric,time,value\na,m,2026-01-01T00:00:00,1\n", "zone"),
        ("asset,metric,time,value\n,m,2026-01-01T00:00:00Z,1\n", "a row has no asset"),
        ("asset,metric,time,value\na,m,2026-01-01T00:00:00Z\n", "4 columns"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "some.csv"
    path.write_text(text)
    refused(path, sentence)


def refused(path: Path, sentence: str) -> None:
    with pytest.raises(BadSeries, match=sentence) as caught:
        SeriesFile(path).check()
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_name_that_csv_cannot_hold_and_a_folder_that_is_not_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSeries, match="a name cannot stand in a CSV file"):
        write(tmp_path / "some.csv", [("a,b", "m", 0, 0.0, None)])
    with pytest.raises(BadSeries, match=r"x/some\.csv: cannot be written: No such file"):
        write(tmp_path / "x" / "some.csv", FIRST)
    with pytest.raises(BadSeries, match=r"some\.parquet: cannot be written"):
        write(tmp_path / "x" / "some.parquet", FIRST)
    with pytest.raises(BadSeries, match="ends in"):
        SeriesWriter(tmp_path / "some.txt")


def test_a_block_of_columns_that_do_not_fit_is_a_mistake(tmp_path: Path) -> None:
    block = block_of(FIRST)
    with SeriesWriter(tmp_path / "some.csv") as writer:
        with pytest.raises(ValueError, match="one length"):
            writer.write(block._replace(time=block.time[:-1]))
        with pytest.raises(ValueError, match="without its word"):
            writer.write(block._replace(assets=["b"]))


def test_a_file_is_known_by_its_ending_or_its_first_line(tmp_path: Path) -> None:
    series = write(tmp_path / "some.csv", FIRST)
    (tmp_path / "one.csv").write_text("timestamp,value\n")
    assert is_series(series)
    assert is_series(tmp_path / "absent.parquet")
    assert not is_series(tmp_path / "one.csv")
