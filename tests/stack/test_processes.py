"""Keeping programs running: ready, again, given up, stopped."""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest

from scripts.stack.installation import taking_up
from scripts.stack.marks import Mark
from scripts.stack.person import invoker
from scripts.stack.processes import Keeper, Program, finish, reason, rotate
from scripts.stack.refusals import BadSetting, NotReady

from .conftest import Ear

READY = "import os, pathlib; pathlib.Path(os.environ['READY_FILE']).touch()"
STAY = "import time; time.sleep(60)"


def a_program(folder: Path, code: str, **changed: object) -> Program:
    file = folder / "ready"
    given: dict[str, object] = {
        "name": "service",
        "command": [sys.executable, "-c", code],
        "environment": {"READY_FILE": str(file)},
        "person": invoker(),
        "folder": folder,
        "log": folder / "service.log",
        "ready": file.exists,
        "ready_file": file,
        "patience": 10.0,
        "grace": 5.0,
    }
    return Program(**(given | changed))  # type: ignore[arg-type]


def keep(
    program: Program, ear: Ear, until: Callable[[Keeper], Coroutine[None, None, None]] | None = None
) -> Keeper:
    """Keeps the program until something has happened, or it gave up."""

    async def run() -> Keeper:
        keeper = Keeper(program, program.folder, ear)
        tasks = [asyncio.create_task(keeper.keep())]
        if until:
            tasks.append(asyncio.create_task(until(keeper)))
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=30)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await keeper.stop()
        return keeper

    return asyncio.run(run())


async def ready(keeper: Keeper) -> None:
    await keeper.ready.wait()


def test_a_program_reads_its_files_anew_once_it_serves(place: Path, ear: Ear) -> None:
    file = place / "again"
    heed = (
        f"import pathlib, signal; signal.signal(1, lambda *_: pathlib.Path({str(file)!r}).touch())"
    )

    async def until_heard(keeper: Keeper) -> None:
        assert not keeper.reload()  # nothing serves yet
        await keeper.ready.wait()
        assert keeper.reload()
        while not file.exists():  # noqa: ASYNC110 (another process makes it)
            await asyncio.sleep(0.01)

    keep(a_program(place, f"{heed}; {READY}; {STAY}"), ear, until_heard)
    assert file.exists()


def test_a_service_is_ready_when_it_says_so(tmp_path: Path, ear: Ear) -> None:
    keep(a_program(tmp_path, f"{READY}; {STAY}"), ear, ready)
    assert [said.kind for said in ear.heard] == ["step"]


def test_what_an_earlier_life_said_does_not_count(tmp_path: Path, ear: Ear) -> None:
    (tmp_path / "ready").touch()
    with pytest.raises(NotReady, match="was not ready after"):
        keep(a_program(tmp_path, STAY, patience=0.3), ear, ready)


def test_a_running_service_has_a_mark_and_a_stopped_one_has_none(tmp_path: Path, ear: Ear) -> None:
    async def marked(keeper: Keeper) -> None:
        await keeper.ready.wait()
        mark = Mark.read(tmp_path / "service")
        assert mark is not None
        assert mark.alive

    keep(a_program(tmp_path, f"{READY}; {STAY}"), ear, marked)
    assert not (tmp_path / "service").exists()


def test_a_service_that_ends_is_started_again_and_it_is_said(tmp_path: Path, ear: Ear) -> None:
    async def twice(_keeper: Keeper) -> None:
        while "again" not in ear:  # noqa: ASYNC110 - the ear is no part of the loop
            await asyncio.sleep(0.02)

    keep(
        a_program(
            tmp_path, f"{READY}; {STAY.replace('60', '0.5')}; raise SystemExit('all went wrong')"
        ),
        ear,
        twice,
    )
    assert "service: ended with exit code 1, again in 1 s: all went wrong" in ear


def test_the_last_line_of_what_was_killed_is_not_its_cause(tmp_path: Path, ear: Ear) -> None:
    async def killed(keeper: Keeper) -> None:
        await keeper.ready.wait()
        mark = Mark.read(tmp_path / "service")
        assert mark is not None
        mark.send(signal.SIGKILL)
        while "SIGKILL" not in ear:  # noqa: ASYNC110 - the ear is no part of the loop
            await asyncio.sleep(0.02)

    keep(a_program(tmp_path, f"print('all is well', flush=True); {READY}; {STAY}"), ear, killed)
    assert ear.heard[-1].text == "service: was ended by SIGKILL, again in 1 s"


def test_a_wrong_configuration_is_not_tried_again(tmp_path: Path, ear: Ear) -> None:
    code = """print('level=error why="PORT: not a \\\\"number\\\\""'); raise SystemExit(2)"""
    with pytest.raises(BadSetting, match=r'^service: PORT: not a "number"$'):
        keep(a_program(tmp_path, code), ear)


def test_a_configuration_that_turns_wrong_leaves_the_others_alone(tmp_path: Path, ear: Ear) -> None:
    late = f"{READY}; import time; time.sleep(0.5); raise SystemExit(2)"
    keep(a_program(tmp_path, late), ear)
    assert "stays down" in ear


def test_the_last_words_of_what_never_got_ready_are_told(tmp_path: Path, ear: Ear) -> None:
    with pytest.raises(NotReady, match="no broker there"):
        keep(a_program(tmp_path, f"print('no broker there', flush=True); {STAY}", patience=1), ear)


def test_who_does_not_listen_is_killed(tmp_path: Path, ear: Ear) -> None:
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {READY}; {STAY}"
    keep(a_program(tmp_path, deaf, grace=0.3), ear, ready)
    assert "did not end within" in ear


def test_a_program_shows_no_secret_when_printed(tmp_path: Path) -> None:
    program = a_program(tmp_path, STAY, environment={"PGPASSWORD": "sesame"})
    assert "sesame" not in repr(program)


def test_a_command_gives_back_what_it_printed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('token')"]
    assert asyncio.run(finish(command, {}, tmp_path, tmp_path / "token.log")) == "token\n"


def test_a_command_that_fails_is_quoted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such role')"]
    (tmp_path / "token.log").write_text("what an earlier one said\n")
    with pytest.raises(NotReady, match=r"^token did not work: no such role$"):
        asyncio.run(finish(command, {}, tmp_path, tmp_path / "token.log"))


def test_a_long_log_becomes_the_old_one(tmp_path: Path) -> None:
    log = tmp_path / "ingest.log"
    log.write_bytes(b"x" * 10_000_001)
    rotate(log)
    assert not log.exists()
    assert (tmp_path / "ingest.log.1").exists()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('event="wrong configuration" why="API_PORT: too big"', "API_PORT: too big"),
        ("Traceback: whatever", "Traceback: whatever"),
    ],
)
def test_the_reason_is_taken_out_of_a_log_line(line: str, why: str) -> None:
    assert reason(line) == why


def test_signals_have_names() -> None:
    assert signal.SIGINT.name.removeprefix("SIG") == "INT"  # what setpriv is told


def test_the_broker_takes_accounts_up_without_a_loss_to_ingest() -> None:
    assert taking_up(1, came_back=True) == "reload"
    assert taking_up(30, came_back=False) == "wait"
    assert taking_up(61, came_back=False) == "restart"


def test_a_program_is_restarted_in_good_order(place: Path, ear: Ear) -> None:
    async def until_back(keeper: Keeper) -> None:
        assert not keeper.restart()  # nothing serves yet
        await keeper.ready.wait()
        assert keeper.restart()
        while not any(said.remark == "again" for said in ear.heard):  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.01)
        assert keeper.serving_for >= 0
        assert keeper.lives == 2

    keep(a_program(place, f"{READY}; {STAY}"), ear, until_back)
