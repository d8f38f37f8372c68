"""Who speaks for whom, whatever the family looks like."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.connectivity import (
    NEVER,
    Blame,
    Ends,
    Limits,
    blame_upwards,
    heard_through,
    score,
    told_again,
    with_descendants,
)

LIMITS = Limits()
SIZE = 12


@st.composite
def families(draw: st.DrawFn) -> np.ndarray:
    """Any parents at all: trees, and circles."""
    return np.array(draw(st.lists(st.integers(-1, SIZE - 1), min_size=SIZE, max_size=SIZE)))


MOMENTS = st.lists(st.floats(0, 1e6), min_size=SIZE, max_size=SIZE).map(np.array)
FLAGS = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE).map(np.array)


def nobody() -> Blame:
    return Blame(np.zeros(SIZE, bool), np.full(SIZE, NEVER))


@given(parent=families(), heard=MOMENTS)
def test_nobody_is_heard_later_than_somebody_spoke_nor_earlier_than_itself(
    parent: np.ndarray, heard: np.ndarray
) -> None:
    through = heard_through(parent, heard)
    assert (through >= heard).all()
    assert set(through) <= set(heard)


@given(parent=families(), chosen=FLAGS)
def test_descendants_have_an_ancestor_that_was_chosen(
    parent: np.ndarray, chosen: np.ndarray
) -> None:
    found = with_descendants(parent, chosen)
    assert (found >= chosen).all()
    for each in np.flatnonzero(found & ~chosen):
        assert found[parent[each]]


@given(parent=families(), at=MOMENTS, slack=MOMENTS, silent=FLAGS, folded=FLAGS)
def test_who_is_to_blame_has_enough_silent_children(
    parent: np.ndarray,
    at: np.ndarray,
    slack: np.ndarray,
    silent: np.ndarray,
    folded: np.ndarray,
) -> None:
    none = np.zeros(SIZE, bool)
    blamed, ends = blame_upwards(
        LIMITS, parent, Ends(at, slack, none, silent), nobody(), folded & silent
    )
    for each in np.flatnonzero(blamed.whom):
        children = (parent == each) & ends.silent
        assert children.sum() >= LIMITS.fewest
        assert np.isfinite(blamed.at[each])
    assert (ends.silent == (silent | blamed.whom)).all()


@given(parent=families(), at=MOMENTS, slack=MOMENTS)
def test_nobody_is_to_blame_while_all_speak(
    parent: np.ndarray, at: np.ndarray, slack: np.ndarray
) -> None:
    none = np.zeros(SIZE, bool)
    blamed, _ = blame_upwards(LIMITS, parent, Ends(at, slack, none, none), nobody(), none)
    assert not blamed.whom.any()


@given(one=st.floats(0, 1e12), more=st.floats(0, 1e12))
def test_a_longer_silence_is_odder_and_a_score_is_a_share(one: float, more: float) -> None:
    short, long = score(np.array([one, one + more]))
    assert 0.0 <= short <= long < 1.0


@given(lasted=st.floats(1, 1e12), told=st.integers(1, 40))
def test_a_silence_is_told_again_only_when_it_has_doubled(lasted: float, told: int) -> None:
    assert told_again(np.array([lasted]), np.array([told]))[0] == (lasted >= 2**told)
    assert told_again(np.array([lasted]), np.array([0]))[0]
