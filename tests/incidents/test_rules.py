"""Incidents of the city's rules, which know how grave what they found is."""

from datetime import UTC, datetime, timedelta

import pytest

from models.reading import microseconds
from services.incidents import intake, workflow
from services.store import anomalies, assets, derivations, incidents, streams
from services.store.anomalies import Anomaly
from services.store.pool import Connection, Pool, transaction

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def stream(pool: Pool) -> int:
    with transaction(pool) as conn:
        assets.register(conn, [("dap-cau", "river")])
        asset_id = assets.ids(conn, ["dap-cau"])["dap-cau"]
        derivations.register(conn, "flood", [(asset_id, "flood_level")])
        return streams.ids(conn, [asset_id])[asset_id]["flood_level"]


def odd(stream: int, minute: int, score: float) -> Anomaly:
    return Anomaly(stream, NOON + timedelta(minutes=minute), 2.0, score, "level", 0.0, 0.0)


def happen(pool: Pool, *found: Anomaly) -> None:
    with transaction(pool) as conn:
        anomalies.append(conn, list(found))
        intake.take_in(conn)


def only(conn: Connection) -> incidents.Incident:
    (found,) = incidents.page(conn)
    return found


def word(stream: int, minute: int, severity: str) -> Anomaly:
    return odd(stream, minute, score=1.0)._replace(detector="flood", severity=severity)


def test_a_rules_word_wins_over_how_odd_it_is(pool: Pool, stream: int) -> None:
    happen(pool, *(word(stream, minute, "low") for minute in range(20)))
    with transaction(pool) as conn:
        assert only(conn).severity == "low"


def test_an_incident_grows_grave_and_never_milder(pool: Pool, stream: int) -> None:
    seen = []
    for minute, severity in enumerate(["low", "medium", "low", "high", "medium"]):
        happen(pool, word(stream, minute, severity))
        with transaction(pool) as conn:
            seen.append(only(conn).severity)
    assert seen == ["low", "medium", "medium", "high", "high"]


def test_a_detectors_oddity_does_not_make_a_rules_incident_milder(pool: Pool, stream: int) -> None:
    happen(pool, word(stream, 0, "high"))
    happen(pool, odd(stream, 1, score=0.5))
    with transaction(pool) as conn:
        assert only(conn).severity == "high"


def test_a_rules_incident_is_over_when_the_rule_says_normal_for_long_enough(
    pool: Pool, stream: int
) -> None:
    happen(pool, word(stream, 0, "high"))
    for minute, active in ((30, True), (31, False)):
        with transaction(pool) as conn:
            until = microseconds(NOON + timedelta(minutes=minute))
            derivations.judged(conn, {stream: until})
            derivations.judged(conn, {stream: until - 1})  # of a late one: time goes not back
        with transaction(pool) as conn:
            workflow.let_time_pass(conn, timedelta(minutes=30), timedelta(days=1))
        with transaction(pool) as conn:
            assert only(conn).active is active
