"""What a recorded file is played as."""

from pathlib import Path

import pytest

from simulators.tracks import AmbiguousTracks, Track, asset_name, metric_name, tracks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("speed_6005", "TravelTime_387", "nyc_taxi", "occupancy_6005"):
        (tmp_path / f"{name}.csv").write_text("timestamp,value\n1970-01-01 00:00:00,1\n")
    return tmp_path


def names(played: list[Track]) -> list[tuple[str, str]]:
    return [(track.asset, track.metric) for track in played]


def test_files_are_assets_of_their_own_by_default(folder: Path) -> None:
    files = [folder / f"{name}.csv" for name in ("speed_6005", "TravelTime_387", "nyc_taxi")]
    assert names(tracks(files, None, None)) == [
        ("speed_6005", "speed"),
        ("TravelTime_387", "travel_time"),
        ("nyc_taxi", "value"),
    ]


def test_one_file_takes_the_names_given(folder: Path) -> None:
    assert names(tracks([folder / "nyc_taxi.csv"], "taxi", "rides")) == [("taxi", "rides")]


def test_several_files_of_one_asset_are_its_metrics(folder: Path) -> None:
    files = [folder / "speed_6005.csv", folder / "occupancy_6005.csv"]
    assert names(tracks(files, "road-6005", None)) == [
        ("road-6005", "speed_6005"),
        ("road-6005", "occupancy_6005"),
    ]


def test_files_that_would_become_one_series_are_refused(folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    twin = other / "nyc_taxi.csv"
    twin.write_text("timestamp,value\n1970-01-01 00:00:00,1\n")
    with pytest.raises(AmbiguousTracks, match="would both be value of nyc_taxi"):
        tracks([folder / "nyc_taxi.csv", twin], None, None)
    with pytest.raises(AmbiguousTracks, match="name one series: give one file"):
        tracks([folder / "nyc_taxi.csv", folder / "speed_6005.csv"], "a", "b")


@pytest.mark.parametrize(
    ("given", "asset", "metric"),
    [
        ("speed_6005", "speed_6005", "speed_6005"),
        ("Trạm Đáp Cầu #1", "Tram-Dap-Cau-1", "Tram_Dap_Cau_1"),
        ("../+/#", "recording", "recording"),
        ("6005", "6005", "m_6005"),
    ],
)
def test_names_are_safe_for_a_topic(given: str, asset: str, metric: str) -> None:
    assert asset_name(given) == asset
    assert metric_name(given) == metric
