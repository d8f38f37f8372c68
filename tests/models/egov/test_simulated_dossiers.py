"""Two clocks that were written apart: the rules' and the simulated offices' agree, Tet included."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest

from models.egov.course import Event, Rules
from models.egov.dossier import fold
from models.egov.state import BEGINNINGS, Channel, State
from models.egov.worktime import VIETNAM, Calendar, Span, Term
from simulators.egov.events import DossierEvent, events
from simulators.egov.procedures import procedures
from simulators.egov.units import units
from simulators.rhythm import free

SINCE, UNTIL = datetime(2026, 1, 19, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
DAYS = [date(2025, 12, 1) + timedelta(days=each) for each in range(180)]
CALENDAR = Calendar(
    ((time(7, 30), time(11, 30)), (time(13, 30), time(17))),
    free=frozenset(day for day in DAYS if day.weekday() < 5 and free(day)),
    cutoff=time(14, 59, 59),  # the simulated offices count 15:00 itself as late
)
SPANS = {"same-day": Span.SAME_DAY, "hours": Span.HOURS, "days": Span.WORKING_DAYS}
TERMS = {each.code: Term(each.promised, SPANS[each.unit]) for each in procedures()}

Dossiers = dict[str, list[Event]]


def here(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, VIETNAM)


def told(each: DossierEvent) -> Event:
    due = None if each.due_at is None else here(each.due_at)
    channel, state = Channel(each.channel), State(each.state)
    return Event(
        each.event, each.dossier, each.unit, each.procedure, channel, state, here(each.at), due
    )


@pytest.fixture(scope="module")
def dossiers() -> Dossiers:
    """What three departments, a district and three communes did, from the first move on."""
    every = list(units(7).values())
    found: Dossiers = defaultdict(list)
    for unit in [*every[:3], every[20], *every[30:33]]:
        for each in events(unit, SINCE.timestamp(), UNTIL.timestamp()):
            found[each.dossier].append(told(each))
    return {name: moves for name, moves in found.items() if moves[0].state in BEGINNINGS}


def test_no_move_of_theirs_is_set_aside(dossiers: Dossiers) -> None:
    assert len(dossiers) > 3000
    for moves in dossiers.values():
        assert not fold(Rules(CALENDAR), moves).quarantined


def test_what_they_say_is_due_is_what_the_procedures_time_gives(dossiers: Dossiers) -> None:
    waited = 0
    for moves in dossiers.values():
        rules = Rules(CALENDAR, TERMS[moves[0].procedure])
        stated = fold(rules, moves).course
        reckoned = fold(rules, [move._replace(due_at=None) for move in moves]).course
        assert reckoned.due_at == stated.due_at
        waited += bool(stated.paused)
    assert waited > 20
