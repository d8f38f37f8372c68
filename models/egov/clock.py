"""The clock of a dossier as moments, so that where it stands at any time is a comparison."""

from datetime import datetime
from typing import NamedTuple

from models.egov.course import Course
from models.egov.state import State
from models.egov.timeliness import LONG, Bucket, bucket, due_by, on_time
from models.egov.worktime import Calendar, after, before, opening, workday

WITH_RESULT = frozenset({State.DONE, State.RETURNED})


class Clock(NamedTuple):
    """What a dossier is counted by.

    soon_at, late_at and long_at are from when on it is due within a working day, overdue, and long
    overdue (timeliness.LONG); None where that does not come by itself: while it waits for its
    citizen the clock stands. missed_at is from when on the index counts it as late. stands and
    in_time say how it ended, with_result whether it did with one.
    """

    unit: str
    procedure: str
    channel: int
    begun_at: datetime
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    soon_at: datetime | None = None
    late_at: datetime | None = None
    long_at: datetime | None = None
    ended_at: datetime | None = None
    returned_at: datetime | None = None
    with_result: bool = False
    stands: str | None = None
    in_time: bool | None = None
    missed_at: datetime | None = None


def clock(calendar: Calendar, course: Course, begun_at: datetime) -> Clock | None:
    """The clock of a dossier; None before its first event that counts."""
    if course.unit is None or course.procedure is None or course.channel is None:
        return None
    found = Clock(
        course.unit,
        course.procedure,
        int(course.channel),
        begun_at,
        accepted_at=course.received_at,
        ended_at=course.finished_at,
        returned_at=course.moved_at if course.state is State.RETURNED else None,
        with_result=course.finished_at is not None and course.state in WITH_RESULT,
    )
    if course.finished_at is not None:
        due = due_by(calendar, course, course.finished_at)
    else:
        due = course.due_at if course.received_at is not None else None
    return found if due is None else dated(calendar, course, found, due)


def dated(calendar: Calendar, course: Course, found: Clock, due: datetime) -> Clock:
    """The clock of a dossier that is due at a moment."""
    soon = before(calendar, due, workday(calendar))
    long = opening(calendar, after(calendar, due, LONG * workday(calendar)))
    stopped = course.waiting_since if course.finished_at is None else None
    found = found._replace(
        due_at=due,
        soon_at=soon if stopped is None or soon <= stopped else None,
        late_at=due if stopped is None or due < stopped else None,
        long_at=long if stopped is None or long < stopped else None,
    )
    found = found._replace(missed_at=missed(course, found))
    if course.finished_at is None:
        return found
    stands = bucket(calendar, course, course.finished_at)
    in_time = on_time(calendar, course, course.finished_at)
    return found._replace(
        stands=stands.value if stands and found.with_result else None,
        in_time=in_time,
        missed_at=None if in_time else found.missed_at,
    )


def missed(course: Course, found: Clock) -> datetime | None:
    """From when on the index counts a dossier as late, as far as it is known by now.

    Asked twice for papers it is late from the beginning: when it was asked is not kept.
    """
    return found.accepted_at if course.supplements > 1 else found.late_at


def standing(found: Clock, at: datetime) -> Bucket | None:
    """How a dossier stands at a moment after its last event; None where it has no deadline."""
    if found.ended_at is not None:
        return None if found.stands is None else Bucket(found.stands)
    if found.due_at is None:
        return None
    if found.late_at is not None and found.late_at < at:
        long = found.long_at is not None and found.long_at < at
        return Bucket.LONG_OVERDUE if long else Bucket.OVERDUE
    soon = found.soon_at is not None and found.soon_at <= at
    return Bucket.DUE_SOON if soon else Bucket.ON_TIME
