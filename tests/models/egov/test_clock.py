"""A dossier's clock: its buckets at any moment are comparisons, and its counts add up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.egov.clock import Clock, clock, standing
from models.egov.course import Event
from models.egov.daybook import COLUMNS, day_of, difference, entries
from models.egov.dossier import Dossier, fold
from models.egov.timeliness import bucket, on_time
from models.egov.worktime import before, workday, worked
from tests.models.egov.test_dossier_laws import CALENDAR, RULES, START, courses


def begun(dossier: Dossier) -> Clock | None:
    return clock(CALENDAR, dossier.course, dossier.events[0].at) if dossier.events else None


@given(events=courses(), hours=st.floats(0, 600))
def test_a_bucket_at_any_moment_is_a_comparison(events: list[Event], hours: float) -> None:
    dossier = fold(RULES, events)
    found = begun(dossier)
    if found is None or dossier.course.moved_at is None:
        return
    now = dossier.course.moved_at + timedelta(hours=hours)
    if found.ended_at is not None and not found.with_result:
        assert found.stands is None
    else:
        assert standing(found, now) == bucket(CALENDAR, dossier.course, now)


@given(events=courses(), hours=st.floats(0, 600))
def test_the_index_counts_it_as_late_from_a_moment_on(events: list[Event], hours: float) -> None:
    dossier = fold(RULES, events)
    found = begun(dossier)
    if found is None or found.due_at is None or dossier.course.moved_at is None:
        return
    now = dossier.course.moved_at + timedelta(hours=hours)
    missed = found.missed_at is not None and found.missed_at < now
    if found.ended_at is None and dossier.course.waiting_since is None:
        assert on_time(CALENDAR, dossier.course, now) is not missed
    if found.ended_at is not None:
        assert on_time(CALENDAR, dossier.course, now) is found.in_time
        assert (found.missed_at is None) is found.in_time


@given(events=courses())
def test_what_it_is_counted_for_adds_up(events: list[Event]) -> None:
    found = begun(fold(RULES, events))
    if found is None:
        return
    counts = dict.fromkeys(COLUMNS, 0)
    for entry in entries(found):
        counts[entry.what] += 1
    assert counts["received"] == 1
    assert counts["closed"] <= counts["dated"] <= counts["accepted"] <= 1
    assert counts["early"] + counts["on_time"] + counts["late"] <= counts["ended"]
    # Overdue now: fell late, and did not end. Whoever ended late had fallen late before.
    assert counts["fell_late"] >= counts["closed"] - counts["closed_in_time"]


@given(before_it=courses(), after_it=courses())
def test_the_difference_is_nothing_or_moves_counts(
    before_it: list[Event], after_it: list[Event]
) -> None:
    old, new = begun(fold(RULES, before_it)), begun(fold(RULES, after_it))
    if old is None or new is None:
        return
    assert difference([old], [old]) == ({}, {})
    there, _ = difference([], [old])
    change, _ = difference([old], [new])
    now, _ = difference([], [new])
    for entry in there | now | change:
        assert there.get(entry, 0) + change.get(entry, 0) == now.get(entry, 0)


@given(minutes=st.integers(0, 60 * 24 * 60), work=st.integers(0, 30 * 60))
def test_before_is_from_when_on_so_much_or_less_is_left(minutes: int, work: int) -> None:
    at, span = START + timedelta(minutes=minutes), timedelta(minutes=work)
    found = before(CALENDAR, at, span)
    assert found <= at
    assert worked(CALENDAR, found, at) == span or found == at
    earlier = found - timedelta(seconds=1)
    assert worked(CALENDAR, earlier, at) >= worked(CALENDAR, found, at)
    assert worked(CALENDAR, found - workday(CALENDAR) * 9, at) > span
    assert day_of(found) <= day_of(at)
