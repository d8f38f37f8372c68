"""Working time of offices: how much of it has passed, and when so much has.

Every moment is aware of its zone, and a naive one is refused. An office's day is cut by its own
local time. What is done as the office closes is done then, and not the next morning.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

VIETNAM = timezone(timedelta(hours=7))
NO_TIME = timedelta(0)
# Outside these days a moment is a mistake (a device's 1970, a year of four nines).
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)
MONTHS_A_YEAR = 12
MONDAY = 0
# Of the province's offices none were found in print; these are commonly kept [G].
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 30), time(17)))


class OutsideCalendar(ValueError):
    """A moment lies where no calendar reaches (1990 to 2100), or does not say its zone."""


Hours = tuple[tuple[time, time], ...]  # stretches of the local day, in order


class Timetable(NamedTuple):
    """The hours of some weekdays (Monday is 0) from a day on, until the day before another.

    Of a weekend's day too: an office may work on Saturday mornings.
    """

    weekdays: frozenset[int]
    hours: Hours
    valid_from: date
    valid_to: date | None = None


class Calendar(NamedTuple):
    """When offices work: dated data of the province, nothing that is known by itself.

    hours are those of an ordinary day, and hold where no timetable says otherwise; free are days
    off besides the weekend, extra the days of a weekend that are worked like any other (swapped
    Saturdays). What is received after cutoff counts from the next working day on.
    """

    hours: Hours
    free: frozenset[date] = frozenset()
    extra: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({5, 6})  # Monday is 0
    cutoff: time = time(15)
    zone: tzinfo = VIETNAM
    timetables: tuple[Timetable, ...] = ()

    def checked(self) -> "Calendar":
        """This calendar. Raises ValueError where it makes no sense."""
        for hours in (self.hours, *(each.hours for each in self.timetables)):
            edges = [edge for stretch in hours for edge in stretch]
            if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
                raise ValueError("office hours come in order, and there are some")
        if self.free & self.extra:
            raise ValueError(f"both free and worked: {min(self.free & self.extra)}")
        return self


class Span(StrEnum):
    """What a procedure's time is counted in (DonViTinh); all hours are working hours [G]."""

    SAME_DAY = "same-day"
    HOURS = "hours"
    WORKING_DAYS = "working-days"
    DAYS = "days"
    MONTHS = "months"


class Term(NamedTuple):
    """How long a procedure may take: an amount of a span; that of a same-day one means nothing."""

    amount: int
    span: Span


class Days(NamedTuple):
    """The working days of a calendar: ordinals, hours, and the working time at which each starts.

    starts has one more, at which it all ends.
    """

    working: tuple[int, ...]
    hours: tuple[Hours, ...]
    starts: tuple[timedelta, ...]


@lru_cache(maxsize=16)
def days_of(calendar: Calendar) -> Days:
    """The working days of a calendar, from FIRST to LAST."""
    every = range(FIRST.toordinal(), LAST.toordinal() + 1)
    worked_on = {
        day: hours for day in every if (hours := hours_of(calendar, date.fromordinal(day)))
    }
    lengths = {hours: length(hours) for hours in set(worked_on.values())}
    starts = accumulate((lengths[hours] for hours in worked_on.values()), initial=NO_TIME)
    return Days(tuple(worked_on), tuple(worked_on.values()), tuple(starts))


def hours_of(calendar: Calendar, day: date) -> Hours:
    """When offices work on a day; none where they do not."""
    if day in calendar.extra:
        return in_force(calendar, day, MONDAY) or calendar.hours
    if day in calendar.free:
        return ()
    usual = () if day.weekday() in calendar.weekend else calendar.hours
    return in_force(calendar, day, day.weekday()) or usual


def in_force(calendar: Calendar, day: date, weekday: int) -> Hours:
    """The hours that a timetable has for a weekday as of a day; none where there is none."""
    for each in calendar.timetables:
        begun = weekday in each.weekdays and each.valid_from <= day
        if begun and (each.valid_to is None or day < each.valid_to):
            return each.hours
    return ()


def length(hours: Hours) -> timedelta:
    """The working time of so many hours."""
    return sum((span(opens, closes) for opens, closes in hours), NO_TIME)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether offices work on a day."""
    return bool(hours_of(calendar, day))


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether offices are open at a moment; not any more as they close."""
    here = local(calendar, at)
    now = here.time()
    return any(opens <= now < closes for opens, closes in hours_of(calendar, here.date()))


def workday(calendar: Calendar) -> timedelta:
    """The working time of an ordinary day."""
    return length(calendar.hours)


def worked(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """The working time between two moments; negative where until is before since."""
    return since_first(calendar, until) - since_first(calendar, since)


def after(calendar: Calendar, at: datetime, work: timedelta) -> datetime:
    """When so much working time has passed since a moment; in the calendar's zone.

    Never before the moment itself. Raises ValueError for less than none.
    """
    if work < NO_TIME:
        raise ValueError("working time runs forward only")
    target = since_first(calendar, at) + work
    full = bisect_left(days_of(calendar).starts, target) - 1  # ends as it closes, if it can
    found = moment(calendar, max(full, 0), target)
    return max(found, local(calendar, at))


def before(calendar: Calendar, at: datetime, work: timedelta) -> datetime:
    """From when on so much working time or less is left until a moment; in the calendar's zone.

    Raises ValueError for less than none.
    """
    if work < NO_TIME:
        raise ValueError("working time is looked back for, not forward")
    target = since_first(calendar, at) - work
    full = bisect_left(days_of(calendar).starts, target) - 1
    return min(moment(calendar, max(full, 0), target), local(calendar, at))


def opening(calendar: Calendar, at: datetime) -> datetime:
    """The first moment of working time that is not before a moment."""
    target = since_first(calendar, at)
    number = bisect_right(days_of(calendar).starts, target) - 1
    return moment(calendar, number, target, resumes=True)


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """When the first working day after a moment's day opens."""
    here = local(calendar, at)
    return opening(calendar, in_day(calendar, here.date(), time.max))


def closing(calendar: Calendar, at: datetime) -> datetime:
    """When offices close on a moment's day, or on the next working day where it is free."""
    here = local(calendar, at)
    midnight = in_day(calendar, here.date(), time.min)
    day = opening(calendar, midnight).date()
    return in_day(calendar, day, hours_of(calendar, day)[-1][1])


def clock_start(calendar: Calendar, received: datetime) -> datetime:
    """From when on the time of what was received counts.

    Received after the cutoff (15:00, see Calendar) counts as the next working day's, and so does
    what comes on a free day; a moment before the office opens, as it opens.
    """
    here = local(calendar, received)
    if here.time() > calendar.cutoff and is_working_day(calendar, here.date()):
        return next_opening(calendar, here)
    return opening(calendar, here)


def deadline(calendar: Calendar, received: datetime, term: Term) -> datetime:
    """When what was received is due.

    Days count from clock_start on; hours from the moment itself, whatever the cutoff [D]. A
    same-day procedure is due as the office closes; days and months of the calendar end as it
    closes too, and where that day is free on the next working day (civil code, [G]).
    """
    if term.span is Span.HOURS:
        return after(calendar, received, timedelta(hours=term.amount))
    start = clock_start(calendar, received)
    if term.span is Span.WORKING_DAYS:
        return after(calendar, start, term.amount * workday(calendar))
    if term.span is Span.DAYS:
        return closing(calendar, start + timedelta(days=term.amount))
    if term.span is Span.MONTHS:
        return closing(calendar, months_later(start, term.amount))
    return closing(calendar, start)


def months_later(at: datetime, months: int) -> datetime:
    """The same day so many months later, or that month's last."""
    years, month = divmod(at.month - 1 + months, MONTHS_A_YEAR)
    first = at.replace(year=at.year + years, month=month + 1, day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    last = (following - timedelta(days=1)).day
    return first.replace(day=min(at.day, last))


def since_first(calendar: Calendar, at: datetime) -> timedelta:
    """The working time from the calendar's first day to a moment."""
    here = local(calendar, at)
    working, hours, starts = days_of(calendar)
    ordinal = here.toordinal()
    number = bisect_left(working, ordinal)
    if number == len(working) or working[number] != ordinal:
        return starts[number]
    now = here.time()
    done = (span(opens, min(now, closes)) for opens, closes in hours[number] if now > opens)
    return starts[number] + sum(done, NO_TIME)


def moment(
    calendar: Calendar, number: int, target: timedelta, *, resumes: bool = False
) -> datetime:
    """The moment of the number-th working day at which the working time since the first is target.

    At the end of a stretch that is the stretch's end, or, where it resumes, the next one's start.
    """
    working, hours, starts = days_of(calendar)
    if number >= len(working):
        raise OutsideCalendar(f"no calendar reaches beyond {LAST}")
    left = target - starts[number]
    for opens, closes in hours[number]:
        here = span(opens, closes)
        if left < here or (left == here and not resumes):
            break
        left -= here
    return in_day(calendar, date.fromordinal(working[number]), opens) + left


def local(calendar: Calendar, at: datetime) -> datetime:
    """A moment in the calendar's zone. Raises OutsideCalendar for a naive or an impossible one."""
    if not reaches(at):
        raise OutsideCalendar(f"no calendar reaches {at}, or it does not say its zone")
    return at.astimezone(calendar.zone)


def reaches(at: datetime) -> bool:
    """Whether a moment can be reckoned with: it says its zone, and a calendar reaches it."""
    return at.tzinfo is not None and FIRST.year < at.year < LAST.year


def in_day(calendar: Calendar, day: date, hour: time) -> datetime:
    """The moment of an hour of a local day."""
    return datetime.combine(day, hour, calendar.zone)


@lru_cache(maxsize=4096)
def span(since: time, until: time) -> timedelta:
    """The time between two hours of one day."""
    return datetime.combine(FIRST, until) - datetime.combine(FIRST, since)
