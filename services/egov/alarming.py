"""Raises alarms that dossiers alone show: hand-overs that wait too long, and waves of overdue ones.

They go the way of every rule's alarm: a derived reading of the unit's asset with its words, and an
anomaly, which opens an incident or joins the one that stands. As soon as it is over a reading says
so. History, as a file tells it, alarms nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from models.city.book import Book
from models.city.derivation import Derived
from models.egov.derived import judgement
from models.egov.derived.standstill import HAND_OVERS_NAME, STEP, WAVE_NAME, risen, stuck
from models.egov.documents import waited
from models.reading import microseconds
from services.store import anomalies, assets, city, derivations, unit_alarms
from services.store.derivations import Row
from services.store.pool import Connection

HAND_OVERS, WAVE = "hand-overs-told", "overdue-told"  # who gives the streams
METRIC = {HAND_OVERS: "handovers_told", WAVE: "overdue_told"}
A_DAY = timedelta(days=1)


class Said(NamedTuple):
    """What a rule has to say of a unit at a step."""

    unit: str
    derived: Derived


def look(conn: Connection, now: datetime) -> None:
    """Tells how every unit stands now of which there is, or was, something to tell."""
    book = city.book(conn)
    step = microseconds(now) // STEP * STEP
    for rule, found in (
        (HAND_OVERS, {each.unit: each for each in hand_overs(conn, book, now, step)}),
        (WAVE, {each.unit: each for each in waves(conn, book, now, step)}),
    ):
        tell(conn, rule, found, step, now)


def hand_overs(conn: Connection, book: Book, now: datetime, step: int) -> Iterator[Said]:
    """Units where what another has handed over waits for more than it may."""
    allowed = book.parameter(HAND_OVERS_NAME, "days", step)
    for unit, since, count in unit_alarms.waiting(conn):
        days = waited(book.calendar, since, now)
        if found := list(stuck(days, count, allowed)):
            inputs = {"waiting": count, "oldest_days": round(days, 2)}
            yield Said(unit, judgement.health(METRIC[HAND_OVERS], step, found, inputs))


def waves(conn: Connection, book: Book, now: datetime, step: int) -> Iterator[Said]:
    """Units where many more dossiers are overdue than a day before, and were seen to fall so."""
    fewest, times = (book.parameter(WAVE_NAME, name, step) for name in ("fewest", "times"))
    for unit, stands, stood in unit_alarms.overdue(conn, now - A_DAY, now):
        if not list(risen(stands, stood, fewest, times)):
            continue
        fell = unit_alarms.fell_in_sight(conn, unit, now - A_DAY, now)
        if fell is not None and (found := list(risen(stood + fell, stood, fewest, times))):
            inputs = {"overdue": stood + fell, "a_day_before": stood}
            yield Said(unit, judgement.health(METRIC[WAVE], step, found, inputs))


def tell(conn: Connection, rule: str, found: Mapping[str, Said], step: int, now: datetime) -> None:
    """Writes down what holds of these units, and that nothing is wrong with those told of before."""
    units = sorted({*found, *unit_alarms.told_of(conn, rule)})
    if not units:
        return
    fine = judgement.health(METRIC[rule], step, [], {})
    streams = streams_of(conn, rule, units)
    told = {streams[unit]: found[unit].derived if unit in found else fine for unit in streams}
    derivations.keep(
        conn, [Row(stream, step, each.value, each.inputs) for stream, each in told.items()], now
    )
    anomalies.append(
        conn, [anomalies.of_rule(rule, stream, each) for stream, each in told.items() if each.alarm]
    )
    derivations.judged(conn, dict.fromkeys(told, step))


def streams_of(conn: Connection, rule: str, units: Sequence[str]) -> dict[str, int]:
    """The stream of a rule at each of these units; those that are not there yet are made."""
    spots, metric = unit_alarms.spots(conn, units), METRIC[rule]
    unit_alarms.stand(conn, spots)
    ids = assets.ids(conn, [spot.asset for spot in spots])
    derivations.register(conn, rule, [(asset_id, metric) for asset_id in ids.values()])
    there = derivations.outputs(conn, list(ids.values()), [metric])
    mine = {spot.unit: there[ids[spot.asset], metric] for spot in spots}
    return {unit: stream for unit, (stream, by) in mine.items() if by == rule}
