from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models import feedback
from models.budget import LEAST
from models.feedback import MOST, Line, Verdict, factor, steps

AT = datetime(2026, 3, 2, tzinfo=UTC)


def line(number: int, incident: int, verdict: Verdict) -> Line:
    return Line(number, incident, AT + timedelta(minutes=number), "lan", verdict, "")


def said(*verdicts: Verdict) -> list[Line]:
    """Each of an incident of its own."""
    return [line(number, number, verdict) for number, verdict in enumerate(verdicts, 1)]


LINES = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(Verdict)), max_size=60).map(
    lambda pairs: [line(n, incident, verdict) for n, (incident, verdict) in enumerate(pairs, 1)]
)


def test_false_alarms_make_a_stream_quieter_and_real_ones_half_as_much_louder() -> None:
    assert factor(steps(said(Verdict.FALSE))) == feedback.UP
    assert factor(steps(said(Verdict.FALSE, Verdict.REAL, Verdict.REAL))) == 1.0
    assert factor(steps(said(Verdict.REAL))) < 1.0


def test_what_is_withdrawn_leaves_no_trace_but_its_line() -> None:
    lines = [line(1, 7, Verdict.FALSE), line(2, 7, Verdict.WITHDRAWN)]
    found = steps(lines)
    assert factor(found) == 1.0
    assert [(step.in_force, step.before, step.after) for step in found] == [(False, 1.0, 1.0)] * 2


def test_a_second_thought_counts_instead_of_the_first() -> None:
    twice = [line(1, 7, Verdict.FALSE), line(2, 7, Verdict.REAL)]
    assert factor(steps(twice)) == factor(steps([line(2, 7, Verdict.REAL)]))


@given(LINES)
def test_no_word_makes_a_stream_mute_or_a_flood(lines: list[Line]) -> None:
    found = steps(lines)
    assert all(LEAST <= step.after <= MOST for step in found)
    assert [step.line for step in found] == lines
    assert all(step.in_force for step in found if step.before != step.after)


@given(LINES)
def test_withdrawing_everything_leads_back_to_the_models_own(lines: list[Line]) -> None:
    back = [
        line(100 + incident, incident, Verdict.WITHDRAWN)
        for incident in {each.incident_id for each in lines}
    ]
    assert factor(steps([*lines, *back])) == 1.0


@given(LINES)
def test_the_order_of_reading_does_not_matter(lines: list[Line]) -> None:
    assert steps(lines[::-1]) == steps(lines)
