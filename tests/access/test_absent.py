"""Taking accounts up loses nothing of what waits for somebody who is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.broker import Broker as IngestBroker
from ingest.settings import BrokerSettings
from ingest.slots import Slots
from models.access import Account, hashed
from scripts.stack.broker import Broker, throwaway_broker
from services.accounts import files
from services.store.accounts import Living
from tests.access.conftest import Client

TOPIC = "city/pump-1/telemetry"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    made = tmp_path / "accounts"
    made.mkdir()
    return made


@pytest.fixture
def durable(registry: Path) -> Iterator[Broker]:
    with throwaway_broker(durable=True, registry=registry) as broker:
        yield broker


def take_up(broker: Broker, registry: Path, number: int) -> None:
    """A new account, and the broker knows it."""
    name = f"new-{number}"
    files.keep(registry, files.rendered([Living(Account(name), hashed("x", bytes(12)))]))
    assert broker.refresh()
    broker.reload()
    while not signed_in(broker, name):
        pass


def signed_in(broker: Broker, name: str) -> bool:
    client = Client(broker.port, name, "x")
    client.close()
    return client.let_in


def ingest(broker: Broker) -> IngestBroker:
    settings = BrokerSettings(
        host=broker.host,
        port=broker.port,
        username="ingest",
        password=broker.accounts["ingest"],
    )
    return IngestBroker(settings, "ingest-away", ["city/#"], Slots(5000, 1 << 26))


def say(broker: Broker, *payloads: bytes) -> None:
    engineer = Client(broker.port, "engineer", broker.accounts["engineer"])
    for payload in payloads:
        assert engineer.may_say(TOPIC, payload)
    engineer.close()


@pytest.mark.parametrize("restarted", [False, True])
def test_what_waits_for_ingest_is_there_when_it_comes_back(
    durable: Broker, registry: Path, *, restarted: bool
) -> None:
    with ingest(durable) as first:
        assert first.ready.wait(10)
    say(durable, b"1")
    take_up(durable, registry, 1)
    say(durable, b"2")
    if restarted:
        durable.stop()
        durable.start()
    else:
        take_up(durable, registry, 2)
    say(durable, b"3")
    with ingest(durable) as second:
        heard: list[bytes] = []
        while len(heard) < 3:
            taken = second.take(10, 5.0)
            assert taken, heard
            heard += [each.payload for each in taken]
            second.acknowledge(taken)
    assert heard == [b"1", b"2", b"3"]


def test_what_is_on_its_way_arrives_once_while_accounts_change(
    durable: Broker, registry: Path
) -> None:
    payloads = [bytes([65 + each % 26]) * (each * 37 % 3000) for each in range(2000)]
    with ingest(durable) as worker:
        assert worker.ready.wait(10)
        engineer = Client(durable.port, "engineer", durable.accounts["engineer"])
        for number, payload in enumerate(payloads):
            engineer.client.publish(TOPIC, payload, qos=1)
            if number % 500 == 250:
                take_up(durable, registry, number)
        heard: list[bytes] = []
        while len(heard) < len(payloads):
            taken = worker.take(500, 5.0)
            assert taken, f"{len(heard)} came"
            heard += [each.payload for each in taken]
            worker.acknowledge(taken)
        engineer.close()
    assert heard == payloads
