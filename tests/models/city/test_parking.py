"""How full a place is, in words that do not flicker."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.city import parking
from models.city.parking import Rules, Status

RULES = Rules().checked()
SHARES = st.lists(st.none() | st.floats(0, 1.2), max_size=40)


def words(*shares: float | None, before: Status = Status.OPEN) -> list[str]:
    found = parking.statuses(RULES, before, np.array(shares, dtype=np.float64))
    return [Status(each).word for each in found]


def test_a_status_is_entered_at_once_and_left_with_hysteresis() -> None:
    assert words(0.5, 0.9, 0.87, 0.86, 1.0, 0.97, 0.95, 0.5) == [
        "open",
        "almostFull",
        "almostFull",
        "open",
        "full",
        "full",
        "almostFull",
        "open",
    ]


def test_silence_changes_nothing() -> None:
    assert words(None, 0.2, None, before=Status.FULL) == ["full", "open", "open"]


@given(shares=SHARES, cut=st.integers(0, 40))
def test_statuses_cut_anywhere_are_the_same(shares: list[float | None], cut: int) -> None:
    values = np.array(shares, dtype=np.float64)
    whole = parking.statuses(RULES, Status.OPEN, values)
    first = parking.statuses(RULES, Status.OPEN, values[:cut])
    then = Status(first[-1]) if first.size else Status.OPEN
    assert [*first, *parking.statuses(RULES, then, values[cut:])] == whole.tolist()


@given(share=st.floats(0, 1.2), before=st.sampled_from(Status))
def test_the_same_occupancy_again_changes_nothing(share: float, before: Status) -> None:
    once, again = parking.statuses(RULES, before, np.array([share, share]))
    assert once == again


def test_an_occupancy_is_a_share_of_the_spots() -> None:
    assert parking.occupancy(30, 40) == 0.75
    assert parking.occupancy(41, 40) == pytest.approx(1.025)
    assert parking.occupancy(None, 40) is None
    assert parking.occupancy(0, 0) is None


@pytest.mark.parametrize(
    ("occupied", "available", "out_of_service", "expected"),
    [
        (30, 10, 0, True),
        (30, 8, 2, True),
        (30, 9, 0, False),
        (-1, 41, 0, False),
        (None, 1, 0, None),
    ],
)
def test_taken_and_free_spots_are_all_there_are(
    occupied: float | None, available: float, out_of_service: float, *, expected: bool | None
) -> None:
    assert parking.consistent(occupied, available, 40, out_of_service) is expected


def test_words_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="almost full comes before full"):
        Rules(almost=0.99, full=0.9).checked()
