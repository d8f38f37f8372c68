"""The private broker: who may say and hear what."""

import queue
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from scripts.stack.broker import Broker, throwaway_broker

ACCOUNTS = {
    "ingest": "password-1",
    "engineer": "password-2",
    "simulator": "password-3",
    "pump-7": "password-4",
}


class Client:
    """A client that has connected, and keeps the topics it hears."""

    def __init__(self, broker: Broker, account: str, password: str) -> None:
        self.answers: queue.Queue[ReasonCode] = queue.Queue()
        self.published: queue.Queue[int] = queue.Queue()
        self.heard: queue.Queue[str] = queue.Queue()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.username_pw_set(account, password)
        self.client.on_connect = lambda _c, _u, _f, code, _p: self.answers.put(code)
        self.client.on_subscribe = lambda _c, _u, _m, codes, _p: self.answers.put(codes[0])
        self.client.on_publish = lambda _c, _u, number, _r, _p: self.published.put(number)
        self.client.on_message = lambda _c, _u, message: self.heard.put(message.topic)
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        self.connected = not self.answers.get(timeout=5).is_failure

    def subscribe(self, pattern: str) -> None:
        self.client.subscribe(pattern, qos=1)
        self.answers.get(timeout=5)

    def publish(self, *topics: str) -> None:
        for topic in topics:
            self.client.publish(topic, b"{}", qos=1)
            self.published.get(timeout=5)


@pytest.fixture(scope="module")
def guarded() -> Iterator[Broker]:
    with throwaway_broker(ACCOUNTS) as broker:
        yield broker


@pytest.fixture
def client(guarded: Broker) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def make(account: str, password: str | None = None) -> Client:
        made.append(Client(guarded, account, password or ACCOUNTS.get(account, "")))
        return made[-1]

    yield make
    for one in made:
        one.client.disconnect()
        one.client.loop_stop()


def test_no_password_is_written_down(guarded: Broker) -> None:
    written = (guarded.folder / "passwords").read_text()
    assert all(f"{name}:$" in written for name in ACCOUNTS)
    assert not any(password in written for password in ACCOUNTS.values())


def test_nobody_connects_without_the_password(client: Callable[..., Client]) -> None:
    assert client("ingest").connected
    assert not client("ingest", "guess").connected
    assert not client("stranger", "guess").connected


def test_the_log_says_when_for_people_to_read(guarded: Broker) -> None:
    person = guarded.person.switch
    second = subprocess.run(
        guarded.command, check=False, capture_output=True, text=True, timeout=10, **person
    )
    wanted = r"(?m)^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d: Error: Address already in use"
    assert re.search(wanted, second.stderr)


@pytest.mark.parametrize("pattern", ["city/#", "$share/ingest/city/#"])
def test_ingest_hears_what_a_device_says_about_itself(
    client: Callable[..., Client], pattern: str
) -> None:
    ingest = client("ingest")
    ingest.subscribe(pattern)
    # The broker hangs up on who says what is not its own, so each says one thing.
    for topic in ("city/pump-8/telemetry", "city/pump-7/commands", "city/pump-7/telemetry"):
        client("pump-7").publish(topic)
    assert ingest.heard.get(timeout=5) == "city/pump-7/telemetry"
    assert ingest.heard.empty()
    ingest.client.unsubscribe(pattern)


def test_a_device_hears_its_own_commands_alone(client: Callable[..., Client]) -> None:
    pump, engineer = client("pump-7"), client("engineer")
    pump.subscribe("#")
    engineer.publish("city/pump-8/commands", "city/pump-8/telemetry", "city/pump-7/commands")
    assert pump.heard.get(timeout=5) == "city/pump-7/commands"
    assert pump.heard.empty()


def test_the_simulated_city_speaks_and_does_not_listen(client: Callable[..., Client]) -> None:
    simulator, engineer = client("simulator"), client("engineer")
    simulator.subscribe("city/#")
    engineer.subscribe("egov/#")
    simulator.publish("city/pump-9/telemetry", "egov/portal/telemetry")
    assert engineer.heard.get(timeout=5) == "egov/portal/telemetry"
    assert simulator.heard.empty()


def test_ingest_says_nothing(client: Callable[..., Client]) -> None:
    ingest, engineer = client("ingest"), client("engineer")
    engineer.subscribe("city/#")
    ingest.publish("city/pump-7/telemetry")
    engineer.publish("city/end/telemetry")
    assert engineer.heard.get(timeout=5) == "city/end/telemetry"


def test_what_waits_for_a_subscriber_survives_a_restart() -> None:
    with throwaway_broker(ACCOUNTS, durable=True) as broker:
        with persistent(broker) as (_, granted):
            granted.get(timeout=5)
        engineer = Client(broker, "engineer", ACCOUNTS["engineer"])
        engineer.publish("city/kept/telemetry")
        engineer.client.disconnect()
        engineer.client.loop_stop()
        broker.stop()
        broker.start()
        with persistent(broker) as (heard, _):
            assert heard.get(timeout=5) == "city/kept/telemetry"


@contextmanager
def persistent(broker: Broker) -> Iterator[tuple[queue.Queue[str], queue.Queue[bool]]]:
    """Connects ingest with a session the broker keeps; what it hears, and that it may."""
    heard: queue.Queue[str] = queue.Queue()
    granted: queue.Queue[bool] = queue.Queue()
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id="ingest-1",
        clean_session=False,
        protocol=mqtt.MQTTv311,
    )
    client.username_pw_set("ingest", ACCOUNTS["ingest"])
    client.on_message = lambda _c, _u, message: heard.put(message.topic)
    client.on_subscribe = lambda *_: granted.put(True)
    client.on_connect = lambda client, *_: client.subscribe("city/#", qos=1)
    client.connect(broker.host, broker.port)
    client.loop_start()
    yield heard, granted
    client.disconnect()
    client.loop_stop()
