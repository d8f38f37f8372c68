"""The broker's container: the settings of the one-machine stack, accounts from the secrets."""

import queue
import re
import shlex
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from models.access import FIXED, Account, access_list, hashed
from scripts.stack.broker import CONFIGURATION, ENCRYPTED, Broker
from services.accounts import files
from services.accounts.authority import Authority
from services.store.accounts import Living
from tests.compose.model import CHECKOUT, Compose
from tests.compose.rehearsal import LIMIT
from tests.flow.platform import wait_until

DEVICE, PASSWORD = "lamp-1", "of-a-registry-that-is-made-up"
PLACES = {"listener", "password_file", "acl_file", "persistence_location"}
PLACES |= {"cafile", "certfile", "keyfile", "crlfile"}


def settings(text: str) -> dict[str, list[str]]:
    """A configuration of mosquitto: all values of each option."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, value = line.split(" ", 1)
            found.setdefault(name, []).append(value)
    return found


def test_the_settings_are_those_of_the_one_machine_stack() -> None:
    stack = Broker(Path("/nowhere"), port=1883, accounts={})
    text = CONFIGURATION.format(
        port=1883,
        bind="",
        folder="",
        persistence=str(stack.durable).lower(),
        queue_bytes=stack.queue_bytes,
    ) + ENCRYPTED.format(port=8883, certificate_port=8884, bind="", folder="")
    theirs, ours = settings(text), settings((CHECKOUT / "compose/mosquitto.conf").read_text())
    assert theirs.keys() == ours.keys()
    assert ours["listener"] == ["1883", "8883", "8884"]
    for name in theirs.keys() - PLACES:
        assert ours[name] == theirs[name], name
    for name in PLACES - {"listener", "persistence_location"}:
        assert {Path(each).parent for each in ours[name]} == {Path("/run/mosquitto")}
        assert [Path(each).name for each in ours[name]] == [
            Path(each).name for each in theirs[name]
        ]


def rights(text: str) -> dict[str, set[str]]:
    """An access list: what each user may, and under "" what every user may."""
    found: dict[str, set[str]] = {"": set()}
    user = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("user "):
            user = line.removeprefix("user ")
        elif line.startswith("pattern "):
            found[""].add(line)
        elif not line.startswith("#"):
            found.setdefault(user, set()).add(line)
    return found


def test_the_access_list_is_that_of_the_models_and_the_health_checks() -> None:
    ours = rights((CHECKOUT / "compose/access").read_text())
    assert ours.pop("health") == {"topic read $SYS/broker/uptime"}
    assert ours == rights(access_list(FIXED.items()))


def test_the_accounts_are_those_of_the_access_list(compose: Compose) -> None:
    named = rights((CHECKOUT / "compose/access").read_text()).keys() - {""}
    script = (CHECKOUT / "compose/broker").read_text()
    made = re.search(r"for account in ([a-z ]+);", script)
    assert made
    assert set(made[1].split()) == named
    secrets = {name.removeprefix("mqtt_") for name in compose["mosquitto"].secrets}
    assert secrets == named


class Answers:
    """What the broker says to one client."""

    def __init__(self) -> None:
        self.came = threading.Event()
        self.reason: ReasonCode | None = None

    def __call__(self, *said: Any) -> None:
        reasons = said[3] if isinstance(said[3], ReasonCode) else said[3][0]
        self.reason = reasons
        self.came.set()

    def wait(self) -> ReasonCode:
        assert self.came.wait(LIMIT)
        assert self.reason is not None
        return self.reason


@contextmanager
def client(broker: Broker, name: str | None, password: str | None) -> Iterator[paho.Client]:
    """A client with MQTT 5, whose broker gives reasons."""
    made = paho.Client(
        CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, reconnect_on_failure=False
    )
    made.username_pw_set(name, password)
    made.connect_async(broker.host, broker.port)
    try:
        yield made
    finally:
        made.disconnect()
        made.loop_stop()


def signed_in(broker: Broker, name: str | None, password: str | None) -> bool:
    answers = Answers()
    with client(broker, name, password) as made:
        made.on_connect = answers
        made.loop_start()
        return not answers.wait().is_failure


@pytest.mark.parametrize("account", [*FIXED, "health"])
def test_an_account_signs_in_with_its_secret_and_no_other(
    broker_server: Broker, account: str
) -> None:
    password = broker_server.accounts[account]
    assert signed_in(broker_server, account, password)
    assert not signed_in(broker_server, account, password[::-1])


@pytest.fixture
def device(broker_server: Broker, volumes: dict[str, Path]) -> str:
    """An account that the registry has written down while the broker runs."""
    living = Living(Account(DEVICE), hashed(PASSWORD, bytes(12)))
    files.keep(volumes["accounts"], files.rendered([living]))
    wait_until(lambda: signed_in(broker_server, DEVICE, PASSWORD), "the broker has taken it up")
    return DEVICE


def test_an_account_comes_and_goes_while_the_broker_runs(
    broker_server: Broker, device: str, volumes: dict[str, Path]
) -> None:
    connected, ended = Answers(), threading.Event()
    with client(broker_server, device, PASSWORD) as made:
        made.on_connect = connected
        made.on_disconnect = lambda *_: ended.set()
        made.loop_start()
        assert not connected.wait().is_failure
        files.keep(volumes["accounts"], files.rendered([]))
        assert ended.wait(LIMIT)
    assert not signed_in(broker_server, device, PASSWORD)
    engineer = broker_server.accounts["engineer"]
    assert signed_in(broker_server, "engineer", engineer)


def test_a_certificate_opens_a_door_until_it_is_revoked(
    broker_server: Broker, device: str, volumes: dict[str, Path]
) -> None:
    authority = Authority(volumes["authority"])
    certificate = authority.device(device)
    assert let_in_by(broker_server, certificate)
    authority.revoke(device)
    text = (authority.folder / "revoked.pem").read_text()
    files.put(volumes["accounts"] / "revoked.pem", text)
    wait_until(lambda: not let_in_by(broker_server, certificate), "it is refused")


def let_in_by(broker: Broker, certificate: tuple[Path, Path]) -> bool:
    """Whether a certificate opens the door for certificates."""
    assert broker.encrypted is not None
    made = paho.Client(
        CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, reconnect_on_failure=False
    )
    context = ssl.create_default_context(cafile=broker.encrypted.authority / "ca.pem")
    context.load_cert_chain(*certificate)
    made.tls_set_context(context)
    answers: queue.Queue[bool] = queue.Queue()
    made.on_connect = lambda _c, _u, _f, code, _p: answers.put(not code.is_failure)
    made.on_disconnect = lambda *_: answers.put(False)
    made.connect("localhost", broker.encrypted.certificate_port)
    made.loop_start()
    try:
        return answers.get(timeout=LIMIT)
    finally:
        made.disconnect()
        made.loop_stop()


def test_nobody_is_let_in_without_an_account(broker_server: Broker) -> None:
    assert not signed_in(broker_server, None, None)


@pytest.mark.parametrize(
    ("topic", "granted"),
    [
        (f"city/{DEVICE}/telemetry", True),
        (f"egov/{DEVICE}/status", True),
        ("city/pump-8/telemetry", False),
        ("$SYS/broker/uptime", False),
    ],
)
def test_a_device_publishes_as_itself_only(
    broker_server: Broker, device: str, topic: str, *, granted: bool
) -> None:
    connected, published = Answers(), Answers()
    with client(broker_server, device, PASSWORD) as made:
        made.on_connect, made.on_publish = connected, published
        made.loop_start()
        assert not connected.wait().is_failure
        made.publish(topic, b"1", qos=1)
        assert published.wait().is_failure is not granted


def test_the_health_check_has_an_account_that_may_subscribe(
    compose: Compose, broker_server: Broker
) -> None:
    """What mosquitto_sub does with these words, and with the file the entry script leaves it."""
    service = compose["mosquitto"]
    words = service.check
    assert words[0] == "mosquitto_sub"
    asked = dict(pairwise(words))
    assert (asked["-h"], asked["-p"]) == ("127.0.0.1", "1883")
    assert {"-E", "-W"} <= set(words)
    assert service.environment["XDG_CONFIG_HOME"] == "/run/mosquitto"
    file = broker_server.folder / "mosquitto_sub"
    account = dict(line.split(" ", 1) for line in file.read_text().splitlines())
    assert file.stat().st_mode & 0o777 == 0o600
    connected, subscribed = Answers(), Answers()
    with client(broker_server, account["-u"], account["-P"]) as made:
        made.on_connect, made.on_subscribe = connected, subscribed
        made.loop_start()
        assert not connected.wait().is_failure
        made.subscribe(asked["-t"])
        assert not subscribed.wait().is_failure


def test_what_the_broker_reads_is_its_own_users_and_hashed(broker_server: Broker) -> None:
    for name in ("passwords", "access", "server.key"):
        assert (broker_server.folder / name).stat().st_mode & 0o777 == 0o600
    lines = (broker_server.folder / "passwords").read_text().splitlines()
    assert {line.split(":")[0] for line in lines} >= broker_server.accounts.keys()
    assert all(line.split(":")[1].startswith("$") for line in lines)
    command = shlex.join(service_words())
    assert not any(password in command for password in broker_server.accounts.values())


def service_words() -> list[str]:
    """The command lines of every mosquitto that runs now."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has ended
            continue
        if "mosquitto" in words[0]:
            found += words
    return found
