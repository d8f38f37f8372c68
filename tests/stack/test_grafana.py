"""A private Grafana: found where it is, told nothing about the outside."""

from pathlib import Path

import pytest

from scripts.stack.grafana import command, find_home, settings
from scripts.stack.home import Home
from scripts.stack.refusals import BadSetting

DATABASE = {
    "PGHOST": "127.0.0.1",
    "PGPORT": "5440",
    "PGDATABASE": "cityops",
    "PGPASSWORD": "viewers",
}


def a_grafana(folder: Path, program: str) -> Path:
    (folder / "conf").mkdir(parents=True)
    (folder / "conf/defaults.ini").touch()
    (folder / program).parent.mkdir(parents=True, exist_ok=True)
    (folder / program).write_text("#!/bin/sh\n")
    (folder / program).chmod(0o755)
    return folder


def test_without_a_grafana_there_is_none(tmp_path: Path) -> None:
    assert find_home({"PATH": str(tmp_path)}) is None


def test_a_folder_without_a_grafana_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="CITYOPS_GRAFANA_HOME"):
        find_home({"CITYOPS_GRAFANA_HOME": str(tmp_path), "PATH": ""})


@pytest.mark.parametrize(
    ("program", "call"),
    [
        ("bin/grafana-server", ["--homepath"]),
        ("bin/linux-amd64/grafana-server", ["--homepath"]),
        ("bin/grafana", ["server", "--homepath"]),
    ],
)
def test_a_named_folder_is_used(tmp_path: Path, program: str, call: list[str]) -> None:
    home = a_grafana(tmp_path / "grafana", program)
    assert find_home({"CITYOPS_GRAFANA_HOME": str(home), "PATH": ""}) == home
    assert command(home) == [str(home / program), *call, str(home)]


def test_one_on_the_path_is_found(tmp_path: Path) -> None:
    home = a_grafana(tmp_path / "grafana", "bin/grafana-server")
    assert find_home({"PATH": str(home / "bin")}) == home


def test_it_calls_nobody_and_keeps_its_data_in_the_state(home: Home) -> None:
    given = settings(home, DATABASE, 15)
    assert given["GF_PATHS_DATA"].startswith(str(home.folder))
    assert given["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
    assert given["GF_ANALYTICS_REPORTING_ENABLED"] == "false"
    assert given["CITYOPS_VIEWER_PASSWORD"] == "viewers"
    assert Path(given["GF_PATHS_PROVISIONING"], "datasources").is_dir()
