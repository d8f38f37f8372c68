import doctest
import itertools

import pytest

from models import command
from models.command import ANSWERS, MOVES, CommandStepNotAllowed, Move, Status, after

UNENDED = {Status.REQUESTED, Status.SENT}


def test_what_has_ended_takes_no_step() -> None:
    assert {status for status in Status if not status.ended} == UNENDED
    assert {status for status, _ in MOVES} == UNENDED


def test_every_move_that_the_table_has_not_is_refused_in_words() -> None:
    for status, move in set(itertools.product(Status, Move)) - set(MOVES):
        with pytest.raises(CommandStepNotAllowed, match=f"is {status} does not .* '{move}'"):
            after(status, move)


def test_an_answer_ends_a_command_however_far_it_had_come() -> None:
    for word, move in ANSWERS.items():
        assert {after(status, move) for status in UNENDED} == {Status(word)}


def test_only_what_is_not_sent_can_be_cancelled() -> None:
    assert [status for status, move in MOVES if move is Move.CANCEL] == [Status.REQUESTED]


def test_every_status_can_be_reached() -> None:
    assert {Status.REQUESTED, *MOVES.values()} == set(Status)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(command).failed == 0
