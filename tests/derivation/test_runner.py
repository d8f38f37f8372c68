import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from models.city.derivation import Due
from scripts.stack.cluster import Cluster
from services.derivation.runner import READER, Runner
from services.derivation.settings import DerivationSettings
from services.store import arrivals, assets, derivation_due, readings, streams
from services.store.arrivals import Lane
from services.store.pool import DatabaseAway, Pool, open_pool, transaction
from tests.derivation.province import IMPATIENT, Province
from tests.flow.platform import number, wait_until

WAITING = """SELECT count(*) FROM pg_stat_activity
             WHERE wait_event_type = 'Lock' AND datname = current_database()"""
MORNING = datetime(2026, 8, 3, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def province(pool: Pool) -> Province:
    made = Province(pool, MORNING + timedelta(hours=12))
    made.claim("dap-cau", "river")
    return made


@pytest.fixture
def role(
    cluster: Cluster, database: str, province: Province, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pool]:
    """Connections that may do what derivation may, and nothing else."""
    for variable, value in cluster.superuser().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("PGDATABASE", database)
    monkeypatch.setenv("PGOPTIONS", "-c role=cityops_derivation")
    with open_pool("derivation", size=2) as pool:
        yield pool


def runner(province: Province, settings: DerivationSettings = IMPATIENT) -> Runner:
    return Runner(province.pool, settings, lambda: province.now)


def everything(province: Province) -> list[tuple[object, ...]]:
    with transaction(province.pool) as conn:
        return conn.execute(
            """SELECT l.asset, l.metric, r.time, r.value, r.quality, d.inputs
               FROM readings r JOIN stream_list l USING (stream_id)
               LEFT JOIN derivations d USING (stream_id, time) ORDER BY 1, 2, 3"""
        ).fetchall()


def a_city(province: Province) -> None:
    """An hour of every kind of asset."""
    for kind, metric, value in (
        ("air", "pm25", 160.0),
        ("noise", "laeq", 90.0),
        ("traffic", "speed", 20.0),
        ("energy", "voltage", 0.0),
        ("waste", "temperature", 90.0),
        ("parking", "occupied", 5.0),
        ("rain", "rain_mm_h", 90.0),
        ("water", "flow", 12.0),
        ("light", "power", 0.0),
    ):
        province.claim(f"{kind}-1", kind, parent="hub" if kind == "light" else None)
        province.report(
            f"{kind}-1", metric, MORNING - timedelta(hours=12), [value] * 420, minutes=2
        )
    province.report("dap-cau", "level_m", MORNING, [7.0] * 200)


def test_its_own_small_role_is_enough(province: Province, role: Pool) -> None:
    province.claim("hub", "light")
    a_city(province)
    province.know("parking-1", {"total_spots": "40"})
    old = MORNING - timedelta(days=60)
    province.report("dap-cau", "level_m", old, [5.0] * 20, minutes=10, lane=Lane.HISTORY)
    one = Runner(role, IMPATIENT, lambda: province.now)
    while one.turn():
        pass
    with transaction(province.pool) as conn:
        assert derivation_due.waiting(conn) == 0
        assert number(conn, "SELECT count(DISTINCT derived_by) FROM streams") >= 10
        assert number(conn, "SELECT count(*) FROM late_spans") > 0
    assert len(province.values("dap-cau", "flood_level")) == 40


def test_a_turn_that_dies_before_its_commit_leaves_nothing_and_is_done_again(
    province: Province,
) -> None:
    province.report("dap-cau", "level_m", MORNING, [4.5] * 60)
    one = runner(province)
    with province.pool.connection() as blocker:  # holds what the turn writes last
        stream = province.stream("dap-cau", "level_m")
        blocker.execute("LOCK TABLE derived_until IN EXCLUSIVE MODE")
        dying = threading.Thread(target=die, args=(one,))
        dying.start()
        with transaction(province.pool) as conn:
            wait_until(lambda: number(conn, WAITING) == 1, "the turn waits for its last table")
            conn.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE wait_event_type = 'Lock' AND datname = current_database()"""
            )
        blocker.rollback()
        dying.join()
    assert province.values("dap-cau", "flood_level") == []
    assert stream
    while one.turn():
        pass
    assert province.values("dap-cau", "flood_level") == [1] * 6


def die(one: Runner) -> None:
    with pytest.raises(DatabaseAway):
        one.turn()


def test_what_is_too_much_for_the_database_at_once_is_done_in_halves(province: Province) -> None:
    with transaction(province.pool) as conn:
        conn.execute(
            """CREATE FUNCTION at_most_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                   IF (SELECT count(*) FROM gone) > 2 THEN
                       RAISE 'too many' USING ERRCODE = 'configuration_limit_exceeded';
                   END IF;
                   RETURN NULL;
               END $$"""
        )
        conn.execute(
            """CREATE TRIGGER few AFTER DELETE ON derivation_due REFERENCING OLD TABLE AS gone
               FOR EACH STATEMENT EXECUTE FUNCTION at_most_two()"""
        )
    province.report("dap-cau", "level_m", MORNING, [4.5] * 200, minutes=60)
    province.derive()
    assert len(province.values("dap-cau", "flood_level")) == 200


def test_a_large_import_is_derived_after_what_is_live_behind_it(province: Province) -> None:
    few = DerivationSettings(patience=0, arrivals_per_turn=1, readings_per_turn=20)
    province.claim("cau-son", "river")
    for i in range(5):
        past = MORNING - timedelta(days=i + 1)
        province.report("cau-son", "level_m", past, [15.5] * 20, minutes=10, lane=Lane.HISTORY)
    province.report("dap-cau", "level_m", MORNING, [4.5] * 6, minutes=10)
    one = runner(province, few)
    while not province.values("dap-cau", "flood_level"):
        assert province.values("cau-son", "flood_level") == []
        assert one.turn()
    province.derive(few)
    assert len(province.values("cau-son", "flood_level")) == 100


def test_what_was_read_and_is_not_derived_yet_survives_a_restart(province: Province) -> None:
    patient = DerivationSettings(patience=1)
    province.report("dap-cau", "level_m", MORNING, [4.5] * 60)
    assert runner(province, patient).turn()
    assert province.values("dap-cau", "flood_level") == []
    province.now += timedelta(seconds=30)
    runner(province, patient).turn()  # another process
    assert province.values("dap-cau", "flood_level") == [1] * 6


def test_two_processes_side_by_side_derive_as_one(province: Province) -> None:
    one, two = runner(province), runner(province)
    for i in range(24):
        height = 4.0 if i % 8 < 4 else 5.5
        province.report("dap-cau", "level_m", MORNING + i * 10 * MINUTE, [height] * 10)
        (one if i % 3 else two).turn()
    together = everything(province)
    with transaction(province.pool) as conn:
        conn.execute("UPDATE cursors SET tx = '0', arrival_id = 0 WHERE reader = %s", [READER])
    runner(province).turn()  # all of it once more, at once
    assert everything(province) == together


def test_the_order_in_which_things_arrive_changes_nothing(province: Province) -> None:
    heights = [4.0 + (i * 7 % 40) / 20 for i in range(72)]
    for i in sorted(range(72), key=lambda i: i * 31 % 72):
        province.report("dap-cau", "level_m", MORNING + i * 10 * MINUTE, [heights[i]])
        if i % 5 == 0:
            province.derive()
    province.derive()
    shuffled = [row for row in everything(province) if row[1] == "flood_level"]
    with transaction(province.pool) as conn:
        conn.execute("UPDATE cursors SET tx = '0', arrival_id = 0 WHERE reader = %s", [READER])
        conn.execute("DELETE FROM derivations")
        conn.execute(
            "DELETE FROM readings WHERE stream_id IN (SELECT id FROM streams WHERE derived_by <> '')"
        )
    province.derive()
    assert [row for row in everything(province) if row[1] == "flood_level"] == shuffled


def test_what_does_not_follow_any_more_is_marked_bad(province: Province) -> None:
    province.claim("bin", "waste")
    levels = [0.1 + i * 0.05 for i in range(12)]
    province.report("bin", "filling_level", MORNING, levels, minutes=30)
    province.derive()
    foreseen = len(province.values("bin", "hours_until_full"))
    late = MORNING + timedelta(hours=4, minutes=31)
    province.report("bin", "filling_level", late, [0.0, 0.0], minutes=1)  # emptied, it turns out
    province.report("bin", "filling_level", late + 29 * MINUTE, [0.0], minutes=1)
    with transaction(province.pool) as conn:
        conn.execute("UPDATE readings SET value = 0 WHERE time >= %s", [late])
    province.derive()
    kept = province.derived("bin", "hours_until_full")
    assert len(province.values("bin", "hours_until_full")) < foreseen
    assert {row.quality for row in kept} == {0, 2}


def test_derived_readings_are_nobodys_presence_and_no_detectors_business(
    province: Province,
) -> None:
    province.report("dap-cau", "level_m", MORNING, [4.5] * 60)
    with transaction(province.pool) as conn:
        before = number(conn, "SELECT count(*) FROM arrivals")
    province.derive()
    with transaction(province.pool) as conn:
        assert number(conn, "SELECT count(*) FROM arrivals") == before
        derived = [row for row in streams.page(conn) if row.derived_by]
        assert {(row.metric, row.judged, row.derived_by) for row in derived} == {
            ("flood_level", False, "flood"),
            ("level_rise_m_h", False, "flood"),
        }


def test_nonsense_in_one_assets_facts_stops_no_other(province: Province) -> None:
    for park, spots in (("park-1", "many"), ("park-2", "20")):
        province.claim(park, "parking")
        province.know(park, {"total_spots": spots})
        province.report(park, "occupied", MORNING, [10.0])
    province.derive()
    assert province.values("park-1", "parking_occupancy") == []
    assert province.values("park-2", "parking_occupancy") == [0.5]


def test_an_asset_nobody_has_claimed_is_derived_once_it_is(province: Province) -> None:
    province.claim("road", "unknown")
    province.report("road", "speed", MORNING, [40.0])
    province.derive()
    assert province.values("road", "level_of_service") == []
    province.claim("road", "traffic")
    province.report("road", "speed", MORNING + MINUTE, [40.0])
    province.derive()
    assert province.values("road", "level_of_service") == [2]


def test_the_feed_is_read_by_lane(pool: Pool, province: Province) -> None:
    province.report("dap-cau", "level_m", MORNING, [1.0], lane=Lane.LIVE)
    province.report("dap-cau", "level_m", MORNING + MINUTE, [2.0], lane=Lane.HISTORY)
    province.report("dap-cau", "level_m", MORNING + 2 * MINUTE, [3.0], lane=Lane.BAD)
    with transaction(pool) as conn:
        cursor = arrivals.lock_cursor(conn, READER)
        frames, delivery = arrivals.read_by_lane(conn, cursor)
        found = {lane: frame["value"].tolist() for lane, frame in frames.items()}
    assert found == {Lane.LIVE: [1.0], Lane.HISTORY: [2.0], Lane.BAD: [3.0]}
    assert delivery.cursor is not None
    assert readings.FOR_EVER > MORNING


def test_what_is_due_of_a_rule_that_is_no_more_is_forgotten(province: Province) -> None:
    with transaction(province.pool) as conn:
        asset_id = assets.ids(conn, ["dap-cau"])["dap-cau"]
        derivation_due.mark(conn, [Due("phrenology", asset_id, 0, True, 0, 1)], province.now)
    province.derive()
    with transaction(province.pool) as conn:
        assert derivation_due.waiting(conn) == 0
