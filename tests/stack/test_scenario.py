"""The scenario that the city of a state folder was begun with, as its file remembers it."""

import pytest

from scripts.stack.scenario import Begun, begun_of


@pytest.mark.parametrize(
    "begun",
    [
        Begun("city"),
        Begun("flood", "2025-10-04T00:00:00Z"),
        Begun("/srv/my days/one two.yaml", "T"),
    ],
)
def test_it_is_read_as_it_was_written_whatever_the_file_is_called(begun: Begun) -> None:
    assert begun_of(begun.text) == begun


def test_an_empty_file_names_no_scenario() -> None:
    assert begun_of("") == Begun("")
