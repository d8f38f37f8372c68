"""Names and numbers of people go in through every door, everywhere they could, and are nowhere."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from psycopg.types.string import TextLoader

from scripts.stack.broker import Broker
from scripts.stack.ports import free_port
from services.store import tokens
from services.store.pool import Connection
from tests.egov.office import CODE, course, event, procedures
from tests.flow.platform import Process, eventually, running

NAME, IDENTITY, PHONE = "Trần Thị Bưởi", "024099001234", "0912345678"
PERSONS = (NAME, "Thị Bưởi", IDENTITY, PHONE, "TranThiBuoi")
FIELDS = ("event", "dossier", "unit", "procedure", "channel", "state", "at", "due_at", "MaHoSo")


def events() -> Iterator[dict[str, object]]:
    """Good events that tell of people besides, and bad ones that do so in every known field."""
    yield from (
        each | {"ChuHoSo": NAME, "SoDienThoai": PHONE, IDENTITY: NAME, "people": [{"id": IDENTITY}]}
        for each in course()
    )
    for field in FIELDS:
        for person in PERSONS:
            yield event(9, 4, 1) | {field: person}
    yield event(10, 4, 1) | {"dossier": [NAME], "state": {NAME: IDENTITY}}
    yield event(11, 99, 1, event=PHONE) | {"NgayTiepNhan": NAME}


def payloads() -> list[bytes]:
    """Messages that hold people, as they should be and as they should not."""
    whole = json.dumps(list(events()), ensure_ascii=False).encode()
    return [
        whole,
        whole[:-3],
        f'"{NAME} {IDENTITY}"'.encode(),
        f"{NAME};{PHONE}".encode(),
        json.dumps([NAME] * 2000).encode(),
        f'{{"x": "{PHONE}{"x" * 300_000}"}}'.encode(),
    ]


def topics() -> list[str]:
    """Where a sender may mean to tell of dossiers."""
    return [
        "egov/onestop-yen-the/dossiers",
        f"egov/{NAME}/dossiers",
        "egov/TranThiBuoi/dossiers",
        f"egov/{IDENTITY}/dossiers",
        f"egov/onestop-yen-the/dossiers/{PHONE}",
        "egov/onestop-yen-the/dossier",
        "egov//dossiers",
    ]


def everything(conn: Connection) -> str:
    """All rows of all tables, bytes as text."""
    tables = conn.execute(
        """SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
           WHERE table_type = 'BASE TABLE'
             AND table_schema IN ('public', '_timescaledb_internal')"""
    ).fetchall()
    found = []
    cursor = conn.cursor()
    cursor.adapters.register_loader("timestamptz", TextLoader)  # some have no end
    for (table,) in tables:
        for row in cursor.execute(b"TABLE " + str(table).encode()):
            found += [
                cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell)
                for cell in row
            ]
    return "\n".join(found)


def published(broker: Broker) -> int:
    """Publishes every payload on every topic; how many there were."""
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("engineer", broker.accounts["engineer"])
    client.connect(broker.host, broker.port)
    client.loop_start()
    sent = [client.publish(topic, payload, qos=1) for topic in topics() for payload in payloads()]
    sent.append(client.publish("city/last/telemetry", b'{"x": 1}', qos=1))
    for each in sent:
        each.wait_for_publish(30)
    client.disconnect()
    client.loop_stop()
    return len(sent)


def imported(folder: Path) -> str:
    """Imports files with people in them; all that the command said."""
    lines = [json.dumps(each, ensure_ascii=False) for each in events()]
    (folder / "a.jsonl").write_text("\n".join([*lines, f"{{{NAME}"]), encoding="utf-8")
    (folder / "b.csv").write_text(
        f"MaHoSo,ChuHoSo,{IDENTITY}\n{CODE},{NAME},{PHONE}\n{NAME},{NAME},x\n{PHONE}\n",
        encoding="utf-8",
    )
    said = ""
    for name in ("a.jsonl", "b.csv"):
        done = subprocess.run(
            [sys.executable, "-m", "services.store", "dossiers", "import", str(folder / name)],
            capture_output=True, encoding="utf-8", timeout=60, check=True,
        )  # fmt: skip
        said += done.stdout + done.stderr
    return said


def test_people_are_nowhere_whatever_door_they_come_through(
    ingest: Process, own_broker: Broker, conn: Connection, tmp_path: Path
) -> None:
    procedures(conn)
    token = tokens.create(conn, "office", "operator")
    conn.commit()
    port = free_port()
    api = Process(tmp_path, "services.api", API_PORT=str(port))
    with running(ingest, api):
        count = published(own_broker)
        eventually(conn, "SELECT count(*) FROM readings", 1)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"authorization": f"Bearer {token}"}
        ) as client:
            answer = client.post("/egov/dossier-events", json={"events": list(events())})
            assert answer.status_code == 200
            for body in payloads():
                client.post("/egov/dossier-events", content=body)
        said = imported(tmp_path)
    conn.rollback()
    assert count
    kept = everything(conn)
    assert CODE in kept
    assert "the unit of the topic is not known" in kept
    logs = ingest.said + api.said + said
    for person in PERSONS:
        assert person not in kept
        assert person not in logs
    doors = conn.execute("SELECT DISTINCT door FROM dossier_sources ORDER BY 1").fetchall()
    assert doors == [("file",), ("http",), ("mqtt",)]
    unread = conn.execute("SELECT DISTINCT topic, payload FROM rejects ORDER BY 1").fetchall()
    assert unread == [("egov/{any...}", b""), ("egov/{asset}/dossiers", b"")]
    row = conn.execute("SELECT sum(imbalance) FROM ledger_balance").fetchone()
    assert row == (0,)
