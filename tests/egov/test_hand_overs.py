"""Dossiers that go from one unit to another, and a late event that says when the taker moved."""

from datetime import UTC, datetime

from services.egov import counting
from services.store import dossier_clocks, hand_overs, procedures
from services.store.pool import Connection
from tests.egov.office import CODE, event, take
from tests.egov.office import procedures as office

NOW = datetime(2019, 2, 1, tzinfo=UTC)


def counted(conn: Connection) -> None:
    codes = dossier_clocks.take_changes(conn, 1000)
    counting.count(conn, procedures.calendar(conn), codes, NOW)


def test_a_hand_over_waits_until_the_taker_does_something(conn: Connection) -> None:
    office(conn)
    take(conn, event(1, 2, 0), event(2, 4, 1), event(4, 4, 3, unit="S10"))
    counted(conn)
    [waiting] = hand_overs.waiting(conn, NOW, 10)
    assert (waiting.dossier, waiting.giver, waiting.taker) == (CODE, "215", "S10")
    assert (waiting.at.hour, waiting.moved_at) == (4, None)
    take(conn, event(3, 4, 2, unit="24"), event(5, 4, 20, unit="S10"))  # the first comes late
    counted(conn)
    assert hand_overs.waiting(conn, NOW, 10) == []
    rows = conn.execute(
        "SELECT giver, taker, moved_at - time FROM hand_over_list ORDER BY time"
    ).fetchall()
    assert [(giver, taker, str(after)) for giver, taker, after in rows] == [
        ("215", "24", "1:00:00"),
        ("24", "S10", "17:00:00"),
    ]
    [clock] = dossier_clocks.of(conn, [CODE]).values()
    assert clock.unit == "S10"


def test_no_change_is_lost_and_a_full_count_changes_nothing(conn: Connection) -> None:
    office(conn)
    take(conn, *(event(1, 2, number, f"H02.215-190102-{number:04}") for number in range(30)))
    assert dossier_clocks.waiting(conn) == 1
    counted(conn)
    before = conn.execute("TABLE egov_unit_days").fetchall()
    assert dossier_clocks.mark_all(conn, size=7) == 30
    taken = 0
    while codes := dossier_clocks.take_changes(conn, 10):
        counting.count(conn, procedures.calendar(conn), codes, NOW)
        taken += len(codes)
    assert taken == 30
    assert conn.execute("TABLE egov_unit_days").fetchall() == before
