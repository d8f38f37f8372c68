"""The beat that ingest sends itself, from the broker to the store."""

from ingest import canary
from models.asset import Kind
from services.store.pool import Connection
from tests.flow.platform import Process, eventually, running


def test_a_beat_comes_back_through_the_broker_and_is_measured_at_the_store(
    ingest: Process, conn: Connection
) -> None:
    ingest.environment["INGEST_CANARY_SECONDS"] = "0.2"
    with running(ingest):
        eventually(conn, "SELECT count(*) / 3 FROM canary_beats", 1)
    row = conn.execute("SELECT min(delay_s), max(delay_s), count(*) FROM canary_beats").fetchone()
    assert row is not None
    least, most, beats = (float(str(each)) for each in row)
    assert 0 <= least <= most < 10
    found = conn.execute("SELECT kind, metric FROM stream_list").fetchall()
    assert found == [(Kind.PLATFORM.value, canary.METRIC)]
    line = conn.execute("SELECT sum(stored), sum(bad), sum(imbalance) FROM ledger_balance")
    assert line.fetchone() == (beats, 0, 0)
