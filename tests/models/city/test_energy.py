"""Power factor, unbalance and supply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import energy
from models.city.energy import Rules, Supply

RULES = Rules().checked()
VOLTS = st.floats(1, 500)


def test_a_power_factor_is_the_active_share() -> None:
    assert energy.power_factor(4.0, 3.0) == pytest.approx(0.8)
    assert energy.power_factor(-4.0, 3.0) == pytest.approx(0.8)
    assert energy.power_factor(5.0, 0.0) == 1.0
    assert energy.power_factor(0.0, 0.0) is None
    assert energy.power_factor(None, 1.0) is None
    assert energy.power_factor(1.0, float("nan")) is None


@given(active=st.floats(-1e9, 1e9), reactive=st.floats(-1e9, 1e9))
def test_a_power_factor_is_a_share(active: float, reactive: float) -> None:
    found = energy.power_factor(active, reactive)
    assert found is None or 0 <= found <= 1


def test_an_unbalance_is_the_largest_deviation_from_the_mean() -> None:
    assert energy.unbalance([462, 463, 455]) == pytest.approx(5 / 460)  # NEMA MG 1's example
    assert energy.unbalance([220, 220, 220]) == 0
    assert energy.unbalance([220, None, 220]) is None
    assert energy.unbalance([0, 0, 0]) is None
    assert energy.unbalance([]) is None


def test_hardly_any_current_is_not_called_unbalanced() -> None:
    assert energy.unbalance([0.0, 0.0, 0.3], least_mean=1.0) is None
    assert energy.unbalance([0.0, 0.0, 30.0], least_mean=1.0) == pytest.approx(2.0)


@given(volts=st.lists(VOLTS, min_size=3, max_size=3), scale=st.floats(0.1, 10))
def test_an_unbalance_is_the_same_in_any_unit_and_order(volts: list[float], scale: float) -> None:
    found = energy.unbalance(volts)
    assert found is not None
    assert 0 <= found <= 2
    assert energy.unbalance([scale * each for each in reversed(volts)]) == pytest.approx(
        found, abs=1e-9
    )


@pytest.mark.parametrize(
    ("volts", "expected"),
    [
        ([220, 221, 219], Supply.NORMAL),
        ([209, 231, 220], Supply.NORMAL),
        ([208, 220, 220], Supply.UNDER),
        ([232, 220, 200], Supply.OVER),
        ([220, 220, 5], Supply.PHASE_LOST),
        ([5, 0, 2], Supply.OUTAGE),
        ([0], Supply.OUTAGE),
        ([0, 0, None], Supply.PHASE_LOST),
        ([None, 220, 220], Supply.NORMAL),
        ([None, None, None], None),
        ([], None),
    ],
)
def test_a_supply_is_what_its_phases_show(
    volts: list[float | None], expected: Supply | None
) -> None:
    assert energy.supply(RULES, volts) == expected


def test_bands_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="dead is below low"):
        Rules(low=0.05).checked()
