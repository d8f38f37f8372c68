"""A simulated street light: what it does, what it refuses, and what it has done already."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.lamp import REMEMBERED, Lamp
from tests.simulators.test_commands import simulators

NOW = 1_767_225_600.0  # 2026-01-01T00:00:00Z


def order(identity: str = "1", command: object = "dim", **said: Any) -> bytes:
    return json.dumps({"id": identity, "command": command, **said}).encode()


def test_a_lamp_is_dimmed_and_draws_less() -> None:
    lamp = Lamp("lamp-3")
    bright = lamp.report(NOW)
    assert lamp.obey(order(arguments={"level": 0.4}), NOW) == {
        "id": "1",
        "status": "done",
        "level": 0.4,
    }
    dimmed = lamp.report(NOW)
    assert dimmed["illuminance_level"] == 0.4
    assert dimmed["power_kw"] < bright["power_kw"] / 2
    lamp.obey(order("2", "off"), NOW)
    assert lamp.report(NOW)["illuminance_level"] == 0
    lamp.obey(order("3", "on"), NOW)
    assert lamp.report(NOW) == bright


def test_a_command_that_comes_twice_is_done_once_and_answered_twice() -> None:
    lamp = Lamp("lamp-3")
    first = lamp.obey(order("1", "off"), NOW)
    lamp.obey(order("2", "on"), NOW)
    assert lamp.obey(order("1", "off"), NOW + 60) == first
    assert (lamp.level, lamp.done) == (1.0, 2)


def test_a_lamp_forgets_old_commands() -> None:
    lamp = Lamp("lamp-3")
    for number in range(REMEMBERED + 1):
        lamp.obey(order(str(number), "on"), NOW)
    lamp.obey(order("0", "off"), NOW)
    assert lamp.level == 0


@pytest.mark.parametrize(
    ("payload", "detail"),
    [
        (order(command="fly"), "a lamp knows dim, on, off, and not 'fly'"),
        (order(command=7), "a lamp knows dim, on, off, and not '7'"),
        (order(), "dim takes a level from 0 to 1"),
        (order(arguments={"level": 2}), "dim takes a level from 0 to 1"),
        (order(arguments={"level": True}), "dim takes a level from 0 to 1"),
        (order(arguments=[0.4]), "dim takes a level from 0 to 1"),
        (order(command="on", expires_at="2025-12-31T23:59:59Z"), "it came after it had expired"),
        (order(command="on", expires_at="soon"), "expires_at is no time"),
    ],
)
def test_what_it_cannot_do_it_refuses_with_the_reason(payload: bytes, detail: str) -> None:
    lamp = Lamp("lamp-3", level=0.5)
    assert lamp.obey(payload, NOW) == {"id": "1", "status": "refused", "detail": detail}
    assert (lamp.level, lamp.done) == (0.5, 0)


@given(
    st.binary(max_size=100)
    | st.dictionaries(
        st.sampled_from(["id", "command", "arguments", "expires_at"]),
        st.text() | st.floats() | st.none() | st.dictionaries(st.just("level"), st.floats()),
    ).map(lambda said: json.dumps(said).encode())
)
def test_any_bytes_are_answered_or_left(payload: bytes) -> None:
    lamp = Lamp("lamp-3")
    answer = lamp.obey(payload, NOW)
    assert answer is None or answer["status"] in {"done", "refused"}
    assert 0 <= lamp.level <= 1


@pytest.mark.usefixtures("broker")
def test_a_light_works_for_as_long_as_it_is_told() -> None:
    done = simulators("light", "--asset", "lamp-9", "--for", "0.3", "--level", "0.2", "--json")
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert (account["heard"], account["level"], account["problem"]) == (0, 0.2, None)
    assert account["published"] == account["acknowledged"] == 3
    assert "lamp-9 hears its commands on city/lamp-9/commands" in done.stderr


def test_a_light_has_a_name_that_fits_a_topic() -> None:
    done = simulators("light", "--asset", "a/b")
    assert done.returncode == 2
    assert "'a/b' is no name of an asset" in done.stderr
