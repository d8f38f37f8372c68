"""Dossiers that are held up: finished late, stuck between levels, not told of; and all made good."""

from collections import defaultdict

import pytest

from simulators.egov.events import DossierEvent, Told, telling, whole
from simulators.egov.units import units
from simulators.happening import Happening
from simulators.scenario import read_scenario
from simulators.world import Planned, World
from tests.simulators.egov.province import DAY, HOUR, SEED, all_services, local

DISTRICT = units(SEED)["onestop-yen-the"]
SINCE, UNTIL = local("2026-03-09"), local("2026-03-21")
DONE, RETURNED, IN_PROCESS = 9, 10, 4


def going_on(kind: str, hours: float, who: str = DISTRICT.name) -> Happening:
    began_at = local("2026-03-11 08:00")
    return Happening(kind, "c", who, "", began_at, began_at + hours * HOUR)


def told(*parts: Happening) -> list[Told]:
    return list(telling(DISTRICT, SINCE, UNTIL, {DISTRICT.name: parts}))


def by_name(found: list[Told]) -> dict[str, DossierEvent]:
    return {each.event.event: each.event for each in found}


PLAIN = told()


def test_a_dossier_that_is_handed_on_is_the_office_aboves_until_it_is_returned() -> None:
    units_of = defaultdict(list)
    for each in PLAIN:
        units_of[each.event.dossier].append((each.event.unit, each.event.state))
    handed = [its for its in units_of.values() if ("onestop-dept-10", IN_PROCESS) in its]
    assert 0.02 < len(handed) / len(units_of) < 0.2
    for its in handed:
        assert {unit for unit, state in its if state == DONE} <= {"onestop-dept-10"}
        assert {unit for unit, state in its if state in {1, 2, RETURNED}} <= {DISTRICT.name}


def test_while_work_stands_still_nothing_is_finished_and_all_of_it_is_afterwards() -> None:
    part = going_on("overdue-wave", 30)
    held = told(part)
    finished = [each.event for each in held if each.event.state == DONE]
    assert len(finished) > 100
    assert not [each for each in finished if part.began_at <= each.at < part.ended_at]
    assert by_name(held).keys() == by_name(PLAIN).keys()
    late = [each for each in finished if each.due_at and each.at > each.due_at]
    usually = [each.event for each in PLAIN if each.event.state == DONE]
    assert len(late) > 1.5 * len(
        [each for each in usually if each.due_at and each.at > each.due_at]
    )
    moves = defaultdict(list)
    for each in held:
        moves[each.event.dossier].append((each.event.at, int(each.event.event.rsplit("-", 1)[1])))
    assert all(
        [step for _, step in sorted(its)] == sorted(s for _, s in its) for its in moves.values()
    )


def test_a_hand_over_that_is_stuck_arrives_late_and_others_are_as_they_were() -> None:
    part = going_on("handovers-stuck", 24)
    plain, held = by_name(PLAIN), by_name(told(part))
    changed = [name for name in plain if plain[name] != held.get(name)]
    begun = [held[name] for name in changed if held[name].state == IN_PROCESS]
    assert begun
    assert all(each.unit == "onestop-dept-10" for each in begun)
    assert all(each.at >= part.ended_at for each in begun)


@pytest.mark.parametrize("kind", ["office-silent", "office-idle", "network-cut", "power-cut"])
def test_what_an_office_cannot_tell_it_tells_within_ten_minutes_afterwards(kind: str) -> None:
    part = going_on(kind, 5)
    held = told(part)
    assert not [each for each in held if each.at != each.event.at and each.at < part.ended_at]
    waited = [each for each in held if each.at != each.event.at]
    assert len(waited) > 20
    assert max(each.at for each in waited) <= part.ended_at + 600
    silent = [each for each in held if part.began_at <= each.at < part.ended_at]
    assert {each.event.unit for each in silent} <= {"onestop-dept-10"}
    assert by_name(held) == by_name(PLAIN)
    assert [each.at for each in held] == sorted(each.at for each in held)


def test_what_is_told_does_not_depend_on_how_time_is_cut() -> None:
    part = going_on("office-silent", 5)
    world = World(list(all_services().values()), SEED, [Planned([part])], [DISTRICT])
    end = SINCE + 4 * DAY
    cuts = [SINCE, part.began_at + HOUR, part.ended_at + 100, end]
    pieces = [each for at in range(3) for each in world.dossiers(cuts[at], cuts[at + 1])]
    assert pieces == world.dossiers(SINCE, end)
    so_far = world.dossiers(SINCE, part.ended_at - HOUR, all_of_them=True)
    from_now_on = world.dossiers(part.ended_at - HOUR, end)
    names = [each.event.event for each in so_far + from_now_on]
    assert len(set(names)) == len(names)
    assert {each.event.event for each in pieces} <= set(names)
    heard = [each.event for each in so_far if each.at < part.began_at]
    begun = {event.dossier for event in heard if event.state in {1, 2}}
    assert {event.dossier for event in heard} == begun, "each from its beginning on"
    alone = World(list(all_services().values()), SEED, (), [DISTRICT])
    later = alone.dossiers(SINCE, SINCE + 60 * DAY)
    open_then = alone.dossiers(SINCE - 5 * DAY, SINCE, all_of_them=True)
    known = {each.event.dossier for each in open_then}
    new = {each.event.dossier for each in later if each.event.state in {1, 2}}
    assert {each.event.dossier for each in later} <= known | new, "however long it takes"


def test_the_city_on_show_has_offices_that_tell() -> None:
    scenario = read_scenario("city")
    assert len(scenario.world(1, SINCE).offices) == scenario.dossiers == 37
    assert list(whole(DISTRICT, SINCE, SINCE + DAY, {}))
