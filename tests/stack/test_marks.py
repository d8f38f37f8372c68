"""Marks of processes: ours are found again, strangers are never touched."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stack.marks import Mark, birth, stop_leftovers

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEPER) as process:
        yield process
        process.kill()


def test_a_mark_that_was_written_is_read_back(tmp_path: Path) -> None:
    mark = Mark.of("ingest", os.getpid())
    mark.write(tmp_path)
    assert Mark.read(tmp_path / "ingest") == mark
    assert mark.alive


@pytest.mark.parametrize("text", ["", "abc", "12", "x 17 boot"])
def test_what_is_no_mark_is_nobodys(tmp_path: Path, text: str) -> None:
    (tmp_path / "ingest").write_text(text)
    assert Mark.read(tmp_path / "ingest") is None


def test_nobody_is_marked_where_there_is_no_file(tmp_path: Path) -> None:
    assert Mark.read(tmp_path / "ingest") is None


def test_a_number_that_is_used_again_is_a_stranger(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    Mark("ingest", sleeper.pid, "1 another-boot").write(tmp_path)
    assert stop_leftovers(tmp_path) == []
    assert sleeper.poll() is None
    assert not (tmp_path / "ingest").exists()


def test_a_process_that_has_ended_has_no_birth(sleeper: subprocess.Popen[bytes]) -> None:
    assert birth(sleeper.pid) is not None
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert birth(sleeper.pid) is None


def test_leftovers_are_stopped_the_database_last(tmp_path: Path) -> None:
    found = {}
    for name in ("postgres", "api", "mosquitto"):
        # Not our child, so that nobody has to collect it when it has ended. Whoever runs the tests
        # in the background ignores SIGINT, and so would it.
        command = ["setsid", "--fork", "env", "--default-signal=INT"]
        command += ["/bin/sh", "-c", "echo $$; exec sleep 60 >/dev/null"]
        found[name] = int(subprocess.check_output(command))
        Mark.of(name, found[name]).write(tmp_path)
    assert stop_leftovers(tmp_path) == ["api", "mosquitto", "postgres"]
    assert all(birth(pid) is None for pid in found.values())
    assert stop_leftovers(tmp_path) == []
