"""A recorded province: what goes wrong is found, told from the world's doings, and little else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.detectors.standard import Days
from models.evaluation import city, province
from models.evaluation.findings import findings, spoken, summary
from models.evaluation.province import BadProvince
from models.reading import MINUTE
from simulators.registry import write_registry
from simulators.rows import blocks
from simulators.scenario import read_scenario
from simulators.scoring.case import Case, compare
from simulators.scoring.findings import anomaly_of, incident_of
from simulators.scoring.score import score
from simulators.scoring.window import Window
from simulators.series.writer import SeriesWriter

DAY = 86_400.0
START = datetime(2026, 4, 6, 17, tzinfo=UTC).timestamp()  # a Tuesday's midnight
LENGTH, WARM_UP = 82 * 3600.0, 2.2 * DAY
SCENARIO = """
title: Thử
title_en: A small town
start: 2026-04-07T00:00:00+07:00
duration: 82h
cadence: 300s
fleet: {air: 6, weather: 5, traffic: 6, energy: 6, noise: 5}
faults:
  - {kind: level-shift, at: 55h, lasts: 3h, asset: air-bac-giang-1, metric: no2}
  - {kind: drift, at: 56h, lasts: 20h, asset: air-luc-nam-1, metric: temperature}
  - {kind: noise-burst, at: 57h, lasts: 2h, asset: weather-yen-dung-1, metric: humidity}
  - {kind: stuck, at: 58h, lasts: 8h, asset: weather-luc-nam-1, metric: temperature}
  - {kind: unit-mix-up, at: 59h, lasts: 3h, asset: air-tan-yen-1, metric: co}
  - {kind: accident, at: 61h, lasts: 2h, asset: traffic-luc-nam-1}
  - {kind: level-shift, at: 62h, lasts: 3h, asset: noise-yen-the-1, metric: laeq}
  - {kind: wrong-clock, at: 64h, lasts: 4h, asset: noise-luc-nam-1}
  - {kind: silence, at: 66h, lasts: 4h, asset: weather-son-dong-1}
  - {kind: duplicate-storm, at: 70h, lasts: 2h, asset: air-yen-the-1}
  - {kind: spike, at: 72h, lasts: 2h, asset: air-luc-ngan-1, metric: o3}
  - {kind: accident, at: 75h, lasts: 2h, asset: traffic-viet-yen-1}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Detection over three days of a small town, held against the truth."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "town.yaml").write_text(SCENARIO, encoding="utf-8")
    world = read_scenario(str(folder / "town.yaml")).world(5, START)
    with SeriesWriter(folder / "town.parquet") as writer:
        for block in blocks(world, START, START + LENGTH, processes=1):
            writer.write(block)
    with (folder / "assets.csv").open("w", encoding="utf-8", newline="") as file:
        write_registry(world.assets, file)
    heard = city.listen(folder / "town.parquet", folder / "assets.csv", pace=5 * MINUTE)
    told = findings(heard.signs)
    assert f"{heard.readings:,} readings" in spoken(
        summary(told) | {"readings": heard.readings, "seconds": 1.0}
    )
    return compare(
        world.labels_between(START, START + LENGTH),
        [anomaly_of(row) for row in told["anomalies"]],
        [incident_of(row) for row in told["incidents"]],
        Window(START + WARM_UP, START + LENGTH),
        grace=3600.0,
    )


def test_what_goes_wrong_is_found_and_hardly_anything_else(case: Case) -> None:
    found = score(case)
    assert found.total.causes >= 11
    assert found.total.cause_recall is not None
    assert found.total.cause_recall >= 0.9
    assert found.incidents.false <= 7  # 5 were reached, in three and a half shifts


def test_a_fault_goes_to_maintenance_and_an_accident_to_the_watch(case: Case) -> None:
    counts = score(case).confusion
    assert counts is not None
    right = counts["sensor"]["sensor"] + counts["event"]["event"]
    assert right >= 0.85 * sum(sum(row.values()) for row in counts.values())
    assert counts["event"]["event"] >= 1


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "assets.csv").write_text("name,kind\n", encoding="utf-8")
    with pytest.raises(BadProvince, match="no column"):
        city.listen(tmp_path / "none.parquet", tmp_path / "assets.csv")
    header = "name,kind,area,latitude,longitude,parent\n"
    (tmp_path / "assets.csv").write_text(header, encoding="utf-8")
    with pytest.raises(BadProvince, match="cannot be read"):
        city.listen(tmp_path / "none.parquet", tmp_path / "assets.csv")


def test_days_are_read_as_the_store_exports_them(tmp_path: Path) -> None:
    """A Saturday that is worked is no day off; a word that is neither yes nor no is refused."""
    file = tmp_path / "days.csv"
    file.write_text("day,works,note\n2026-02-16,no,Tết\n2026-02-28,yes,Bù\n", encoding="utf-8")
    assert province.days(file) == Days((20500,), (20512,))
    file.write_text("day,works\n2026-02-16,true\n", encoding="utf-8")
    with pytest.raises(BadProvince, match="2026-02-16 works is yes or no"):
        province.days(file)
