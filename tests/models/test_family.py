"""A group of metrics that leaves its cloud, and what a runner has to do for it."""

import numpy as np
import pytest

from models.detectors import cloud, family
from models.detectors.family import Group, Judged

LENGTH = 1500
FAULT = slice(1200, 1300)


def pump(seed: int = 1) -> np.ndarray:
    """Flow, pressure and power of a pump that go together, and a temperature that does not."""
    dice = np.random.default_rng(seed)
    load = 50 + 10 * np.sin(np.arange(LENGTH) / 40)
    noise = dice.normal(0, 1, (LENGTH, 4))
    return np.array(
        np.stack([load, 2 * load, 0.3 * load, np.full(LENGTH, 60.0)], axis=1)
        + noise * [1, 2, 0.3, 0.5]
    )


def lived(samples: np.ndarray, batch: int = 50) -> tuple[np.ndarray, Judged, Group]:
    """Where something was told, the last verdicts, and the group after all."""
    group, news, judged = family.new(samples.shape[1]), [], None
    for begin in range(0, len(samples), batch):
        judged, group = family.judge(group, samples[begin : begin + batch])
        news.append(judged.news)
        if family.due(group):
            group = family.refitted(group)
    assert judged is not None
    return np.flatnonzero(np.concatenate(news)), judged, group


def test_a_pump_that_takes_more_power_for_the_same_flow_is_told_of_once() -> None:
    samples = pump()
    samples[FAULT, 2] += 8.0
    found, _, group = lived(samples)
    assert len(found) == 1
    assert 1200 <= found[0] < 1240
    judged, _ = family.judge(group._replace(late=samples[1230:1250]), samples[1250:1260])
    assert judged.shares.mean(axis=0).argmax() == 2


def test_more_load_of_all_alike_is_left_alone() -> None:
    assert lived(pump())[0].tolist() == []


def test_a_missing_member_is_no_oddity() -> None:
    samples = pump()
    samples[FAULT, 0] = np.nan
    found, _, group = lived(samples)
    assert found.tolist() == []
    assert not np.isnan(group.calm).any()


def test_a_restored_group_judges_the_same() -> None:
    samples = pump()
    _, _, group = lived(samples[:1000])
    again = family.restored(family.dumped(group))
    assert family.dumped(again) == family.dumped(group)
    first, second = (family.judge(each, samples[1000:])[0] for each in (group, again))
    assert first.distance.tobytes() == second.distance.tobytes()
    assert family.dumped(family.restored(family.dumped(family.new(3)))) == family.dumped(
        family.new(3)
    )


def test_how_samples_are_batched_changes_no_distance() -> None:
    samples = pump()
    *_, group = lived(samples[:1000])
    whole, _ = family.judge(group, samples[1000:1100])
    apart = []
    for begin in range(1000, 1100, 7):
        judged, group = family.judge(group, samples[begin : min(begin + 7, 1100)])
        apart.append(judged.distance)
    assert np.allclose(np.concatenate(apart), whole.distance)


def test_a_cloud_of_one_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="two samples"):
        cloud.fitted(np.zeros((1, 3)))


def test_metrics_that_stand_still_make_a_cloud_too() -> None:
    still = cloud.fitted(np.full((500, 3), 7.0))
    assert cloud.distances(still, np.full((1, 3), 7.0))[0] < cloud.FAR
    assert cloud.distances(still, np.full((1, 3), 8.0))[0] > cloud.FAR
