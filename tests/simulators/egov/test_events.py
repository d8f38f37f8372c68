"""The moves of dossiers: in order, allowed, repeatable, and without a word about people."""

from collections import defaultdict

import pytest

from simulators.egov.events import DossierEvent, events
from simulators.egov.units import centre, units
from tests.simulators.egov.province import SEED, local

# From the states' table; a dossier begins with 1 online and with 2 elsewhere.
ALLOWED = {0: {1, 2}, 1: {2, 3}, 2: {4}, 4: {5, 6, 7, 9}, 5: {4}, 6: {4}, 9: {10}}
ABOUT_PEOPLE = ("name", "citizen", "owner", "applicant", "phone", "email", "address", "birth")


def of(name: str, since: str, until: str) -> list[DossierEvent]:
    return list(events(units(SEED)[name], local(since), local(until)))


def test_moves_come_in_order_and_once() -> None:
    found = of("onestop-dept-04", "2026-02-01", "2026-04-15")
    assert [event.at for event in found] == sorted(event.at for event in found)
    assert len({event.event for event in found}) == len(found) > 1000
    assert all(local("2026-02-01") <= event.at < local("2026-04-15") for event in found)


def test_every_move_is_one_of_the_states_table() -> None:
    states = defaultdict(list)
    for event in of("onestop-luc-nam", "2026-01-05", "2026-07-05"):
        states[event.dossier].append(event)
    whole = [moves for moves in states.values() if moves[0].event.rsplit("-", 1)[1] in {"1", "2"}]
    begun = [moves for moves in whole if moves[0].state in {1, 2}]
    seen = set()
    for moves in begun:
        before = 0
        for event in moves:
            assert event.state in ALLOWED[before]
            seen.add(before := event.state)
    assert seen == {1, 2, 3, 4, 5, 6, 7, 9, 10}


def test_any_stretch_tells_the_same_moves() -> None:
    whole = of("onestop-yen-the", "2026-02-01", "2026-03-15")
    cut = of("onestop-yen-the", "2026-02-01", "2026-02-20 10:17")
    assert whole == cut + of("onestop-yen-the", "2026-02-20 10:17", "2026-03-15")


def test_there_is_nothing_about_people() -> None:
    for field in DossierEvent._fields:
        assert not any(word in field for word in ABOUT_PEOPLE)
    event = of("onestop-dept-08", "2026-03-10", "2026-03-11")[0]
    assert event.dossier.startswith("H02.S08-26")
    assert set(event._asdict()) == {
        "event", "dossier", "unit", "procedure", "channel", "state", "at", "due_at",
    }  # fmt: skip


def test_a_due_date_is_told_from_the_acceptance_on() -> None:
    for event in of("onestop-dept-08", "2026-03-10", "2026-03-20"):
        assert (event.due_at is None) == (event.state in {1, 3})


def test_the_centre_has_no_dossiers_of_its_own() -> None:
    with pytest.raises(ValueError, match="ask its parts"):
        list(events(centre(SEED), 0, 1))
