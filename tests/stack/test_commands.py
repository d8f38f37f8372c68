"""The commands as a person meets them: one sentence, one exit code."""

import os
import pwd
import queue
import re
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from scripts.stack.addresses import read
from scripts.stack.home import CHECKOUT, Home
from scripts.stack.marks import Mark
from tests.flow.platform import wait_until

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(make_home: Callable[..., Home]) -> Iterator[Run]:
    """Runs a command of the stack on a home of its own; what it left up is brought down."""
    home = make_home()
    variables = {
        "CITYOPS_HOME": str(home.folder),
        "CITYOPS_PG_PORT": str(home.ports["postgres"]),
        "CITYOPS_MQTT_PORT": str(home.ports["mosquitto"]),
        "CITYOPS_MQTTS_PORT": str(home.ports["mqtts"]),
        "CITYOPS_MQTTS_CERTIFICATES_PORT": str(home.ports["mqtts-certificates"]),
        "CITYOPS_API_PORT": str(home.ports["api"]),
        "CITYOPS_CONSOLE_PORT": str(home.ports["console"]),
        "CITYOPS_METRICS_PORT": str(home.ports["metrics"]),
    }
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "MQTT_", "CITYOPS_"))}
    plain["PATH"] = os.defpath  # no Grafana

    def run(
        *arguments: str, user: int | None = None, **changed: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scripts.stack", *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            env={**plain, **variables, **changed},
            timeout=120,
            user=user,
        )

    yield run
    run("down")


def script(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=CHECKOUT)


@pytest.mark.parametrize(
    "command",
    [
        ["scripts/up", "--frehs"],
        ["scripts/up", "--for", "ever"],
        ["scripts/up", "--for=abc"],
        ["scripts/up", "--for=0.0"],
        ["scripts/up", "--for"],
        ["scripts/down", "now"],
        ["scripts/check", "--fix"],
        ["scripts/pin", "numpy"],
    ],
)
def test_a_wrong_option_is_said_before_anything_is_done(command: list[str]) -> None:
    done = script(*command)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"{command[0].removeprefix('scripts/')}: ")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("check", "style, types"),
        ("test", "go to pytest"),
        ("bench", "ingest [--seconds N] [--codec NAME] [--workers N] [--json]"),
        ("pin", "requirements*.lock"),
        ("store", "assets"),
    ],
)
def test_help_is_all_that_help_does(name: str, words: str) -> None:
    done = script(f"scripts/{name}", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout
    assert len(done.stdout) < 3000


@pytest.mark.parametrize("name", ["setup", "up", "down"])
def test_every_script_explains_itself(name: str) -> None:
    done = script(f"scripts/{name}", "--help")
    assert done.returncode == 0
    assert "xit codes" in done.stdout


def test_set_up_and_up_give_the_same_code_the_same_meaning() -> None:
    meanings = []
    for name in ("setup", "up"):
        text = script(f"scripts/{name}", "--help").stdout.partition("xit codes")[2]
        columns = re.findall(r"(?<![\d-])(\d+) ([a-z][a-z ]+?)(?=,|\s{2,}|\n|$| \()", text)
        meanings.append(dict(columns))
    setup, up = meanings
    assert len(setup) >= 8
    assert {code: up[code] for code in setup if code != "0"} == {
        code: meaning for code, meaning in setup.items() if code != "0"
    }


def test_starting_anew_needs_a_yes(run: Run, make_home: Callable[..., Home]) -> None:
    home = make_home()
    home.prepare()
    (home.folder / "postgres").mkdir()
    done = run("up", "--fresh")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert (home.folder / "postgres").exists()


def test_a_taken_port_is_one_sentence(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        for arguments in (["up"], ["up", "--detach"]):
            done = run(*arguments, CITYOPS_MQTT_PORT=str(other.getsockname()[1]))
            assert done.returncode == 8
            assert done.stderr.startswith("up: port ")
            assert "CITYOPS_MQTT_PORT" in done.stderr
            assert len(done.stderr.splitlines()) == 1
            assert done.stdout == ""


def test_going_down_when_nothing_is_up_is_no_failure(run: Run) -> None:
    done = run("down")
    assert done.returncode == 0
    assert "nothing was running" in done.stderr


def test_the_store_needs_an_installation_that_is_up(run: Run) -> None:
    done = run("store", "token", "ada")
    assert done.returncode == 12
    assert done.stderr.startswith("store: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_of_another_user_is_one_sentence(run: Run, home: Home) -> None:
    stranger = pwd.getpwnam("nobody")
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    (home.run / "lock").touch(mode=0o600)
    for command in ("up", "down", "store"):
        done = run(command, *["tidy"][: command == "store"], user=stranger.pw_uid)
        assert done.returncode == 11, done.stderr
        assert done.stderr.startswith(f"{command}: {home.folder} belongs to another user")
        assert len(done.stderr.splitlines()) == 1


def test_a_wrong_setting_of_a_service_is_told_in_its_own_words(
    run: Run, make_home: Callable[..., Home]
) -> None:
    done = run("up", "--detach", "--no-simulators", INGEST_BATCH_SIZE="many")
    assert done.returncode == 2
    assert "INGEST_BATCH_SIZE" in done.stderr.splitlines()[-1]
    assert "nothing was running" in run("down").stderr
    assert not list((make_home().run / "processes").iterdir())


def test_everything_comes_up_is_found_again_and_goes_down(
    run: Run, make_home: Callable[..., Home]
) -> None:
    home = make_home()
    done = run("up", "--detach", "--no-simulators")
    assert done.returncode == 0, done.stderr
    file = Path(done.stdout.splitlines()[-1])
    assert file == home.addresses
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = read(file)
    assert set(found) >= {"PGPASSWORD", "MQTT_PASSWORD", "API_URL", "API_TOKEN", "PGDATABASE"}
    request = urllib.request.Request(  # noqa: S310 - our own API
        f"{found['API_URL']}/assets", headers={"Authorization": f"Bearer {found['API_TOKEN']}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        assert answer.status == 200

    # Whatever the terminal's width, paths are whole.
    assert all(str(path) in done.stderr for path in (home.addresses, home.logs))
    the_store_works(run, home.folder)
    password = an_account_comes_and_goes(run, found)
    assert not any(password in text for text in said_by(home))

    again = run("up", "--detach")
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert run("up").returncode == 9

    shown = " ".join(said_by(home))
    assert not any(found[name] in shown for name in ("PGPASSWORD", "MQTT_PASSWORD", "API_TOKEN"))

    marks = [Mark.read(path) for path in (home.run / "processes").iterdir()]
    supervisor = Mark.read(home.run / "supervisor")
    assert supervisor is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    assert run("down").returncode == 0
    assert not any(mark.alive for mark in marks if mark)
    assert not file.exists()

    third = run("up", "--for", "1", "--no-simulators")
    assert third.returncode == 0, third.stderr
    assert "readings stored" in third.stderr


def the_store_works(run: Run, folder: Path) -> None:
    """The owner's commands, from any folder, with their own output and exit codes."""
    (folder / "few.csv").write_text("name,kind,title\ntested-1,,One that is tested\n")
    imported = run("store", "assets", "import", "few.csv", CITYOPS_CALLED_FROM=str(folder))
    assert imported.returncode == 0, imported.stderr
    assert "1 assets" in imported.stderr
    made = run("store", "token", "ada", "--role", "viewer")
    assert (made.returncode, len(made.stdout.splitlines())) == (0, 1), made.stderr
    assert run("store", "token", "ada").returncode == 1  # the name is taken
    assert run("store", "token", "--rolle", "x").returncode == 2


def an_account_comes_and_goes(run: Run, found: dict[str, str]) -> str:
    """Its password, which is nowhere: made, let in over TLS, refused what is not its own, disabled: all while everything runs."""
    made = run("store", "account", "create", "tested-1", "--asset", "tested-1")
    assert made.returncode == 0, made.stderr
    password = made.stdout.strip()
    wait_until(lambda: said(found, password, "city/tested-1/telemetry"), "tested-1 may speak")
    assert not said(found, password, "city/tested-2/telemetry")
    assert "tested-1" in run("store", "account", "list").stdout
    certificate = run("certificates", "device", "tested-1")
    assert certificate.returncode == 0, certificate.stderr
    by_certificate = certificate.stdout.split()
    assert said(found, None, "city/tested-1/telemetry", by_certificate)
    assert run("certificates", "revoke", "tested-1").returncode == 0
    wait_until(
        lambda: not said(found, None, "city/tested-1/telemetry", by_certificate), "it is revoked"
    )
    assert run("store", "account", "disable", "tested-1").returncode == 0
    wait_until(lambda: not said(found, password, "city/tested-1/telemetry"), "it is disabled")
    assert run("store", "account", "create", "engineer").returncode == 1
    assert run("store", "account", "rotate", "nobody-1").returncode == 1
    return password


def said(
    found: dict[str, str], password: str | None, topic: str, certificate: Sequence[str] = ()
) -> bool:
    """Whether the device's account may say this over TLS."""
    port = found["MQTTS_CERTIFICATES_PORT" if certificate else "MQTTS_PORT"]
    tls = {"ca_certs": found["MQTTS_CA_FILE"]} | dict(
        zip(("certfile", "keyfile"), certificate, strict=False)
    )
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.tls_set(**tls)  # type: ignore[arg-type]
    if password is not None:
        client.username_pw_set("tested-1", password)
    answers: queue.Queue[bool] = queue.Queue()

    def connected(_client: mqtt.Client, _userdata: Any, _flags: Any, code: Any, _more: Any) -> None:
        if code.is_failure:
            answers.put(False)
        else:
            client.publish(topic, b"{}", qos=1)

    client.on_connect = connected
    client.on_publish = lambda _c, _u, _m, code, _p: answers.put(not code.is_failure)
    client.on_disconnect = lambda *_: answers.put(False)
    client.connect(found["MQTT_HOST"], int(port))
    client.loop_start()
    try:
        return answers.get(timeout=10)
    finally:
        client.disconnect()
        client.loop_stop()


def said_by(home: Home) -> list[str]:
    """All logs, and how every process was called."""
    logs = [path.read_text(errors="replace") for path in home.logs.iterdir()]
    marks = [Mark.read(path) for path in (home.run / "processes").iterdir()]
    calls = [Path(f"/proc/{mark.pid}/cmdline").read_text() for mark in marks if mark]
    return logs + calls
