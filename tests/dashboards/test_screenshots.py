"""Pictures of a running Grafana: what is taken, and what is said where it cannot be."""

import importlib.util
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards import screenshots
from dashboards.__main__ import app
from dashboards.provisioning import boards


def test_a_picture_holds_the_whole_board(tmp_path: Path) -> None:
    found = screenshots.pictures(boards("vi"), tmp_path, phone=True)
    assert len(found) == 2 * len(boards("vi"))
    sizes = {each.file.name: each.size for each in found}
    assert sizes["city-picture.png"][0] == 1920
    assert sizes["asset.png"][1] > 16 * screenshots.ROW, "and the panels a metric"
    assert sizes["rivers-phone.png"] == screenshots.PHONE


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--grafana", "grafana:3000"], "is no address of a Grafana"),
        (["--grafana", "http://127.0.0.1:1", "--board", "trams"], "there is no board trams"),
    ],
)
def test_what_cannot_be_looked_at_is_one_sentence(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = CliRunner().invoke(app, ["screenshots", "--out", str(tmp_path), *arguments])
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(importlib.util.find_spec("playwright") is not None, reason="it is there")
def test_without_playwright_it_is_said_what_to_install(tmp_path: Path) -> None:
    arguments = ["--grafana", "http://127.0.0.1:1", "--out", str(tmp_path), "--board", "air"]
    done = CliRunner().invoke(app, ["screenshots", *arguments])
    assert done.exit_code == 1
    assert done.stderr == f"{screenshots.NO_TOOL}\n"


def test_a_password_is_never_on_the_command_line() -> None:
    said = CliRunner().invoke(app, ["screenshots", "--help"]).stdout
    assert "--password" not in said
    assert "--token" not in said
