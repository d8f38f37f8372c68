"""The supervisor: alone on its folder, and polite about taken ports."""

import os
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from scripts.stack.home import Home
from scripts.stack.progress import Pipe, Said, record
from scripts.stack.refusals import AlreadyUp, BadSetting, PortTaken
from scripts.stack.supervisor import Wishes, alone, bring_down, check_ports, is_up, supervise

from .conftest import Ear


def test_a_folder_has_one_supervisor_at_a_time(home: Home) -> None:
    assert not is_up(home)
    with alone(home):
        assert is_up(home)
        with pytest.raises(AlreadyUp), alone(home):
            pass
    assert not is_up(home)


def test_nothing_is_up_where_nothing_ever_was(make_home: Callable[..., Home], ear: Ear) -> None:
    assert not is_up(make_home())
    assert not bring_down(make_home(), ear)


def test_starting_anew_keeps_the_log_of_the_start(home: Home, ear: Ear) -> None:
    (home.log("supervisor")).write_text("of the installation that is forgotten\n")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = replace(home, ports={**home.ports, "postgres": other.getsockname()[1]})
        with pytest.raises(PortTaken):
            supervise(taken, ear, Wishes(fresh=True))
    record(Said("note", "written after the state was emptied"))
    log = home.log("supervisor").read_text()
    assert "forgotten" not in log
    assert "written after" in log


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("postgres", "CITYOPS_PG_PORT"),
        ("mosquitto", "CITYOPS_MQTT_PORT"),
        ("mqtts", "CITYOPS_MQTTS_PORT"),
        ("mqtts-certificates", "CITYOPS_MQTTS_CERTIFICATES_PORT"),
        ("api", "CITYOPS_API_PORT"),
        ("console", "CITYOPS_CONSOLE_PORT"),
        ("grafana", "CITYOPS_GRAFANA_PORT"),
    ],
)
def test_a_taken_port_names_the_variable_and_starts_nothing(
    home: Home, ear: Ear, name: str, variable: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = replace(home, ports={**home.ports, name: other.getsockname()[1]})
        with pytest.raises(PortTaken, match=variable):
            supervise(taken, ear, Wishes(grafana=home.folder))
    assert not ear.heard
    assert not (home.folder / "postgres").exists()


def test_grafanas_port_does_not_matter_where_there_is_no_grafana(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = replace(home, ports={**home.ports, "grafana": other.getsockname()[1]})
        check_ports(taken, grafana=False)


def test_an_address_of_another_machine_is_a_wrong_setting(home: Home) -> None:
    with pytest.raises(BadSetting, match="CITYOPS_BIND"):
        check_ports(replace(home, bind="192.0.2.1"), grafana=False)


def test_the_supervisor_does_not_mind_when_nobody_listens_any_more() -> None:
    reader, writer = os.pipe()
    pipe = Pipe(writer)
    os.close(reader)
    for _ in range(3):
        pipe(Said("note", "still here"))
    pipe.hang_up()
