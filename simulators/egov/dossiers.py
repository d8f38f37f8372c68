"""What becomes of dossiers: taken in, worked on, sometimes stopped for a paper, done, fetched.

A dossier's whole course follows from its office's dice and its own number on its day of coming in:
so any day's dossiers can be looked at without those before them. All moments are whole seconds
since 1970, and `NEVER` where one does not come.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulators.dice import Floats, Ints, bells, even, evens, key_of
from simulators.egov.arrivals import (
    ANY_HOUR,
    DIRECT,
    ONLINE,
    Arrivals,
    Hours,
    arrivals,
    hour_of,
)  # fmt: skip
from simulators.egov.procedures import columns, drawn
from simulators.egov.units import Unit
from simulators.egov.worktime import (
    CLOSES,
    CUTOFF,
    DAY,
    NEVER,
    OPENS,
    WORKDAY,
    after,
    between,
    in_day,
    local_day,
    next_day,
    opening,
    second_of_day,
)  # fmt: skip
from simulators.rhythm import BEFORE_TET, calendar

# No dossier lives longer: 30 working days promised, 10 late, 13 for a paper, 9 until it is fetched,
# and Tet in between.
HORIZON: Final = 112  # days
OVERNIGHT: Final = 3 * 3600  # until what came by night has been looked at
REFUSED_SHARE: Final = 0.03  # of what comes online
WITHDRAWN_SHARE: Final = 0.006
# On time are 95 to 98 of 100: what a dossier takes is near half of what is promised (lognormal),
# and an office's share of stragglers takes longer still.
USUAL: Final = 0.55
SPREAD: Final = 0.3
STRAGGLERS: Final = (0.002, 0.026)
LATE_AT_MOST: Final = 10 * WORKDAY
HURRY: Final = 0.5  # what is due around Tet is done before it
PAPER_AFTER: Final = 0.3  # of the work, a missing paper is noticed
PAPER_DAYS: Final = 12  # until it is brought, at most
HANDED_ON: Final = 0.05  # of the work, the office in charge begins
# Share of what is not given at once that the office above has to decide.
HANDED_UP: Final = {"commune": 0.25, "district": 0.15, "department": 0.0}
RETURN_HOURS: Final[Hours] = (  # most before noon, and before the office closes
    (7.5, 0.12), (9, 0.14), (10, 0.18), (11, 0.11), (11.5, 0.0),
    (13.5, 0.07), (14, 0.10), (15, 0.12), (16, 0.16), (17, 0.0),
)  # fmt: skip
FETCH_DAYS: Final = 8  # at most
BEFORE_LONG: Final = 10  # days before the last week before Tet, whose results often wait for it
FETCHED_FOR_TET: Final = 0.4  # share of them

# The states of the national dossier record (TrangThaiHoSo).
NEW, RECEIVED, REFUSED, IN_PROCESS, PAPER_ASKED, FEE_ASKED = 1, 2, 3, 4, 5, 6
WITHDRAWN, DONE, RETURNED = 7, 9, 10


class Dossiers(NamedTuple):
    """Dossiers in the order in which they came in, as arrays of one length."""

    day: Ints  # counted from 1970 in local time
    serial: Ints  # its place among its office's of the day, from 1
    channel: Ints
    procedure: Ints  # its place in the table
    submitted: Ints
    accepted: Ints  # or refused, by `last`
    promised: Ints  # when it is due, as told on acceptance
    due: Ints  # the same, with the time that a paper was waited for
    started: Ints  # when the office in charge has it
    asked: Ints  # when a paper or a fee is asked for, NEVER mostly
    answered: Ints
    asks: Ints  # the state it waits in: for a paper or a fee
    ended: Ints  # done, or withdrawn
    last: Ints  # DONE, WITHDRAWN or REFUSED
    returned: Ints
    handed: Ints  # 1 where the office above works on it

    def only(self, which: NDArray[np.bool_]) -> "Dossiers":
        """Return some of them."""
        return Dossiers(*(column[which] for column in self))


class Clock(NamedTuple):
    """When it starts to run and when it is to have run out."""

    start: Ints
    due: Ints


def dossiers(unit: Unit, first: int, last: int) -> Dossiers:
    """Return an office's dossiers that come in on the days [first, last); a centre's are its parts'.

    Days are counted from 1970 in local time.
    """
    if unit.parts:
        each = [dossiers(part, first, last) for part in unit.parts]
        together = Dossiers(*(np.concatenate(column) for column in zip(*each, strict=True)))
        order = np.argsort(together.submitted, kind="stable")
        return Dossiers(*(column[order] for column in together))
    came = arrivals(unit, first, last)
    thrown = evens(key_of(unit.key, "procedure"), came.number)
    procedure = drawn(unit.level, unit.department, came.day, thrown)
    return _course(unit, came, procedure)


def _course(unit: Unit, came: Arrivals, procedure: Ints) -> Dossiers:
    accepted, last = _accepted(unit, came)
    clock = promised_by(procedure, accepted)
    available = between(clock.start, clock.due)
    work = _work(unit, came, clock, available)
    withdrawn = _even(unit, came, "withdrawn") < WITHDRAWN_SHARE
    work = np.where(withdrawn, work // 2 + 1, work)
    last = np.where(withdrawn & (last == DONE), WITHDRAWN, last)
    noticed = (work * PAPER_AFTER).astype(np.int64)
    asked, answered = _paper(unit, came, procedure, after(clock.start, noticed), last)
    stopped = asked != NEVER
    due = clock.due.copy()
    due[stopped] = after(due[stopped], between(asked[stopped], answered[stopped]))
    ended = after(np.where(stopped, answered, clock.start), work - noticed * stopped)
    return Dossiers(
        came.day,
        _serials(came.day),
        came.channel,
        procedure,
        came.at,
        accepted,
        clock.due,
        due,
        after(clock.start, (work * HANDED_ON).astype(np.int64)),
        asked,
        answered,
        _asks(unit, came, procedure),
        np.where(last == REFUSED, NEVER, ended),
        last,
        np.where(last == DONE, _returned(unit, came, procedure, ended), NEVER),
        _handed(unit, came, procedure),
    )


def _accepted(unit: Unit, came: Arrivals) -> tuple[Ints, Ints]:
    """Return when they are taken in or refused, and which: online ones after a look at them."""
    counter = 180 + (720 * _even(unit, came, "counter")).astype(np.int64)
    look = 1500 * np.exp(0.8 * bells(key_of(unit.key, "look"), came.number))
    heaped = OVERNIGHT * _even(unit, came, "heap") * (came.stream == ANY_HOUR)
    looked = after(opening(came.at), 60 + (np.minimum(look, 9000) + heaped).astype(np.int64))
    accepted = np.where(came.channel == DIRECT, came.at + counter, looked)
    refused = (came.channel == ONLINE) & (_even(unit, came, "refused") < REFUSED_SHARE)
    return accepted, np.where(refused, REFUSED, DONE)


def promised_by(procedure: Ints, accepted: Ints) -> Clock:
    """Return when the clock starts and ends.

    What is taken in after 15:00 counts from the next working day on, and what is promised for the
    same day is then due on that one; hours count from the moment itself.
    """
    table = columns()
    hours, days = table.hours[procedure], table.days[procedure]
    late = (second_of_day(accepted) >= CUTOFF) & (hours == 0)
    start = np.where(late, next_day(accepted), opening(accepted))
    due = after(start, hours * 3600 + days * WORKDAY)
    same_day = table.same_day[procedure] == 1
    return Clock(start, np.where(same_day, in_day(local_day(start), CLOSES), due))


def _work(unit: Unit, came: Arrivals, clock: Clock, available: Ints) -> Ints:
    """Return the seconds of working time they take."""
    share = USUAL * np.exp(SPREAD * bells(key_of(unit.key, "work"), came.number))
    tet = _days_to_tet(clock.due)
    share = share * np.where((tet >= -10) & (tet <= BEFORE_TET), HURRY, 1.0)
    low, high = STRAGGLERS
    straggles = _even(unit, came, "straggles") < low + (high - low) * even(unit.key, 7)
    longer = 0.2 - np.log(1 - _even(unit, came, "longer"))
    extra = longer * np.maximum(WORKDAY / 2, 0.4 * available)
    work = np.where(straggles, available + extra, available * share)
    return np.clip(work, 60, available + LATE_AT_MOST).astype(np.int64)


def _paper(
    unit: Unit, came: Arrivals, procedure: Ints, noticed: Ints, last: Ints
) -> tuple[Ints, Ints]:
    """Return from when until when they wait for a paper or a fee, NEVER for most."""
    lacks = _even(unit, came, "paper") < columns().supplement[procedure]
    lacks = lacks & (last == DONE)
    days = 1 - 2.5 * np.log(1 - _even(unit, came, "brought"))
    brought = opening(noticed + (np.minimum(days, PAPER_DAYS) * DAY).astype(np.int64))
    return np.where(lacks, noticed, NEVER), np.where(lacks, brought, NEVER)


def _asks(unit: Unit, came: Arrivals, procedure: Ints) -> Ints:
    fee = (columns().fee[procedure] == 1) & (_even(unit, came, "fee") < 0.5)
    return np.where(fee, FEE_ASKED, PAPER_ASKED)


def _handed(unit: Unit, came: Arrivals, procedure: Ints) -> Ints:
    takes_time = columns().same_day[procedure] == 0
    goes_up = _even(unit, came, "handed") < HANDED_UP[unit.level]
    return np.asarray(takes_time & goes_up & bool(unit.above), np.int64)


def _returned(unit: Unit, came: Arrivals, procedure: Ints, ended: Ints) -> Ints:
    """Return when they are handed out: online at once, while one waits for it, or when fetched."""
    waits = (came.channel == ONLINE) | (columns().same_day[procedure] == 1)
    at_once = after(ended, 300 + (1500 * _even(unit, came, "sent")).astype(np.int64))
    return np.where(waits, at_once, _fetched(unit, came, ended))


def _fetched(unit: Unit, came: Arrivals, ended: Ints) -> Ints:
    thrown = _even(unit, came, "fetched")
    days = np.floor(np.log(1 - thrown) / np.log(0.4)).astype(np.int64)
    tet = _days_to_tet(ended)
    days = np.where((tet >= 1) & (tet <= BEFORE_TET), 0, np.minimum(days, FETCH_DAYS))
    hour = hour_of(RETURN_HOURS, _even(unit, came, "fetches"))
    second = np.floor(hour * 3600).astype(np.int64)
    ready = local_day(after(ended, days * WORKDAY))
    waits = (tet > BEFORE_TET) & (tet <= BEFORE_TET + BEFORE_LONG) & (thrown < FETCHED_FOR_TET)
    ready = np.where(waits, local_day(ended) + tet - BEFORE_TET + came.number % 4, ready)
    fetched = in_day(local_day(opening(in_day(ready, OPENS))), second)
    later = in_day(local_day(next_day(ended)), second)
    return np.where(fetched > ended, fetched, later)


def _days_to_tet(at: Ints) -> Ints:
    days, where = np.unique(local_day(at), return_inverse=True)
    tet = np.array([calendar(int(day)).tet for day in days], np.int64)
    return np.asarray(tet[where])


def _serials(day: Ints) -> Ints:
    return np.arange(len(day)) - np.searchsorted(day, day, side="left") + 1


def _even(unit: Unit, came: Arrivals, what: str) -> Floats:
    return evens(key_of(unit.key, what), came.number)
