"""One step in the course of a dossier: its state, clock and deadline one event later."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.egov.state import MOVES, Channel, Group, State, allowed
from models.egov.worktime import NO_TIME, Calendar, Term, after, deadline, worked


class Event(NamedTuple):
    """One move of one dossier: codes and times, nothing about people.

    at and due_at (when the office says that it is due, None where it does not) bear a zone.
    """

    id: str
    dossier: str
    unit: str
    procedure: str
    channel: Channel
    state: State
    at: datetime
    due_at: datetime | None = None


class Reason(StrEnum):
    """Why an event does not count."""

    BEGINNING = "beginning"
    MOVE = "move"
    CLOSED = "closed"
    CONFLICT = "conflict"
    TIME = "time"

    @property
    def words(self) -> tuple[str, str]:
        """The reason in Vietnamese and in English."""
        return REASONS[self]


REASONS: dict[Reason, tuple[str, str]] = {
    Reason.BEGINNING: (
        "Hồ sơ không thể bắt đầu ở trạng thái này",
        "A dossier cannot begin in this state",
    ),
    Reason.MOVE: (
        "Không được chuyển từ trạng thái hiện tại sang trạng thái này",
        "This state cannot follow the present one",
    ),
    Reason.CLOSED: ("Hồ sơ đã kết thúc", "The dossier is closed"),
    Reason.CONFLICT: (
        "Trùng mã sự kiện nhưng khác nội dung",
        "Another event has the same id and other content",
    ),
    Reason.TIME: ("Thời điểm không hợp lệ", "The time is impossible"),
}


class Rules(NamedTuple):
    """What a dossier is judged by: its office's calendar, and its procedure's time if known."""

    calendar: Calendar
    term: Term | None = None


class Course(NamedTuple):
    """Where a dossier stands after some events.

    state is None before the first that counts, moved_at the time of the last. unit has it now.
    received_at: first taken in. due_at: by then, with all waiting that has ended; stated_due_at:
    by then, as the office said last. paused is working time waited since it was taken in (for
    papers, a fee, or stopped), waiting_since the beginning of a wait that still lasts.
    supplements counts requests for papers. finished_at: processed, else returned, else stopped,
    refused or withdrawn.
    """

    state: State | None = None
    moved_at: datetime | None = None
    unit: str | None = None
    procedure: str | None = None
    channel: Channel | None = None
    received_at: datetime | None = None
    stated_due_at: datetime | None = None
    due_at: datetime | None = None
    paused: timedelta = NO_TIME
    waiting_since: datetime | None = None
    supplements: int = 0
    finished_at: datetime | None = None


def step(rules: Rules, course: Course, event: Event) -> Course | Reason:
    """The course one event later, or why it does not count.

    This is all that whoever keeps courses alone needs for an event that is later than every one
    before it, quarantined ones too; for any other the dossier has to be folded again.
    """
    if not allowed(course.state, event.state):
        return refusal(course.state)
    course = resumed(rules.calendar, course, event)
    course = received(rules, course, event)
    course = due(course, event)
    return ended(paused(course, event), event)._replace(
        state=event.state,
        moved_at=event.at,
        unit=event.unit,
        procedure=event.procedure,
        channel=event.channel,
    )


def refusal(before: State | None) -> Reason:
    """Why a move is refused that the table does not have."""
    if before is None:
        return Reason.BEGINNING
    return Reason.MOVE if MOVES[before] else Reason.CLOSED


def resumed(calendar: Calendar, course: Course, event: Event) -> Course:
    """The course after the end of a wait: what was waited is added to what there is to work."""
    if course.waiting_since is None or event.state.group is Group.PAUSED:
        return course
    if course.received_at is None:
        return course._replace(waiting_since=None)
    waited = worked(calendar, course.waiting_since, event.at)
    later = course.due_at and after(calendar, course.due_at, waited)
    return course._replace(paused=course.paused + waited, due_at=later, waiting_since=None)


def received(rules: Rules, course: Course, event: Event) -> Course:
    """The course once it is taken in: the clock starts, by the procedure's time if it is known."""
    if course.received_at is not None or event.state.group is not Group.IN_PROCESS:
        return course
    stated = event.due_at is not None and event.due_at != course.stated_due_at
    if course.due_at is not None or rules.term is None or stated:
        return course._replace(received_at=event.at)
    promised = deadline(rules.calendar, event.at, rules.term)
    return course._replace(received_at=event.at, due_at=promised)


def due(course: Course, event: Event) -> Course:
    """The course with a deadline that the office states anew; one said again changes nothing."""
    if event.due_at is None or event.due_at == course.stated_due_at:
        return course
    return course._replace(stated_due_at=event.due_at, due_at=event.due_at)


def paused(course: Course, event: Event) -> Course:
    """The course as it begins to wait, and asks for papers."""
    if event.state.group is not Group.PAUSED:
        return course
    asked = course.supplements + (event.state is State.PAPER_ASKED)
    since = course.waiting_since or event.at
    return course._replace(supplements=asked, waiting_since=since)


def ended(course: Course, event: Event) -> Course:
    """The course as it ends; processed comes before returned, and returned before stopped."""
    if event.state in {State.DONE, State.REFUSED, State.STOPPED, State.WITHDRAWN}:
        return course._replace(finished_at=event.at)
    if event.state is State.RETURNED:
        done = course.state is State.DONE
        return course if done else course._replace(finished_at=event.at)
    return course if course.finished_at is None else course._replace(finished_at=None)
