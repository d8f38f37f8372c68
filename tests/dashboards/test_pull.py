"""Pulling: what somebody changed by hand in a running Grafana, said and written down."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dashboards.__main__ import app
from dashboards.difference import difference
from dashboards.push import push
from tests.dashboards.grafana_api import TOKEN, GrafanaApiDouble, grafana_api


@pytest.fixture
def api() -> Iterator[GrafanaApiDouble]:
    with grafana_api() as double:
        push(double.url, TOKEN)
        yield double


def pulled(api: GrafanaApiDouble, *more: str, token: str = TOKEN) -> Result:
    return CliRunner().invoke(app, ["pull", "--url", api.url, "--token", token, *more])


def test_what_is_as_it_was_pushed_is_said_in_one_line(api: GrafanaApiDouble) -> None:
    api.boards["air"]["dashboard"] |= {"schemaVersion": 41, "version": 9}  # Grafana's own
    done = pulled(api)
    assert done.exit_code == 0
    assert done.stdout == f"all {len(api.boards)} boards are as the code says\n"


def test_what_was_changed_by_hand_is_named_and_written(
    api: GrafanaApiDouble, tmp_path: Path
) -> None:
    panels = [dict(each) for each in api.boards["air"]["dashboard"]["panels"]]
    panels[1]["gridPos"] = panels[1]["gridPos"] | {"w": 7}
    note = {"title": "Ghi chú", "type": "text"}
    api.by_hand("air", panels=[*panels, note], description="By night shift")
    del api.boards["rivers"]
    mine = {"dashboard": {"uid": "mine", "title": "Mine"}, "folderUid": "cityops"}
    api.post("/api/dashboards/db", mine | {"message": ""})
    done = pulled(api, "--write", str(tmp_path / "new"))
    assert done.exit_code == 3
    said = done.stdout.splitlines()
    at = said.index("board Không khí (air)")
    assert said[at + 1].endswith(" -> By night shift")
    assert said[at + 2].endswith(".gridPos.w: 16 -> 7")
    assert said[at + 3].startswith("    panels[Ghi chú]: ")
    assert said[said.index("board Sông và mưa (rivers)") + 1] == "    is not there"
    assert said[said.index("board Mine (mine)") + 1] == "    is only there"
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"air.json", "mine.json"}
    kept = json.loads((tmp_path / "new/air.json").read_text())
    assert kept["panels"][-1] == note
    assert "version" not in kept


def test_trouble_is_one_sentence_and_exit_code_1(api: GrafanaApiDouble, tmp_path: Path) -> None:
    done = pulled(api, token="old")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"the Grafana at {api.url} does not accept this token.\n"
    api.by_hand("air", title="Other")
    (tmp_path / "file").touch()
    assert pulled(api, "--write", str(tmp_path / "file")).exit_code == 1
    api.boards["../evil"] = api.boards["air"]
    done = pulled(api, "--write", str(tmp_path))
    assert (done.exit_code, list(tmp_path.iterdir())) == (1, [tmp_path / "file"])
    assert "is no uid of a board" in done.stderr


@pytest.mark.parametrize(
    ("ours", "theirs", "lines"),
    [
        ({"a": 1}, {"a": 1, "id": 5}, []),
        ({"a": 1}, {}, ["a: 1 is not there"]),
        ({}, {"a": [1]}, ["a: [1] is only there"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["a: [1, 2] -> [2, 1]"]),
        ({"a": [{"x": 1}]}, {"a": [{"x": 2}]}, ["a: [{'x': 1}] -> [{'x': 2}]"]),
        (
            {"p": [{"title": "A", "h": 1}, {"title": "B"}]},
            {"p": [{"title": "B"}, {"title": "A", "h": 2}]},
            ["p[A].h: 1 -> 2", "p: in another order"],
        ),
        ({"sql": "SELECT\n" + "x" * 90}, {"sql": "y"}, [f"sql: SELECT {'x' * 53}… -> y"]),
    ],
)
def test_a_difference_is_a_line(
    ours: dict[str, object], theirs: dict[str, object], lines: list[str]
) -> None:
    assert list(difference(ours, theirs)) == lines
