"""Devices that deliver wrongly, over MQTT to incidents and back, while processes are killed."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scripts.stack.broker import Broker
from services.store import anomalies, desks, incidents, timeline
from services.store.pool import Connection
from simulators.address import Address
from simulators.load import Load, publish_load
from tests.flow.platform import Process, eventually, number, running, simulate, wait_until
from tests.flow.test_workers import children

# 240 times as fast as the clock: three readings of a device in each quarter of ingest's second.
SPEED, BATCH_AGE = "240", "0.25"
INCIDENTS = "SELECT count(*) FROM incident_list WHERE metric = 'delivery_fault' AND active = %s"
READINGS = "SELECT count(*) FROM readings"
UNHEARD = """SELECT count(*) FROM arrivals a JOIN cursors c ON (a.tx, a.id) > (c.tx, c.arrival_id)
             WHERE c.reader = 'connectivity'"""
SCENARIO = """
title: Thử
title_en: A small town
start: 2026-04-07T08:00:00+07:00
duration: 54m
cadence: 20s
fleet:
  air: {count: 4, convention: native}
  noise: {count: 4, convention: native}
  traffic: {count: 4, convention: native}
faults:
  - {kind: duplicate-storm, at: 16m, lasts: 16m, asset: air-yen-the-1}
  - {kind: out-of-order, at: 16m, lasts: 16m, asset: noise-luc-nam-1}
  - {kind: wrong-clock, at: 17m, lasts: 16m, asset: traffic-luc-nam-1}
"""
FAULTS = {
    "air-yen-the-1": "repeats",
    "noise-luc-nam-1": "disorder",
    "traffic-luc-nam-1": "clock",
}


@pytest.fixture
def town(tmp_path: Path) -> str:
    file = tmp_path / "town.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)


@pytest.fixture
def watching(database: str, tmp_path: Path) -> tuple[Process, Process]:
    return (
        Process(tmp_path, "services.connectivity", CONNECTIVITY_SAVE_SECONDS="1"),
        Process(tmp_path, "services.incidents"),
    )


def test_who_delivers_wrongly_is_one_sensors_fault_each_until_it_is_over(
    ingest: Process,
    watching: tuple[Process, Process],
    own_broker: Broker,
    conn: Connection,
    town: str,
) -> None:
    """Neither a backlog of everybody nor what is delivered again after a kill is one."""
    ingest.environment["INGEST_BATCH_AGE"] = BATCH_AGE
    live = ("city", "--scenario", town, "--start", "-54m", "--speed", SPEED, "--duration", "54m")
    account = own_broker.connection("simulator")
    with running(ingest, *watching), ThreadPoolExecutor(1) as beside:
        city = beside.submit(simulate, *live, environment=account)
        wait_until(lambda: number(conn, "SELECT count(*) FROM readings") > 500, "some", ingest.log)
        ingest.kill()
        ingest.start()
        eventually(conn, INCIDENTS, 3, True)
        watching[0].kill()
        watching[0].start()
        city.result()
        eventually(conn, INCIDENTS, 3, False)
    found = [each for each in incidents.page(conn) if each.metric == "delivery_fault"]
    assert {each.asset: each.nature for each in found} == dict.fromkeys(FAULTS, "sensor")
    assert [each.anomaly_count for each in found] == [1, 1, 1]
    told = {each.asset: each.detector for each in anomalies.page(conn) if each.asset in FAULTS}
    assert told == FAULTS
    moves = [(line.move, line.note) for line in timeline.of(conn, found[0].id)]
    assert moves[1:] == [("clear", "delivers as it should")]
    desk = desks.find(conn, "city")
    assert desk is not None
    desks.put(conn, desk._replace(name="maintenance", natures=["sensor"]))
    seen = {each.id for each in incidents.page(conn, desk="maintenance")}
    assert seen >= {each.id for each in found}


def test_what_several_workers_bring_twice_after_a_kill_is_nobodys_fault(
    database: str, tmp_path: Path, own_broker: Broker, conn: Connection
) -> None:
    """Forty messages a second of each device: most have neighbours with another worker."""
    account = own_broker.connection("simulator")
    address = Address(
        own_broker.host, own_broker.port, account["MQTT_USERNAME"], account["MQTT_PASSWORD"]
    )
    ingest = Process(
        tmp_path, "ingest", "--workers", "2", **own_broker.connection("ingest"), INGEST_SHARE="all"
    )
    connectivity = Process(tmp_path, "services.connectivity", CONNECTIVITY_SAVE_SECONDS="1")
    load = Load(rate=400, seconds=4, assets=10, connections=2)
    with running(ingest, connectivity), ThreadPoolExecutor(1) as beside:
        sent = beside.submit(publish_load, load, address)
        for wanted in (2500, 5000):
            wait_until(lambda wanted=wanted: number(conn, READINGS) > wanted, "some", ingest.log)
            os.kill(children(ingest)[1], signal.SIGKILL)
            assert ingest.exit_code() == 1
            ingest.start().ready()
        eventually(conn, READINGS, sent.result().acknowledged * 7)
        eventually(conn, UNHEARD, 0)
    assert number(conn, "SELECT count(*) FROM anomalies") == 0
