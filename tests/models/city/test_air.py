"""The vectors of Decision 1459/QĐ-TCMT, and the laws of its index."""

import doctest
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import air

# The Decision's example: PM2.5 from 9 to 20 o'clock.
HOURS = [26.9, 24.7, 20.5, 23.5, 19.5, 16.5, 19.0, 16.5, 20.3, 22.4, 19.6, 20.6]
COLUMNS = sorted(air.BREAKPOINTS)
AMOUNTS = st.floats(0, 200_000)
HOURLY = st.lists(st.none() | st.floats(0, 600), min_size=0, max_size=14)


def test_the_examples_in_the_docstrings_hold() -> None:
    tried = doctest.testmod(air)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_nowcast_of_the_example() -> None:
    cast = air.nowcast(HOURS)
    assert cast is not None
    assert cast.weight == pytest.approx(0.6134, abs=5e-5)
    assert cast.concentration == pytest.approx(20.27, abs=0.005)
    assert not cast.incomplete
    assert air.hourly({"pm25": HOURS}).value == 41


@pytest.mark.parametrize(
    ("pollutant", "averaging", "amount", "expected"),
    [
        ("o3", "1h", 136.1, 43),
        ("no2", "1h", 118.7, 59),  # 59.35; the Decision prints 60
        ("o3", "8h", 89.3, 45),
        ("o3", "1h", 114.6, 36),
        ("no2", "1h", 130.8, 65),
        ("pm25", "24h", 55.7, 110),  # 109.5 exactly
        ("pm25", "24h", 25, 50),
        ("pm25", "24h", 501, 500),
        ("co", "1h", 10_000, 50),
        ("pm10", "24h", 0, 0),
        ("pm10", "24h", -1.5, 0),
    ],
)
def test_a_concentration_has_the_sub_index_of_the_table(
    pollutant: str, averaging: str, amount: float, expected: int
) -> None:
    assert air.half_up(air.sub_index(pollutant, averaging, amount)) == expected


@pytest.mark.parametrize("column", COLUMNS)
def test_every_breakpoint_has_its_own_index(column: tuple[str, str]) -> None:
    for index, amount in zip(air.INDICES, air.BREAKPOINTS[column], strict=False):
        assert air.sub_index(*column, amount) == index


@given(column=st.sampled_from(COLUMNS), one=AMOUNTS, two=AMOUNTS)
def test_more_of_a_pollutant_is_never_a_lower_index(
    column: tuple[str, str], one: float, two: float
) -> None:
    low, high = sorted([one, two])
    assert Decimal(0) <= air.sub_index(*column, low) <= air.sub_index(*column, high) <= 500


def test_the_day_of_the_example_is_110_and_poor() -> None:
    o3 = np.full(24, 80.0)
    o3[:8] = 89.3 - (114.6 - 89.3) / 7  # eight hours whose mean is 89.3, and highest 114.6
    o3[7] = 114.6
    found = air.daily({"o3": o3, "no2": [130.8] + [60.0] * 23, "pm25": [55.7] * 24})
    assert [(each.pollutant, each.averaging, each.value) for each in found.parts] == [
        ("pm25", "24h", 110),
        ("o3", "1h", 36),
        ("o3", "8h", 45),
        ("no2", "1h", 65),
    ]
    assert (found.value, found.dominant, found.incomplete) == (110, "pm25", False)
    assert found.category is not None
    assert (found.category.name_vi, found.category.rgb) == ("Kém", (255, 126, 0))


def test_a_missing_hour_lowers_the_nowcast_at_half_weight_and_is_told() -> None:
    hours = [20.0] * 8 + [1.0, None, 80.0, 100.0]
    cast = air.nowcast(hours)
    assert cast is not None
    assert (cast.weight, cast.incomplete) == (0.5, True)
    assert cast.concentration == pytest.approx(71.31, abs=0.005)
    found = air.hourly({"pm25": hours})
    assert found.incomplete
    assert found.parts[0].averaging == "nowcast"


@pytest.mark.parametrize(
    ("newest", "enough"),
    [
        ([10.0, 10.0, None], True),
        ([None, 10.0, 10.0], True),
        ([10.0, None, None], False),
        ([None, None, 10.0], False),
        ([float("nan"), float("inf"), 10.0], False),
    ],
)
def test_a_nowcast_takes_two_of_the_newest_three_hours(
    newest: list[float | None], *, enough: bool
) -> None:
    assert (air.nowcast([10.0] * 9 + newest) is not None) is enough


@given(level=st.floats(0, 500), missing=st.sets(st.integers(0, 8)))
def test_steady_air_is_its_own_nowcast_whatever_is_missing(level: float, missing: set[int]) -> None:
    hours = [None if hour in missing else level for hour in range(12)]
    cast = air.nowcast(hours)
    assert cast is not None
    assert cast.concentration == pytest.approx(level)
    assert cast.incomplete is bool(missing)


@given(hours=HOURLY)
def test_a_nowcast_is_not_above_the_highest_hour(hours: list[float | None]) -> None:
    cast = air.nowcast(hours)
    if cast is not None:
        known = [hour for hour in hours[-12:] if hour is not None]
        assert 0.5 <= cast.weight <= 1
        assert -1e-9 <= cast.concentration <= max(known) + 1e-9


def test_only_twelve_hours_count_and_a_short_series_is_incomplete() -> None:
    assert air.nowcast([500.0, *HOURS]) == air.nowcast(HOURS)
    short = air.nowcast(HOURS[-5:])
    assert short is not None
    assert short.incomplete


def test_there_is_no_index_without_particles_but_its_parts_are_told() -> None:
    found = air.hourly({"o3": [136.1], "pm25": [None] * 12})
    assert (found.value, found.category, found.dominant) == (None, None, None)
    assert [each.value for each in found.parts] == [43]
    assert air.hourly({}) == air.Index(None, None, None, (), incomplete=False)


def test_an_hour_without_its_gas_leaves_the_gas_out() -> None:
    found = air.hourly({"pm10": [60.0] * 12, "so2": [400.0, None]})
    assert [each.pollutant for each in found.parts] == ["pm10"]
    assert found.dominant == "pm10"


def test_the_highest_pollutant_is_the_dominant_one() -> None:
    found = air.hourly({"pm25": HOURS, "pm10": HOURS, "no2": [118.7], "co": [500.0]})
    assert (found.value, found.dominant) == (59, "no2")
    assert {each.pollutant for each in found.parts} == {"pm25", "pm10", "no2", "co"}


def test_eight_hours_of_ozone_above_400_do_not_count() -> None:
    found = air.daily({"o3": [401.0] * 24, "pm25": [10.0] * 24})
    assert [each.averaging for each in found.parts if each.pollutant == "o3"] == ["1h"]
    assert air.daily({"o3": [400.0] * 24, "pm25": [10.0] * 24}).value == 300


@pytest.mark.parametrize(("hours", "there"), [(18, True), (17, False)])
def test_a_day_of_particles_takes_three_quarters_of_its_hours(hours: int, *, there: bool) -> None:
    found = air.daily({"pm25": [10.0] * hours})
    assert (found.value is not None) is there
    assert found.incomplete is there


def test_what_is_no_day_and_no_pollutant_is_refused() -> None:
    with pytest.raises(ValueError, match="24 hours, not 25"):
        air.daily({"pm25": [10.0] * 25})
    with pytest.raises(air.UnknownPollutant, match="co2"):
        air.hourly({"co2": [400.0]})


@given(index=st.integers(0, 500))
def test_every_index_has_one_category(index: int) -> None:
    found = air.category(index)
    assert found.low <= index <= found.high
    assert sum(each.low <= index <= each.high for each in air.CATEGORIES) == 1


def test_the_categories_are_those_of_the_decision() -> None:
    assert [(each.high, each.name_vi, each.rgb) for each in air.CATEGORIES] == [
        (50, "Tốt", (0, 228, 0)),
        (100, "Trung bình", (255, 255, 0)),
        (150, "Kém", (255, 126, 0)),
        (200, "Xấu", (255, 0, 0)),
        (300, "Rất xấu", (143, 63, 151)),
        (500, "Nguy hại", (126, 0, 35)),
    ]
