"""What cannot be read is kept with its reason, and costs no neighbour anything."""

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from scripts.stack.broker import Broker
from services.store.pool import Connection
from tests.flow.platform import Process, eventually, number, running

GOOD = b'{"ts": %d, "values": {"pm25": 12.5}}'
BAD = {
    ("city/a/telemetry", b'{"ts": 1, "values": {"a": '): "malformed JSON",
    ("city/a/telemetry", b'{"pm25": NaN}'): "malformed JSON",
    ("city/a/telemetry", b'{"pm25": 1e999}'): "malformed JSON",
    ("city/a/telemetry", b'{"pm25": "12"}'): "pm25: expected a number, got text",
    ("city/a/telemetry", b"\x00\x00"): "malformed JSON",
    ("city/a/telemetry", b'{"a\\u0000b": 1}'): "is no name of a metric",
    ("city/a/telemetry", b"x" * 1_000_000): "a payload of 1,000,000 bytes is over 262,144",
    ("city/a/telemetry", b'{"ts": 4102444800000, "values": {"pm25": 1}}'): "is in the future",
    ("city/a/telemetry", b'{"ts": 0, "values": {"pm25": 1}}'): "is before 2000-01-01",
    ("city/a/telemetry", b'{"ts": 9e30, "values": {"pm25": 1}}'): "is in the future",
    ("city/a/telemetry", b'{"ts": 1e308, "pm25": 1}'): "ts is not finite",
    ("city/a/telemetry", b'{"ts": ' + b"9" * 400 + b', "pm25": 1}'): "is in the future",
    ("city/a/telemetry", b'{"pm25":' + b"[" * 5000 + b"]" * 5000 + b"}"): "malformed JSON",
    ("city//telemetry", b'{"pm25": 1}'): "the topic has an empty level",
    ("city/a/elsewhere", b'{"pm25": 1}'): "no codec reads this topic",
    ("city/a b/telemetry", b'{"pm25": 1}'): "is no name of an asset",
    ("city/a/status", b"asleep"): "a status is online or offline",
    ("egov/portal/telemetry", b""): "an empty payload",
}


def test_bad_messages_are_kept_with_their_reason_and_their_neighbours_are_stored(
    ingest: Process, own_broker: Broker, conn: Connection
) -> None:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("engineer", own_broker.accounts["engineer"])
    client.connect(own_broker.host, own_broker.port)
    client.loop_start()
    with running(ingest):
        for minute, (topic, payload) in enumerate(BAD):
            client.publish(topic, payload, qos=1)
            stamp = 1_767_225_600_000 + minute * 60_000
            client.publish("city/good/telemetry", GOOD % stamp, qos=1)
        eventually(conn, "SELECT count(*) FROM readings", len(BAD))
        eventually(conn, "SELECT count(*) FROM rejects", len(BAD))
        assert ingest.process is not None
        assert ingest.process.poll() is None
    client.disconnect()
    client.loop_stop()
    kept = conn.execute("SELECT topic, payload, payload_bytes, reason FROM rejects").fetchall()
    for (topic, payload), reason in BAD.items():
        found = [
            str(why)
            for kept_topic, part, _, why in kept
            if kept_topic == topic and isinstance(part, bytes) and payload.startswith(part)
        ]
        assert any(reason in each for each in found), (topic, payload[:50], found)
    assert number(conn, "SELECT sum(received) FROM ledger") == 2 * len(BAD)
    assert number(conn, "SELECT sum(rejected) FROM ledger") == len(BAD)
    assert number(conn, "SELECT sum(imbalance) FROM ledger_balance") == 0


def test_a_device_that_invents_metrics_meets_a_bound(
    ingest: Process, own_broker: Broker, conn: Connection
) -> None:
    ingest.environment["INGEST_METRICS_PER_ASSET"] = "5"
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("engineer", own_broker.accounts["engineer"])
    client.connect(own_broker.host, own_broker.port)
    client.loop_start()
    with running(ingest):
        for i in range(8):
            client.publish("city/mad/telemetry", b'{"m%d": 1}' % i, qos=1).wait_for_publish(30)
        eventually(conn, "SELECT count(*) FROM readings", 5)
        eventually(conn, "SELECT count(*) FROM rejects", 3)
    client.disconnect()
    client.loop_stop()
    row = conn.execute("SELECT reason FROM rejects ORDER BY id LIMIT 1").fetchone()
    assert row == ("m5: mad has 5 metrics already (INGEST_METRICS_PER_ASSET)",)
