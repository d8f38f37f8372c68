"""Days of units as arrays: periods, what stood open, what counts in whom, what readiness looks at."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.daybook import COLUMNS
from models.egov.overdue import position, positions
from models.egov.standing import Turn, facts_of, fresh, reachable
from models.egov.unit_index import indexes
from models.egov.worktime import OFFICE_HOURS, Calendar
from models.egov.yearbook import Period, counted, rollup, told_by_others, yearbook
from tests.models.egov.published import GRADES, WEIGHTS

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 4)
CALENDAR = Calendar(OFFICE_HOURS, free=frozenset({date(2026, 3, 5)}))
NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)  # a Wednesday, 10:30 in the province


def did(**counts: int) -> list[float]:
    return [float(counts.get(name, 0)) for name in COLUMNS]


BOOK = yearbook(
    FIRST,
    LAST,
    [
        ("a", FIRST, did(received=4, online=1, dated=4)),
        ("a", date(2026, 3, 3), did(closed=2, closed_in_time=1, fell_late=2)),
        ("b", LAST, did(received=2, online=2, dated=2)),
    ],
    [("a", 2, 1), ("b", 2, 0)],
    more=["c"],
)
UP = [("a", "a", 1.0), ("b", "b", 1.0), ("a", "top", 1.0), ("b", "top", 0.5)]


def test_what_stood_open_is_reckoned_back_from_the_last_day() -> None:
    stood = [[each.tolist() for each in BOOK.stood(day)] for day in (FIRST, date(2026, 3, 3), LAST)]
    assert stood == [
        [[4, 0, 0], [0, 0, 0]],
        [[2, 0, 0], [1, 0, 0]],
        [[2, 2, 0], [1, 0, 0]],
    ]


def test_on_time_is_what_ended_in_time_or_is_not_overdue_yet() -> None:
    in_time, judged = counted(BOOK, FIRST, LAST)["PROGRESS_ON_TIME"]
    assert (in_time.tolist(), judged.tolist()) == ([2, 2, 0], [4, 2, 0])
    online, received = counted(BOOK, FIRST, FIRST)["ONLINE_DOSSIERS"]
    assert (online.tolist(), received.tolist()) == ([1, 0, 0], [4, 0, 0])


def test_a_unit_counts_above_with_its_share_and_the_index_is_of_the_sums() -> None:
    others = told_by_others(BOOK.place, [("a", "PAYMENT_DOSSIERS", 1, 4), ("a", "PAYMENT_DOSSIERS", 1, 0)])  # fmt: skip
    roll = rollup(BOOK.units, UP)
    found = indexes(WEIGHTS, GRADES, roll, counted(BOOK, FIRST, LAST) | others)
    assert set(found) == {"a", "b", "top"}
    scores = {each.weight.code: each for each in found["top"].scores}
    assert tuple(scores["PROGRESS_ON_TIME"].counted) == (3, 5)
    assert tuple(scores["PAYMENT_DOSSIERS"].counted) == (2, 4)
    nobody = {each.weight.code: each for each in found["b"].scores}["PAYMENT_DOSSIERS"]
    assert nobody.score is None  # nobody counts there: not assessed, and not 0
    assert found["top"].grade is None
    assert rollup(BOOK.units, UP, ["nobody"]).up(np.ones(3)).tolist() == [0.0]


@pytest.mark.parametrize(
    ("period", "begins"),
    [
        (Period.MONTH, date(2026, 11, 1)),
        (Period.QUARTER, date(2026, 10, 1)),
        (Period.YEAR, date(2026, 1, 1)),
    ],
)
def test_a_period_begins_on_its_first_day(period: Period, begins: date) -> None:
    assert period.start(date(2026, 11, 27)) == begins
    assert period.start(begins) == begins


@given(st.lists(st.integers(0, 40 * 24 * 3600), max_size=20))
def test_positions_of_many_moments_are_those_of_each(seconds: list[int]) -> None:
    moments = [datetime(2026, 2, 20, tzinfo=UTC) + timedelta(seconds=each) for each in seconds]
    found = positions(CALENDAR, np.array([each.timestamp() for each in moments], np.float64))
    assert found.tolist() == pytest.approx([position(CALENDAR, each) for each in moments])
    assert positions(CALENDAR, np.array([np.nan])).tolist() == [np.inf]


def test_silence_counts_against_a_unit_in_working_time_alone() -> None:
    tuesday = NOW - timedelta(days=1)
    turns = [
        Turn(tuesday, "online"),
        Turn(tuesday + timedelta(hours=7), "silent"),  # 17:30, closed
        Turn(NOW - timedelta(hours=1), "online"),  # 9:30: two hours of the morning are lost
    ]
    # From 10:30 on Tuesday to 10:30 on Wednesday an office works for a whole day of 7.5 hours.
    assert reachable(CALENDAR, turns, NOW) == pytest.approx(100 * (1 - 2 / 7.5))
    assert reachable(CALENDAR, [], NOW) is None
    assert fresh(CALENDAR, None, NOW) is None
    assert fresh(CALENDAR, NOW, NOW) == 100
    assert fresh(CALENDAR, NOW - timedelta(hours=1), NOW) == pytest.approx(100 * (1 - 1 / 7.5))
    assert fresh(CALENDAR, NOW - timedelta(days=5), NOW) == 0


def test_what_is_told_of_a_kind_holds_where_a_unit_has_nothing_of_its_own() -> None:
    facts = {
        ("24", "signed.commune"): 0.4,
        ("215", "signed.commune"): 0.6,
        ("07234", "signed"): 1.0,
    }
    assert facts_of(facts, ["24", "215", "07234"], "commune", "signed") == 100
    assert facts_of(facts, ["24", "215", "07237"], "commune", "signed") == 60
    assert facts_of(facts, ["24", "216", "07297"], "commune", "signed") == 40
    assert facts_of(facts, ["24", "216"], "district", "signed") is None
