"""Derives what is due of one rule: inputs out of the store, readings and alarms into it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import structlog

from models.city.book import Book
from models.city.derivation import Case, Cell, Derived, Due, Kept, Rule, stretch, touched
from models.city.derived.rules import BY_NAME
from models.reading import microseconds
from services.store import anomalies, city, derivation_due, derivations, late_spans
from services.store.derivations import Row, Window
from services.store.pool import Connection

log = structlog.get_logger()


# The stream of each asset's metric; None where a device fills it.
Streams = Mapping[tuple[int, str], int | None]
Members = dict[int, dict[str, dict[int, Cell]]]


class Outcome(NamedTuple):
    """What a rule made of one stretch."""

    due: Due
    derived: list[Derived]


def derive(conn: Connection, rule: Rule, dues: Sequence[Due], book: Book, now: datetime) -> None:
    """Derives these stretches of a rule and marks what follows from them as due."""
    for wave in waves(dues) if rule.remembers else [dues]:
        streams = outputs(conn, rule, wave)
        outcomes = apply(conn, rule, wave, book, streams)
        streams = register(conn, rule, outcomes, streams)
        follow = what_follows(conn, rule, outcomes, streams) if rule.remembers else []
        keep(conn, outcomes, rule, streams, now)
        tell(conn, rule, outcomes, streams)
        derivation_due.mark(conn, [*follow, *woken(conn, rule, outcomes)], now)


def waves(dues: Sequence[Due]) -> Iterator[list[Due]]:
    """One stretch an asset at a time, in the order of time."""
    by_asset: dict[int, list[Due]] = defaultdict(list)
    for due in sorted(dues, key=lambda due: due.since):
        by_asset[due.asset_id].append(due)
    for i in range(max(map(len, by_asset.values()))):
        yield [each[i] for each in by_asset.values() if i < len(each)]


def outputs(conn: Connection, rule: Rule, dues: Sequence[Due]) -> Streams:
    """The streams of a rule's outputs that are there. Where a device fills one, its word stands."""
    found = derivations.outputs(conn, [due.asset_id for due in dues], rule.outputs)
    for (asset_id, metric), (_, by) in found.items():
        if by is None and metric in rule.alarms:
            say_whose(asset_id, metric)
    return {key: stream if by == rule.name else None for key, (stream, by) in found.items()}


@lru_cache(maxsize=10_000)
def say_whose(asset_id: int, metric: str) -> None:
    """Says in the log that a rule keeps silent for an asset, once and not at every turn."""
    log.warning("a device gives what a rule would", asset_id=asset_id, metric=metric)


def apply(
    conn: Connection, rule: Rule, dues: Sequence[Due], book: Book, streams: Streams
) -> list[Outcome]:
    """What the rule makes of each stretch."""
    places = city.places(conn, [due.asset_id for due in dues])
    members = inputs(conn, rule, dues)
    before = newest_before(conn, dues, streams) if rule.remembers else {}
    outcomes = []
    for i, due in enumerate(dues):
        series = members[i].get(due.asset_id, {})
        kept = before.get(due.asset_id, {})
        place = places[due.asset_id]
        case = Case(place, series, members[i], kept, book, due.since, due.until)
        outcomes.append(Outcome(due, attempted(rule, case)))
    return outcomes


def attempted(rule: Rule, case: Case) -> list[Derived]:
    """What the rule makes of a case; nothing, and a line in the log, of a step where it cannot.

    One asset with nonsense in its facts must not stop all others, nor one absurd value the steps
    beside its own: where a rule does not remember, a stretch is tried in ever smaller parts.
    """
    try:
        return list(rule.derive(case))
    except (ValueError, ArithmeticError) as error:
        count = (case.until - case.since) // rule.step
        if rule.remembers or count <= 1:
            log.warning("underivable", rule=rule.name, asset=case.place.name, why=str(error))
            return []
    middle = case.since + count // 2 * rule.step
    return [
        *attempted(rule, case._replace(until=middle)),
        *attempted(rule, case._replace(since=middle)),
    ]


def inputs(conn: Connection, rule: Rule, dues: Sequence[Due]) -> list[Members]:
    """What each stretch is derived from, by who reported it."""
    found: list[Members] = [{} for _ in dues]
    windows = [Window(due.asset_id, due.since - rule.back, due.until) for due in dues]
    cells = derivations.inputs(
        conn,
        windows,
        rule.inputs,
        rule.grain or rule.step,
        rule.offset,
        of_members=rule.of_members,
    )
    for each in cells:
        series = found[each.window].setdefault(each.member, {})
        series.setdefault(each.metric, {})[each.time] = each.cell
    return found


def newest_before(
    conn: Connection, dues: Sequence[Due], streams: Streams
) -> dict[int, dict[str, Kept]]:
    """The newest reading of each output before each stretch, by asset and metric."""
    since = {due.asset_id: due.since for due in dues}
    ours = {stream: key for key, stream in streams.items() if stream is not None}
    found: dict[int, dict[str, Kept]] = defaultdict(dict)
    ends = {stream: since[asset_id] for stream, (asset_id, _) in ours.items()}
    for stream, kept in derivations.newest_before(conn, ends).items():
        asset_id, metric = ours[stream]
        found[asset_id][metric] = kept
    return found


def register(
    conn: Connection, rule: Rule, outcomes: Sequence[Outcome], streams: Streams
) -> Streams:
    """The streams of all outputs; those that are given for the first time are made."""
    wanted = {
        (outcome.due.asset_id, each.metric) for outcome in outcomes for each in outcome.derived
    }
    if wanted <= streams.keys():
        return streams
    derivations.register(conn, rule.name, sorted(wanted - streams.keys()))
    return outputs(conn, rule, [outcome.due for outcome in outcomes])


def rows(outcomes: Sequence[Outcome], streams: Streams) -> dict[tuple[int, int], Row]:
    """What is to be kept, by stream and time: where two stretches meet, once."""
    found = {}
    for due, derived in outcomes:
        for each in derived:
            stream = streams[due.asset_id, each.metric]
            if stream is not None:
                found[stream, each.time] = Row(stream, each.time, each.value, each.inputs)
    return found


def keep(
    conn: Connection, outcomes: Sequence[Outcome], rule: Rule, streams: Streams, now: datetime
) -> None:
    """Writes down what was derived, and that what stood there without following does not."""
    new = rows(outcomes, streams)
    stretches = [
        (stream, due.since, due.until)
        for due, _ in outcomes
        for metric in rule.outputs
        if (stream := streams.get((due.asset_id, metric))) is not None
    ]
    derivations.retract(conn, stretches, list(new.values()))
    derivations.keep(conn, list(new.values()), now)
    ends = [at for _, since, until in stretches for at in (since, until - 1)]
    late_spans.remember(conn, np.array([*(time for _, time in new), *ends]), microseconds(now))


def tell(conn: Connection, rule: Rule, outcomes: Sequence[Outcome], streams: Streams) -> None:
    """Keeps the alarms of what came live, and until when each stream has been judged.

    An alarm out of a buffer is nobody's news, but it is no word of normal either.
    """
    found, judged = [], dict[int, int]()
    for due, derived in outcomes:
        for each in derived:
            stream = streams[due.asset_id, each.metric]
            if stream is None or each.metric not in rule.alarms or not each.judged:
                continue
            if not each.alarm or due.news:
                judged[stream] = max(judged.get(stream, each.time), each.time)
            if each.alarm and due.news:
                found.append(anomalies.of_rule(rule.name, stream, each))
    anomalies.append(conn, found)
    derivations.judged(conn, judged)


def what_follows(
    conn: Connection, rule: Rule, outcomes: Sequence[Outcome], streams: Streams
) -> list[Due]:
    """What was derived behind these stretches from another memory than they end with now."""
    new = rows(outcomes, streams)
    ends: dict[int, int] = {}
    for stream, time in new:
        if "state" in new[stream, time].inputs:
            ends[stream] = max(ends.get(stream, time), time)
    old = derivations.at(conn, ends)
    changed = {
        stream: time
        for stream, time in ends.items()
        if stream not in old or old[stream].inputs.get("state") != new[stream, time].inputs["state"]
    }
    if not changed:
        return []
    later = derivations.oldest_after(conn, changed)
    whose = {stream: asset_id for (asset_id, _), stream in streams.items()}
    news = {outcome.due.asset_id: outcome.due.news for outcome in outcomes}
    return [
        due
        for stream, kept in later.items()
        for due in stretch(
            rule, whose[stream], kept.time, kept.time + rule.part, news=news[whose[stream]]
        )
    ]


def woken(conn: Connection, rule: Rule, outcomes: Sequence[Outcome]) -> Iterator[Due]:
    """What is due of the rules that read these outputs, of the asset itself or of its parent."""
    if not rule.wakes and not rule.upwards:
        return
    parents = city.parents(conn, [due.asset_id for due, _ in outcomes]) if rule.upwards else {}
    for due, derived in outcomes:
        times = np.array([each.time for each in derived], np.int64)
        for names, asset_id in (
            (rule.wakes, due.asset_id),
            (rule.upwards, parents.get(due.asset_id)),
        ):
            for name in names if asset_id is not None else ():
                owners = np.full(len(times), asset_id, np.int64)
                yield from touched(BY_NAME[name], owners, times, news=due.news)
