"""One-stop shops: the dossiers they handle, and the people who wait at their counters."""

import math
from typing import Final

import numpy as np

from simulators.asset import Asset, Kind, Values
from simulators.dice import Floats, drift, evens, key_of
from simulators.egov.answers import answers
from simulators.egov.arrivals import COUNTER, expectations
from simulators.egov.books import QUARTER, counted, handled
from simulators.egov.metrics import ANSWERS, COUNTERS, HAND_OVERS, HANDLED, OPEN
from simulators.egov.units import CENTRE, Unit, centre, units
from simulators.egov.waiting import leaving, waits
from simulators.egov.worktime import is_open
from simulators.rhythm import SATURDAY, moments
from simulators.weather import Weather

SERVICE: Final = 11.0  # minutes a person is at the counter
PEAK: Final = 0.25  # of a day's people at the counter come in the busiest hour of a Monday
MEANT: Final = 0.85  # of their time counters are meant to be used in that hour
FEWEST: Final = 2
AWAY: Final = 0.12  # chance that one of the counters is closed for half a day
HALF_HOUR: Final = 1800.0
CALLS: Final = 30.0  # the one-stop software is called so often for a dossier
WEDNESDAY: Final = 20_530  # an ordinary one, 18 March 2026, counted from 1970
TICK: Final = 0.5  # calls a minute at any time
HANDED_OVER: Final = 0.3  # of an hour's dossiers wait to be taken up from another level
TAKEN_UP: Final = 1800.0  # seconds until the oldest of them is


def unit_of(asset: Asset) -> Unit:
    """Return the office that a one-stop shop belongs to."""
    seed = int(asset.facts["seed"])
    return centre(seed) if asset.name == CENTRE else units(seed)[asset.name]


def people_a_day(unit: Unit) -> float:
    """Return how many are at the counters on an average working day, with dossiers or for results."""
    with_dossiers = sum(people_a_day(part) for part in unit.parts)
    if unit.parts:
        return with_dossiers
    share = float(expectations(unit, np.array([WEDNESDAY]))[COUNTER][0])
    fetching = {"department": 0.9, "district": 0.7, "commune": 0.2}[unit.level]
    return share * (1 + fetching)


def counters_of(unit: Unit) -> int:
    """Return how many counters an office has: enough for the busiest hour of a Monday."""
    load = people_a_day(unit) * PEAK * SERVICE / 60
    return max(FEWEST, math.ceil(load / MEANT))


def counters_open(unit: Unit, at: Floats) -> Floats:
    """Return how many counters are open: one may be away, and on a Saturday morning one is there."""
    now = moments(at)
    half_days = np.floor((at + 7 * 3600) / 43200).astype(np.int64)
    away = evens(key_of(unit.key, "away"), half_days) < AWAY
    there = np.where(is_open(at), counters_of(unit) - away, 0)
    saturday = (now.weekday == SATURDAY) & ~now.holiday & (now.hour >= 7.5) & (now.hour < 11.5)
    return np.where(saturday & unit.saturdays, 1.0, there)


def queues(unit: Unit, at: Floats, an_hour: Floats, counters: Floats) -> Values:
    """Return what is seen at counters where so many people come an hour."""
    wait = waits(an_hour, SERVICE, counters)
    issued = counted(unit, "tickets", at, QUARTER)
    left = leaving(wait.tenth)
    begun = counted(unit, "tickets", at - 60 * (wait.mean + SERVICE), QUARTER)
    return {
        "queue_length": wait.queue,
        "tickets_issued": issued,
        "tickets_served": begun - np.round(begun * left),
        "tickets_abandoned": np.round(begun * left),
        "wait_p50_min": wait.half,
        "wait_p90_min": wait.tenth,
        "counters_open": counters,
        "utilisation": np.minimum(1.0, wait.utilisation),
    }


def people_an_hour(unit: Unit, at: Floats) -> Floats:
    """Return how many come to the counters, by those of the last half hour."""
    return counted(unit, "tickets", at, HALF_HOUR) * 3600 / HALF_HOUR


def _desk(asset: Asset, at: Floats, _weather: Weather) -> Values:
    unit = unit_of(asset)
    seen = queues(unit, at, people_an_hour(unit, at), counters_open(unit, at))
    return handled(unit, at) | seen


def _office(asset: Asset, at: Floats, weather: Weather) -> Values:
    """Measure a one-stop shop that runs the electronic one-stop software itself."""
    unit = unit_of(asset)
    requests = TICK + CALLS * counted(unit, "received", at, QUARTER) * 60 / QUARTER
    used = requests / (CALLS * unit.volume / 300)
    found = _desk(asset, at, weather) | answers(asset, at, requests, used, 180)
    return found | _handed_over(asset, unit, at)


def _handed_over(asset: Asset, unit: Unit, at: Floats) -> Values:
    """Return what other levels have handed over: taken up soon, in office hours."""
    coming = HANDED_OVER * counted(unit, "received", at, 3600.0)
    oldest = TAKEN_UP * (1 + 0.3 * drift(asset.key + 8, at, 3600))
    return {"handovers_waiting": np.floor(1 + coming), "oldest_handover_s": oldest}


def _department(asset: Asset, at: Floats, _weather: Weather) -> Values:
    return handled(unit_of(asset), at)


def _heartbeat(asset: Asset, at: Floats, _weather: Weather) -> Values:
    return {"counters_open": counters_open(unit_of(asset), at)}


DESK: Final = Kind("service", (*COUNTERS, *HANDLED), _desk)
OFFICE: Final = Kind("service", (*COUNTERS, *ANSWERS, *HANDLED, *HAND_OVERS), _office)
# A department has no counters of its own: its people sit at the provincial centre.
DEPARTMENT: Final = Kind("service", HANDLED, _department)
# A one-stop shop that says little more than that it is there.
HEARTBEAT: Final = Kind("service", (OPEN,), _heartbeat, cadence=300)
