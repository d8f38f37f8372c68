"""Working time, across weekends, Tet and swapped Saturdays."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.worktime import (
    NO_TIME,
    VIETNAM,
    Calendar,
    OutsideCalendar,
    Span,
    Term,
    after,
    clock_start,
    closing,
    deadline,
    is_open,
    next_opening,
    opening,
    workday,
    worked,
)

HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))
TET = frozenset(date(2026, 2, day) for day in range(16, 21))  # the official days of 2026
SWAPPED = date(2026, 2, 28)  # a Saturday, made up for this test
CALENDAR = Calendar(HOURS, free=TET, extra=frozenset({SWAPPED})).checked()
A_DAY = timedelta(hours=7, minutes=30)

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 4, 1), timezones=st.just(UTC))  # noqa: DTZ001
WORK = st.timedeltas(NO_TIME, timedelta(hours=200))


def at(day: int, hour: int, minute: int = 0, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


def test_a_working_day_is_as_long_as_its_hours() -> None:
    assert workday(CALENDAR) == A_DAY
    assert worked(CALENDAR, at(9, 0), at(10, 0)) == A_DAY
    assert worked(CALENDAR, at(9, 11), at(9, 14)) == timedelta(hours=1)


def test_from_friday_before_tet_to_the_monday_after_nobody_works() -> None:
    assert worked(CALENDAR, at(13, 17), at(23, 7, 30)) == NO_TIME
    assert opening(CALENDAR, at(13, 17)) == at(23, 7, 30)
    assert next_opening(CALENDAR, at(13, 9)) == at(23, 7, 30)
    assert after(CALENDAR, at(13, 16), timedelta(hours=2)) == at(23, 8, 30)


def test_a_swapped_saturday_is_worked_and_the_sunday_after_it_is_not() -> None:
    assert is_open(CALENDAR, at(28, 9))
    assert not is_open(CALENDAR, at(1, 9, month=3))
    assert after(CALENDAR, at(27, 17), timedelta(hours=1)) == at(28, 8, 30)


def test_an_office_that_closes_is_closed() -> None:
    assert is_open(CALENDAR, at(9, 7, 30))
    assert not is_open(CALENDAR, at(9, 11, 30))
    assert not is_open(CALENDAR, at(9, 17))


def test_what_is_done_as_the_office_closes_is_done_then() -> None:
    assert after(CALENDAR, at(9, 7, 30), A_DAY) == at(9, 17)
    assert after(CALENDAR, at(9, 7, 30), timedelta(hours=4)) == at(9, 11, 30)
    assert after(CALENDAR, at(9, 20), NO_TIME) == at(9, 20)


@pytest.mark.parametrize(
    ("received", "start"),
    [
        (at(9, 15), at(9, 15)),
        (at(9, 15, 1), at(10, 7, 30)),
        (at(13, 15, 1), at(23, 7, 30)),
        (at(9, 6), at(9, 7, 30)),
        (at(9, 12), at(9, 13, 30)),
        (at(14, 9), at(23, 7, 30)),
        (at(14, 16), at(23, 7, 30)),
        (at(27, 16), at(28, 7, 30)),
        (datetime(2026, 2, 9, 8, 30, tzinfo=UTC), at(10, 7, 30)),
    ],
)
def test_what_comes_after_three_counts_from_the_next_working_day(
    received: datetime, start: datetime
) -> None:
    assert clock_start(CALENDAR, received) == start


@pytest.mark.parametrize(
    ("received", "term", "expected"),
    [
        (at(9, 9), Term(0, Span.SAME_DAY), at(9, 17)),
        (at(9, 15, 30), Term(0, Span.SAME_DAY), at(10, 17)),
        (at(13, 15, 30), Term(0, Span.SAME_DAY), at(23, 17)),
        (at(9, 9), Term(3, Span.HOURS), at(9, 14)),
        (at(9, 16), Term(3, Span.HOURS), at(10, 9, 30)),
        (at(9, 9), Term(3, Span.WORKING_DAYS), at(12, 9)),
        (at(12, 9), Term(3, Span.WORKING_DAYS), at(24, 9)),
        (at(9, 16), Term(1, Span.WORKING_DAYS), at(10, 17)),
        (at(9, 9), Term(2, Span.DAYS), at(11, 17)),
        (at(9, 9), Term(5, Span.DAYS), at(23, 17)),
        (at(27, 9), Term(1, Span.MONTHS), at(27, 17, month=3)),
        (datetime(2026, 1, 30, 9, tzinfo=VIETNAM), Term(1, Span.MONTHS), at(28, 17)),
    ],
)
def test_deadlines(received: datetime, term: Term, expected: datetime) -> None:
    assert deadline(CALENDAR, received, term) == expected


def test_the_offices_zone_cuts_the_day_and_not_the_senders() -> None:
    elsewhere = at(9, 9).astimezone(timezone(timedelta(hours=-10)))
    assert closing(CALENDAR, elsewhere) == at(9, 17)
    assert is_open(CALENDAR, elsewhere)


@given(moment=MOMENTS, work=WORK)
def test_what_is_added_is_what_is_measured(moment: datetime, work: timedelta) -> None:
    assert worked(CALENDAR, moment, after(CALENDAR, moment, work)) == work


@given(moment=MOMENTS, first=WORK, then=WORK)
def test_adding_in_two_steps_is_adding_at_once(
    moment: datetime, first: timedelta, then: timedelta
) -> None:
    paused = after(CALENDAR, moment, first)
    assert after(CALENDAR, paused, then) == after(CALENDAR, moment, first + then)


@given(one=MOMENTS, two=MOMENTS, work=WORK)
def test_who_begins_earlier_ends_no_later(one: datetime, two: datetime, work: timedelta) -> None:
    early, late = sorted((one, two))
    assert early <= after(CALENDAR, early, work) <= after(CALENDAR, late, work)
    assert NO_TIME <= worked(CALENDAR, early, late) <= late - early


@given(one=MOMENTS, two=MOMENTS, three=MOMENTS)
def test_working_time_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    total = worked(CALENDAR, one, two) + worked(CALENDAR, two, three)
    assert total == worked(CALENDAR, one, three)


@given(moment=MOMENTS)
def test_the_clock_starts_in_working_time_and_never_early(moment: datetime) -> None:
    assert is_open(CALENDAR, clock_start(CALENDAR, moment))
    assert clock_start(CALENDAR, moment) >= opening(CALENDAR, moment) >= moment


def test_a_moment_that_says_no_zone_or_lies_beyond_is_refused() -> None:
    for moment in (datetime(2026, 2, 9, 9), datetime(1970, 1, 1, tzinfo=UTC)):  # noqa: DTZ001
        with pytest.raises(OutsideCalendar):
            worked(CALENDAR, moment, at(9, 9))
    with pytest.raises(OutsideCalendar):
        after(CALENDAR, at(9, 9), timedelta(days=40_000))
    with pytest.raises(ValueError, match="forward"):
        after(CALENDAR, at(9, 9), -A_DAY)


def test_a_calendar_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="in order"):
        Calendar(((time(9), time(8)),)).checked()
    with pytest.raises(ValueError, match="in order"):
        Calendar(()).checked()
    with pytest.raises(ValueError, match="2026-02-16"):
        Calendar(HOURS, free=TET, extra=TET).checked()
