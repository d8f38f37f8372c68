"""A load of several processes and many connections: who publishes what, and what is said at the end."""

import contextlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from simulators.address import Address, address_from
from simulators.load import BadLoad, Load, publish_load
from simulators.shared_load import publish_together, shares
from simulators.wire import ConnectionLost
from tests.flow.platform import wait_until
from tests.simulators.listener import Listener, Wire

CHECKOUT = Path(__file__).parents[2]
LOAD = [sys.executable, "-m", "simulators", "load"]


@pytest.mark.parametrize("processes", [1, 2, 3, 7])
def test_no_asset_is_in_two_processes_and_nothing_is_left_out(processes: int) -> None:
    load = Load(1000, 1, assets=101, connections=7, window=5000)
    parts = shares(load, processes)
    assert sum(part.connections for part in parts) == 7
    assert sum(part.rate for part in parts) == pytest.approx(1000)
    owned = [number for part in parts for number in range(part.first, part.first + part.assets)]
    assert owned == list(range(101))


@pytest.mark.parametrize("processes", [0, 8, 65])
def test_more_processes_than_connections_are_refused(processes: int) -> None:
    with pytest.raises(BadLoad, match="at least one connection for each"):
        shares(Load(1, 1, assets=100, connections=7), processes)


@pytest.mark.usefixtures("broker")
@pytest.mark.parametrize("qos", [0, 1])
def test_what_the_processes_tell_adds_up_to_what_is_heard(qos: int) -> None:
    load = Load(2000, 1, assets=60, connections=6, qos=qos, prefix=f"shared{qos}")
    with Listener(address_from(), "city/+/telemetry") as listener:
        together = publish_together(load, address_from(), 2, threading.Event())
        heard = listener.wait_for(together.total.sent)
    assert len(together.outcomes) == 2
    assert not together.broken
    assert 0 < together.total.sent == together.total.acknowledged == len(heard)
    moments = {(topic, json.loads(payload)["ts"]) for topic, payload in heard}
    assert len(moments) == len(heard)
    assert len({topic for topic, _ in moments}) == 60


@pytest.mark.usefixtures("broker")
def test_every_one_of_many_connections_gets_its_turn() -> None:
    told: set[str] = set()
    load = Load(3000, 1, assets=300, connections=300, qos=0, prefix="many")
    outcome = publish_load(load, address_from(), lambda assets, _: told.update(assets))
    assert outcome.acknowledged == outcome.sent > 0
    assert len(told) == 300


@pytest.mark.usefixtures("broker")
def test_a_broker_that_hangs_up_on_a_crowd_is_called_again() -> None:
    with Wire(address_from()) as wire:
        threading.Thread(target=busy_for_a_while, args=(wire,), daemon=True).start()
        outcome = publish_load(Load(100, 0.2, assets=20, connections=20), wire.address)
    assert outcome.acknowledged == outcome.sent > 0


def busy_for_a_while(wire: Wire) -> None:
    while not wire.carried:
        time.sleep(0.001)
    wire.open = False
    time.sleep(0.5)
    wire.open = True


@pytest.mark.usefixtures("broker")
def test_a_process_that_breaks_is_told_and_the_others_go_on() -> None:
    with Listener(address_from(), "city/+/telemetry") as listener:
        threading.Thread(target=kill_one, args=(listener,), daemon=True).start()
        load = Load(500, 4, assets=8, connections=4, prefix="breaks")
        together = publish_together(load, address_from(), 2, threading.Event())
    assert len(together.outcomes) == 1
    assert together.total.acknowledged == together.total.sent > 800
    assert "ended (code -9) before it could say" in together.broken[0]
    assert not multiprocessing.active_children()


def kill_one(listener: Listener) -> None:
    listener.wait_for(10)
    multiprocessing.active_children()[0].kill()


def test_an_absent_broker_ends_all_of_them_at_once() -> None:
    with pytest.raises(ConnectionLost, match="cannot be reached"):
        publish_together(
            Load(1, 60, assets=4, connections=4), Address(port=1), 2, threading.Event()
        )
    assert not multiprocessing.active_children()


@pytest.mark.usefixtures("broker")
def test_control_c_ends_all_processes_and_says_what_was_acknowledged() -> None:
    command = [*LOAD, "--seconds", "60", "--processes", "2", "--json", "--qos", "0"]
    load = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with Listener(address_from(), "city/+/telemetry") as listener:
        listener.wait_for(10)
    os.killpg(load.pid, signal.SIGINT)
    printed, complaints = load.communicate(timeout=30)
    told = json.loads(printed)
    assert (load.returncode, complaints) == (130, b"")
    assert told["stopped"]
    assert 0 < told["sent"] == told["acknowledged"] < 30_000
    wait_until(lambda: not alive(load.pid), "nobody is left of them")


def alive(group: int) -> list[str]:
    """The processes of a group that are not dead (Z), by the system's own account."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of = status.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                found.append(status.parent.name)
    return found


@pytest.mark.usefixtures("broker")
def test_more_connections_than_the_system_allows_are_told_in_a_sentence() -> None:
    narrow = ["bash", "-c", 'ulimit -n 150; exec "$@"', "bash"]
    arguments = ["--connections", "120", "--seconds", "0.2", "--rate", "500"]
    refused = subprocess.run(
        [*narrow, *LOAD, *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "120 connections in one process need 184 open files" in refused.stderr
    assert "the system allows 150 (ulimit -Hn): use more --processes" in refused.stderr
    shared: Any = subprocess.run(
        [*narrow, *LOAD, *arguments, "--processes", "2", "--json"],
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
    )
    assert json.loads(shared.stdout)["connections"] == 120
