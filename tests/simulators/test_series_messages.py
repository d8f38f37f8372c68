"""Files of many series as messages: one an asset and moment, in the order they were sent."""

import json
from pathlib import Path

import numpy as np
import pytest

from simulators.recording import BadRecording
from simulators.series.messages import SeriesTrack
from simulators.series.writer import SeriesWriter
from simulators.telemetry import Message
from tests.simulators.test_series import NEW_YEAR, Row, block_of, write

MINUTE = 60_000_000


def told(messages: list[Message]) -> list[tuple[str, object]]:
    return [(message.topic, json.loads(message.payload)) for message in messages]


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
def test_neighbours_of_one_asset_and_moment_are_one_message_with_their_units(
    tmp_path: Path, ending: str
) -> None:
    rows: list[Row] = [
        ("air-1", "pm25", NEW_YEAR, 12.5, "ug/m3"),
        ("air-1", "humidity", NEW_YEAR, 0.5, None),
        ("gw:pump", "flow", NEW_YEAR, 3.0, None),
        ("air-1", "pm25", NEW_YEAR + MINUTE, 13.0, "ug/m3"),
        ("air-1", "pm25", NEW_YEAR + MINUTE, 13.0, "ug/m3"),  # sent twice
        ("air-1", "pm25", NEW_YEAR + 1, 14.0, None),  # sent late
    ]
    track = SeriesTrack(write(tmp_path / f"some{ending}", rows))
    messages = list(track.messages(0))
    ts = NEW_YEAR // 1000
    units = {"pm25": "ug/m3"}
    assert told(messages) == [
        (
            "city/air-1/telemetry",
            {"ts": ts, "values": {"pm25": 12.5, "humidity": 0.5}, "units": units},
        ),
        ("city/gw/pump/telemetry", {"ts": ts, "values": {"flow": 3.0}}),
        ("city/air-1/telemetry", {"ts": ts + 60_000, "values": {"pm25": 13.0}, "units": units}),
        ("city/air-1/telemetry", {"ts": ts + 60_000, "values": {"pm25": 13.0}, "units": units}),
        ("city/air-1/telemetry", {"ts": ts + 0.001, "values": {"pm25": 14.0}}),
    ]
    assert (track.rows, track.latest()) == (6, ts + 60_000)


def test_only_what_is_asked_for_is_played_and_under_other_names(tmp_path: Path) -> None:
    rows: list[Row] = [
        (asset, metric, NEW_YEAR, 1.0, None) for asset in ("a", "b") for metric in ("x", "y")
    ]
    file = write(tmp_path / "some.parquet", rows)
    (message,) = SeriesTrack(file, ["b"], ["y"], "try-").messages(5)
    assert told([message]) == [
        ("city/try-b/telemetry", {"ts": NEW_YEAR // 1000 + 5, "values": {"y": 1.0}})
    ]
    assert message.due == NEW_YEAR / 1000 + 5


def test_a_clock_that_is_ahead_holds_nobody_up(tmp_path: Path) -> None:
    days = 86_400_000_000
    times = [NEW_YEAR, NEW_YEAR + 9 * days, NEW_YEAR + 1000, NEW_YEAR - days, NEW_YEAR + 2000]
    rows: list[Row] = [("a", "x", at, 1.0, None) for at in times]
    messages = list(SeriesTrack(write(tmp_path / "some.parquet", rows)).messages(0))
    assert max(message.due for message in messages) == (NEW_YEAR + 2000) / 1000
    assert [json.loads(message.payload)["ts"] for message in messages] == [
        at // 1000 for at in times
    ]


def test_a_value_that_is_no_number_is_skipped_and_named(tmp_path: Path) -> None:
    rows: list[Row] = [("a", "x", NEW_YEAR, value, None) for value in (np.nan, 1.0, np.inf)]
    track = SeriesTrack(write(tmp_path / "some.parquet", rows))
    assert len(list(track.messages(0))) == 1
    assert (track.rows, track.skipped) == (3, 2)
    assert track.complaints == [f"{track.path}: rows whose value is no finite number"]


def test_a_file_that_breaks_off_says_so(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text("asset,metric,time,value\n" + "a,x,soon,1\n")
    with pytest.raises(BadRecording, match="'soon'"):
        SeriesTrack(file).check()
    with pytest.raises(BadRecording, match="there are no readings in it"):
        SeriesTrack(write(tmp_path / "none.parquet")).check()


def test_a_long_file_is_played_piece_by_piece(tmp_path: Path) -> None:
    file = tmp_path / "long.parquet"
    with SeriesWriter(file) as writer:
        block = block_of([("a", "x", NEW_YEAR, 1.0, None)] * 50_000)
        writer.write(block._replace(time=NEW_YEAR + np.arange(50_000) * 1000))
    track = SeriesTrack(file)
    messages = track.messages(0)
    next(messages)
    assert track.rows == 10_000
    assert track.share == pytest.approx(0.2)
    assert 1 + sum(1 for _ in messages) == 50_000
