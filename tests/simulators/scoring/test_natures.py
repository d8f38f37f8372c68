"""A device's fault or a real event: the truth against the platform's word."""

import doctest
from types import ModuleType

import pytest

from simulators.labels import Nature
from simulators.scoring import natures, recall, table
from simulators.scoring.natures import confusion
from tests.simulators.scoring.truth import anomaly, case, incident, label


def word(told: dict[str, dict[str, int]] | None, nature: str = "sensor") -> str:
    """The one word there is for the labels of a nature."""
    assert told is not None
    (said,) = [word for word, count in told[nature].items() if count]
    return said


@pytest.mark.parametrize(
    ("detectors", "said"),
    [
        (["silence"], "sensor"),
        (["flood"], "event"),
        (["water-leak", "level"], "event"),
        (["level", "season"], "undecided"),
        (["silence", "flood"], "undecided"),
        (["of-tomorrow"], "undecided"),
    ],
)
def test_detectors_say_what_they_are_for(detectors: list[str], said: str) -> None:
    heard = [anomaly(minute, detector=name) for minute, name in enumerate(detectors)]
    assert word(confusion(case([label()], heard))) == said


@pytest.mark.parametrize(
    ("nature", "said"),
    [("sensor", "sensor"), ("undecided", "undecided"), ("weather", "undecided"), (None, "event")],
)
def test_the_incidents_own_word_wins(nature: str | None, said: str) -> None:
    heard = [anomaly(5, detector="flood", incident=1)]
    assert word(confusion(case([label()], heard, [incident(1, 5, nature=nature)]))) == said


def test_every_label_that_was_found_counts_once() -> None:
    labels = [
        label("a"),
        label("b"),
        label("c"),
        label("d", nature=Nature.EVENT),
        label("e", nature=Nature.EVENT),
    ]
    heard = [anomaly(minute, "a", detector="silence") for minute in range(5)]
    heard += [anomaly(1, "b", detector="traffic"), anomaly(1, "d", detector="traffic")]
    heard += [anomaly(1, "e", detector="level"), anomaly(1, "elsewhere", detector="silence")]
    assert confusion(case(labels, heard)) == {
        "sensor": {"sensor": 1, "event": 1, "undecided": 0},
        "event": {"sensor": 0, "event": 1, "undecided": 1},
    }


def test_where_nothing_was_found_there_is_no_matrix() -> None:
    assert confusion(case([label()], [])) is None


@pytest.mark.parametrize("module", [natures, recall, table])
def test_what_the_docstrings_show_is_so(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert tried.attempted > 0
    assert tried.failed == 0
