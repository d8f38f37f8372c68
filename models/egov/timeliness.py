"""How a dossier stands to its deadline: in words for a screen, and by the index's own rule."""

from datetime import datetime
from enum import StrEnum

from models.egov.course import Course
from models.egov.state import State
from models.egov.worktime import Calendar, after, workday, worked

LONG = 5  # working days overdue beyond which a dossier is long overdue [D]


class Bucket(StrEnum):
    """How a dossier stands to its deadline [D]."""

    EARLY = "early"
    ON_TIME = "on-time"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long-overdue"

    @property
    def words(self) -> tuple[str, str]:
        """What it is called in Vietnamese and in English."""
        return WORDS[self]


WORDS: dict[Bucket, tuple[str, str]] = {
    Bucket.EARLY: ("Trước hạn", "Early"),
    Bucket.ON_TIME: ("Trong hạn", "On time"),
    Bucket.DUE_SOON: ("Sắp đến hạn", "Due within a working day"),
    Bucket.OVERDUE: ("Quá hạn", "Overdue"),
    Bucket.LONG_OVERDUE: ("Quá hạn trên 5 ngày làm việc", "Overdue by more than 5 working days"),
}


def bucket(calendar: Calendar, course: Course, now: datetime) -> Bucket | None:
    """How a dossier stands at a moment; None where it was not taken in, or has no deadline.

    A finished one is early (a working day or more), on time or overdue for good; one in process is
    on time until its last working day. The course is that of the moment: see dossier.as_of.
    """
    end = course.finished_at or now
    due = due_by(calendar, course, end)
    if due is None:
        return None
    left = worked(calendar, end, due)
    if end > due:
        return Bucket.OVERDUE if -left <= LONG * workday(calendar) else Bucket.LONG_OVERDUE
    if course.finished_at is not None:
        return Bucket.EARLY if left >= workday(calendar) else Bucket.ON_TIME
    return Bucket.DUE_SOON if left <= workday(calendar) else Bucket.ON_TIME


def due_by(calendar: Calendar, course: Course, now: datetime) -> datetime | None:
    """When a dossier is due, as seen at a moment: while it waits, the deadline moves on.

    None where it was not taken in, or neither its office nor its procedure says.
    """
    if course.received_at is None or course.due_at is None:
        return None
    if course.waiting_since is None or now <= course.waiting_since:
        return course.due_at
    return after(calendar, course.due_at, worked(calendar, course.waiting_since, now))


def on_time(calendar: Calendar, course: Course, period_end: datetime) -> bool | None:
    """Whether the index counts a dossier as on time (sub-metric 2.1 of Decision 766).

    Its end is that of processing, else of the return, else when it was stopped; waiting for its
    only supplement, when that was asked for; else the end of the period. It is on time if it ended
    by its deadline, to which the time waited for a supplement is added. Asked twice for a
    supplement, it is overdue. None where it was not taken in, or nobody says when it is due.
    """
    end = index_end(course, period_end)
    due = due_by(calendar, course, end)
    return None if due is None else course.supplements <= 1 and end <= due


def index_end(course: Course, period_end: datetime) -> datetime:
    """When a dossier ended, as the index counts it."""
    waiting = course.waiting_since if course.state is State.PAPER_ASKED else None
    return course.finished_at or waiting or period_end
