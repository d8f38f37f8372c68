import json
from pathlib import Path

import numpy as np
import pytest

from models.evaluation.corpus import Series, published, read
from models.evaluation.nab import (
    PROFILES,
    Profile,
    at_threshold,
    optimised,
    probation,
    ranked,
    truth,
)

STANDARD = PROFILES[0]
NAB = Path(__file__).parents[4] / "shared" / "data" / "nab"


def alarms_at(length: int, *rows: int) -> np.ndarray:
    score = np.zeros(length)
    score[list(rows)] = 1.0
    return score


def standard_score(length: int, windows: list[tuple[int, int]], *rows: int) -> float:
    alarms = ranked([truth(length, windows)], [alarms_at(length, *rows)])
    return at_threshold(alarms, STANDARD, 0.5).normalised(STANDARD)


def test_an_alarm_at_the_start_of_every_window_is_perfect() -> None:
    assert standard_score(1000, [(300, 399), (700, 799)], 300, 700) == pytest.approx(100)


def test_silence_is_worth_nothing() -> None:
    assert standard_score(1000, [(300, 399)]) == 0.0


def test_the_earlier_of_two_finds_counts_and_the_later_costs_nothing() -> None:
    both = standard_score(1000, [(300, 399)], 320, 380)
    assert both == standard_score(1000, [(300, 399)], 320)
    assert both > standard_score(1000, [(300, 399)], 380)


def test_a_false_alarm_costs_less_close_behind_a_window() -> None:
    perfect = standard_score(1000, [(300, 399)], 300)
    close, far = (standard_score(1000, [(300, 399)], 300, row) for row in (402, 900))
    assert perfect > close > far == pytest.approx(100 - 11 / 2)


def test_alarms_in_probation_do_not_count() -> None:
    assert standard_score(1000, [(300, 399)], 20, 149, 300) == pytest.approx(100)
    assert (probation(1000), probation(100_000)) == (150, 750)


def test_a_detector_that_is_better_silent_is_given_a_threshold_it_never_reaches() -> None:
    alarms = ranked([truth(1000, [])], [alarms_at(1000, 500)])
    assert optimised(alarms, STANDARD).threshold == np.inf


def test_rows_of_one_score_share_a_fate() -> None:
    alarms = ranked([truth(1000, [(300, 399)])], [np.ones(1000)])
    outcome = optimised(alarms, STANDARD)
    assert outcome.points <= at_threshold(alarms, STANDARD, 2.0).points


@pytest.fixture(scope="module")
def corpus() -> list[Series]:
    if not NAB.exists():
        pytest.skip(f"the benchmark's data is not at {NAB}")
    return read(NAB)


# The benchmark keeps each detector's thresholds beside its scores. This one is not the best for
# its profile (63.209 were to be had): it was found by an older, coarser search.
KEPT = {("numenta", "reward_low_FP_rate"): 0.575335555563}


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
@pytest.mark.parametrize("detector", ["numenta", "windowedGaussian"])
def test_a_published_detector_gets_its_published_score(
    corpus: list[Series], detector: str, profile: Profile
) -> None:
    known = json.loads((NAB / "published" / "scores.json").read_text(encoding="utf-8"))
    alarms = ranked([each.truth for each in corpus], published(NAB, detector, corpus))
    best = optimised(alarms, profile)
    kept = at_threshold(alarms, profile, KEPT.get((detector, profile.name), best.threshold))
    assert kept.normalised(profile) == pytest.approx(known[detector][profile.name], abs=1e-6)
    assert best.points >= kept.points - 1e-9  # summed in another order
