"""A database that goes away costs a command its time, and an answer nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from scripts.stack.broker import Broker
from scripts.stack.cluster import Cluster, throwaway_cluster
from services.store import assets, migrations
from services.store import commands as store
from tests.commands.conftest import MakeDevice, account
from tests.conftest import conninfo
from tests.flow.platform import Process, running, wait_until


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    """A cluster that the test may stop, with a migrated database in it."""
    with throwaway_cluster() as cluster:
        cluster.provision("cityops", "cityops", "owner")
        with psycopg.connect(conninfo(cluster.connection("cityops", "owner", "cityops"))) as conn:
            migrations.migrate(conn)
            assets.register(conn, [("lamp-3", "light")])
        yield cluster


def order(owner: dict[str, str]) -> UUID:
    """A command for lamp-3."""
    with psycopg.connect(conninfo(owner)) as conn:
        asset_id = store.hold_asset(conn, "lamp-3")
        assert asset_id is not None
        timeout = timedelta(minutes=5)
        return store.request(conn, asset_id, "on", {}, requested_by="lan", timeout=timeout)


def status(owner: dict[str, str], command_id: UUID) -> str:
    with psycopg.connect(conninfo(owner)) as conn:
        command = store.find(conn, command_id)
    assert command is not None
    return command.status


def test_an_answer_waits_for_the_database(
    own_cluster: Cluster, own_broker: Broker, device: MakeDevice, tmp_path: Path
) -> None:
    owner = own_cluster.connection("cityops", "owner", "cityops")
    process = Process(tmp_path, "ingest.commands", **owner, **account(own_broker, "commands"))
    with running(process):
        lamp = device("lamp-3")
        first = order(owner)
        assert lamp.command()[0]["id"] == str(first)
        wait_until(lambda: status(owner, first) == "sent", "it is noted", process.log)
        own_cluster.stop()
        lamp.answer(str(first), "done")
        wait_until(lambda: "an answer waits" in process.said, "it is missed", process.log)
        own_cluster.start()
        wait_until(lambda: status(owner, first) == "done", "it is stored", process.log)
        second = order(owner)
        assert lamp.command()[0]["id"] == str(second)
