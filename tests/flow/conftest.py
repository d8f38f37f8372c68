"""The whole path for a test: a broker and a database of its own, and our processes on them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.stack.broker import Broker, throwaway_broker
from scripts.stack.cluster import Cluster, throwaway_cluster
from tests.flow.platform import Process

Start = Callable[..., Process]


@pytest.fixture
def own_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A durable broker of the test's own, whose sessions are nobody else's."""
    with throwaway_broker(durable=True) as broker:
        for variable, value in broker.connection("engineer").items():
            monkeypatch.setenv(variable, value)
        yield broker


@pytest.fixture
def ingest(database: str, own_broker: Broker, tmp_path: Path) -> Process:
    return Process(tmp_path, "ingest", **own_broker.connection("ingest"))


@pytest.fixture
def detection(database: str, tmp_path: Path) -> Process:
    return Process(tmp_path, "services.detection")


@pytest.fixture
def incidents(database: str, tmp_path: Path) -> Process:
    return Process(tmp_path, "services.incidents")


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A cluster that the test may stop, with an empty database whose owner's password is known."""
    with throwaway_cluster() as cluster:
        cluster.provision("cityops", "cityops", "owner")
        yield cluster
