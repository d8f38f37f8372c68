from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from models.incident import (
    GENESIS,
    MOVES,
    Line,
    Move,
    MoveNotAllowed,
    Severity,
    Situation,
    Status,
    after,
    chained,
    severity,
)

EVERY_SITUATION = [Situation(status, active) for status, active in product(Status, (True, False))]


def test_a_resolved_incident_takes_no_further_step() -> None:
    for active, move in product((True, False), Move):
        with pytest.raises(MoveNotAllowed, match="resolved"):
            after(Situation(Status.RESOLVED, active), move)


def test_every_situation_that_a_move_leads_to_is_known() -> None:
    assert set(MOVES.values()) <= set(EVERY_SITUATION)


def test_every_unresolved_situation_can_be_resolved_and_only_by_resolving() -> None:
    for situation in EVERY_SITUATION:
        if situation.status != Status.RESOLVED:
            assert after(situation, Move.RESOLVE).status == Status.RESOLVED
    assert {move for (_, move), to in MOVES.items() if to.status == Status.RESOLVED} == {
        Move.RESOLVE
    }


def test_an_incident_is_acknowledged_once() -> None:
    acknowledged = after(Situation(Status.OPEN, active=True), Move.ACKNOWLEDGE)
    with pytest.raises(MoveNotAllowed):
        after(acknowledged, Move.ACKNOWLEDGE)


def test_it_gets_louder_with_improbability_and_with_duration_never_softer() -> None:
    order = list(Severity)
    scores, minutes = [0.99, 0.9999, 0.999999, 1.0], [timedelta(minutes=m) for m in (0, 29, 30, 99)]
    for score, stood in product(scores, minutes):
        here = order.index(severity(score, stood))
        assert all(order.index(severity(more, stood)) >= here for more in scores if more >= score)
        assert all(order.index(severity(score, more)) >= here for more in minutes if more >= stood)


def test_a_line_changed_afterwards_has_another_hash() -> None:
    line = Line(datetime(2026, 3, 1, tzinfo=UTC), "an", Move.ACKNOWLEDGE, "seen")
    kept = chained(GENESIS, 1, line)
    assert chained(GENESIS, 1, line) == kept
    assert chained(GENESIS, 2, line) != kept
    assert chained(kept, 1, line) != kept
    assert chained(GENESIS, 1, line._replace(actor="binh")) != kept
    assert chained(GENESIS, 1, line._replace(note="")) != kept
