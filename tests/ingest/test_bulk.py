"""A file of many series on a real database: all of it is accounted for, however often it is given."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from ingest import backfill, bulk, series
from ingest.bulk import Import
from ingest.series import BadFile, opened
from ingest.settings import IngestSettings, Unknown
from services.store import assets, rejects
from services.store.assets import Claim
from services.store.pool import Pool, transaction
from tests.flow.platform import number
from tests.ingest.test_lane import balance

NEW_YEAR = 1_767_225_600_000_000
MINUTE = 60_000_000
WORD = pa.dictionary(pa.int32(), pa.string())

# The contract, written down by hand: simulators.series and whoever else writes such files keep to it.
CONTRACT = {
    "asset": WORD,
    "metric": WORD,
    "time": pa.timestamp("us", tz="UTC"),
    "value": pa.float64(),
    "unit": WORD,
}
Row = tuple[str | None, str | None, int | None, float | None, str | None]


def write(file: Path, rows: Sequence[Row], group: int = 1000) -> Path:
    columns = zip(*rows, strict=True)
    table = pa.table(
        {
            name: pa.array(list(values), pa.string() if kind is WORD else kind).cast(kind)
            for (name, kind), values in zip(CONTRACT.items(), columns, strict=True)
        }
    )
    parquet.write_table(table, file, row_group_size=group, compression="zstd")
    return file


def minutes(count: int, asset: str = "pump", metric: str = "flow") -> list[Row]:
    return [(asset, metric, NEW_YEAR + at * MINUTE, float(at), "m3/h") for at in range(count)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "month.parquet"


def put(file: Path) -> None:
    backfill.put(file, dry_run=False, wait=True)


def kept(pool: Pool) -> list[tuple[object, ...]]:
    with transaction(pool) as conn:
        return conn.execute(
            """SELECT s.asset, s.metric, s.unit, r.value, r.quality
               FROM readings r JOIN stream_list s USING (stream_id) ORDER BY 1, 2, r.time"""
        ).fetchall()


def test_a_file_given_twice_changes_nothing_the_second_time(pool: Pool, file: Path) -> None:
    write(file, [*minutes(30), *minutes(20, "air", "pm25")], group=7)
    put(file)
    assert balance(pool) == (50, 50, 0, 0, 0)
    put(file)
    assert balance(pool) == (100, 50, 50, 0, 0)
    assert len(kept(pool)) == 50


def test_tiny_row_groups_are_stored_together(pool: Pool, file: Path) -> None:
    rows = [*minutes(6, "a"), *minutes(6, "b", "pm25"), *minutes(5, "c")]
    put(write(file, rows, group=2))
    assert [row[0] for row in kept(pool)] == ["a"] * 6 + ["b"] * 6 + ["c"] * 5
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM arrivals") == 1


def test_it_is_history_in_the_feed_and_its_rollups_are_computed_again(
    pool: Pool, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "PIECE", 10)
    old: list[Row] = [("pump", "flow", day * 86_400_000_000, 1.0, None) for day in (15_000, 15_003)]
    put(write(file, [*minutes(25), *old]))
    with transaction(pool) as conn:
        lanes = conn.execute(
            "SELECT lane, octet_length(frame) / 20 FROM arrivals ORDER BY id"
        ).fetchall()
        assert lanes == [("history", 10), ("history", 10), ("history", 7)]
        assert number(conn, "SELECT count(*) FROM late_spans WHERE began_at < '2012-01-01'") == 2
        assert number(conn, "SELECT sum(late) FROM ledger") == 27


def test_what_was_stored_in_part_is_completed(pool: Pool, file: Path) -> None:
    rows = minutes(40)
    put(write(file, rows[:15]))
    put(write(file, rows, group=10))
    assert balance(pool) == (55, 40, 15, 0, 0)


def test_a_moment_that_stands_twice_in_a_file_is_stored_once(pool: Pool, file: Path) -> None:
    put(write(file, [*minutes(3), *minutes(3)]))
    assert balance(pool) == (6, 3, 3, 0, 0)


def test_units_become_the_streams_and_ranges_give_quality(pool: Pool, file: Path) -> None:
    rows: list[Row] = [
        ("pump", "flow", NEW_YEAR, 2000.0, "L/h"),
        ("road", "speed", NEW_YEAR, 10.0, "m/s"),
        ("road", "speed", NEW_YEAR + MINUTE, 900.0, "km/h"),
        ("own", "stuff", NEW_YEAR, 1.0, "kg"),
        ("own", "stuff", NEW_YEAR + MINUTE, 500.0, "g"),
    ]
    put(write(file, rows))
    assert kept(pool) == [
        ("own", "stuff", "kg", 1.0, 0),
        ("own", "stuff", "kg", 0.5, 0),
        ("pump", "flow", "m3/h", 2.0, 0),
        ("road", "speed", "km/h", pytest.approx(36.0), 0),
        ("road", "speed", "km/h", 900.0, 2),
    ]
    with transaction(pool) as conn:
        units = conn.execute("SELECT from_unit, to_unit FROM conversions ORDER BY 1").fetchall()
        assert units == [("L/h", "m3/h"), ("g", "kg"), ("m/s", "km/h")]
        assert number(conn, "SELECT sum(octet_length(frame)) / 20 FROM arrivals") == 4


BAD: list[tuple[Row, str]] = [
    (("a b", "flow", NEW_YEAR, 1.0, None), "no name of an asset"),
    ((None, "flow", NEW_YEAR, 1.0, None), "no name of an asset"),
    (("pump", "#", NEW_YEAR, 1.0, None), "no name of a metric"),
    (("pump", "flow", None, 1.0, None), "no time that can be read"),
    (("pump", "flow", 0, 1.0, None), "a time that is too old"),
    (("pump", "flow", NEW_YEAR * 9, 1.0, None), "a time in the future"),
    (("pump", "flow", NEW_YEAR, None, None), "no number"),
    (("pump", "flow", NEW_YEAR, float("inf"), None), "no number"),
    (("pump", "flow", NEW_YEAR, -1e200, None), "a number beyond 1e+100"),
    (("pump", "flow", NEW_YEAR, 1.0, "m\N{EM SPACE}s"), "no unit"),
    (("pump", "flow", NEW_YEAR, 1.0, "kg"), "cannot be told in the stream's: kg in m3/h"),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_bad_row_is_rejected_with_its_reason_and_stops_nothing(
    pool: Pool, file: Path, row: Row, reason: str
) -> None:
    put(write(file, [*minutes(2), row, *minutes(5)]))
    assert balance(pool) == (8, 5, 2, 1, 0)
    with transaction(pool) as conn:
        (reject,) = rejects.page(conn)
        assert (reject.topic, reject.items) == ("backfill/month.parquet", 1)
        assert reject.reason.startswith("from row 3 on: ")
        assert reason in reject.reason
        assert (rejects.payloads(conn, reject.id) or (b"",))[0].count(b"\n") == 2
    put(file)  # and it is not written down a second time
    with transaction(pool) as conn:
        assert len(rejects.page(conn)) == 1
        assert number(conn, "SELECT count(*) FROM streams") == 1


def test_a_file_of_bad_rows_alone_costs_a_bounded_number_of_rejects(pool: Pool, file: Path) -> None:
    rows: list[Row] = [("pump", f"flow {at}", NEW_YEAR, 1.0, None) for at in range(3000)]
    rows += [("pump", "flow", NEW_YEAR, 1.0, f"{at}/{at}") for at in range(3000)]
    put(write(file, rows, group=6000))
    with transaction(pool) as conn:
        found = rejects.page(conn)
        assert 2 < len(found) < 30
        assert sum(reject.items for reject in found) == 5999
    assert balance(pool) == (6000, 1, 0, 5999, 0)


def test_what_the_database_refuses_is_found_and_rejected_alone(pool: Pool, file: Path) -> None:
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE readings ADD CONSTRAINT none CHECK (value <> 7)")
    put(write(file, minutes(20)))
    assert balance(pool) == (20, 19, 0, 1, 0)
    with transaction(pool) as conn:
        assert "the database refuses it" in rejects.page(conn)[0].reason


def test_an_unclaimed_asset_is_turned_away_where_it_has_to_be_claimed(
    pool: Pool, file: Path
) -> None:
    write(file, minutes(4))
    for turn in range(2):
        bulk_import = Import(pool, IngestSettings(unknown=Unknown.HOLD), file.name)
        bulk_import.begin()
        with opened(file) as found:
            for piece in found.pieces:
                bulk_import.take(piece)
        assert bulk_import.tally.stored == 4 * turn
        with transaction(pool) as conn:
            assets.claim(conn, [Claim("pump", "water")])


def test_a_stop_in_the_middle_leaves_what_is_stored_and_the_next_run_completes_it(
    pool: Pool, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "PIECE", 10)
    write(file, minutes(35))
    take = Import.take
    taken: list[series.Piece] = []

    def two_and_then_stop(self: Import, piece: series.Piece) -> None:
        if len(taken) == 2:
            raise KeyboardInterrupt
        taken.append(piece)
        take(self, piece)

    with monkeypatch.context() as patch:
        patch.setattr(bulk.Import, "take", two_and_then_stop)
        with pytest.raises(KeyboardInterrupt):
            put(file)
    assert balance(pool) == (20, 20, 0, 0, 0)
    put(file)
    assert balance(pool) == (55, 35, 20, 0, 0)


def test_a_database_that_hangs_up_is_waited_for_and_the_file_goes_on(
    pool: Pool, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "PIECE", 10)
    take = Import.take

    def cut_off(self: Import, piece: series.Piece) -> None:
        with transaction(pool) as conn:
            conn.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = 'cityops-ingest'"""
            )
        take(self, piece)

    monkeypatch.setattr(Import, "take", cut_off)
    put(write(file, minutes(25)))
    assert balance(pool) == (25, 25, 0, 0, 0)


def test_a_rehearsal_keeps_nothing(
    pool: Pool, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backfill.put(write(file, [*minutes(5), BAD[0][0]]), dry_run=True, wait=True)
    assert "5 of 6 rows would be taken" in capsys.readouterr().err
    with transaction(pool) as conn:
        assert number(conn, "SELECT count(*) FROM assets") == 0


def test_a_large_csv_goes_straight_and_a_bad_line_costs_itself_alone(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "SMALL", 10)
    file = tmp_path / "old.csv"
    lines = [
        "pump,2020-01-01T00:00:00Z,flow,1.5,m3/h",
        "pump,2020-01-01T07:01:00+07:00,flow, 2 ,L/h",
        "pump,2020-01-01T00:02:00,flow,3,",
        "pump,2020-01-01T00:03:00Z,flow,x,",
        "pump,2020-01-01T00:04:00Z",
        "pump,2020-01-01T00:05:00Z,flow,5,",
    ]
    file.write_text("asset,time,metric,value,unit\n" + "\n".join(lines) + "\n")
    put(file)
    assert balance(pool) == (6, 3, 0, 3, 0)
    with transaction(pool) as conn:
        reasons = {reject.reason for reject in rejects.page(conn)}
    assert reasons == {
        "from row 3 on: no time that can be read",
        "from row 4 on: no number",
        "from row 1 on: another number of columns than the first line",
    }
    assert [row[3] for row in kept(pool)] == [1.5, 0.002, 5.0]


def test_a_file_by_another_hand_may_spell_its_columns_otherwise(pool: Pool, file: Path) -> None:
    table = pa.table(
        {
            "value": pa.array([1, 2], pa.int32()),
            "asset": pa.array(["a", "b"], pa.large_string()),
            "metric": ["m", "m"],
            "time": pa.array(np.array([NEW_YEAR * 1000, NEW_YEAR * 1000 + 1999]), pa.int64()).cast(
                pa.timestamp("ns", tz="Asia/Ho_Chi_Minh")
            ),
        }
    )
    parquet.write_table(table, file)
    put(file)
    assert [(row[0], row[3]) for row in kept(pool)] == [("a", 1.0), ("b", 2.0)]
    with transaction(pool) as conn:
        last = conn.execute("SELECT extract(epoch FROM max(time)) * 1000000 FROM readings")
        assert last.fetchone() == (NEW_YEAR + 1,)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"asset": ["a"]}, "there is no column metric"),
        ({"asset": [1]}, "the column asset is int64, and has to be text"),
        (
            {"asset": ["a"], "metric": ["m"], "time": pa.array([1], pa.timestamp("us"))},
            r"the column time is timestamp\[us\], and has to be a timestamp with a zone",
        ),
        (None, "cannot be read: "),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(
    file: Path, columns: dict[str, object] | None, sentence: str
) -> None:
    if columns is None:
        file.write_bytes(b"PAR1 and nothing else")
    else:
        parquet.write_table(pa.table(columns), file)
    with pytest.raises(BadFile, match=sentence) as caught, opened(file):
        pass
    assert str(caught.value).startswith(f"{file}: ")
    with pytest.raises(BadFile, match="no such file"):
        put(file.with_name("absent.parquet"))
    with pytest.raises(BadFile, match="cannot be read: No such file"):
        put(file.with_name("absent.csv"))
