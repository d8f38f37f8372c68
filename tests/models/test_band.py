"""What is expected of the coming hour, and how often it comes true."""

import numpy as np

from models.detectors.band import Band
from models.detectors.glance import ALARM
from models.reading import DAY, HOUR

MONDAY = 20_458 * DAY - 7 * HOUR  # 2026-01-05, on a clock seven hours ahead
TIMES = MONDAY + np.arange(70 * 24) * HOUR
LOCAL = (TIMES - MONDAY) // HOUR
OPEN = (LOCAL % 24 >= 8) & (LOCAL % 24 < 17) & (LOCAL // 24 % 7 < 5)
STREAMS = 30
WHO = np.arange(STREAMS)


def load() -> np.ndarray:
    """Dossiers an hour, of offices small and large, some days busier than others (n, streams)."""
    dice = np.random.default_rng(4)
    size = np.geomspace(4, 400, STREAMS)
    of_the_day = np.repeat(np.exp(dice.normal(0, 0.15, (70, STREAMS))), 24, axis=0)
    return np.array(dice.poisson(OPEN[:, None] * size * of_the_day), float)


def test_the_band_holds_nine_of_ten_and_its_middle_is_no_worse_than_the_hour() -> None:
    values, detector = load(), Band()
    rows = np.zeros(STREAMS, detector.layout)
    held, alarms, errors = [], 0, []
    for time, value in zip(TIMES, values, strict=True):
        when = np.full(STREAMS, time)
        coming = detector.forecast(rows, WHO, when)
        alarms += int((detector.judge(rows, WHO, when, value).score >= ALARM).sum())
        if time - MONDAY > 35 * DAY and OPEN[(time - MONDAY) // HOUR]:
            held.append((coming.low <= value) & (value <= coming.high))
            errors.append(np.abs(coming.expected - value) / np.geomspace(4, 400, STREAMS))
    assert 0.85 < np.mean(held) < 0.97
    assert np.median(errors) < 0.2
    assert alarms <= 3  # in eight weeks of thirty offices


def test_an_hour_without_anybody_is_told_of_once() -> None:
    values, detector = load(), Band()
    outage = (LOCAL // 24 == 58) & OPEN
    values[outage, -1] = 0.0
    rows = np.zeros(STREAMS, detector.layout)
    found = [
        (int(hour), int(which))
        for hour, (time, value) in enumerate(zip(TIMES, values, strict=True))
        for which in np.flatnonzero(
            detector.judge(rows, WHO, np.full(STREAMS, time), value).score >= ALARM
        )
        if LOCAL[hour] // 24 == 58
    ]
    assert found == [(int(LOCAL[outage][0]), STREAMS - 1)]
