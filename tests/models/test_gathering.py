from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.correlate import Sign
from models.gathering import NEAR, QUIET, Odd, compared, correlated, gathered
from models.incident import Severity
from models.reading import microseconds

AT = datetime(2026, 3, 2, tzinfo=UTC)


def odd(minute: int, stream: int = 1, score: float = 0.999) -> Odd:
    return Odd(stream, AT + timedelta(minutes=minute), score)


ODDS = st.lists(
    st.builds(odd, st.integers(0, 5000), st.integers(1, 4), st.floats(0.9, 1)), max_size=40
)


def test_anomalies_of_a_stream_that_are_near_are_one_incident() -> None:
    found = gathered([odd(0), odd(29, score=0.9999), odd(60), odd(0, stream=2)])
    assert [(each.stream_id, each.anomalies, each.score) for each in found] == [
        (1, 2, 0.9999),
        (1, 1, 0.999),
        (2, 1, 0.999),
    ]
    assert found[0].last_anomaly_at - found[0].began_at == timedelta(minutes=29)
    assert gathered([odd(0)._replace(said=Severity.HIGH), odd(1)])[0].said is Severity.HIGH


def test_what_is_the_same_new_and_gone() -> None:
    was = gathered([odd(0), odd(1000), odd(0, stream=2)])
    would_be = gathered([odd(45), odd(2000), odd(0, stream=3)])
    same, new, gone = compared(was, would_be)
    assert [(one.began_at, other.began_at) for one, other in same] == [
        (AT, AT + timedelta(minutes=45))
    ]
    assert [each.stream_id for each in new] == [1, 3]
    assert [each.stream_id for each in gone] == [1, 2]


def test_a_newcomer_does_not_take_the_place_of_its_neighbour() -> None:
    same, new, _ = compared(gathered([odd(50)]), gathered([odd(0), odd(50)]))
    assert [one.began_at for one, _ in same] == [other.began_at for _, other in same]
    assert [each.began_at for each in new] == [AT]


def test_one_cause_at_many_streams_is_one_incident_and_has_one_counterpart() -> None:
    def said(number: int, minute: int) -> tuple[Odd, Sign]:
        at = microseconds(AT + timedelta(minutes=minute))
        return odd(minute, number), Sign(f"m-{number}", "power", "energy", "213", None, at, "x", 1)

    was = correlated([said(2, 1), said(1, 0), said(1, 500)])
    assert [(each.stream_id, each.streams) for each in was] == [
        (1, frozenset({1, 2})),
        (1, frozenset({1})),
    ]
    same, new, gone = compared(was, correlated([said(2, 3)]))
    assert (len(same), len(new), len(gone)) == (1, 0, 1)


@given(ODDS)
def test_every_anomaly_is_in_one_incident_and_incidents_are_apart(odds: list[Odd]) -> None:
    found = gathered(odds)
    assert sum(each.anomalies for each in found) == len(odds)
    for one, other in pairwise(found):
        assert one.stream_id != other.stream_id or other.began_at - one.last_anomaly_at > QUIET


@given(ODDS, ODDS)
def test_nothing_is_counted_twice_and_nothing_lost(was: list[Odd], would_be: list[Odd]) -> None:
    before, after = gathered(was), gathered(would_be)
    same, new, gone = compared(before, after)
    assert sorted([one for one, _ in same] + gone) == sorted(before)
    assert sorted([other for _, other in same] + new) == sorted(after)
    assert all(one.stream_id == other.stream_id for one, other in same)
    assert all(other.began_at - one.last_anomaly_at <= NEAR for one, other in same)


@given(ODDS)
def test_the_same_account_has_no_difference(odds: list[Odd]) -> None:
    same, new, gone = compared(gathered(odds), gathered(odds))
    assert (len(same), new, gone) == (len(gathered(odds)), [], [])
