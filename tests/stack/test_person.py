"""Files that belong to one user alone."""

import subprocess
from pathlib import Path

import pytest

from scripts.stack.person import invoker, unprivileged
from scripts.stack.refusals import StateUnusable

from .conftest import mode


def test_a_server_never_runs_as_root() -> None:
    person = unprivileged("postgres")
    assert person.uid != 0
    assert subprocess.check_output(["/usr/bin/id", "-u"], **person.switch) == b"%d\n" % person.uid


def test_an_own_file_is_replaced_at_once_and_shut(tmp_path: Path) -> None:
    file = tmp_path / "addresses.env"
    file.write_text("old and open")
    file.chmod(0o644)
    invoker().own_file(file, "new")
    assert file.read_text() == "new"
    assert mode(file) == "0o600"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_not_followed_to_somebody_elses_folder(place: Path) -> None:
    elsewhere = place / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (place / "data").symlink_to(elsewhere)
    with pytest.raises(StateUnusable, match="is no folder, or a link"):
        unprivileged("mosquitto").own_folder(place / "data")
    assert mode(elsewhere) == "0o755"


def test_an_own_folder_is_given_to_its_user(place: Path) -> None:
    person = unprivileged("mosquitto")
    folder = person.own_folder(place / "mosquitto")
    assert (folder.stat().st_uid, mode(folder)) == (person.uid, "0o700")
    assert person.may("w", folder)
