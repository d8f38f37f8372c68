"""The course of a dossier, event by event."""

from datetime import date, datetime, time, timedelta

import pytest

from models.egov.course import Event, Reason, Rules
from models.egov.dossier import Dossier, as_of, fold
from models.egov.state import MOVES, Channel, Group, State
from models.egov.timeliness import Bucket, bucket, on_time
from models.egov.worktime import NO_TIME, VIETNAM, Calendar, Span, Term

TET = frozenset(date(2026, 2, day) for day in range(16, 21))
CALENDAR = Calendar(((time(7, 30), time(11, 30)), (time(13, 30), time(17))), free=TET)
RULES = Rules(CALENDAR, Term(3, Span.WORKING_DAYS))
A_DAY = timedelta(hours=7, minutes=30)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 2, day, hour, minute, tzinfo=VIETNAM)


def move(state: int, when: datetime, *, due: datetime | None = None, unit: str = "S01") -> Event:
    name = f"{state}-{when:%d%H%M}"
    return Event(name, "H02-1", unit, "CT.01", Channel.DIRECT, State(state), when, due)


def of(*events: Event) -> Dossier:
    return fold(RULES, events)


def test_a_dossier_is_received_worked_on_done_and_returned() -> None:
    course = of(
        move(2, at(9, 9)), move(4, at(9, 10)), move(9, at(11, 9)), move(10, at(12, 8))
    ).course
    assert course.state is State.RETURNED
    assert course.received_at == at(9, 9)
    assert course.due_at == at(12, 9)
    assert course.finished_at == at(11, 9)
    assert course.moved_at == at(12, 8)
    assert course.paused == NO_TIME


def test_what_its_office_says_comes_before_its_procedures_time() -> None:
    assert of(move(2, at(9, 9), due=at(11, 17))).course.due_at == at(11, 17)
    assert fold(RULES._replace(term=None), [move(2, at(9, 9))]).course.due_at is None


def test_waiting_for_a_paper_moves_the_deadline_even_across_tet() -> None:
    course = of(
        move(2, at(9, 9)), move(4, at(9, 10)), move(5, at(10, 9)), move(4, at(24, 9))
    ).course
    assert course.paused == 5 * A_DAY
    assert course.due_at == at(26, 9)
    assert course.supplements == 1
    assert course.waiting_since is None


def test_a_deadline_that_the_office_moved_itself_is_not_moved_twice() -> None:
    first = (move(2, at(9, 9), due=at(12, 9)), move(5, at(10, 9), due=at(12, 9)))
    assert of(*first, move(4, at(11, 9), due=at(13, 9))).course.due_at == at(13, 9)
    assert of(*first, move(4, at(11, 9), due=at(12, 9))).course.due_at == at(13, 9)


def test_a_wait_before_it_is_taken_in_costs_nobody_anything() -> None:
    course = of(move(1, at(9, 9)), move(5, at(9, 10)), move(2, at(11, 9))).course
    assert course.received_at == at(11, 9)
    assert course.paused == NO_TIME
    assert course.due_at == at(23, 9)


@pytest.mark.parametrize(
    ("states", "reason"),
    [
        ((9,), Reason.BEGINNING),
        ((2, 10), Reason.MOVE),
        ((2, 4, 9, 10, 4), Reason.CLOSED),
        ((1, 3, 2), Reason.CLOSED),
    ],
)
def test_an_impossible_move_is_set_aside_with_its_reason(
    states: tuple[int, ...], reason: Reason
) -> None:
    events = [move(state, at(9, 8, minute)) for minute, state in enumerate(states)]
    dossier = fold(RULES, events)
    assert [(each.event, each.reason) for each in dossier.quarantined] == [(events[-1], reason)]
    assert dossier.events == tuple(events[:-1])
    assert all(reason.words)


def test_a_late_event_makes_possible_what_was_not() -> None:
    received, worked_on, done = move(2, at(9, 9)), move(4, at(9, 10)), move(9, at(10, 9))
    assert of(received, done).course.state is State.RECEIVED
    assert of(received, done, worked_on).course.state is State.DONE
    assert not of(received, done, worked_on).quarantined


def test_of_two_versions_of_one_event_one_counts_and_the_other_is_a_conflict() -> None:
    first = move(2, at(9, 9))
    other = first._replace(at=at(9, 10))
    dossier = of(other, first, other)
    assert dossier.course.received_at == at(9, 9)
    assert [(each.event, each.reason) for each in dossier.quarantined] == [(other, Reason.CONFLICT)]


def test_an_impossible_time_is_set_aside() -> None:
    long_ago = move(2, at(9, 9))._replace(at=datetime(1970, 1, 1, tzinfo=VIETNAM))
    nowhere = move(4, at(9, 9))._replace(at=datetime(2026, 2, 9, 9))  # noqa: DTZ001
    dossier = of(long_ago, nowhere)
    assert {each.reason for each in dossier.quarantined} == {Reason.TIME}
    assert dossier.course.state is None


def test_events_of_two_dossiers_are_not_folded_into_one() -> None:
    with pytest.raises(ValueError, match="its own events"):
        of(move(2, at(9, 9)), move(4, at(9, 10))._replace(dossier="H02-2"))


def test_any_day_can_be_looked_back_at() -> None:
    dossier = of(move(2, at(9, 9)), move(4, at(9, 10)), move(9, at(11, 9)))
    assert as_of(RULES, dossier, at(10, 0)).course.state is State.IN_PROCESS
    assert as_of(RULES, dossier, at(8, 0)) == Dossier()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(9, 9), Bucket.ON_TIME),
        (at(11, 8), Bucket.ON_TIME),
        (at(11, 9), Bucket.DUE_SOON),
        (at(12, 9), Bucket.DUE_SOON),
        (at(12, 9, 1), Bucket.OVERDUE),
        (at(26, 9), Bucket.OVERDUE),
        (at(26, 9, 1), Bucket.LONG_OVERDUE),
    ],
)
def test_the_buckets_of_a_dossier_in_process(now: datetime, expected: Bucket) -> None:
    assert bucket(CALENDAR, of(move(2, at(9, 9))).course, now) is expected
    assert all(expected.words)


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (at(11, 9), Bucket.EARLY),
        (at(11, 10), Bucket.ON_TIME),
        (at(12, 10), Bucket.OVERDUE),
        (at(27, 9), Bucket.LONG_OVERDUE),
    ],
)
def test_the_buckets_of_a_finished_one_stay(done: datetime, expected: Bucket) -> None:
    course = of(move(2, at(9, 9)), move(4, at(9, 10)), move(9, done)).course
    assert {bucket(CALENDAR, course, now) for now in (done, at(28, 9))} == {expected}


def test_one_that_waits_does_not_become_overdue() -> None:
    course = of(move(2, at(9, 9)), move(5, at(9, 10))).course
    assert bucket(CALENDAR, course, at(28, 9)) is Bucket.ON_TIME


def test_one_without_a_deadline_or_not_taken_in_has_no_bucket() -> None:
    assert bucket(CALENDAR, of(move(1, at(9, 9))).course, at(9, 10)) is None
    undated = fold(Rules(CALENDAR), [move(2, at(9, 9))]).course
    assert bucket(CALENDAR, undated, at(9, 10)) is None
    assert on_time(CALENDAR, undated, at(9, 10)) is None


PERIOD_END = at(28, 0)


def index(*moves: Event, end: datetime = PERIOD_END) -> bool | None:
    return on_time(CALENDAR, of(move(2, at(9, 9)), move(4, at(9, 10)), *moves).course, end)


def test_the_index_takes_the_time_of_processing_before_that_of_the_return() -> None:
    assert index(move(9, at(12, 9)), move(10, at(27, 9))) is True
    assert index(move(9, at(12, 9, 1))) is False
    assert index(move(8, at(11, 9)), move(10, at(27, 9))) is True  # stopped time is a wait [D]
    assert index(move(7, at(12, 9))) is True


def test_the_index_judges_one_without_an_end_by_the_end_of_the_period() -> None:
    assert index(end=at(12, 9)) is True
    assert index(end=at(12, 10)) is False


def test_the_index_ends_one_that_waits_for_its_only_supplement_when_it_was_asked_for() -> None:
    assert index(move(5, at(12, 9))) is True
    assert index(move(5, at(12, 10))) is False


def test_the_index_counts_one_asked_for_two_supplements_as_overdue() -> None:
    once = (move(5, at(10, 9)), move(4, at(10, 10)))
    assert index(*once, move(9, at(10, 11))) is True
    assert index(*once, move(5, at(10, 11)), move(4, at(10, 14)), move(9, at(10, 15))) is False


def test_every_state_has_words_a_group_and_its_moves() -> None:
    assert set(MOVES) == set(State)
    assert [len(set(words)) for words in zip(*(each.words for each in State), strict=True)] == [
        10,
        10,
    ]
    processed = {State.WITHDRAWN, State.DONE, State.RETURNED}
    assert {each for each in State if each.group is Group.PROCESSED} == processed
    assert not MOVES[State.REFUSED] | MOVES[State.WITHDRAWN] | MOVES[State.RETURNED]
