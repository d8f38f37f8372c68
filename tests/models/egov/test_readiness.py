"""Readiness: a weighted mean in which what is missing is missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.readiness import Weight, checked, readiness

DAY, CHANGE = date(2026, 2, 24), date(2026, 6, 1)
WEIGHTS = (
    Weight("uptime", "Khả dụng", "Uptime", 2),
    Weight("one-stop", "Một cửa", "One-stop", 1, valid_to=CHANGE),
    Weight("one-stop", "Một cửa", "One-stop", 3, valid_from=CHANGE),
    Weight("signed", "Ký số", "Signed", 1),
)


def test_readiness_is_a_weighted_mean() -> None:
    found = readiness(WEIGHTS, {"uptime": 100.0, "one-stop": 80.0, "signed": 40.0}, DAY)
    assert found.score == 80.0
    assert found.coverage == 1.0
    assert [part.points for part in found.parts] == [50.0, 20.0, 10.0]


def test_what_is_missing_is_not_assessed_and_never_zero() -> None:
    found = readiness(WEIGHTS, {"uptime": 90.0, "signed": None}, DAY)
    assert found.score == 90.0
    assert found.coverage == 0.5
    assert found.missing == ("one-stop", "signed")
    assert readiness(WEIGHTS, {"uptime": 90.0, "signed": 0.0}, DAY).score == 60.0
    assert readiness(WEIGHTS, {}, DAY).score is None
    assert readiness((), {"uptime": 90.0}, DAY).score is None


def test_weights_are_those_of_the_day() -> None:
    inputs = {"uptime": 0.0, "one-stop": 100.0, "signed": 0.0}
    assert readiness(WEIGHTS, inputs, DAY).score == 25.0
    assert readiness(WEIGHTS, inputs, CHANGE).score == 50.0


def test_weights_that_make_no_sense_are_refused() -> None:
    assert checked(WEIGHTS) is WEIGHTS
    with pytest.raises(ValueError, match="weighs nothing"):
        checked([WEIGHTS[0]._replace(weight=0)])
    with pytest.raises(ValueError, match="two weights"):
        checked([*WEIGHTS, WEIGHTS[1]])


CODES = st.sampled_from(["uptime", "one-stop", "signed"])


@given(inputs=st.dictionaries(CODES, st.none() | st.floats(-50, 150)))
def test_a_score_lies_among_its_inputs(inputs: dict[str, float | None]) -> None:
    found = readiness(WEIGHTS, inputs, DAY)
    known = [min(max(each, 0.0), 100.0) for each in inputs.values() if each is not None]
    assert (found.score is None) == (not known)
    if found.score is not None:
        assert min(known) - 1e-6 <= found.score <= max(known) + 1e-6
    assert 0 <= found.coverage <= 1
