"""The process on a real database, with a clock of the test's own."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from models.frame import Frame
from services.connectivity.runner import Runner
from services.connectivity.settings import ConnectivitySettings
from services.incidents import intake, workflow
from services.store import anomalies, arrivals, assets, connectivity, incidents, streams, timeline
from services.store.connectivity import Connectivity
from services.store.pool import Pool, open_pool, transaction
from tests.connectivity.town import Device, Town
from tests.flow.platform import Process, eventually, running

SETTLED = timedelta(days=1)
SETTINGS = ConnectivitySettings(warm_up_seconds=300, save_seconds=60, judge_seconds=20)


class Watch:
    """A town whose frames go into the feed; one process listens, and can be replaced."""

    def __init__(self, pool: Pool, *names: str, parents: dict[str, str] | None = None) -> None:
        self.pool = pool
        with transaction(pool) as conn:
            assets.register(conn, [(name, "air") for name in names])
            ids = assets.ids(conn, names)
            for child, gateway in (parents or {}).items():
                conn.execute(
                    "UPDATE assets SET parent_id = %s WHERE id = %s", [ids[gateway], ids[child]]
                )
            streams.register(conn, [(ids[name], "pm25", True, None) for name in names])
            found = streams.ids(conn, list(ids.values()))
        self.devices = {name: Device(ids[name], [found[ids[name]]["pm25"]], 60.0) for name in names}
        self.town = Town(*self.devices.values(), step=20)
        self.start()

    def start(self) -> None:
        """A new process takes over."""
        self.runner = Runner(self.pool, SETTINGS, now=lambda: self.town.now)

    def live(self, seconds: float) -> None:
        self.town.live(seconds, self.hear, self.tick)

    def hear(self, frame: Frame) -> None:
        with transaction(self.pool) as conn:
            arrivals.append(conn, frame, self.town.now)

    def tick(self) -> None:
        while self.runner.turn():
            pass

    def seen(self, name: str) -> Connectivity:
        with transaction(self.pool) as conn:
            found = connectivity.find(conn, name)
        assert found is not None
        return found

    def told(self) -> list[tuple[str, str, str, float, float]]:
        with transaction(self.pool) as conn:
            return [
                (each.asset, each.metric, each.detector, each.value, each.expected)
                for each in anomalies.page(conn)
            ]


CROWD = tuple(f"air-{number}" for number in range(1, 6))


@pytest.fixture
def watch(pool: Pool) -> Watch:
    return Watch(pool, *CROWD)


def handle(pool: Pool, page: Pool | None = None) -> list[incidents.Incident]:
    """What the incidents' process makes of it; page is who looks at it then."""
    with transaction(pool) as conn:
        intake.take_in(conn)
    with transaction(pool) as conn:
        workflow.let_time_pass(conn, SETTLED, SETTLED)
    with transaction(page or pool) as conn:
        return incidents.page(conn)


def test_a_silence_opens_an_incident_that_lasts_until_the_asset_is_heard(
    pool: Pool, watch: Watch
) -> None:
    watch.live(900)
    assert watch.seen("air-1").state == "online"
    assert watch.seen("air-1").cadence_s == pytest.approx(60, rel=0.1)
    watch.devices["air-1"].alive = False
    watch.live(1200)
    assert watch.seen("air-1").state == "silent"
    assert watch.told() == [("air-1", "online", "silence", 0.0, 1.0)]
    (incident,) = handle(pool)
    assert (incident.asset, incident.metric, incident.active) == ("air-1", "online", True)
    (incident,) = handle(pool)
    assert incident.active
    watch.devices["air-1"].alive = True
    watch.live(120)
    assert watch.seen("air-1").state == "online"
    (incident,) = handle(pool)
    assert (incident.status, incident.active) == ("open", False)
    with transaction(pool) as conn:
        lines = [(line.move, line.note) for line in timeline.of(conn, incident.id)]
        judged = [each for each in streams.page(conn, asset="air-1") if each.metric == "online"]
        moves = [each.state for each in connectivity.changes(conn, "air-1", 10)]
    assert lines[-1] == ("clear", "heard again")
    assert not judged[0].judged
    assert moves == ["online", "silent", "late", "online"]
    watch.devices["air-1"].alive = False
    watch.live(2200)  # after an outage it is given twice the time
    (incident,) = handle(pool)
    assert incident.active


def test_a_new_process_goes_on_where_the_last_one_ended(pool: Pool, watch: Watch) -> None:
    watch.live(900)
    watch.devices["air-2"].alive = False
    for _ in range(10):
        watch.start()
        watch.live(100)
    assert watch.told() == [("air-2", "online", "silence", 0.0, 1.0)]
    with transaction(pool) as conn:
        assert connectivity.cadences(conn, "air-1")[0].samples > 20


def test_what_was_heard_but_not_kept_is_heard_again(pool: Pool, watch: Watch) -> None:
    watch.live(600)
    watch.live(20)  # within the time between two saves
    kept = watch.runner.hearing
    watch.start()
    watch.tick()
    again = watch.runner.hearing
    assert again.streams.tobytes() == kept.streams.tobytes()
    assert again.feed.record.tobytes() == kept.feed.record.tobytes()


def test_two_processes_side_by_side_judge_as_one(pool: Pool, watch: Watch) -> None:
    other = Runner(pool, SETTINGS, now=lambda: watch.town.now)
    watch.live(900)
    watch.devices["air-3"].alive = False
    for _ in range(10):
        watch.live(80)
        other.turn()
    assert watch.told() == [("air-3", "online", "silence", 0.0, 1.0)]


def test_a_turn_that_fails_leaves_nothing_behind(pool: Pool, watch: Watch) -> None:
    watch.live(900)
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE connectivity_feed RENAME TO away")
    with pytest.raises(psycopg.errors.UndefinedTable):
        watch.live(120)
    with transaction(pool) as conn:
        conn.execute("ALTER TABLE away RENAME TO connectivity_feed")
    watch.devices["air-4"].alive = False
    watch.live(900)
    assert watch.told() == [("air-4", "online", "silence", 0.0, 1.0)]


def test_a_gateway_speaks_for_its_children(pool: Pool) -> None:
    children = ("air-7", "air-8", "air-9")
    watch = Watch(pool, *CROWD, "gate-1", *children, parents=dict.fromkeys(children, "gate-1"))
    watch.live(900)
    for name in ("gate-1", *children):
        watch.devices[name].alive = False
    watch.live(900)
    assert watch.told() == [("gate-1", "online", "silence", 0.0, 1.0)]
    seen = watch.seen("air-8")
    assert (seen.state, seen.with_parent, seen.parent) == ("silent", True, "gate-1")
    with transaction(pool) as conn:
        found = connectivity.page(conn, parent="gate-1", state="silent")
    assert [each.asset for each in found] == list(children)


def test_an_outage_of_everything_is_the_platforms(pool: Pool, watch: Watch) -> None:
    watch.live(900)
    watch.town.deaf = True
    watch.live(1500)
    watch.town.deaf = False
    watch.live(300)
    assert {asset for asset, *_ in watch.told()} == {"platform"}
    assert [watch.seen(name).state for name in CROWD] == ["online"] * 5
    (incident,) = handle(pool)
    assert (incident.asset, incident.active) == ("platform", False)


def test_a_process_that_comes_late_does_not_call_the_night_a_silence(
    pool: Pool, watch: Watch
) -> None:
    watch.live(900)
    watch.town.second += 8 * 3600
    watch.start()
    watch.live(200)
    assert watch.told() == []


def test_a_wrong_clock_shows(pool: Pool, watch: Watch) -> None:
    watch.devices["air-5"].ahead = -100.0
    watch.live(900)
    seen = watch.seen("air-5")
    assert seen.clock_wrong
    assert seen.skew_s == pytest.approx(-100, abs=1)
    assert not watch.seen("air-1").clock_wrong
    with transaction(pool) as conn:
        found = connectivity.page(conn, clock_wrong=True)
    assert [each.asset for each in found] == ["air-5"]


def test_records_of_another_shape_are_not_taken_for_its_own(pool: Pool, watch: Watch) -> None:
    watch.live(900)
    with transaction(pool) as conn:
        for table in (b"stream_cadence", b"asset_connectivity", b"connectivity_feed"):
            conn.execute(b"UPDATE %b SET layout = 'another'" % table)
    watch.start()
    watch.live(80)
    assert watch.seen("air-1").state == "learning"


def test_it_works_as_its_own_small_role(
    pool: Pool, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(pool) as conn:
        conn.execute("GRANT cityops_connectivity, cityops_incidents TO CURRENT_USER")
    monkeypatch.setenv("PGOPTIONS", "-c role=cityops_connectivity")
    with open_pool("tests", size=1) as small:
        watch.runner = Runner(small, SETTINGS, now=lambda: watch.town.now)
        watch.live(900)
        watch.devices["air-1"].alive = False
        watch.live(1200)
    assert watch.told() == [("air-1", "online", "silence", 0.0, 1.0)]
    monkeypatch.setenv("PGOPTIONS", "-c role=cityops_incidents")
    with open_pool("tests", size=1) as small:
        (incident,) = handle(small, page=pool)
    assert incident.active


def test_the_process_says_that_it_is_ready_and_listens(
    database: str, pool: Pool, tmp_path: Path
) -> None:
    process = Process(tmp_path, "services.connectivity")
    with running(process), pool.connection() as conn:
        eventually(conn, "SELECT count(*) FROM assets WHERE name = 'platform'", 1)
        assert "restored" in process.said
