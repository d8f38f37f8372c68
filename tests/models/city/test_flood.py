"""The levels of Decision 05/2020/QĐ-TTg, what leaves them, and what was seen in October 2025."""

import doctest
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import flood, limits
from models.city.flood import Rules, State, Station
from models.city.series import OutOfOrder
from models.reading import HOUR, MINUTE

THUONG = Station("Phủ Lạng Thương", "Thương", 4.30, 5.30, 6.30, record=7.53)
CAU = Station("Đáp Cầu", "Cầu", 4.30, 5.30, 6.30)
CAU_SON = Station("Cầu Sơn", "Thương", 14.00, 15.00, 16.00)
PHUC_LOC = Station("Phúc Lộc Phương", "Cầu", 6.00, 7.00, 8.00)
LUC_NAM = Station("Lục Nam", "Lục Nam", 4.30, 5.30, 6.30)
STATIONS = [THUONG, CAU, CAU_SON, PHUC_LOC, LUC_NAM]
RULES = Rules()
START = 1_759_654_800_000_000

HEIGHTS = st.lists(st.none() | st.floats(3.5, 7.0), max_size=40)
STEPS = st.integers(0, 40 * MINUTE)


def every(minutes: float, count: int) -> np.ndarray:
    return START + (np.arange(count) * minutes * MINUTE).astype(np.int64)


def metres(*heights: float | None) -> np.ndarray:
    return np.array(heights, dtype=np.float64)


def test_the_example_in_the_docstring_holds() -> None:
    assert doctest.testmod(flood).failed == 0


@pytest.mark.parametrize("station", STATIONS, ids=lambda each: each.name)
def test_a_level_begins_at_its_very_height(station: Station) -> None:
    assert station.checked() is station
    for number, height in enumerate(station.thresholds, start=1):
        assert flood.level(station, height) == number
        assert flood.level(station, height - 0.01) == number - 1


def test_a_level_without_a_height_is_not_known() -> None:
    assert flood.level(CAU, None) is None
    assert flood.level(CAU, float("nan")) is None
    assert flood.levels(CAU, metres(None, 4.4)).tolist() == [-1, 1]


def test_the_flood_of_october_2025_was_historic() -> None:
    heights = metres(7.52, 7.53, 7.60, None)
    assert flood.historic(THUONG, heights).tolist() == [False, True, True, False]
    assert not flood.historic(CAU, heights).any()
    assert flood.levels(THUONG, heights).tolist() == [3, 3, 3, -1]


@pytest.mark.parametrize(
    ("station", "height", "vi", "en"),
    [
        (CAU, 4.37, ">BĐ1: 0,07", ">AL1: 0.07"),
        (CAU, 4.67, ">BĐ1: 0,37", ">AL1: 0.37"),
        (CAU_SON, 14.05, ">BĐ1: 0,05", ">AL1: 0.05"),
        (CAU_SON, 18.37, ">BĐ3: 2,37", ">AL3: 2.37"),
        (THUONG, 4.22, "<BĐ1: 0,08", "<AL1: 0.08"),
        (THUONG, 5.30, "=BĐ2", "=AL2"),
    ],
)
def test_a_report_says_how_far_above_the_level(
    station: Station, height: float, vi: str, en: str
) -> None:
    assert flood.report(station, height) == flood.Report(vi, en)


def test_there_is_no_report_without_a_height() -> None:
    assert flood.report(CAU, None) is None
    assert flood.report(CAU, float("nan")) is None


def test_a_level_is_entered_at_once_and_left_late() -> None:
    times = every(10, 8)
    heights = metres(4.29, 4.30, 4.29, 4.25, 4.24, 4.24, 4.24, 4.24)
    found = flood.course(CAU, RULES, State(), times, heights)
    assert found.levels.tolist() == [0, 1, 1, 1, 1, 1, 1, 0]
    assert found.state == State(0, int(times[7]), None)


def test_one_wrong_reading_does_not_end_an_alarm() -> None:
    heights = metres(5.5, 5.5, 5.5, 5.5, 0.0, 5.5, 5.5)
    found = flood.course(CAU, RULES, State(), every(30, 7), heights)
    assert set(found.levels.tolist()) == {2}
    assert found.state.since == START


def test_a_level_lasts_at_least_its_dwell() -> None:
    found = flood.course(CAU, RULES, State(), every(10, 5), metres(6.4, 4.4, 4.4, 4.4, 4.4))
    assert found.levels.tolist() == [3, 3, 3, 3, 1]


def test_a_recession_of_a_centimetre_an_hour_does_not_flicker() -> None:
    count = 40 * 6
    wave = np.where(np.arange(count) % 2, 0.02, -0.02)
    heights = 4.50 - np.arange(count) / 6 * 0.01 + wave
    found = flood.course(CAU, RULES, State(), every(10, count), heights)
    assert (np.diff(found.levels) != 0).sum() == 1


@pytest.mark.parametrize(
    ("station", "first", "last", "bare", "held"),
    [(CAU, 4.67, 4.37, 1, 1), (THUONG, 4.22, 4.00, 0, 0), (CAU_SON, 14.05, 13.98, 0, 1)],
    ids=lambda each: getattr(each, "name", None),
)
def test_the_recession_of_5_october_2025(
    station: Station, first: float, last: float, bare: int, held: int
) -> None:
    times, heights = every(60, 15), np.linspace(first, last, 15)  # 16:00 to 06:00
    assert flood.level(station, last) == bare
    found = flood.course(station, RULES, State(), times, heights)
    assert found.state.level == held
    rates = flood.rise(RULES, times, heights)[1:]
    assert ((rates < 0) & (rates > -0.03)).all()


@pytest.mark.parametrize(("station", "height"), [(CAU, 7.52), (CAU_SON, 18.37), (THUONG, 7.60)])
def test_the_crests_of_9_october_2025_were_above_level_three(
    station: Station, height: float
) -> None:
    assert flood.level(station, height) == 3


def test_silence_changes_nothing() -> None:
    before = State(2, START, START)
    found = flood.course(CAU, RULES, before, every(60, 3), metres(None, None, None))
    assert found.state == before
    assert found.levels.tolist() == [2, 2, 2]


@given(heights=HEIGHTS, steps=st.lists(STEPS, min_size=40, max_size=40), cut=st.integers(0, 40))
def test_a_course_cut_anywhere_is_the_same_course(
    heights: list[float | None], steps: list[int], cut: int
) -> None:
    times, values = START + np.cumsum(steps)[: len(heights)], metres(*heights)
    whole = flood.course(CAU, RULES, State(), times, values)
    first = flood.course(CAU, RULES, State(), times[:cut], values[:cut])
    second = flood.course(CAU, RULES, first.state, times[cut:], values[cut:])
    assert [*first.levels, *second.levels] == whole.levels.tolist()
    assert second.state == whole.state


@given(heights=HEIGHTS, steps=st.lists(STEPS, min_size=40, max_size=40))
def test_a_course_is_never_below_the_water(heights: list[float | None], steps: list[int]) -> None:
    times, values = START + np.cumsum(steps)[: len(heights)], metres(*heights)
    found = flood.course(CAU, RULES, State(), times, values)
    assert (found.levels >= flood.levels(CAU, values)).all()


@given(height=st.floats(0, 10), count=st.integers(1, 20))
def test_still_water_keeps_its_level(height: float, count: int) -> None:
    found = flood.course(CAU, RULES, State(), every(10, count), np.full(count, height))
    assert set(found.levels.tolist()) == {flood.level(CAU, height)}


def test_a_rise_is_told_in_metres_an_hour() -> None:
    times = every(10, 13)
    rates = flood.rise(RULES, times, 4.0 + np.arange(13) / 6 * 0.3)
    assert np.isnan(rates[:3]).all()
    assert rates[3:] == pytest.approx(0.3)
    assert flood.fast_rise(RULES, rates).tolist() == [False] * 3 + [True] * 10
    slower = flood.rise(RULES, times, 4.0 + np.arange(13) / 6 * 0.29)
    assert not flood.fast_rise(RULES, slower).any()


def test_a_rise_of_what_is_missing_is_missing() -> None:
    heights = metres(4.0, 4.1, None, 4.3, 4.4)
    rates = flood.rise(RULES, every(15, 5), heights)
    assert np.isnan(rates).tolist() == [True, True, True, False, False]
    assert rates[4] == pytest.approx(0.4)


@given(heights=st.lists(st.floats(0, 10), min_size=2, max_size=40), cut=st.integers(0, 39))
def test_a_rise_depends_on_its_last_hour_alone(heights: list[float], cut: int) -> None:
    times, values = every(7, len(heights)), metres(*heights)
    late = times >= times[min(cut, len(heights) - 1)] - HOUR
    whole = flood.rise(RULES, times, values)
    part = flood.rise(RULES, times[late], values[late])
    np.testing.assert_array_equal(whole[cut:], part[len(part) - len(whole[cut:]) :])


def test_what_goes_back_is_refused() -> None:
    with pytest.raises(OutOfOrder, match="must not go back"):
        flood.course(CAU, RULES, State(), every(10, 3)[::-1], metres(1, 2, 3))
    with pytest.raises(OutOfOrder, match="do not fit"):
        flood.rise(RULES, every(10, 3), metres(1, 2))


@pytest.mark.parametrize(
    "wrong",
    [CAU._replace(second=4.2), CAU._replace(third=5.3), CAU._replace(record=6.0)],
    ids=["second", "third", "record"],
)
def test_a_station_whose_levels_do_not_rise_is_refused(wrong: Station) -> None:
    with pytest.raises(ValueError, match="alarm levels rise"):
        wrong.checked()


def test_a_new_decision_gives_a_station_new_levels_from_its_day_on() -> None:
    begin, change = date(2020, 3, 20), date(2026, 5, 1)
    both = [
        CAU._replace(valid_from=begin, valid_to=change),
        CAU._replace(third=6.10, valid_from=change),
    ]
    assert limits.newest(both, date(2026, 4, 30)) == both[0]
    assert limits.newest(both, change) == both[1]
    assert limits.newest(both, date(2019, 1, 1)) is None
