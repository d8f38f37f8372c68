from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from scripts.stack.cluster import Cluster
from services.store import (
    assets,
    conversions,
    housekeeping,
    rejects,
    replays,
    stream_rules,
    streams,
)
from services.store.pool import Connection, Pool, transaction
from services.store.refusals import RejectCut, RejectSettled
from services.store.rejects import KEEP_BYTES, Reject, StoredReject, Wanted
from tests.conftest import conninfo

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def keep(conn: Connection, *topics: str, reason: str = "not JSON", payload: bytes = b"{") -> None:
    rejects.append(conn, [Reject(NOON, topic, payload, reason, 1) for topic in topics], "w")


def only(conn: Connection) -> StoredReject:
    (found,) = rejects.page(conn)
    return found


def topics(conn: Connection, **wanted: object) -> list[str]:
    found = rejects.page(conn, Wanted(**wanted))  # type: ignore[arg-type]
    return [each.topic for each in reversed(found)]


def test_rejects_are_found_by_what_they_have_in_common(conn: Connection) -> None:
    keep(conn, "city/pump-7/telemetry", "city/pump-71/telemetry", "city")
    keep(conn, "egov/portal/telemetry", reason="time 2031-01-01 is in the future")
    keep(conn, "odd.topic/[a]", reason="100% \\ wrong")
    assert topics(conn, topic="city/+/telemetry") == [
        "city/pump-7/telemetry",
        "city/pump-71/telemetry",
    ]
    assert topics(conn, topic="city/#")[-1] == "city"
    assert len(topics(conn, topic="#")) == 5
    assert topics(conn, topic="odd.topic/[a]") == ["odd.topic/[a]"]
    assert topics(conn, topic="odd-topic/a") == []
    assert topics(conn, asset="pump-7") == ["city/pump-7/telemetry"]
    assert topics(conn, reason="TIME * is in") == ["egov/portal/telemetry"]
    assert topics(conn, reason="0% \\") == ["odd.topic/[a]"]
    assert topics(conn, reason="t_me") == []
    assert topics(conn, since=NOON, until=NOON) == []
    assert len(topics(conn, since=NOON, worker="w", status="open")) == 5
    assert topics(conn, worker="v") == []


def test_a_thousand_of_the_same_are_one_line_which_is_a_filter_for_them(conn: Connection) -> None:
    for number in range(30):
        keep(conn, f"city/a{number}/telemetry", reason=f"time {number} is before '{number}'")
    keep(conn, "spBv1.0/G/NDATA/edge7", reason='not "x y" but\n7')
    first, second = rejects.summary(conn, Wanted())
    assert (first.messages, first.items) == (30, 30)
    assert (first.topic, first.reason) == ("city/+/telemetry", "time * is before *")
    assert (second.topic, second.reason) == ("spBv1.0/G/NDATA/+", "not * but*")
    for group in (first, second):
        wanted = Wanted(topic=group.topic, reason=group.reason)
        assert len(rejects.page(conn, wanted)) == group.messages
        assert rejects.count(conn, wanted) == group.messages


def test_a_mended_message_is_read_as_it_was_mended_and_what_came_is_kept(
    conn: Connection,
) -> None:
    keep(conn, "cty/pump-7/telemetry")
    number = only(conn).id
    replays.edit(conn, number, "lan", "city/pump-7/telemetry", b"{}")
    replays.queue(conn, number, "minh")
    (queued,) = replays.take_queued(conn, 10)
    assert queued == (number, "city/pump-7/telemetry", b"{}", NOON, 1)
    assert rejects.payloads(conn, number) == (b"{", b"{}")
    found = only(conn)
    assert (found.topic, found.edited_by, found.replay_requested_by, found.status) == (
        "cty/pump-7/telemetry",
        "lan",
        "minh",
        "queued",
    )
    with pytest.raises(RejectSettled, match=f"reject {number} is queued: it cannot be mended"):
        replays.edit(conn, number, "lan", None, None)


def test_an_edit_is_taken_back_as_a_whole(conn: Connection) -> None:
    keep(conn, "t")
    number = only(conn).id
    replays.edit(conn, number, "lan", "u", b"x")
    replays.edit(conn, number, "lan", None, None)
    found = only(conn)
    assert (found.edited_topic, found.edited_by, found.edited_at) == (None, None, None)
    assert rejects.payloads(conn, number) == (b"{", None)


def test_a_replay_ends_stored_or_open_again_with_its_reason(conn: Connection) -> None:
    keep(conn, "a", "b")
    replays.queue_wanted(conn, Wanted(), "lan", 10)
    first, second = replays.take_queued(conn, 10)
    replays.replayed(conn, [first.id], "ingest-1")
    replays.refused_again(conn, {second.id: "still\0no JSON"}, {second.id: 1})
    done, again = rejects.find(conn, first.id), rejects.find(conn, second.id)
    assert done is not None
    assert again is not None
    assert (done.status, done.replays, done.settled_by) == ("replayed", 1, "ingest-1")
    assert (again.status, again.replays, again.last_reason) == ("open", 1, "still␀no JSON")
    assert replays.standing(conn, [first.id, second.id]) == {"replayed": 1, "open": 1}
    for step in (replays.queue, replays.dismiss):
        with pytest.raises(RejectSettled, match="is replayed"):
            step(conn, first.id, "lan")
    assert topics(conn, reason="still") == ["b"]


def test_the_oldest_are_read_first_and_by_one_worker_each(pool: Pool) -> None:
    with transaction(pool) as conn:
        keep(conn, "a", "b", "c")
        assert replays.queue_wanted(conn, Wanted(), "lan", 2, dry_run=True) == (2, 0)
        assert replays.queue_wanted(conn, Wanted(), "lan", 2) == (2, 0)
    with transaction(pool) as conn:
        replays.queue_wanted(conn, Wanted(), "lan", 2)
    with transaction(pool) as one, transaction(pool) as other:
        assert [each.topic for each in replays.take_queued(one, 2)] == ["a", "b"]
        assert [each.topic for each in replays.take_queued(other, 2)] == ["c"]


def test_what_was_cut_is_not_read_until_somebody_mends_it(conn: Connection) -> None:
    keep(conn, "whole")
    keep(conn, "cut", payload=b"x" * (KEEP_BYTES + 1))
    number = rejects.page(conn)[0].id
    with pytest.raises(RejectCut, match="only the first 262,144 of its 262,145 bytes"):
        replays.queue(conn, number, "lan")
    assert replays.queue_wanted(conn, Wanted(), "lan", 10) == (1, 1)
    replays.edit(conn, number, "lan", None, b"{}")
    found = replays.queue(conn, number, "lan")
    assert found is not None
    assert found.status == "queued"


def test_a_dismissed_one_may_come_back_and_a_queued_one_may_go(conn: Connection) -> None:
    keep(conn, "a")
    number = only(conn).id
    replays.queue(conn, number, "lan")
    dismissed = replays.dismiss(conn, number, "minh")
    assert dismissed is not None
    assert (dismissed.status, dismissed.settled_by) == ("dismissed", "minh")
    assert replays.take_queued(conn, 10) == []
    back = replays.queue(conn, number, "lan")
    assert back is not None
    assert (back.status, back.settled_by) == ("queued", None)
    assert replays.queue(conn, number + 1, "lan") is None
    assert replays.dismiss(conn, number + 1, "lan") is None


def test_many_are_dismissed_at_once_and_only_open_ones_unless_said(conn: Connection) -> None:
    keep(conn, "a", "b", "c")
    replays.queue(conn, only_topic(conn, "a"), "lan")
    assert replays.dismiss_wanted(conn, Wanted(), "lan", 10, dry_run=True) == (2, 0)
    assert replays.dismiss_wanted(conn, Wanted(), "lan", 10) == (2, 0)
    assert replays.dismiss_wanted(conn, Wanted(status="queued"), "lan", 10) == (1, 0)


def only_topic(conn: Connection, topic: str) -> int:
    (found,) = rejects.page(conn, Wanted(topic=topic))
    return found.id


def test_housekeeping_leaves_what_is_queued(conn: Connection) -> None:
    keep(conn, "old", "queued")
    replays.queue(conn, only_topic(conn, "queued"), "lan")
    assert housekeeping.drop_old_rejects(conn, timedelta(0), 10**9) == 1
    assert topics(conn) == ["queued"]


def test_ingest_may_read_again_and_settle_and_the_viewer_only_looks(
    cluster: Cluster, database: str, pool: Pool
) -> None:
    with transaction(pool) as conn:
        keep(conn, "a")
        replays.queue(conn, only(conn).id, "lan")
    superuser = conninfo({**cluster.superuser(), "PGDATABASE": database})
    with psycopg.connect(superuser, autocommit=True) as conn:
        conn.execute("SET ROLE cityops_ingest")
        with conn.transaction():
            (queued,) = replays.take_queued(conn, 1)
            replays.refused_again(conn, {queued.id: "why"}, {queued.id: 1})
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("DELETE FROM rejects")
        conn.execute("SET ROLE cityops_viewer")
        found = conn.execute("SELECT status, last_reason FROM reject_list").fetchone()
    assert found == ("open", "why")


def test_ingest_may_register_gateways_titles_units_and_conversions(
    cluster: Cluster, database: str
) -> None:
    superuser = conninfo({**cluster.superuser(), "PGDATABASE": database})
    with psycopg.connect(superuser) as conn:
        conn.execute("SET ROLE cityops_ingest")
        assets.register(conn, [("lamp", "unknown")])
        assert assets.adopt(conn, {"lamp": "hub"}) == 1
        assets.entitle(conn, {"lamp": "Đèn"})
        streams.register(conn, [(assets.ids(conn, ["lamp"])["lamp"], "oddness", True, None)])
        stream = streams.find(conn, "lamp", "oddness")
        assert stream is not None
        stream_rules.suggest_units(conn, {stream: "lx"})
        conversions.record(conn, [(stream, "klx", "lx", 1000.0, 0.0)])
        assert stream_rules.usual_units(conn, ["pm25"]) == {"pm25": "ug/m3"}
        assert [rule.unit for rule in stream_rules.of(conn, [stream])] == ["lx"]
