"""What a dossier is counted for, on which days: the sums of all are what units did."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from models.egov.clock import Clock
from models.egov.state import Channel
from models.egov.timeliness import Bucket
from models.egov.worktime import VIETNAM

# What is counted, in the order of the store's columns; its schema says what each is.
COLUMNS = (
    "received",
    "online",
    "accepted",
    "dated",
    "ended",
    "early",
    "on_time",
    "late",
    "returned",
    "closed",
    "closed_in_time",
    "fell_late",
)
ENDS = {
    Bucket.EARLY: "early",
    Bucket.ON_TIME: "on_time",
    Bucket.OVERDUE: "late",
    Bucket.LONG_OVERDUE: "late",
}


class Entry(NamedTuple):
    """One of what a unit did on a day."""

    unit: str
    day: date
    what: str


class Hour(NamedTuple):
    """One dossier received by a unit in an hour."""

    unit: str
    hour: datetime


def day_of(at: datetime) -> date:
    """The province's day of a moment."""
    return at.astimezone(VIETNAM).date()


def midnight(day: date) -> datetime:
    """When a day of the province begins."""
    return datetime.combine(day, time.min, VIETNAM)


def hour_of(at: datetime) -> datetime:
    """The beginning of a moment's hour."""
    return at.replace(minute=0, second=0, microsecond=0)


def entries(found: Clock) -> Iterator[Entry]:
    """What one dossier is counted for."""
    for at, what in moments(found):
        if at is not None:
            yield Entry(found.unit, day_of(at), what)


def moments(found: Clock) -> Iterator[tuple[datetime | None, str]]:
    """When a dossier is counted for what; None where that never was."""
    yield found.begun_at, "received"
    if found.channel == Channel.ONLINE:
        yield found.begun_at, "online"
    yield found.accepted_at, "accepted"
    yield found.returned_at, "returned"
    if found.with_result:
        yield found.ended_at, "ended"
    if found.stands is not None:
        yield found.ended_at, ENDS[Bucket(found.stands)]
    if found.due_at is None:
        return
    yield found.accepted_at, "dated"
    yield found.missed_at, "fell_late"
    yield found.ended_at, "closed"
    if found.in_time:
        yield found.ended_at, "closed_in_time"


def difference(
    old: Iterable[Clock], new: Iterable[Clock]
) -> tuple[dict[Entry, int], dict[Hour, int]]:
    """By how much counts change when dossiers are counted by new clocks instead of old ones."""
    days: Counter[Entry] = Counter()
    hours: Counter[Hour] = Counter()
    for clocks, sign in ((old, -1), (new, 1)):
        for each in clocks:
            hours[Hour(each.unit, hour_of(each.begun_at))] += sign
            for entry in entries(each):
                days[entry] += sign
    return (
        {entry: count for entry, count in days.items() if count},
        {hour: count for hour, count in hours.items() if count},
    )


def days_through(first: date, last: date) -> list[date]:
    """The days from first to last, both included."""
    return [first + timedelta(days=each) for each in range((last - first).days + 1)]
