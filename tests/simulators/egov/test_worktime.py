"""Working time: what lies between two moments, and when so much of it has passed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.egov.dossiers import promised_by
from simulators.egov.procedures import procedures
from simulators.egov.worktime import WORKDAY, after, between, is_open, opening
from tests.simulators.egov.province import local

moments = st.integers(int(local("2024-01-01")), int(local("2027-12-31")))


def whole(*texts: str) -> np.ndarray:
    return np.array([int(local(text)) for text in texts])


def place(unit: str, promised: int) -> int:
    return next(
        number
        for number, each in enumerate(procedures())
        if (each.unit, each.promised) == (unit, promised)
    )


@pytest.mark.parametrize(
    ("unit", "promised", "received", "due"),
    [
        ("days", 3, "2026-03-10 10:00", "2026-03-13 10:00"),
        ("days", 3, "2026-03-13 10:00", "2026-03-18 10:00"),  # over a weekend
        ("days", 3, "2026-03-13 16:00", "2026-03-18 17:00"),  # after 15:00: counts from Monday on
        ("days", 3, "2026-02-13 16:00", "2026-02-25 17:00"),  # over Tet, from Monday the 23rd on
        ("days", 5, "2026-02-12 09:00", "2026-02-26 09:00"),
        ("days", 5, "2026-04-24 09:00", "2026-05-06 09:00"),  # 27/4, 30/4 and 1/5 are free
        ("same-day", 0, "2026-03-10 09:00", "2026-03-10 17:00"),
        ("same-day", 0, "2026-03-10 14:59", "2026-03-10 17:00"),
        ("same-day", 0, "2026-03-10 15:00", "2026-03-11 17:00"),
        ("same-day", 0, "2026-03-13 15:30", "2026-03-16 17:00"),
        ("hours", 4, "2026-03-10 09:00", "2026-03-10 15:00"),
        ("hours", 4, "2026-03-10 16:00", "2026-03-11 10:30"),
        ("hours", 8, "2026-03-13 10:00", "2026-03-16 10:30"),
    ],
)
def test_a_dossier_is_due_when_so_much_working_time_has_passed(
    unit: str, promised: int, received: str, due: str
) -> None:
    number = np.array([place(unit, promised)])
    assert promised_by(number, whole(received)).due.tolist() == whole(due).tolist()


def test_nothing_is_worked_at_lunch_by_night_on_free_days_or_over_tet() -> None:
    since = whole("2026-03-10 11:30", "2026-03-10 17:00", "2026-03-14 08:00", "2026-02-14 08:00")
    until = whole("2026-03-10 13:30", "2026-03-11 07:30", "2026-03-15 17:00", "2026-02-22 17:00")
    # Monday, the 16th of February, is the eve of Tet; the 21st and 22nd are a weekend.
    assert between(since, until).tolist() == [0, 0, 0, 0]


def test_a_working_day_has_seven_hours_and_a_half() -> None:
    assert between(whole("2026-03-10 00:00"), whole("2026-03-11 00:00")).tolist() == [WORKDAY]


def test_what_ends_with_the_day_ends_at_closing_time() -> None:
    assert after(whole("2026-03-10 07:30"), WORKDAY).tolist() == whole("2026-03-10 17:00").tolist()
    found = opening(whole("2026-03-10 17:00", "2026-03-10 11:30", "2026-03-10 09:00"))
    expected = whole("2026-03-11 07:30", "2026-03-10 13:30", "2026-03-10 09:00")
    assert found.tolist() == expected.tolist()


@given(at=moments, seconds=st.integers(1, 60 * WORKDAY))
def test_what_is_added_lies_between(at: int, seconds: int) -> None:
    start = np.array([at])
    assert between(start, after(start, seconds)).tolist() == [seconds]


@given(at=moments)
def test_an_opening_is_open_and_nothing_was_worked_until_then(at: int) -> None:
    found = opening(np.array([at]))
    assert found[0] >= at
    assert is_open(found.astype(float)).tolist() == [True]
    assert between(np.array([at]), found).tolist() == [0]
