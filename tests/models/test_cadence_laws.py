"""What is learned of gaps and clocks, whatever comes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import cadence, skew
from models.cadence import LAYOUT, Rules
from models.reading import MINUTE, SECOND

START = 1_767_225_600_000_000
RULES = Rules(memory=20, warm_up=5, warm_up_seconds=0)
ONE = np.array([0])
TIMES = st.integers(-(2**60), 2**60)
MOMENTS = st.floats(0, 1e9)
EVENTS = st.lists(st.tuples(TIMES, MOMENTS), min_size=1, max_size=60)


def fed(events: list[tuple[int, float]]) -> np.ndarray:
    rows = cadence.blank(1)
    for time, moment in events:
        cadence.learn(RULES, rows, ONE, np.array([time]), moment)
    return rows


def every(seconds: float, count: int = 60) -> list[tuple[int, float]]:
    return [(START + int(i * seconds * SECOND), float(i * seconds)) for i in range(count)]


@given(events=EVENTS)
def test_whatever_comes_late_comes_before_silent_and_not_before_the_floors(
    events: list[tuple[int, float]],
) -> None:
    found = cadence.tolerated(RULES, fed(events), ONE)
    assert RULES.late_floor <= found.late[0] <= found.silent[0]
    assert RULES.silent_floor <= found.silent[0]
    assert np.isfinite(found.silent[0])
    told = cadence.patience(RULES, fed(events), ONE)
    assert np.isinf(told.silent[0]) or told.silent[0] == found.silent[0]


@given(before=EVENTS, after=EVENTS)
def test_what_is_restored_learns_the_same(
    before: list[tuple[int, float]], after: list[tuple[int, float]]
) -> None:
    rows = fed(before)
    restored = np.frombuffer(rows.tobytes(), LAYOUT).copy()
    for each in (rows, restored):
        for time, moment in after:
            cadence.learn(RULES, each, ONE, np.array([time]), moment)
    assert rows.tobytes() == restored.tobytes()


@settings(max_examples=30)
@given(pairs=st.lists(st.tuples(TIMES, TIMES, MOMENTS), min_size=1, max_size=30))
def test_streams_do_not_touch_each_other(pairs: list[tuple[int, int, float]]) -> None:
    both = cadence.blank(2)
    for one, two, moment in pairs:
        cadence.learn(RULES, both, np.array([0, 1]), np.array([one, two]), moment)
    for which in (0, 1):
        alone = fed([((one, two)[which], moment) for one, two, moment in pairs])
        assert both[which].tobytes() == alone[0].tobytes()


@given(seconds=st.floats(1.0, 86_400.0))
def test_a_steady_stream_is_known_by_its_gap(seconds: float) -> None:
    told = cadence.patience(RULES, fed(every(seconds)), ONE)
    assert told.cadence[0] == pytest.approx(seconds, rel=0.01)
    assert told.silent[0] == pytest.approx(max(10 * seconds, RULES.silent_floor), rel=0.01)


def test_the_first_few_readings_say_nothing() -> None:
    assert np.isinf(cadence.patience(RULES, fed(every(60, RULES.warm_up)), ONE).silent[0])
    long = RULES._replace(warm_up_seconds=3600)
    assert np.isinf(cadence.patience(long, fed(every(60, 60)), ONE).silent[0])
    assert np.isfinite(cadence.patience(long, fed(every(60, 62)), ONE).silent[0])


def test_one_outage_is_no_habit_and_is_forgotten() -> None:
    days = 3 * 86_400.0
    events = every(60)
    later = [(time + int(days * SECOND), moment + days) for time, moment in every(60, 2)]
    shifted = [(time + 60 * MINUTE, moment + 3600.0) for time, moment in later]
    once = cadence.patience(RULES, fed(events + shifted), ONE).silent[0]
    assert once <= 1250
    calm = [(time + 3 * MINUTE, moment + 180.0) for time, moment in every(60, 1500)]
    calm = [(shifted[-1][0] + time - START, shifted[-1][1] + moment) for time, moment in calm]
    again = cadence.patience(RULES, fed(events + shifted + calm), ONE).silent[0]
    assert again == pytest.approx(600, rel=0.05)


def test_a_new_pace_is_learned() -> None:
    events = every(60)
    slower = [(time - START + events[-1][0], moment + 3600) for time, moment in every(900, 80)[1:]]
    found = cadence.patience(RULES, fed(events + slower), ONE)
    assert found.cadence[0] == pytest.approx(900, rel=0.1)


def test_a_backlog_that_comes_at_once_does_not_make_a_stream_fast() -> None:
    backlog = [(START + i * MINUTE, 3600.0 + i * 0.01) for i in range(60)]
    assert cadence.patience(RULES, fed(backlog), ONE).cadence[0] == pytest.approx(60, rel=0.01)


def test_what_is_out_of_order_teaches_no_gap() -> None:
    events = every(60)
    rows = fed(events)
    before = rows["pace"][0], rows["samples"][0]
    cadence.learn(RULES, rows, ONE, np.array([START]), events[-1][1] + 1)
    assert (rows["pace"][0], rows["samples"][0]) == before
    assert rows["heard"][0] == events[-1][1] + 1


def test_bursts_with_long_silences_between_say_nothing_or_are_waited_for() -> None:
    events = [
        (START + int((burst * 3600 + i) * SECOND), burst * 3600.0 + i)
        for burst in range(40)
        for i in range(10)
    ]
    assert cadence.patience(RULES, fed(events), ONE).silent[0] > 3600


@pytest.mark.parametrize(
    "wrong",
    [{"warm_up": 1}, {"memory": 4}, {"late": 20.0}, {"late_floor": 500.0}, {"late": 0.5}],
    ids=str,
)
def test_rules_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"warm-up|late comes before silent"):
        RULES._replace(**wrong).checked()


@given(
    off=st.floats(-1e6, 1e6),
    delays=st.lists(st.floats(0, 0.5), min_size=8, max_size=60),
    held=st.sets(st.integers(0, 59)),
)
def test_a_clock_is_known_whatever_is_held_back_now_and_then(
    off: float, delays: list[float], held: set[int]
) -> None:
    rows = skew.blank(1)
    for i, delay in enumerate(delays):
        late = 900.0 if i in held and i % 2 else 0.0  # never two in a row
        now = START + i * MINUTE
        time = now - int((delay + late) * SECOND) + int(off * SECOND)
        skew.learn(rows, ONE, np.array([time]), now)
    assert skew.estimate(rows, ONE)[0] == pytest.approx(off, abs=0.51)


def test_too_few_readings_say_nothing_of_a_clock() -> None:
    rows = skew.blank(1)
    for i in range(skew.FEWEST):
        assert np.isnan(skew.estimate(rows, ONE)[0])
        skew.learn(rows, ONE, np.array([START + i * MINUTE]), START + i * MINUTE)
    assert skew.estimate(rows, ONE)[0] == 0


def test_one_glitch_of_a_clock_is_not_believed() -> None:
    rows = skew.blank(1)
    for i in range(16):
        ahead = 200 * SECOND if i == 7 else 0
        skew.learn(rows, ONE, np.array([START + i * MINUTE + ahead]), START + i * MINUTE)
    assert skew.estimate(rows, ONE)[0] == 0


def test_a_backlog_of_an_hour_does_not_move_a_clock() -> None:
    rows = skew.blank(1)
    for i in range(16):
        skew.learn(rows, ONE, np.array([START + i * MINUTE]), START + i * MINUTE)
    for i in range(60):
        skew.learn(rows, ONE, np.array([START + (16 + i) * MINUTE]), START + 76 * MINUTE + i)
    assert skew.estimate(rows, ONE)[0] == pytest.approx(0)
