"""What offices do in an hour of the week, on holidays, and on Saturdays that are worked."""

import numpy as np

from models.detectors.glance import ALARM
from models.detectors.season import Season
from models.reading import DAY, HOUR

MONDAY = 20_458  # 2026-01-05, in days since 1970
DAYS = 63
TIMES = (MONDAY * DAY - 7 * HOUR) + np.arange(DAYS * 48) * HOUR // 2
DAY_OF = (TIMES + 7 * HOUR) // DAY - MONDAY
HOUR_OF = (TIMES + 7 * HOUR) % DAY // HOUR
WEEKDAY = DAY_OF % 7
TET = np.arange(43, 48)  # Tuesday to Saturday of the seventh week
WORKED = np.array([33])  # the Saturday of the fifth


def visitors(free: np.ndarray, seed: int = 1) -> np.ndarray:
    """Counts at an office: most on Mondays, and none when it is shut."""
    busy = np.where((HOUR_OF >= 8) & (HOUR_OF < 17) & (HOUR_OF != 12), 12.0, 0.0)
    expected = busy * np.where(WEEKDAY == 0, 2.5, 1.0) * ~free
    return np.array(np.random.default_rng(seed).poisson(expected), float)


def shut() -> np.ndarray:
    """Weekends but for the worked Saturday, and the holidays."""
    weekend = (WEEKDAY >= 5) & ~np.isin(DAY_OF, WORKED)
    return np.asarray(weekend | np.isin(DAY_OF, TET))


def alarms(detector: Season, *series: np.ndarray) -> list[list[int]]:
    """The days on which something is told of each of several streams."""
    rows, who = np.zeros(len(series), detector.layout), np.arange(len(series))
    scores = [
        detector.judge(rows, who, np.full(len(series), time), value).score
        for time, value in zip(TIMES, np.array(series).T, strict=True)
    ]
    return [DAY_OF[np.flatnonzero(each >= ALARM)].tolist() for each in np.array(scores).T]


def informed() -> Season:
    return Season(free_days=MONDAY + TET, worked_days=MONDAY + WORKED)


def test_a_week_that_keeps_the_calendar_is_left_alone() -> None:
    streams = [visitors(shut(), seed) for seed in range(20)]
    found = alarms(informed(), *streams)
    assert sum(map(len, found)) <= 2  # in seven weeks of twenty offices


def test_who_does_not_know_of_a_holiday_finds_it_odd() -> None:
    found, *_ = alarms(Season(), visitors(shut()))
    assert set(TET[:3].tolist()) <= set(found)
    assert 33 in found


def test_an_office_that_stays_shut_is_told_of_in_its_first_hour() -> None:
    closed = shut() | (DAY_OF == 37)
    (found,) = alarms(informed(), visitors(closed))
    assert set(found) == {37}


def test_a_rush_on_a_wednesday_is_odd_though_mondays_are_as_busy() -> None:
    values = visitors(shut())
    rush = (DAY_OF == 37) & (HOUR_OF == 10)
    values[rush] = 45.0
    (found,) = alarms(informed(), values)
    assert found == [37]


def test_the_first_day_after_a_long_holiday_may_be_busier() -> None:
    values = visitors(shut())
    values[DAY_OF == 49] = np.round(1.5 * values[DAY_OF == 49])
    assert alarms(informed(), values) == [[]]
