"""A dossier is the same in whatever order its events come in."""

from datetime import UTC, datetime, time, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from models.egov.course import Event, Reason, Rules
from models.egov.dossier import Dossier, apply, as_of, fold
from models.egov.state import BEGINNINGS, MOVES, Channel, State
from models.egov.timeliness import bucket, due_by
from models.egov.worktime import NO_TIME, Calendar, Span, Term

CALENDAR = Calendar(((time(7, 30), time(11, 30)), (time(13, 30), time(17))))
RULES = Rules(CALENDAR, Term(2, Span.WORKING_DAYS))
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

HOURS = st.integers(0, 60).map(lambda hours: START + timedelta(hours=hours))
ANY_EVENT = st.builds(
    Event,
    id=st.sampled_from("abcdefgh"),  # few of them: the same id with other content comes often
    dossier=st.just("H02-1"),
    unit=st.sampled_from(["S01", "D1"]),
    procedure=st.just("CT.01"),
    channel=st.just(Channel.ONLINE),
    state=st.sampled_from(State),
    at=st.one_of(HOURS, st.just(LONG_AGO)),
    due_at=st.none() | HOURS,
)


@st.composite
def courses(draw: st.DrawFn) -> list[Event]:
    """Events along the table of moves, some of them at one moment."""
    state, at, found = draw(st.sampled_from(sorted(BEGINNINGS))), START, []
    for number in range(draw(st.integers(1, 8))):
        due = draw(st.none() | HOURS)
        found.append(Event(f"e{number}", "H02-1", "S01", "CT.01", Channel.ONLINE, state, at, due))
        if not MOVES[state]:
            break
        state = draw(st.sampled_from(sorted(MOVES[state])))
        at += timedelta(hours=draw(st.integers(0, 30)))
    return found


EVENTS = st.one_of(
    st.lists(ANY_EVENT, max_size=10),
    courses(),
    st.tuples(courses(), st.lists(ANY_EVENT, max_size=3)).map(lambda both: both[0] + both[1]),
)


@given(events=EVENTS, data=st.data())
def test_any_order_gives_the_same_dossier(events: list[Event], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events))
    assert fold(RULES, shuffled) == fold(RULES, events)


@given(events=EVENTS, data=st.data())
def test_one_by_one_gives_the_same_as_all_at_once(events: list[Event], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events))
    one_by_one = reduce(lambda known, event: apply(RULES, known, event), shuffled, Dossier())
    assert one_by_one == fold(RULES, events)


@given(events=EVENTS)
def test_the_same_events_again_change_nothing(events: list[Event]) -> None:
    once = fold(RULES, events)
    assert fold(RULES, events * 2) == once
    assert reduce(lambda known, event: apply(RULES, known, event), events, once) == once


@given(events=EVENTS)
def test_no_event_is_lost_and_none_counts_twice(events: list[Event]) -> None:
    dossier = fold(RULES, events)
    known = [*dossier.events, *(each.event for each in dossier.quarantined)]
    assert set(known) == set(events)
    assert len(known) == len(set(events))
    assert len({event.id for event in dossier.events}) == len(dossier.events)


@given(events=courses())
def test_what_follows_the_table_strictly_in_time_is_never_set_aside(events: list[Event]) -> None:
    apart = [each._replace(at=each.at + timedelta(seconds=i)) for i, each in enumerate(events)]
    dossier = fold(RULES, apart)
    assert not dossier.quarantined
    assert dossier.course.state is apart[-1].state


@given(events=EVENTS, moment=HOURS)
def test_looking_back_is_folding_what_was_there(events: list[Event], moment: datetime) -> None:
    then = [each for each in events if LONG_AGO < each.at <= moment]
    assert as_of(RULES, fold(RULES, events), moment).course == fold(RULES, then).course


@given(events=EVENTS, moment=HOURS)
def test_the_clock_is_sane(events: list[Event], moment: datetime) -> None:
    course = fold(RULES, events).course
    assert course.paused >= NO_TIME
    if course.received_at is None:
        assert bucket(CALENDAR, course, moment) is None
    else:
        assert course.due_at is not None
        assert (due_by(CALENDAR, course, moment) or course.due_at) >= course.due_at
    if course.finished_at is not None and course.received_at is not None:
        assert course.finished_at >= course.received_at


@given(events=EVENTS)
def test_a_conflict_has_a_namesake_that_counts_or_is_refused(events: list[Event]) -> None:
    dossier = fold(RULES, events)
    others = {
        each.event.id for each in dossier.quarantined if each.reason is not Reason.CONFLICT
    } | {event.id for event in dossier.events}
    assert all(
        each.event.id in others for each in dossier.quarantined if each.reason is Reason.CONFLICT
    )
