import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from pathlib import Path

import psycopg
import pytest

from models.egov.worktime import VIETNAM, after, hours_of, workday
from scripts.stack.cluster import Cluster
from services.store import (
    city_rows,
    city_sheets,
    dossier_intake,
    dossiers,
    housekeeping,
    org_rows,
)
from services.store import procedures as rulebook
from services.store.dossier_intake import UNHEARD_OF, Outcome
from services.store.org_sheets import SHEETS
from services.store.pool import Connection, Pool, transaction
from tests.conftest import conninfo
from tests.egov.office import CODE, NOW, course, event, procedures, take


@pytest.fixture(autouse=True)
def office(pool: Pool) -> None:
    with transaction(pool) as conn:
        procedures(conn)


def outcomes(conn: Connection, *events: object) -> list[str]:
    return [answer.outcome.value for answer in take(conn, *events)]


def state(conn: Connection, code: str = CODE) -> object:
    return conn.execute(
        """SELECT state, moved_at, unit, procedure, channel, submitted_at, accepted_at,
                  stated_due_at, due_at, paused, waiting_since, supplements, ended_at, returned_at,
                  last_at
           FROM dossiers WHERE code = %s""",
        [code],
    ).fetchone()


def test_an_event_that_comes_again_changes_nothing(conn: Connection) -> None:
    assert outcomes(conn, *course()) == ["stored"] * 6
    before = state(conn)
    assert outcomes(conn, *course()) == ["duplicate"] * 6
    assert outcomes(conn, course()[0], course()[0]) == ["duplicate"] * 2
    assert state(conn) == before
    rows = conn.execute("SELECT count(*) FROM dossier_events").fetchone()
    assert rows == (6,)


@pytest.mark.parametrize("role", ["cityops_ingest", "cityops_api"])
def test_the_processes_that_take_events_in_may(database: str, cluster: Cluster, role: str) -> None:
    admin = conninfo(cluster.superuser() | {"PGDATABASE": database})
    with psycopg.connect(admin) as conn:
        conn.execute(f"SET ROLE {role}".encode())
        assert outcomes(conn, *course(), event(9, 4, 3, unit="99")) == ["stored"] * 6 + ["rejected"]
        dossier_intake.retry(conn, 0, NOW)
        assert outcomes(conn, *course()) == ["duplicate"] * 6


def test_twice_in_one_batch_is_counted_once(conn: Connection) -> None:
    assert outcomes(conn, course()[0], course()[0]) == ["stored", "duplicate"]


def test_any_order_of_arrival_gives_the_same_state(conn: Connection) -> None:
    take(conn, *course())
    wanted = state(conn)
    dice = random.Random(7)
    for number in range(12):
        code = f"H02.215-190102-{100 + number}"
        events = course(code)
        dice.shuffle(events)
        while events:
            size = dice.randint(1, len(events))
            take(conn, *events[:size])
            events = events[size:]
        assert state(conn, code) == wanted
    assert conn.execute("SELECT FROM dossier_events WHERE flaw IS NOT NULL").fetchall() == []


def test_a_late_event_mends_what_was_impossible_without_it(conn: Connection) -> None:
    received, begun, *_, done, _ = course()
    (answer,) = take(conn, done)
    assert answer.outcome is Outcome.WAITING
    assert answer.reason == "A dossier cannot begin in this state"
    assert dossiers.find(conn, CODE) is None
    assert outcomes(conn, received) == ["stored"]
    (waiting,) = dossiers.quarantine(conn)
    assert (waiting.what, waiting.name, waiting.door) == ("move", f"{CODE}-5", "http")
    assert outcomes(conn, begun) == ["stored"]
    assert dossiers.quarantine(conn) == []
    found = dossiers.find(conn, CODE)
    assert found is not None
    assert found.state == 9


def test_an_event_after_the_end_waits_in_quarantine(conn: Connection) -> None:
    take(conn, *course())
    (answer,) = take(conn, event(7, 4, 120))
    assert (answer.outcome, answer.reason) == (Outcome.WAITING, "The dossier is closed")
    found = dossiers.find(conn, CODE)
    assert found is not None
    assert found.state == 10


def test_an_event_of_the_same_name_with_other_content_is_rejected(conn: Connection) -> None:
    take(conn, *course())
    (answer,) = take(conn, event(5, 9, 73))
    assert answer.outcome is Outcome.REJECTED
    assert answer.reason == "an event of this name is stored with other content"
    (kept,) = dossiers.quarantine(conn)
    assert (kept.kept["event"], kept.kept["state"]) == (f"{CODE}-5", 9)
    take(conn, event(5, 9, 73))
    (kept,) = dossiers.quarantine(conn)
    assert kept.times == 2


def test_a_name_that_is_another_dossiers_is_rejected_and_its_neighbours_are_stored(
    conn: Connection,
) -> None:
    other = "H02.215-190102-0002"
    named = event(1, 2, 0) | {"event": "a system's own 17"}
    assert outcomes(conn, named) == ["stored"]
    again = event(1, 2, 0, other) | {"event": "a system's own 17"}
    assert outcomes(conn, again, *course(other)) == ["rejected"] + ["stored"] * 6
    assert outcomes(conn, named, event(2, 4, 1)) == ["duplicate", "stored"]


SHORTER = ("07:30,11:30", "13:30,16:30")
SATURDAY = "6,07:30,11:30,2024-01-01,,x,design"
WRONG: list[tuple[dict[str, object], str]] = [
    ({"unit": "onestop-nowhere"}, "the unit is not known"),
    ({"procedure": "ZZ.99"}, "the procedure is not known"),
    ({"state": 11}, "state: there is none such; they are 1 to 10"),
    ({"state": None}, "state: there is none"),
    ({"at": "08:30:00"}, "at: a time is a text with date and hour"),
    ({"at": "2019-13-01T08:30"}, "at: this is no time that can be read"),
    ({"at": "2026-03-03T00:00:00Z"}, "at: in the future"),
    ({"dossier": "024099001234"}, "dossier: this is no code of one"),
    ({"channel": 4}, "channel: there is none such; 1 direct, 2 online, 3 by post"),
    ({"event": None}, "event: there is none"),
]


def test_what_cannot_be_is_rejected_with_its_reason_and_its_neighbours_are_stored(
    conn: Connection,
) -> None:
    answers = take(conn, event(1, 2, 0), *(event(2, 4, 1) | wrong for wrong, _ in WRONG))
    reasons = [reason for _, reason in WRONG]
    assert [answer.reason for answer in answers] == [None, *reasons]
    assert {answer.outcome for answer in answers[1:]} == {Outcome.REJECTED}
    assert {kept.reason for kept in dossiers.quarantine(conn)} == set(reasons)


def test_rejected_events_are_taken_in_once_their_procedure_is_there(pool: Pool) -> None:
    with transaction(pool) as conn:
        conn.execute("DELETE FROM procedures")
        assert outcomes(conn, *course()) == ["rejected"] * 6
        procedures(conn)
        last, count, looked = dossier_intake.retry(conn, 0, NOW)
        assert (count.stored, count.rejected, looked) == (6, 0, 6)
        assert dossier_intake.retry(conn, 0, NOW)[2] == 0
        settled = conn.execute("SELECT stored, rejected, imbalance FROM ledger_balance")
        assert settled.fetchone() == (6, -6, 0)
        assert housekeeping.drop_settled_dossiers(conn, timedelta(days=1)) == 0
        assert housekeeping.drop_settled_dossiers(conn, timedelta(days=-1)) == 6
        assert last > 0
        found = dossiers.find(conn, CODE)
    assert found is not None
    assert found.state == 10


def test_writers_at_the_same_time_give_the_state_of_all_events(pool: Pool) -> None:
    """However two batches that share dossiers meet."""
    codes = [f"H02.215-190102-{number}" for number in range(100, 140)]
    parts = [[each for code in codes for each in course(code)[at::3]] for at in range(3)]

    def write(part: list[dict[str, object]]) -> None:
        for at in range(0, len(part), 16):
            with transaction(pool) as conn:
                take(conn, *part[at : at + 16])

    with ThreadPoolExecutor() as threads:
        list(threads.map(write, parts))
    with transaction(pool) as conn:
        rows = conn.execute("SELECT state, count(*) FROM dossiers GROUP BY 1").fetchall()
        flaws = conn.execute("SELECT FROM dossier_events WHERE flaw IS NOT NULL").fetchall()
    assert (rows, flaws) == ([(10, 40)], [])


def test_who_begins_what_another_is_beginning_is_told_and_the_server_logs_no_error(
    pool: Pool,
) -> None:
    begun = {CODE: UNHEARD_OF}
    with ThreadPoolExecutor() as threads, pool.connection() as first:
        dossiers.add(first, begun)

        def begin() -> None:
            with transaction(pool) as conn:
                dossiers.add(conn, begun)

        second = threads.submit(begin)
        first.commit()
        with pytest.raises(dossiers.AlreadyBegun):
            second.result()


def test_office_hours_are_as_of_the_day(conn: Connection, tmp_path: Path) -> None:
    """From 2024 on the day ends at 16:30, and Saturday mornings are worked."""
    file = tmp_path / "hours.csv"
    weekdays = [f"{day},{hours},2024-01-01,,x,design" for day in range(1, 6) for hours in SHORTER]
    file.write_text(
        "\n".join(["weekday,opens,closes,valid_from,valid_to,source,mark", *weekdays, SATURDAY]),
        encoding="utf-8",
    )
    found = city_sheets.read(file.read_text(encoding="utf-8").splitlines(keepends=True), SHEETS)
    found.check()
    city_rows.write(conn, found, "an", org_rows.ORGANISATION)
    calendar = rulebook.calendar(conn)
    usual = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
    assert hours_of(calendar, date(2023, 12, 29)) == usual
    assert hours_of(calendar, date(2024, 1, 2)) == (usual[0], (time(13, 30), time(16, 30)))
    assert hours_of(calendar, date(2024, 1, 6)) == (usual[0],)
    assert hours_of(calendar, date(2023, 12, 30)) == hours_of(calendar, date(2024, 1, 7)) == ()
    assert workday(calendar) == timedelta(hours=7)
    friday = datetime(2024, 1, 5, 15, 30, tzinfo=VIETNAM)
    assert after(calendar, friday, timedelta(hours=6)) == datetime(
        2024, 1, 8, 8, 30, tzinfo=VIETNAM
    )
    assert rulebook.calendar(conn) is calendar


def test_the_deadline_follows_from_the_procedure_where_nobody_says_it(conn: Connection) -> None:
    """Five working days after Wednesday 2 January 2019, 8:30."""
    take(conn, event(1, 2, 0))
    found = dossiers.find(conn, CODE)
    assert found is not None
    assert found.due_at is not None
    assert found.due_at.isoformat() == "2019-01-09T01:30:00+00:00"
