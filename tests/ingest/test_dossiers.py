"""Dossier events on MQTT: read by their codec, accounted for, acknowledged once they are stored."""

import json
import threading

import pytest

from ingest.delivery import Delivery
from ingest.pipeline import Pipeline
from ingest.routes import read_routes
from ingest.settings import IngestSettings
from models.reading import microseconds
from services.store import dossiers, rejects
from services.store.pool import Pool, transaction
from tests.egov.office import CODE, NOW, course, event, procedures
from tests.ingest.test_pipeline import Fed

TOPIC = "egov/onestop-yen-the/dossiers"


def message(number: int, *events: object, topic: str = TOPIC) -> Delivery:
    content = events[0] if len(events) == 1 else list(events)
    return Delivery(topic, json.dumps(content).encode(), microseconds(NOW), 1, 1, number)


def run(pool: Pool, deliveries: list[Delivery]) -> Fed:
    stop = threading.Event()
    source = Fed(deliveries, stop)
    Pipeline(source, pool, IngestSettings(batch_size=4, writers=2), read_routes()).run(stop)
    return source


@pytest.fixture(autouse=True)
def office(pool: Pool) -> None:
    with transaction(pool) as conn:
        procedures(conn)


def test_dossier_events_are_in_the_ledger_like_readings(pool: Pool) -> None:
    single = [message(at, each) for at, each in enumerate(course())]
    several = message(6, event(1, 2, 0), event(9, 99, 2), event(7, 4, 120))
    reading = Delivery("city/a/telemetry", b'{"x": 1}', microseconds(NOW), 1, 1, 7)
    unread = Delivery(TOPIC, b"[", microseconds(NOW), 1, 1, 8)
    source = run(pool, [*single, several, reading, unread])
    assert source.acknowledged == list(range(9))
    with transaction(pool) as conn:
        row = conn.execute(
            """SELECT sum(received), sum(stored), sum(duplicate), sum(rejected), sum(imbalance)
               FROM ledger_balance"""
        ).fetchone()
        assert row == (11, 8, 1, 2, 0)
        found = dossiers.find(conn, CODE)
        (kept,) = rejects.page(conn)
    assert found is not None
    assert (found.state, found.unit) == (10, "215")
    assert (kept.topic, kept.payload_bytes) == ("egov/{asset}/dossiers", 0)


def test_a_unit_speaks_for_itself_and_those_below_it(pool: Pool) -> None:
    """The district for its commune and for whom it names nobody, the commune not for it."""
    nameless = {key: value for key, value in event(1, 2, 0).items() if key != "unit"}
    commune = event(1, 2, 0, "H02.215-190102-0002", unit="07234")
    above = event(1, 2, 0, "H02.215-190102-0003", unit="215")
    run(
        pool,
        [
            message(0, nameless),
            message(1, commune),
            message(2, above, topic="egov/onestop-07234/dossiers"),
            message(3, above, topic="egov/onestop-nowhere/dossiers"),
        ],
    )
    with transaction(pool) as conn:
        units = conn.execute("SELECT code, unit FROM dossiers ORDER BY 1").fetchall()
        reasons = {each.reason: each.source for each in dossiers.quarantine(conn)}
    assert units == [(CODE, "215"), ("H02.215-190102-0002", "07234")]
    assert reasons == {
        "the unit of the topic does not speak for this unit": "07234",
        "the unit of the topic is not known": "onestop-nowhere",
    }
