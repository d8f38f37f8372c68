"""What people change is taken up by a running detection, between two deliveries."""

import pytest

from models import feedback
from models.feedback import Verdict
from models.frame import Frame
from models.reading import DAY, MINUTE, moment
from services.detection import parameters
from services.detection.guidance import MODEL
from services.detection.replay import replay
from services.detection.runner import Runner
from services.detection.settings import DetectionSettings
from services.incidents import intake
from services.store import (
    anomalies,
    arrivals,
    audit,
    detector_states,
    incident_feedback,
    model_versions,
    readings,
)
from services.store.model_versions import Draft
from services.store.pool import Pool, open_pool, transaction
from tests.detection.test_runner import START, arrive, minutes, new_stream, odd_minutes, runner

SETTINGS = DetectionSettings()


@pytest.fixture
def stream(pool: Pool) -> int:
    return new_stream(pool, "flow", judged=True)


def store_and_feed(pool: Pool, frame: Frame) -> None:
    """As ingest does."""
    with transaction(pool) as conn:
        readings.append(conn, frame, int(frame["time"].max()))
        arrivals.append(conn, frame, int(frame["time"].max()))


def promote(pool: Pool, **changed: float) -> int:
    """Makes a version with these parameters the live one; returns its id."""
    with transaction(pool) as conn:
        draft = Draft(MODEL, parameters.of(SETTINGS) | changed, "layout")
        made = model_versions.register(conn, draft, "an")
        return model_versions.promote(conn, MODEL, made.version, "an").id


def versions_of_anomalies(pool: Pool) -> list[int | None]:
    with transaction(pool) as conn:
        return [each.model_version for each in reversed(anomalies.page(conn))]


def test_a_promoted_version_judges_what_comes_next_and_nothing_twice(
    pool: Pool, stream: int
) -> None:
    one = runner(pool)
    arrive(pool, minutes(stream, 100, spikes=(80,)))
    one.turn()
    deaf = promote(pool, stand_in_threshold=0.99999999)
    arrive(pool, minutes(stream, 20, first=100, spikes=(110,)))
    one.turn()
    loud = promote(pool, stand_in_threshold=0.999)
    arrive(pool, minutes(stream, 20, first=120, spikes=(130,)))
    one.turn()
    assert odd_minutes(pool) == [80, 110, 130]  # a spike of 450 is odd to all of them
    first, *others = versions_of_anomalies(pool)
    assert first is not None
    assert others == [deaf, loud]
    with transaction(pool) as conn:
        assert model_versions.roll_back(conn, MODEL, "an").id == deaf
    arrive(pool, minutes(stream, 20, first=140, spikes=(150,)))
    runner(pool).turn()  # another process takes the same version up
    assert not one.turn()
    assert versions_of_anomalies(pool)[-1] == deaf


def test_a_false_alarm_is_taken_up_without_a_restart_and_taken_back(
    pool: Pool, stream: int
) -> None:
    one = runner(pool)
    arrive(pool, minutes(stream, 100, spikes=(80,)))
    one.turn()
    with transaction(pool) as conn:
        intake.take_in(conn)
        incident = anomalies.page(conn)[0].incident_id
        assert incident is not None
        incident_feedback.append(conn, incident, "lan", Verdict.FALSE, "")
    assert not one.turn()
    assert one.bank.factors == {stream: feedback.UP}
    with transaction(pool) as conn:
        incident_feedback.append(conn, incident, "lan", Verdict.WITHDRAWN, "")
    one.turn()
    assert one.bank.factors == {stream: 1.0}


def test_what_is_loud_is_put_down_once_whether_it_is_told_or_not(pool: Pool, stream: int) -> None:
    quiet = minutes(stream, 100)
    quiet["time"][0] -= DAY  # on its first day nothing but the gross is loud
    quiet["value"][80] = 61  # loud for its level, and no alarm
    quiet["value"][90] = 500
    one = runner(pool)
    arrive(pool, quiet)
    one.turn()
    with transaction(pool) as conn:
        rows = conn.execute(
            "SELECT extract(epoch FROM time), loudness FROM alarm_candidates ORDER BY time"
        ).fetchall()
    loud = {int((int(float(str(at)) * 1e6) - START) // MINUTE): float(str(n)) for at, n in rows}
    assert set(loud) >= {80, 90}
    assert 0.66 < loud[80] < 1 < loud[90]
    assert odd_minutes(pool) == [90]


def test_a_model_of_another_shape_learns_the_last_days_and_goes_on(pool: Pool, stream: int) -> None:
    one = runner(pool)
    store_and_feed(pool, minutes(stream, 100))
    one.turn()
    with transaction(pool) as conn:  # as the program before an update left it
        conn.execute("UPDATE detector_states SET layout = 'another', state = ''")
    store_and_feed(pool, minutes(stream, 20, first=100, spikes=(110,)))
    after = Runner(pool, SETTINGS)
    after.turn()
    assert odd_minutes(pool) == [110]
    with transaction(pool) as conn:
        assert detector_states.of_other_layouts(conn, after.bank.layout) == []


def test_it_works_as_its_own_small_role(
    pool: Pool, stream: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So do its commands, where they are given in its place."""
    store_and_feed(pool, minutes(stream, 100, spikes=(80,)))
    with transaction(pool) as conn:
        conn.execute("GRANT cityops_detection TO CURRENT_USER")
        conn.execute(
            """INSERT INTO detector_states (stream_id, layout, judged_until, state)
               VALUES (%s, 'another', '2026-01-01', '')""",
            [stream],
        )
    monkeypatch.setenv("PGOPTIONS", "-c role=cityops_detection")
    with open_pool("tests", size=1) as small:
        one = runner(small)
        one.turn()
        promote(small, stand_in_threshold=0.999)
        one.turn()
        with transaction(small) as conn:
            assert model_versions.roll_back(conn, MODEL, "an").version == 1
            audit.append(conn, "an", "roll back model", "detection/1", {})
            until = moment(START + 100 * MINUTE)
            found = replay(conn, SETTINGS, moment(START), until, promised=5)
    assert len(found.difference.same) == 1
    assert odd_minutes(pool) == [80]


def test_what_the_environment_says_and_the_version_does_not_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DETECTION_THRESHOLD", "0.999")
    settings = DetectionSettings()
    assert parameters.overruled(settings, parameters.of(SETTINGS)) == ["threshold"]
    assert parameters.overruled(settings, parameters.of(settings)) == []


def test_a_calendar_that_changes_is_taken_up_and_nothing_is_forgotten(
    pool: Pool, stream: int
) -> None:
    one = runner(pool)
    arrive(pool, minutes(stream, 100))
    while one.turn():
        pass
    assert one.days.free  # those that the store begins with
    with transaction(pool) as conn:
        conn.execute(
            "INSERT INTO calendar_days (day, works, note, source, mark)"
            " VALUES ('1970-01-04', true, 'Làm bù', 'thử', 'design')"
        )
    one.calibrate_at = 0.0
    arrive(pool, minutes(stream, 5, first=100))
    while one.turn():
        pass
    assert one.days.worked == (3,)
    assert one.bank.streams == 1
