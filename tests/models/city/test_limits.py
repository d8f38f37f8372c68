"""Which limit is in force on a day: QCVN 05 as an example of dated data."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import limits
from models.city.limits import Limit, LimitsOverlap

OLD, NEW, LATER = date(2014, 1, 1), date(2023, 9, 12), date(2026, 1, 1)
AIR = [
    Limit("pm25", "24h", 50, "ug/m3", OLD, NEW, "QCVN 05:2013"),
    Limit("pm25", "24h", 50, "ug/m3", NEW, LATER, "QCVN 05:2023"),
    Limit("pm25", "24h", 45, "ug/m3", LATER, None, "QCVN 05:2023"),
    Limit("pm25", "1y", 25, "ug/m3", OLD),
    Limit("pm10", "24h", 150, "ug/m3", OLD, NEW, "QCVN 05:2013"),
    Limit("pm10", "24h", 100, "ug/m3", NEW, None, "QCVN 05:2023"),
    Limit("so2", "1h", 350, "ug/m3", NEW),
    Limit("so2", "24h", 125, "ug/m3", NEW),
    Limit("co", "8h", 10_000, "ug/m3", NEW),
]


@pytest.mark.parametrize(
    ("metric", "averaging", "day", "value"),
    [
        ("pm25", "24h", date(2025, 12, 31), 50),
        ("pm25", "24h", date(2026, 1, 1), 45),
        ("pm10", "24h", date(2023, 9, 11), 150),
        ("pm10", "24h", date(2023, 9, 12), 100),
        ("so2", "1h", date(2024, 1, 1), 350),
        ("so2", "24h", date(2024, 1, 1), 125),
        ("so2", "1h", date(2020, 1, 1), None),
        ("pm25", "1h", date(2024, 1, 1), None),
    ],
)
def test_a_day_has_the_limit_that_is_in_force(
    metric: str, averaging: str, day: date, value: float | None
) -> None:
    found = limits.in_force(limits.checked(AIR), metric, averaging, day)
    assert (found and found.value) == value


@given(days=st.integers(0, 5000))
def test_whatever_the_day_at_most_one_limit_is_in_force(days: int) -> None:
    day = OLD + timedelta(days=days)
    there = [row for row in AIR if row[:2] == ("pm25", "24h") and limits.in_force_on(row, day)]
    assert len(there) == 1
    assert limits.in_force(AIR, "pm25", "24h", day) == there[0]


def test_a_value_is_told_against_its_limit() -> None:
    over = limits.exceedance(AIR[2], 54)
    assert over == limits.Exceedance(1.2, 9, exceeded=True)
    at = limits.exceedance(AIR[2], 45)
    assert at is not None
    assert not at.exceeded
    assert limits.exceedance(AIR[2], None) is None
    assert limits.exceedance(AIR[2], float("nan")) is None


def test_limits_that_overlap_are_refused_and_the_newest_holds_until_somebody_looks() -> None:
    both = [AIR[0]._replace(valid_to=None), AIR[2]]
    with pytest.raises(LimitsOverlap, match="pm25 24h has two limits on 2026-01-01"):
        limits.checked(both)
    found = limits.in_force(both, "pm25", "24h", LATER)
    assert found == AIR[2]


@pytest.mark.parametrize(
    "wrong",
    [AIR[0]._replace(averaging="2h"), AIR[0]._replace(value=0), AIR[0]._replace(valid_to=OLD)],
    ids=["averaging", "value", "valid_to"],
)
def test_a_limit_that_makes_no_sense_is_refused(wrong: Limit) -> None:
    with pytest.raises(ValueError, match="no limit: pm25"):
        limits.checked([wrong])
