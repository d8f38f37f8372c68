from hypothesis import given
from hypothesis import strategies as st

from ingest.batch import Batch


def test_a_lonely_item_does_not_wait_for_company() -> None:
    now = [0.0]
    batch: Batch[str] = Batch(size=500, age=2.0, clock=lambda: now[0])
    batch.extend(["a"])
    now[0] += 1.9
    assert not batch.due
    now[0] += 0.2
    assert batch.due


def test_a_full_batch_does_not_wait_for_age() -> None:
    batch: Batch[int] = Batch(size=3, age=1e9)
    batch.extend([1, 2, 3])
    assert batch.due
    assert batch.room == 0


def test_an_empty_batch_is_never_due() -> None:
    now = [0.0]
    batch: Batch[int] = Batch(size=1, age=0.1, clock=lambda: now[0])
    now[0] += 100
    assert not batch.due
    assert batch.patience == 0.1


def test_age_counts_from_the_first_item_not_the_last() -> None:
    now = [0.0]
    batch: Batch[int] = Batch(size=10, age=2.0, clock=lambda: now[0])
    batch.extend([1])
    now[0] += 1.5
    batch.extend([2])
    assert batch.patience == 0.5


@given(st.lists(st.lists(st.integers())))
def test_what_goes_in_comes_out_once_and_in_order(groups: list[list[int]]) -> None:
    batch: Batch[int] = Batch(size=5, age=1.0)
    out: list[int] = []
    for group in groups:
        batch.extend(group)
        if batch.due:
            out += batch.empty()
    assert out + batch.empty() == [item for group in groups for item in group]
