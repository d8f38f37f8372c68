from datetime import timedelta

import pytest

from models import feedback
from models.budget import MOST
from models.feedback import Verdict
from services.detection import guidance
from services.detection.guidance import MODEL, Guidance
from services.store import (
    alarm_candidates,
    assets,
    calibration,
    desks,
    detector_states,
    incident_feedback,
    model_versions,
    streams,
)
from services.store.alarm_candidates import Candidate
from services.store.detector_states import State
from services.store.model_versions import Draft
from services.store.pool import Connection, Pool, transaction
from tests.api import city
from tests.api.city import MIDNIGHT, START

DAY = timedelta(days=1)
DRAFT = Draft(MODEL, {"threshold": 0.995}, "layout-1")


@pytest.fixture
def stream(pool: Pool) -> int:
    with transaction(pool) as conn:
        assets.claim(conn, [assets.Claim("pump-7", "water", "Trạm bơm", "213", 21.3, 106.2)])
        return city.stream_id(conn, city.newcomer(conn), "flow")


def judged_for(conn: Connection, stream: int, days: int) -> None:
    until = START + days * 86_400_000_000
    detector_states.save(conn, "layout-1", [State(stream, until, None, b"")])


def loud(conn: Connection, stream: int, *loudness: float) -> None:
    """One candidate every two hours; the desk is promised one false alarm a shift."""
    conn.execute("UPDATE desks SET budget = 1")
    alarm_candidates.append(
        conn,
        [
            Candidate(stream, MIDNIGHT + timedelta(hours=2 * n), each, "level")
            for n, each in enumerate(loudness)
        ],
    )


def read(conn: Connection) -> Guidance:
    return guidance.read(conn, DRAFT)


def test_the_first_version_is_made_of_the_settings_and_once(pool: Pool) -> None:
    with transaction(pool) as conn:
        first = read(conn)
        assert (first.model.version, first.model.state) == (1, "live")
        assert first.model.parameters == {"threshold": 0.995}
        assert read(conn).model == first.model
        assert len(model_versions.page(conn)) == 1


def test_too_many_candidates_raise_the_threshold_of_the_desks_streams(
    pool: Pool, stream: int
) -> None:
    with transaction(pool) as conn:
        assert guidance.recalibrate(conn) == []
        judged_for(conn, stream, 14)
        loud(conn, stream, *(1 + n / 1000 for n in range(168)))
        (found,) = guidance.recalibrate(conn)
        assert (found.desk, found.bound, found.candidates) == ("city", "calibrated", 168)
        assert found.factor == pytest.approx(1.126, abs=0.001)
        assert found.expected <= 1
        assert guidance.factors(conn) == {stream: found.factor}
        assert guidance.factors(conn, [stream]) == {stream: found.factor}
        assert guidance.factors(conn, [stream + 1]) == {}
        assert guidance.recalibrate(conn) == []  # nothing new is nothing written
        assert len(desks.thresholds(conn, "city")) == 1


def test_what_was_called_real_does_not_count_as_false(pool: Pool, stream: int) -> None:
    with transaction(pool) as conn:
        judged_for(conn, stream, 14)
        loud(conn, stream, *[1.1] * 100, *[2.0] * 68)
        assert guidance.recalibrate(conn)[0].factor == pytest.approx(2.0)
        asset = conn.execute("SELECT asset FROM stream_list WHERE stream_id = %s", [stream])
        number = city.raise_incident(conn, str((asset.fetchone() or "")[0]))
        conn.execute(
            "UPDATE incidents SET began_at = %s, last_anomaly_at = %s WHERE id = %s",
            [MIDNIGHT + timedelta(hours=200), MIDNIGHT + timedelta(hours=336), number],
        )
        incident_feedback.append(conn, number, "lan", Verdict.REAL, "ngập thật")
        found = guidance.recalibrate(conn)[0]
        assert (found.candidates, found.called_real) == (99, 69)  # the anomaly's own too
        assert guidance.factors(conn)[stream] == pytest.approx(1.1)
        incident_feedback.append(conn, number, "lan", Verdict.WITHDRAWN, "")
        assert guidance.recalibrate(conn)[0].called_real == 0


def test_feedback_moves_the_factor_of_its_stream_and_is_noticed(pool: Pool, stream: int) -> None:
    with transaction(pool) as conn:
        before = calibration.version(conn)
        asset = conn.execute("SELECT asset FROM stream_list WHERE stream_id = %s", [stream])
        number = city.raise_incident(conn, str((asset.fetchone() or "")[0]))
        incident_feedback.append(conn, number, "lan", Verdict.FALSE, "mưa bắn vào đầu đo")
        assert calibration.version(conn) == before + 1
        assert read(conn).factors == {stream: feedback.UP}
        incident_feedback.append(conn, number, "lan", Verdict.WITHDRAWN, "")
        assert calibration.version(conn) > before + 1
        assert read(conn).factors == {}


def test_a_drowning_desk_is_held_at_the_ceiling_and_says_so(pool: Pool, stream: int) -> None:
    with transaction(pool) as conn:
        judged_for(conn, stream, 14)
        loud(conn, stream, *[9.0] * 168)
        (found,) = guidance.recalibrate(conn)
        assert (found.bound, found.factor) == ("ceiling", MOST)
        assert found.expected == pytest.approx(4.0)


def test_a_desk_watches_its_kinds_and_areas_alone(pool: Pool, stream: int) -> None:
    with transaction(pool) as conn:
        desk = desks.find(conn, "city")
        assert desk is not None
        streams.declare(conn, [("pump-7", "flow", "m3/h")])
        water = city.stream_id(conn, "pump-7", "flow")
        for name, kinds, areas in (
            ("water", ["water"], None),
            ("air", ["air"], None),
            ("north", None, ["24"]),
            ("yen-the", None, ["215"]),
        ):
            assert desks.put(conn, desk._replace(name=name, kinds=kinds, areas=areas))
        assert not desks.put(conn, desk._replace(budget=2))
        assert desks.watching(conn, stream) == ["city"]
        assert desks.watching(conn, water) == ["city", "north", "water"]
        assert desks.unknown_areas(conn, ["24", "Hà Nội"]) == ["Hà Nội"]


def test_what_goes_on_is_one_candidate_and_old_ones_go(pool: Pool, stream: int) -> None:
    with transaction(pool) as conn:
        every_minute = [
            Candidate(stream, MIDNIGHT + timedelta(minutes=n), 1.5 if n == 70 else 1.2, "level")
            for n in range(180)
        ]
        for each in every_minute:
            alarm_candidates.append(conn, [each])
        alarm_candidates.append(conn, every_minute)
        row = conn.execute("SELECT count(*) FROM alarm_candidates").fetchone()
        assert row is not None
        assert int(str(row[0])) < 10
        kept, real = alarm_candidates.of_desk(conn, "city", MIDNIGHT, MIDNIGHT + DAY)
        assert (kept, real) == ([(stream, 1.5)], 0)
        late = Candidate(stream, MIDNIGHT + 50 * DAY, 1.0, "level")
        alarm_candidates.append(conn, [late])
        assert alarm_candidates.drop_old(conn, 45 * DAY, 1000) == int(str(row[0]))
        alarm_candidates.append(conn, [late._replace(time=late.time + DAY)])
        assert alarm_candidates.drop_old(conn, 45 * DAY, 1) == 1
