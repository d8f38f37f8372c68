"""The whole path: API, row, MQTT, device, and back, with nothing on it but the real thing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from scripts.stack.broker import Broker
from services.store import commands as store
from services.store.pool import Connection
from tests.commands.conftest import MakeDevice, StartLight
from tests.flow.platform import Process, eventually, running, wait_until


def told(api: httpx.Client, asset: str, command: str, timeout: int = 60, **arguments: Any) -> str:
    """Gives a command; returns where it can be looked at."""
    order = {"command": command, "arguments": arguments, "timeout_s": timeout}
    answer = api.post(f"/assets/{asset}/commands", json=order)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


def end_of(api: httpx.Client, place: str) -> dict[str, Any]:
    """A command once it has ended."""
    for _ in range(3):
        command: dict[str, Any] = api.get(f"{place}?wait=30").json()
        if command["ended_at"] is not None:
            break
    return command


def test_a_street_light_is_dimmed_and_answers_and_its_telemetry_shows_it(
    api: httpx.Client,
    commands: Process,
    ingest: Process,
    light: StartLight,
    conn: Connection,
) -> None:
    with running(ingest, commands):
        light("lamp-3")
        command = end_of(api, told(api, "lamp-3", "dim", level=0.4))
        assert (command["status"], command["requested_by"]) == ("done", "lan")
        assert command["answer"] == {"id": command["id"], "status": "done", "level": 0.4}
        assert command["sent_at"] is not None
        assert command["answered_at"] is not None
        assert command["attempts"] == 1
        eventually(
            conn,
            """SELECT count(*) FROM current_readings
               WHERE asset = 'lamp-3' AND metric = 'illuminance_level' AND value = 0.4""",
            1,
        )
        # ingest hears commands and answers pass by, and makes neither readings nor rejects of them
        eventually(conn, "SELECT count(*) FROM rejects", 0)
    listed = conn.execute("SELECT asset, command, status FROM command_list").fetchall()
    assert listed == [("lamp-3", "dim", "done")]


def test_what_a_light_cannot_do_is_refused_with_its_reason(
    api: httpx.Client, commands: Process, light: StartLight
) -> None:
    with running(commands):
        light("lamp-3")
        command = end_of(api, told(api, "lamp-3", "fly"))
        assert command["status"] == "refused"
        assert command["detail"] == "a lamp knows dim, on, off, and not 'fly'"
        command = end_of(api, told(api, "lamp-3", "dim", level=7))
        assert (command["status"], command["detail"]) == (
            "refused",
            "dim takes a level from 0 to 1",
        )


def test_a_child_is_reached_behind_its_gateway(
    api: httpx.Client, commands: Process, light: StartLight
) -> None:
    with running(commands):
        light("cabinet-1:lamp-5")
        assert end_of(api, told(api, "cabinet-1:lamp-5", "off"))["status"] == "done"


def test_a_device_that_does_not_answer_lets_its_command_expire(
    api: httpx.Client, commands: Process, light: StartLight
) -> None:
    with running(commands):
        light("lamp-3", "--mute")
        silent, absent = told(api, "lamp-3", "on", timeout=2), told(api, "lamp-4", "on", timeout=2)
        command = end_of(api, silent)
        assert (command["status"], command["detail"]) == ("expired", "no answer in time")
        command = end_of(api, absent)
        assert (command["status"], command["detail"]) == (
            "expired",
            "no answer in time; nobody was subscribed",
        )


def test_a_device_of_mqtt_5_finds_in_the_message_where_and_how_to_answer(
    api: httpx.Client, commands: Process, device: MakeDevice
) -> None:
    with running(commands):
        lamp = device("lamp-3", version=5)
        place = told(api, "lamp-3", "dim", level=0.5)
        said, message = lamp.command()
        properties: Any = message.properties
        correlation = properties.CorrelationData
        assert properties.ResponseTopic == "city/lamp-3/commands/response"
        assert f"/commands/{UUID(bytes=correlation)}" == place
        assert 50 <= properties.MessageExpiryInterval <= 60
        assert said["id"] == str(UUID(bytes=correlation))
        assert (said["command"], said["arguments"]) == ("dim", {"level": 0.5})
        assert said["expires_at"] == api.get(place).json()["expires_at"]
        lamp.say('{"status": "failed", "detail": "the lamp is broken"}', correlation=correlation)
        command = end_of(api, place)
        assert (command["status"], command["detail"]) == ("failed", "the lamp is broken")


def test_nobody_answers_for_another(
    api: httpx.Client, commands: Process, device: MakeDevice
) -> None:
    with running(commands):
        lamp, other = device("lamp-3"), device("lamp-4")
        place = told(api, "lamp-3", "on")
        said, _ = lamp.command()
        other.answer(said["id"], "done")
        wait_until(lambda: "somebody else answered" in commands.said, "it is seen", commands.log)
        assert api.get(place).json()["status"] == "sent"
        lamp.answer(said["id"], "refused", detail="somebody works on me")
        assert end_of(api, place)["detail"] == "somebody works on me"
        lamp.answer(said["id"], "done")
        wait_until(lambda: "answered already" in commands.said, "a second", commands.log)
        assert api.get(place).json()["status"] == "refused"


def test_an_answer_given_while_the_process_was_dead_is_found_when_it_lives_again(
    api: httpx.Client, commands: Process, device: MakeDevice
) -> None:
    with running(commands):
        lamp = device("lamp-3")
        place = told(api, "lamp-3", "on")
        said, _ = lamp.command()
        commands.kill()
        lamp.answer(said["id"], "done")
        assert api.get(place).json()["status"] in ("requested", "sent")
        commands.start().ready()
        assert end_of(api, place)["status"] == "done"


def test_a_command_given_while_the_process_was_dead_is_sent_when_it_lives_again(
    api: httpx.Client, commands: Process, light: StartLight
) -> None:
    light("lamp-3")
    place, short = told(api, "lamp-3", "on"), told(api, "lamp-3", "off", timeout=1)
    assert api.get(f"{short}?wait=2").json()["ended_at"] is None  # nobody is there to end it
    with running(commands):
        assert end_of(api, place)["status"] == "done"
        assert end_of(api, short)["detail"] == "it could not be sent in time"


def test_a_command_that_was_sent_and_not_noted_is_sent_again_under_the_same_id(
    api: httpx.Client, commands: Process, device: MakeDevice, conn: Connection
) -> None:
    lamp = device("lamp-3")
    place = told(api, "lamp-3", "on")
    assert len(store.take(conn, 10, timedelta(seconds=1))) == 1  # and then the power failed
    conn.commit()
    with running(commands):
        said, _ = lamp.command()
        lamp.answer(said["id"], "done")
        command = end_of(api, place)
    assert place == f"/commands/{said['id']}"
    assert (command["status"], command["attempts"]) == ("done", 2)


def test_a_broker_that_goes_away_and_comes_back_costs_time_alone(
    api: httpx.Client, commands: Process, light: StartLight, own_broker: Broker
) -> None:
    with running(commands):
        lamp = light("lamp-3")
        assert end_of(api, told(api, "lamp-3", "on"))["status"] == "done"
        own_broker.stop()
        wait_until(lambda: "waiting for the broker" in commands.said, "it is missed", commands.log)
        late, short = told(api, "lamp-3", "off"), told(api, "lamp-3", "on", timeout=1)
        command = end_of(api, short)
        assert (command["status"], command["attempts"]) == ("expired", 0)
        assert command["detail"] == "it could not be sent in time"
        own_broker.start()
        assert end_of(api, late)["status"] == "done"
        wait_until(lambda: "level 0" in lamp.said, "the lamp is off", lamp.log)
        assert "broker is back" in lamp.said


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("COMMANDS_PATIENCE", "0", "COMMANDS_PATIENCE"),
        ("COMMANDS_CLIENT_ID", "", "COMMANDS_CLIENT_ID"),
        ("MQTT_PORT", "0", "MQTT_PORT"),
    ],
)
def test_wrong_configuration_refuses_to_start_naming_the_variable(
    tmp_path: Path, variable: str, value: str, said: str
) -> None:
    process = Process(tmp_path, "ingest.commands", **{variable: value}).start()
    assert process.exit_code() == 2
    assert said in process.said


def test_a_broker_that_refuses_us_is_not_waited_for(
    commands: Process, sign_in: Callable[[str], dict[str, str]]
) -> None:
    commands.environment["MQTT_PASSWORD"] = "guessed-at"
    assert commands.start().exit_code() == 1
    assert "the broker refuses us" in commands.said
    assert "guessed-at" not in commands.said
