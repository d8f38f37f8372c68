"""A river over MQTT to an incident and back, through all processes, one of them killed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from scripts.stack.broker import Broker
from services.store import assets
from services.store.pool import Connection
from tests.flow.platform import Process, eventually, running

STATION = "dap-cau"
STEP = timedelta(minutes=10)
LEVEL = """SELECT max(value)::integer FROM readings JOIN streams s ON s.id = stream_id
           WHERE s.metric = 'flood_level' AND time = %s"""
INCIDENTS = """SELECT count(*) FROM incident_list
               WHERE metric = 'flood_level' AND severity = %s AND active = %s"""


@pytest.fixture
def derivation(database: str, tmp_path: Path) -> Process:
    return Process(tmp_path, "services.derivation", DERIVATION_PATIENCE="0")


def publish(broker: Broker, time: datetime, height: float) -> None:
    """One height as a station says it, handed to the broker for good."""
    account = broker.connection("simulator")
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(account["MQTT_USERNAME"], account["MQTT_PASSWORD"])
    client.connect(broker.host, broker.port)
    client.loop_start()
    said = json.dumps({"ts": int(time.timestamp() * 1000), "values": {"level_m": height}})
    client.publish(f"city/{STATION}/telemetry", said, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def test_a_flood_is_one_incident_that_grows_grave_and_clears(
    ingest: Process,
    derivation: Process,
    incidents: Process,
    own_broker: Broker,
    conn: Connection,
) -> None:
    assets.claim(conn, [assets.Claim(STATION, "river")])
    conn.commit()
    begin = (datetime.now(UTC) - timedelta(hours=5)).replace(minute=0, second=0, microsecond=0)
    with running(ingest, derivation, incidents):
        for i, (height, level, severity) in enumerate(
            [(4.0, 0, None), (4.5, 1, "low"), (5.5, 2, "medium"), (6.5, 3, "high")]
        ):
            publish(own_broker, begin + i * STEP, height)
            eventually(conn, LEVEL, level, begin + i * STEP)
            if severity:
                eventually(conn, INCIDENTS, 1, severity, True)
        derivation.kill()
        for i in range(4, 12):
            publish(own_broker, begin + i * STEP, 4.0)
        derivation.start().ready()
        eventually(conn, LEVEL, 0, begin + 11 * STEP)
        eventually(conn, INCIDENTS, 1, "high", False)
    assert "Traceback" not in derivation.said + incidents.said
