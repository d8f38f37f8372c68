"""What dossiers alone show becomes one incident at the unit, over again; what is history never."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest

from scripts.stack.cluster import Cluster
from services.egov.runner import Runner
from services.egov.settings import EgovSettings
from services.incidents import intake, workflow
from services.store import dossier_intake
from services.store.dossier_intake import Item
from services.store.pool import Pool, open_pool, transaction
from tests.egov.office import BEGUN, event, told
from tests.egov.office import procedures as office

IMPATIENT = EgovSettings(patience_seconds=0, watch_seconds=0.001)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = """SELECT w.metric, w.unit, w.area_code, w.system, w.words, w.words_en, i.active, w.told
           FROM incident_words w JOIN incidents i ON i.id = w.incident_id ORDER BY i.id"""


def take(pool: Pool, *events: object, door: str = "mqtt", live: bool = True) -> None:
    """Takes events in; live ones were received a minute after they happened."""
    with transaction(pool) as conn:
        office(conn)
        dossier_intake.take(conn, door, "215", [Item(each) for each in told(*events)])
        if live:
            conn.execute("UPDATE dossier_events SET received_at = at + INTERVAL '1 minute'")


@pytest.fixture
def egov(cluster: Cluster, database: str, pool: Pool) -> Iterator[Pool]:
    """The process's own connections, under its own role."""
    pool.wait()
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in (cluster.superuser() | {"PGDATABASE": database}).items():
                patch.setenv(variable, value)
            patch.setenv("PGOPTIONS", "-c role=cityops_egov")
            own = stack.enter_context(open_pool("egov", size=1))
            own.wait()
        yield own


def look(pool: Pool, egov: Pool, now: datetime) -> list[tuple[object, ...]]:
    """The incidents as they are once the process has looked at a moment."""
    runner = Runner(egov, IMPATIENT, lambda: now)
    while runner.turn():
        pass
    with transaction(pool) as conn:
        while intake.take_in(conn):
            pass
        workflow.let_time_pass(conn, 30 * timedelta(minutes=1), DAY)
        return conn.execute(WORDS).fetchall()


def handed_over() -> list[dict[str, object]]:
    return [event(1, 2, 0), event(2, 4, 1), event(4, 4, 3, unit="S10")]


def test_a_hand_over_that_waits_is_one_incident_of_the_taker_until_it_moves(
    pool: Pool, egov: Pool
) -> None:
    take(pool, *handed_over())
    assert look(pool, egov, BEGUN + 20 * HOUR) == []
    for hours in (30, 31, 54):
        [row] = look(pool, egov, BEGUN + hours * HOUR)
        assert row[:4] == ("handovers_told", "S10", "24", "one-stop")
        assert str(row[4]).startswith("Hồ sơ liên thông bị ứ giữa các cấp: lâu nhất ")
        assert str(row[5]).startswith("Hand-overs are stuck between levels: the oldest for ")
        assert row[6:] == (True, True)
    take(pool, event(5, 4, 55, unit="S10"))
    [row] = look(pool, egov, BEGUN + 57 * HOUR)
    assert row[6] is False


@pytest.mark.parametrize(("door", "when"), [("file", "at once"), ("mqtt", "years later")])
def test_a_hand_over_of_history_calls_nobody(pool: Pool, egov: Pool, door: str, when: str) -> None:
    take(pool, *handed_over(), door=door, live=when == "at once")
    assert look(pool, egov, BEGUN + 54 * HOUR) == []


def late(number: int, **more: object) -> list[dict[str, object]]:
    """A dossier that is taken in and never done; it is due after a day and a half."""
    code = f"H02.215-190102-{number:04}"
    due = (BEGUN + DAY + 6 * HOUR).isoformat()
    return [event(1, 2, 0, code, due_at=due), event(2, 4, 1, code, **more)]


def test_dossiers_that_fall_overdue_together_are_one_incident_of_their_unit(
    pool: Pool, egov: Pool
) -> None:
    take(pool, *(each for number in range(12) for each in late(number)))
    assert look(pool, egov, BEGUN + DAY) == []
    for hours in (31, 33):
        [row] = look(pool, egov, BEGUN + hours * HOUR)
        assert row[:4] == ("overdue_told", "215", "215", "one-stop")
        assert row[4] == "Hồ sơ quá hạn tăng nhanh: 12 hồ sơ, một ngày trước 0"
        assert row[5] == "Overdue dossiers rise fast: 12, and 0 a day before"
    done = (event(3, 9, 34, f"H02.215-190102-{number:04}") for number in range(12))
    take(pool, *done)
    [row] = look(pool, egov, BEGUN + 36 * HOUR)
    assert row[6] is False


@pytest.mark.parametrize(("door", "when"), [("file", "at once"), ("http", "years later")])
def test_a_wave_of_history_calls_nobody(pool: Pool, egov: Pool, door: str, when: str) -> None:
    found = (each for number in range(12) for each in late(number))
    take(pool, *found, door=door, live=when == "at once")
    assert look(pool, egov, BEGUN + 31 * HOUR) == []
