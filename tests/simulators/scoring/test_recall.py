"""What was found of the labels, and how soon: worked out by hand."""

import pytest

from simulators.scoring.causes import causes
from simulators.scoring.recall import recall, recall_by_kind
from tests.simulators.scoring.truth import anomaly, at, case, label


@pytest.mark.parametrize(("minute", "found"), [(-0.01, 0), (0, 1), (10, 1), (20, 1), (20.01, 0)])
def test_a_label_is_found_from_its_beginning_until_the_grace_after_its_end(
    minute: float, found: int
) -> None:
    told = case([label(began=0, ended=10)], [anomaly(minute)])
    assert recall(told, told.judged).found == found


def test_another_asset_finds_nothing() -> None:
    told = case([label("pump-7")], [anomaly(5, "pump-8")])
    assert recall(told, told.judged).recall == 0


def test_a_derived_stream_finds_what_it_is_derived_from_but_not_on_its_metric() -> None:
    told = case([label("river-1", "level_m", "flood")], [anomaly(5, "river-1", "flood_level")])
    found = recall(told, told.judged)
    assert (found.found, found.found_on_metric) == (1, 0)


def test_a_label_without_a_metric_means_all_of_them() -> None:
    told = case([label(metric="", kind="silence")], [anomaly(5, metric="online")])
    assert recall(told, told.judged).found_on_metric == 1


def test_of_two_labels_at_once_the_one_that_names_the_metric_is_found() -> None:
    flow, level = label(metric="flow"), label(metric="level")
    told = case([flow, level], [anomaly(5, metric="level")])
    assert told.of_label == ((), (0,))


def test_of_two_labels_at_once_that_name_other_metrics_both_are_found() -> None:
    told = case([label(metric="flow"), label(metric="level")], [anomaly(5, metric="state")])
    assert told.of_label == ((0,), (0,))


def test_delays_are_from_the_beginning_to_the_first_anomaly() -> None:
    labels = [label(asset, began=0, ended=30) for asset in "abcde"]
    heard = [anomaly(30, "a"), anomaly(1, "a"), anomaly(2, "b"), anomaly(3, "c"), anomaly(8, "d")]
    found = recall(told := case(labels, heard), told.judged)
    assert found.recall == 4 / 5
    assert found.delay_median == 2.5 * 60  # of 1, 2, 3, 8 minutes
    assert found.delay_p90 == pytest.approx(6.5 * 60)  # 3 + 0.7 * (8 - 3)


def test_kinds_are_counted_apart() -> None:
    labels = [label("a", kind="spike"), label("b", kind="drift"), label("c", kind="drift")]
    kinds = recall_by_kind(case(labels, [anomaly(1, "b")]))
    assert {kind: (found.found, found.labels) for kind, found in kinds.items()} == {
        "drift": (1, 2),
        "spike": (0, 1),
    }
    assert kinds["spike"].delay_median is None


def test_a_cause_is_found_when_any_of_its_labels_is() -> None:
    flood = [
        label(f"river-{number}", began=10 * number, ended=60, cause="flood") for number in (1, 2, 3)
    ]
    told = case([*flood, label("pump-7", cause="spike")], [anomaly(25, "river-2")])
    found = recall(told, told.judged)
    assert (found.labels, found.found, found.causes, found.causes_found) == (4, 1, 2, 1)
    assert found.cause_recall == 0.5
    wave = next(cause for cause in causes(told) if cause.cause == "flood")
    assert wave.delay == 15 * 60  # after the first station was reached
    assert (wave.began_at, wave.ended_at, wave.labels, wave.found) == (at(10), at(60), 3, 1)


def test_labels_without_a_cause_are_a_cause_each() -> None:
    told = case([label("a"), label("b"), label("a", began=60, ended=70)], [])
    assert recall(told, told.judged).causes == 3


def test_of_nothing_there_is_no_share() -> None:
    told = case([], [anomaly(5)], window=(0, 60))
    found = recall(told, told.judged)
    assert (found.recall, found.cause_recall, found.delay_median) == (None, None, None)
    assert recall_by_kind(told) == {}
