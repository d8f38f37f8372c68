import threading
from datetime import UTC, datetime, timedelta

import pytest

from models.incident import Move, MoveNotAllowed, StaleIncident
from services.incidents import balance, intake, workflow
from services.store import (
    anomalies,
    assets,
    detector_states,
    incidents,
    ledger,
    streams,
    timeline,
)
from services.store.anomalies import Anomaly
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import AlreadyOpen

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def stream(pool: Pool) -> int:
    with transaction(pool) as conn:
        assets.register(conn, [("pump-7", "unknown")])
        streams.register(conn, [(assets.ids(conn, ["pump-7"])["pump-7"], "flow", True, None)])
        found = streams.find(conn, "pump-7", "flow")
    assert found is not None
    return found


def odd(stream: int, minute: int, score: float = 0.999) -> Anomaly:
    return Anomaly(stream, NOON + timedelta(minutes=minute), 99.0, score, "level", 50.0, 10.0)


def happen(pool: Pool, *found: Anomaly) -> None:
    with transaction(pool) as conn:
        anomalies.append(conn, list(found))
        intake.take_in(conn)


def only(conn: Connection) -> incidents.Incident:
    (found,) = incidents.page(conn)
    return found


def moves(conn: Connection, incident: int) -> list[str]:
    return [line.move for line in timeline.of(conn, incident)]


def test_anomalies_of_one_cause_become_one_incident(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0), odd(stream, 1))
    happen(pool, odd(stream, 7, score=0.9999999))
    with transaction(pool) as conn:
        found = only(conn)
        assert (found.asset, found.metric, found.status, found.active) == (
            "pump-7",
            "flow",
            "open",
            True,
        )
        assert (found.anomaly_count, found.score) == (3, 0.9999999)
        assert (found.began_at, found.last_anomaly_at) == (NOON, NOON + timedelta(minutes=7))
        assert moves(conn, found.id) == ["open"]
        assert {each.incident_id for each in anomalies.page(conn)} == {found.id}


def test_two_workers_at_once_open_one_incident(pool: Pool, stream: int) -> None:
    with transaction(pool) as conn:
        anomalies.append(conn, [odd(stream, minute) for minute in range(20)])
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        for _ in range(5):
            with transaction(pool) as conn:
                anomalies.append(conn, [])
                intake.take_in(conn)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with transaction(pool) as conn:
        assert only(conn).anomaly_count == 20


def test_the_database_itself_refuses_a_second_open_incident(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0))
    with pytest.raises(AlreadyOpen), transaction(pool) as conn:
        conn.execute(
            """INSERT INTO incidents (cause, stream_id, severity, score, began_at, last_anomaly_at)
               VALUES (%s, %s, 'low', 1, now(), now())""",
            [f"stream/{stream}", stream],
        )


def test_an_anomaly_after_the_end_is_a_new_incident(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0))
    with transaction(pool) as conn:
        workflow.move(conn, only(conn).id, Move.RESOLVE, actor="an")
    happen(pool, odd(stream, 1))
    with transaction(pool) as conn:
        assert [each.status for each in incidents.page(conn)] == ["open", "resolved"]


def test_every_move_is_a_line_by_its_actor_in_an_unbroken_chain(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0))
    with transaction(pool) as conn:
        incident = only(conn).id
        workflow.move(conn, incident, Move.ACKNOWLEDGE, actor="an", note="đang xem")
        workflow.move(conn, incident, Move.RESOLVE, actor="bình")
        lines = [(line.actor, line.move, line.note) for line in timeline.of(conn, incident)]
        assert timeline.broken(conn, incident) is None
    assert lines == [
        ("system", "open", "1 anomaly at 2026-03-02T12:00:00Z"),
        ("an", "acknowledge", "đang xem"),
        ("bình", "resolve", ""),
    ]


def test_a_line_rewritten_by_hand_shows(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0))
    with transaction(pool) as conn:
        incident = only(conn).id
        workflow.move(conn, incident, Move.ACKNOWLEDGE, actor="an")
        conn.execute("ALTER TABLE timeline DISABLE TRIGGER timeline_is_append_only")
        conn.execute("UPDATE timeline SET actor = 'nobody' WHERE move = 'acknowledge'")
        assert timeline.broken(conn, incident) is not None


def test_the_second_of_two_people_is_told(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0))
    with transaction(pool) as conn:
        seen = only(conn)
        workflow.move(conn, seen.id, Move.ACKNOWLEDGE, actor="an", seen=seen.version)
    with pytest.raises(StaleIncident), transaction(pool) as conn:
        workflow.move(conn, seen.id, Move.RESOLVE, actor="bình", seen=seen.version)
    with pytest.raises(MoveNotAllowed), transaction(pool) as conn:
        workflow.move(conn, seen.id, Move.ACKNOWLEDGE, actor="bình")
    with pytest.raises(workflow.NoSuchIncident), transaction(pool) as conn:
        workflow.move(conn, 10**9, Move.ACKNOWLEDGE, actor="bình")


def judged_until(pool: Pool, stream: int, minute: int, odd: int | None = None) -> None:
    """The detectors have come to a minute, and what they told went on until `odd`."""
    until, odd_until = (
        None if each is None else int((NOON + timedelta(minutes=each)).timestamp() * 1e6)
        for each in (minute, odd)
    )
    with transaction(pool) as conn:
        state = detector_states.State(stream, until or 0, odd_until, b"")
        detector_states.save(conn, "x", [state])


def pass_time(pool: Pool, settled: timedelta = timedelta(days=1)) -> None:
    with transaction(pool) as conn:
        workflow.let_time_pass(conn, timedelta(minutes=30), settled)


def test_a_condition_is_over_when_its_stream_has_been_normal_long_enough(
    pool: Pool, stream: int
) -> None:
    happen(pool, odd(stream, 0))
    judged_until(pool, stream, 29)
    pass_time(pool)
    with transaction(pool) as conn:
        assert only(conn).active
    judged_until(pool, stream, 31)
    pass_time(pool)
    pass_time(pool)
    with transaction(pool) as conn:
        found = only(conn)
        assert (found.status, found.active) == ("open", False)
        assert found.normal_at is not None
        assert moves(conn, found.id) == ["open", "clear"]


def test_a_condition_that_goes_on_untold_is_not_over_and_grows_graver(
    pool: Pool, stream: int
) -> None:
    happen(pool, odd(stream, 0, score=0.999999))
    with transaction(pool) as conn:
        assert only(conn).severity == "medium"
    judged_until(pool, stream, 50, odd=29)
    pass_time(pool)
    with transaction(pool) as conn:
        assert (only(conn).active, only(conn).severity) == (True, "medium")
    judged_until(pool, stream, 50, odd=40)
    pass_time(pool)
    with transaction(pool) as conn:
        assert (only(conn).active, only(conn).severity) == (True, "high")
    judged_until(pool, stream, 71, odd=40)
    pass_time(pool)
    with transaction(pool) as conn:
        assert (only(conn).active, only(conn).anomaly_count) == (False, 1)


def test_a_condition_that_comes_back_recurs_in_the_same_incident(pool: Pool, stream: int) -> None:
    happen(pool, odd(stream, 0))
    judged_until(pool, stream, 60)
    pass_time(pool)
    happen(pool, odd(stream, 61))
    with transaction(pool) as conn:
        found = only(conn)
        assert (found.active, found.normal_at, found.anomaly_count) == (True, None, 2)
        assert moves(conn, found.id) == ["open", "clear", "recur"]


def test_an_acknowledged_incident_that_stayed_normal_resolves_by_itself(
    pool: Pool, stream: int
) -> None:
    happen(pool, odd(stream, 0))
    judged_until(pool, stream, 60)
    with transaction(pool) as conn:
        workflow.move(conn, only(conn).id, Move.ACKNOWLEDGE, actor="an")
    pass_time(pool)
    with transaction(pool) as conn:
        assert only(conn).status == "acknowledged"
    pass_time(pool, settled=timedelta(0))
    with transaction(pool) as conn:
        assert only(conn).status == "resolved"
        assert moves(conn, only(conn).id)[-2:] == ["clear", "resolve"]


def test_a_ledger_that_does_not_add_up_is_an_incident_of_the_platform(pool: Pool) -> None:
    since = datetime.now(UTC) - timedelta(hours=1)
    with transaction(pool) as conn:
        ledger.add(conn, "ingest-1", ledger.Count(received=10, stored=9, duplicate=1))
        assert balance.notice(conn, since) == 0
        ledger.add(conn, "ingest-1", ledger.Count(received=10, stored=7))
    for _ in range(2):  # looking again changes nothing
        with transaction(pool) as conn:
            assert balance.notice(conn, since) == 1
            intake.take_in(conn)
    with transaction(pool) as conn:
        (found,) = incidents.page(conn)
    assert (found.asset, found.metric, found.severity) == ("platform", "ledger_imbalance", "medium")
