"""`python -m services.api` as a supervisor sees it."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from scripts.stack.ports import free_port
from services.listening import listener
from services.store import tokens
from services.store.pool import Connection
from tests.api import city

COMMAND = [sys.executable, "-m", "services.api"]


@contextmanager
def started(**environment: str) -> Iterator[subprocess.Popen[str]]:
    """The process; killed where the test has not ended it."""
    process = subprocess.Popen(
        COMMAND, env=os.environ | environment, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str], word: str) -> bool:
    """Whether the process logs a line with this word; reads on until it does, or ends."""
    assert process.stderr is not None
    return any(word in line for line in process.stderr)


def ended(process: subprocess.Popen[str]) -> int:
    """The exit code."""
    process.communicate(timeout=30)
    return process.returncode


def test_it_serves_until_told_to_stop(signed_in: None, store: Connection, tmp_path: Path) -> None:
    port = free_port()
    headers = {"Authorization": f"Bearer {tokens.create(store, 'process-test', 'viewer')}"}
    ready = tmp_path / "ready"
    with started(API_PORT=str(port), READY_FILE=str(ready)) as process:
        assert said(process, "event=serving")
        assert ready.exists()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
            assert client.get("/health").json() == {"status": "ok", "database": "ok"}
            assert client.get("/assets/pump-7").json()["kind"] == "water"
            process.terminate()
            assert ended(process) == 0


def test_a_move_under_way_is_finished_before_it_stops(signed_in: None, store: Connection) -> None:
    port, incident = free_port(), city.raise_incident(store)
    token = tokens.create(store, "last-minute", "operator")
    headers = {"Authorization": f"Bearer {token}"}
    address = f"http://127.0.0.1:{port}/incidents/{incident}/acknowledge"
    statuses: list[int] = []

    def acknowledge() -> None:
        statuses.append(httpx.post(address, headers=headers, timeout=30).status_code)

    with (
        started(API_PORT=str(port)) as process,
        psycopg.connect(store.info.dsn, password=store.info.password) as holder,
    ):
        assert said(process, "event=serving")
        holder.execute("SELECT FROM incidents WHERE id = %s FOR UPDATE", [incident])
        person = threading.Thread(target=acknowledge, name="person")
        person.start()
        waiting = "SELECT FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        while not store.execute(waiting, [holder.info.backend_pid]).fetchall():
            assert person.is_alive()
        process.terminate()
        holder.commit()
        person.join()
        assert ended(process) == 0
    assert statuses == [200]
    assert store.execute("SELECT status FROM incidents WHERE id = %s", [incident]).fetchone() == (
        "acknowledged",
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("API_PORT", "70000"),
        ("API_PORT", "http"),
        ("API_POOL", "0"),
        ("API_QUEUE_SECONDS", "-1"),
        ("API_HOST", "no such host"),
        ("API_HOST", ""),
    ],
)
def test_a_wrong_setting_is_named_and_not_tried_again(variable: str, value: str) -> None:
    environment = os.environ | {variable: value}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"{variable}: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = os.environ | {"API_PORT": str(port)}
        done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in done.stderr


def test_it_can_be_stopped_while_it_waits_for_the_database() -> None:
    nowhere = str(free_port())
    with started(API_PORT=str(free_port()), PGHOST="127.0.0.1", PGPORT=nowhere) as process:
        assert said(process, f"where=127.0.0.1:{nowhere}")
        process.terminate()
        assert ended(process) == 0


def test_a_wrong_setting_is_told_without_loading_the_web() -> None:
    heavy = "import sys, services.api.__main__; sys.exit('fastapi' in sys.modules)"
    subprocess.run([sys.executable, "-c", heavy], check=True)


def test_small_answers_leave_at_once() -> None:
    # asyncio turns Nagle's wait (40 ms a request) off only where the socket says it is TCP.
    with listener("127.0.0.1", free_port(), "API") as listening:
        assert listening.proto == socket.IPPROTO_TCP
