"""Where the sun stands, and which lamps are wrong about it."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import lighting
from models.city.lighting import Light, Rules
from models.reading import DAY, HOUR, MINUTE, microseconds

RULES = Rules().checked()
PLACE = (21.29, 106.19)  # Bắc Giang
SUNRISE = -0.833


def at(*when: int) -> np.ndarray:
    return np.array([microseconds(datetime(*when, tzinfo=UTC))])  # type: ignore[arg-type, misc]


def test_the_sun_stands_where_the_published_example_puts_it() -> None:
    # Reda and Andreas (NREL/TP-560-34302): 39.872 degrees without refraction.
    found = lighting.solar_elevation(at(2003, 10, 17, 19, 30, 30), 39.742476, -105.1786)
    assert found[0] == pytest.approx(39.872, abs=0.3)


@pytest.mark.parametrize(
    ("day", "up", "down"),
    [((2025, 6, 21), 5 * 60 + 15, 18 * 60 + 40), ((2025, 12, 21), 6 * 60 + 29, 17 * 60 + 19)],
)
def test_the_sun_rises_and_sets_in_hanoi_when_people_say_so(
    day: tuple[int, int, int], up: int, down: int
) -> None:
    times = at(*day)[0] - 7 * HOUR + np.arange(1440) * MINUTE
    above = np.flatnonzero(lighting.solar_elevation(times, 21.0285, 105.8542) > SUNRISE)
    assert above[0] == pytest.approx(up, abs=3)
    assert above[-1] == pytest.approx(down, abs=3)


@given(time=st.integers(0, 80 * 365 * DAY), latitude=st.floats(-90, 90), lon=st.floats(-180, 180))
def test_the_sun_is_never_higher_than_the_tropics_allow(
    time: int, latitude: float, lon: float
) -> None:
    found = float(lighting.solar_elevation(np.array([time]), latitude, lon)[0])
    assert abs(found) <= 90 - max(abs(latitude) - 23.6, 0) + 1e-6


def test_a_lamp_is_wrong_by_day_when_it_burns_and_by_night_when_it_is_dark() -> None:
    times = np.concatenate([at(2026, 3, 1, 5), at(2026, 3, 1, 15)]).repeat(3)  # noon, 22 o'clock
    shares = np.array([0.0, 0.9, np.nan] * 2)
    assert lighting.verdicts(RULES, times, shares, *PLACE).tolist() == [
        Light.FINE,
        Light.BURNING_BY_DAY,
        Light.UNKNOWN,
        Light.DARK_BY_NIGHT,
        Light.FINE,
        Light.UNKNOWN,
    ]


def test_a_lamp_that_is_dimmed_burns() -> None:
    dimmed = lighting.verdicts(RULES, at(2026, 3, 1, 15), np.array([0.3]), *PLACE)
    assert dimmed.tolist() == [Light.FINE]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_at_dusk_either_is_right(share: float) -> None:
    times = at(2026, 3, 1)[0] + np.arange(1440) * MINUTE
    elevation = lighting.solar_elevation(times, *PLACE)
    dusk = times[(elevation < RULES.day_above) & (elevation > RULES.night_below)]
    assert 40 <= dusk.size <= 90
    found = lighting.verdicts(RULES, dusk, np.full(dusk.size, share), *PLACE)
    assert set(found.tolist()) == {Light.UNKNOWN}


@given(time=st.integers(0, 80 * 365 * DAY), share=st.floats(0, 1.2))
def test_no_lamp_must_burn_and_be_dark_at_once(time: int, share: float) -> None:
    times = np.array([time])
    must = lighting.should_burn(RULES, times, *PLACE)
    must_not = lighting.should_be_dark(RULES, times, *PLACE)
    assert not (must & must_not).any()
    known = bool((must | must_not)[0])
    assert (lighting.verdicts(RULES, times, np.array([share]), *PLACE)[0] >= 0) == known


@pytest.mark.parametrize(
    ("dark", "burning", "fine", "unknown", "expected"),
    [
        (5, 0, 5, 0, Light.DARK_BY_NIGHT),
        (4, 0, 6, 0, Light.FINE),
        (0, 9, 1, 0, Light.BURNING_BY_DAY),
        (2, 0, 0, 8, Light.UNKNOWN),
        (3, 0, 0, 7, Light.DARK_BY_NIGHT),
        (2, 0, 2, 0, Light.FINE),
        (0, 0, 0, 0, Light.UNKNOWN),
    ],
)
def test_a_group_fails_when_half_of_its_known_lamps_and_three_do(
    dark: int, burning: int, fine: int, unknown: int, expected: Light
) -> None:
    lights = np.array([2] * dark + [1] * burning + [0] * fine + [-1] * unknown, np.int8)
    assert lighting.group_failure(RULES, lights) == expected


def test_a_night_that_begins_by_day_is_refused() -> None:
    with pytest.raises(ValueError, match="not before the end of day"):
        Rules(day_above=-6, night_below=3).checked()
