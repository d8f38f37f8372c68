"""The committed files are what the code says, and the command tells when they are not."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards import provisioning

FRESH = f"all {len(provisioning.files())} generated files are fresh\n"
VARIABLE = re.compile(r"\$\{(\w+)\}")


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboards", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder that holds the package as it is committed."""
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(provisioning.FOLDER.parent, tmp_path / "dashboards", ignore=skipped)
    return tmp_path


def test_the_committed_files_are_fresh() -> None:
    assert provisioning.stale() == []


@pytest.mark.parametrize("arguments", [["check"], ["--check"]])
def test_the_check_passes_on_what_is_committed(copy: Path, arguments: list[str]) -> None:
    done = run(copy, *arguments)
    assert (done.returncode, done.stdout) == (0, FRESH)


@pytest.mark.parametrize("arguments", [["check"], ["--check"]])
def test_a_board_changed_by_hand_fails_the_check(copy: Path, arguments: list[str]) -> None:
    board = copy / "dashboards/provisioning/boards/vi/city-picture.json"
    board.write_text(board.read_text().replace('"10s"', '"5s"', 1))
    done = run(copy, *arguments)
    assert done.returncode == 1
    assert "boards/vi/city-picture.json is not what the code says" in done.stderr


def test_write_mends_what_the_check_complains_of(copy: Path) -> None:
    folder = copy / "dashboards/provisioning"
    (folder / "boards/vi/city-picture.json").unlink()
    (folder / "boards/vi/forgotten.json").write_text("{}")
    assert run(copy, "check").returncode == 1
    done = run(copy, "write")
    assert done.stdout == "wrote boards/vi/city-picture.json\nremoved boards/vi/forgotten.json\n"
    assert run(copy, "check").returncode == 0
    assert run(copy, "write").stdout == "all files were fresh\n"


def test_without_a_command_the_help_is_shown(copy: Path) -> None:
    done = run(copy)
    assert done.returncode == 0
    assert "push" in done.stdout


def told(name: str) -> Any:
    return yaml.safe_load(provisioning.files()[name])


def test_the_data_source_names_the_database_where_either_release_looks() -> None:
    [source] = told("datasources/cityops.yaml")["datasources"]
    assert source["database"] == source["jsonData"]["database"] == "${CITYOPS_PG_DATABASE}"
    assert (source["type"], source["uid"], source["user"]) == (
        "postgres",
        "cityops",
        "cityops_viewer",
    )
    assert source["jsonData"]["timescaledb"] is True


def test_nothing_secret_and_no_address_is_written_down() -> None:
    texts = provisioning.files()
    assert set(VARIABLE.findall(texts["datasources/cityops.yaml"])) == {
        "CITYOPS_PG_HOST",
        "CITYOPS_PG_PORT",
        "CITYOPS_PG_DATABASE",
        "CITYOPS_PG_SSLMODE",
        "CITYOPS_VIEWER_PASSWORD",
    }
    assert set(VARIABLE.findall(texts["dashboards/cityops.yaml"])) == {"CITYOPS_BOARDS"}


def test_a_board_is_json_with_its_own_letters() -> None:
    text = provisioning.files()["boards/vi/city-picture.json"]
    assert "Bản đồ thành phố" in text
    assert json.loads(text)["uid"] == "city-picture"
