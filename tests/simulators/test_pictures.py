"""The pictures: every kind of fault is drawn and seen, the same each time, and documented."""

import re
import struct
from pathlib import Path

import numpy as np
import pytest

from simulators.commands.picture import draw_pictures
from simulators.occurrences.catalogue import OCCURRENCES
from simulators.pictures.faults import fault_picture
from simulators.pictures.overview import overview
from simulators.pictures.panel import Curve, Face, Picture, broken
from simulators.scenario import names, read_scenario
from tests.simulators.test_commands import simulators

GUIDE = (Path(__file__).parents[2] / "docs" / "simulators.md").read_text(encoding="utf-8")
MOST_BYTES = 60_000


def size_of(png: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    return width, height


def differs(picture: Picture) -> bool:
    """Whether a picture shows that something was sent otherwise than it would have been."""
    return any(
        panel.face is not Face.SERIES
        or len(panel.usual.at) != np.isfinite(panel.sent.at).sum()
        or not np.allclose(panel.usual.value, panel.sent.value[np.isfinite(panel.sent.at)])
        for panel in picture.panels
    )


@pytest.mark.parametrize("kind", OCCURRENCES)
def test_every_fault_is_seen_within_its_label(kind: str) -> None:
    picture = fault_picture(kind, seed=1)
    assert 1 <= len(picture.panels) <= 6
    assert differs(picture)
    for panel in picture.panels:
        assert panel.title
        for began_at, ended_at in panel.spans:
            assert picture.since < began_at < ended_at < picture.until


@pytest.mark.parametrize("kind", OCCURRENCES)
def test_every_fault_is_drawn_small(kind: str, tmp_path: Path) -> None:
    draw_pictures(to=tmp_path, faults=[kind])
    drawn = tmp_path / "faults" / f"{kind}.png"
    width, height = size_of(drawn)
    assert width == 900
    assert 400 <= height <= 600
    assert drawn.stat().st_size < MOST_BYTES


def test_a_second_run_draws_the_same_bytes(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "start: 2026-03-02\nduration: 6h\nfleet: {air: 3, services: 9}\nchance: {spike: 40}"
    )
    for run in ("one", "other"):
        done = simulators(
            "picture", "--fault", "out-of-order", "--scenario", own,
            "--to", tmp_path / run,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    drawn = sorted(file.relative_to(tmp_path / "one") for file in tmp_path.glob("one/*/*.png"))
    assert [str(each) for each in drawn] == [
        "faults/out-of-order.png", "scenarios/own.png",
    ]  # fmt: skip
    for each in drawn:
        assert (tmp_path / "one" / each).read_bytes() == (tmp_path / "other" / each).read_bytes()


def test_an_unknown_fault_or_scenario_is_refused_in_one_sentence(tmp_path: Path) -> None:
    for option, name, said in (
        ("--fault", "earthquake", "there is no fault 'earthquake'"),
        ("--scenario", "doomsday", "doomsday: cannot be read"),
    ):
        done = simulators("picture", "--fault", "spike", option, name, "--to", tmp_path)
        assert done.returncode == 2
        assert said in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = simulators("picture", "--fault", "spike", "--to", tmp_path / "taken")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_another_seed_is_another_picture() -> None:
    one, other = (fault_picture("stuck", seed).panels[0] for seed in (1, 2))
    assert not np.array_equal(one.usual.value, other.usual.value)


def test_a_flood_is_shown_at_five_stations_with_their_alarm_levels() -> None:
    rivers = [panel for panel in fault_picture("flood-wave", 1).panels if panel.alarms]
    assert len(rivers) == 5
    for panel in rivers:
        assert np.nanmax(panel.sent.value) > panel.alarms[2]


def test_a_wrong_clock_shows_told_against_sent_time() -> None:
    (clock,) = [
        panel for panel in fault_picture("wrong-clock", 1).panels if panel.face is Face.ORDER
    ]
    assert np.min(clock.sent.value - clock.sent.at) == pytest.approx(-5400)


def test_a_storm_shows_how_often_each_message_is_sent() -> None:
    (copies,) = [
        panel for panel in fault_picture("duplicate-storm", 1).panels if panel.face is Face.COPIES
    ]
    assert set(copies.sent.value) == {1.0, 20.0}


def test_a_line_breaks_where_messages_are_missing_or_go_back() -> None:
    curve = Curve(np.array([0.0, 60, 300, 360, 200]), np.arange(5.0))
    assert np.isnan(broken(curve, 150).at).tolist() == [0, 0, 1, 0, 0, 1, 0]


def test_a_scenario_shows_its_planned_causes_and_its_services() -> None:
    shown = overview("summer-blackout", 1)
    assert 12 <= len(shown.streams) <= 15
    told = {row.name for row in shown.rows}
    assert {"power-cut", "accident", "light-group", "connector-slow"} <= told
    titles = " ".join(stream.title for stream in shown.streams)
    assert "Bộ phận một cửa" in titles
    assert "Trạm đếm xe Yên Dũng 2: speed" in titles


def test_the_guide_names_every_fault_with_its_picture() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\]\(faults/([\w-]+)\.png\)", GUIDE, re.MULTILINE)
    assert sorted(rows) == sorted((kind, kind) for kind in OCCURRENCES)


def test_the_guide_names_every_scenario_with_its_picture() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\]\(scenarios/([\w-]+)\.png\)", GUIDE, re.MULTILINE)
    assert sorted(rows) == sorted((name, name) for name in names())


def test_the_guides_own_scenario_can_be_played(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "rain.yaml").write_text(example, encoding="utf-8")
    scenario = read_scenario(str(tmp_path / "rain.yaml"))
    assert scenario.start is not None
    labels = scenario.world(1, scenario.start).labels_between(
        scenario.start, scenario.start + 36 * 3600
    )
    assert {"power-cut", "wrong-clock", "level-shift"} <= {label.kind for label in labels}


def test_the_guide_names_every_field_a_fault_has_besides() -> None:
    for kind in OCCURRENCES.values():
        row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{kind.kind}` |"))
        assert all(f"`{name}`" in row for name in kind.fields)
        assert f"| {kind.nature.value} |" in row


def test_the_committed_pictures_are_all_there() -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert {file.stem for file in docs.glob("faults/*.png")} == set(OCCURRENCES)
    assert {file.stem for file in docs.glob("scenarios/*.png")} == set(names())
