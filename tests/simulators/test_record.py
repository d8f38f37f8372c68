"""Recording topics off a real broker: everything, bounded, and with a sentence where it cannot be."""

import contextlib
import json
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.address import address_from
from simulators.broker import Broker
from simulators.recorder import BadFilter, check_filter
from tests.flow.platform import wait_until
from tests.simulators.listener import Listener
from tests.simulators.test_commands import CHECKOUT, COMMAND, simulators


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "heard.jsonl"


@contextlib.contextmanager
def recording(tape: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command, once it has subscribed: the file is there, and a first message in it."""
    process = subprocess.Popen(
        [*COMMAND, "record", *arguments, "--to", str(tape), "--json"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with Broker(address_from(), "here", say=print) as broker:
            broker.publish("city/first/status", "online", retain=True)
            broker.settle()
        wait_until(lambda: tape.exists() and tape.stat().st_size > 0, "it records")
        yield process
    finally:
        process.kill()
        process.communicate()


def told(tape: Path) -> list[tuple[str, object]]:
    lines = [json.loads(line) for line in tape.read_text().splitlines()]
    return [(line["topic"], line.get("payload", line.get("base64"))) for line in lines]


@pytest.mark.usefixtures("broker")
def test_what_is_published_is_in_the_file_and_control_c_ends_it(tape: Path) -> None:
    with recording(tape, "city/#", "egov/+/telemetry") as process:
        with Broker(address_from(), "device", say=print) as broker:
            broker.publish("city/a/telemetry", b"\xff\x00")
            broker.publish("egov/b/telemetry", '{"x":1}')
            broker.publish("egov/b/status", "online")
            broker.publish("city/a/telemetry", "last")
            broker.settle()
        wait_until(lambda: "last" in tape.read_text(), "the last is written")
        process.send_signal(signal.SIGINT)
        printed, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, "")
    assert told(tape)[-3:] == [
        ("city/a/telemetry", "/wA="),
        ("egov/b/telemetry", '{"x":1}'),
        ("city/a/telemetry", "last"),
    ]
    account = json.loads(printed)
    assert account["messages"] == len(told(tape))
    assert account["problem"] is None
    first = json.loads(tape.read_text().splitlines()[0])
    assert first["retain"]
    assert first["qos"] == 1


@pytest.mark.usefixtures("broker")
def test_it_stops_after_so_many_messages_and_no_more_are_in_the_file(tape: Path) -> None:
    with recording(tape, "city/#", "--messages", "3") as process:
        with Broker(address_from(), "device", say=print) as broker:
            for number in range(50):
                broker.publish("city/a/telemetry", str(number))
            broker.settle()
        assert process.wait(30) == 0
    assert len(told(tape)) == 3


@pytest.mark.usefixtures("broker")
def test_it_stops_after_so_long_and_writes_over_nothing_unless_told_to(tape: Path) -> None:
    done = simulators("record", "nobody/#", "--to", tape, "--for", "0.2")
    assert done.returncode == 0
    assert done.stdout.startswith("recorded 0 messages of 0 topics")
    again = simulators("record", "nobody/#", "--to", tape, "--for", "0.2")
    assert again.returncode == 2
    assert f"{tape} is there already: --force writes over it" in again.stderr
    assert simulators("record", "x/#", "--to", tape, "--for", "0.2", "--force").returncode == 0


@pytest.mark.usefixtures("broker")
def test_a_recording_played_again_is_the_same_on_the_wire(tape: Path) -> None:
    sent = [
        ("city/played/telemetry", b'{"x":1}'),
        ("city/again/telemetry", b"\xff"),
        ("city/played/status", b""),
    ]
    topics = ("city/played/#", "city/again/#")  # the broker keeps what others said on their own
    with recording(tape, "city/first/#", *topics) as process:
        with Broker(address_from(), "device", say=print) as broker:
            for topic, payload in sent:
                broker.publish(topic, payload)
            broker.settle()
        wait_until(lambda: len(told(tape)) >= 4, "all are written")
        process.send_signal(signal.SIGINT)
        process.wait(30)
    with Listener(address_from(), *topics) as listener:
        done = simulators("replay", tape, "--as-fast-as-possible", "--json")
        heard = listener.wait_for(3)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == len(told(tape))
    assert heard == sent


def test_what_goes_wrong_is_one_sentence(tape: Path) -> None:
    nowhere = {"MQTT_HOST": "127.0.0.1", "MQTT_PORT": "1"}
    wishes: list[tuple[list[str | Path], int, str]] = [
        (["a/#/b", "--to", tape], 2, "'a/#/b' is no topic to subscribe to"),
        (["a", "--to", tape.with_suffix(".txt")], 2, "whose name ends in .jsonl"),
        (["a", "--to", tape.parent / "x" / "y.jsonl"], 2, "cannot be written: No such file"),
        (["a", "--to", tape, "--wait", "0"], 3, "no broker answered at 127.0.0.1:1"),
    ]
    for arguments, code, sentence in wishes:
        done = simulators("record", *arguments, **nowhere)
        assert (done.returncode, "Traceback" in done.stderr) == (code, False)
        assert sentence in done.stderr
    assert not tape.exists()  # nothing was heard, and nothing is left of it


def test_a_broker_that_refuses_the_subscription_is_told(tape: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=refuse_to_tell, args=(listening,), daemon=True).start()
        port = str(listening.getsockname()[1])
        done = simulators("record", "a/#", "--to", tape, MQTT_HOST="127.0.0.1", MQTT_PORT=port)
    assert done.returncode == 3
    assert "refuses us: it does not let us listen to a/#: Not authorized" in done.stderr
    assert not tape.exists()


def refuse_to_tell(listening: socket.socket) -> None:
    """A broker (MQTT 5) that lets everybody in, and tells nobody anything."""
    with contextlib.suppress(OSError):
        connection, _ = listening.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"\x20\x03\x00\x00\x00")
            subscription = connection.recv(1000)
            connection.sendall(b"\x90\x04" + subscription[2:4] + b"\x00\x87")
            connection.recv(1000)


@pytest.mark.usefixtures("broker")
def test_a_full_disk_ends_it_with_a_sentence(tape: Path) -> None:
    tape.symlink_to("/dev/full")
    with Broker(address_from(), "here", say=print) as broker:
        broker.publish("city/full/status", "online", retain=True)
        broker.settle()
    done = simulators("record", "city/full/#", "--to", tape, "--force")
    assert done.returncode == 4
    assert "the file cannot be written: No space left on device" in done.stderr


@pytest.mark.parametrize("topic", ["a", "+", "#", "a/+/b/#", "/", "a//b"])
def test_what_may_be_subscribed_to(topic: str) -> None:
    assert check_filter(topic) == topic


@pytest.mark.parametrize("topic", ["", "a+", "#/a", "a/b#", "a\0"])
def test_what_may_not(topic: str) -> None:
    with pytest.raises(BadFilter):
        check_filter(topic)
