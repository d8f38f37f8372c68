"""What the bank makes of news: told once, standing on, late, of another unit, of a wrong clock."""

from typing import Any

import numpy as np
import pytest

from models.detectors.bank import Bank, Oddity
from models.detectors.ensemble import ALARM, Ensemble
from models.detectors.jury import StandIn
from models.detectors.level import Level
from models.detectors.promise import Detector
from models.detectors.rate import Rate
from models.detectors.reach import Reach
from models.detectors.standard import standard
from models.detectors.traits import Traits
from models.frame import Frame, frame
from models.reading import DAY, HOUR, MINUTE

STEP = 10 * MINUTE
WEEK = 7 * 144
START = 20_000 * DAY


def make(*more: Detector) -> Bank:
    ensemble = Ensemble()
    return Bank([ensemble, *more], ALARM, StandIn(Level(), ensemble, 0.9999))


def daily(first: int, count: int) -> np.ndarray:
    """A calm daily wave with a little noise, every ten minutes."""
    step = np.arange(first, first + count)
    noise = np.random.default_rng(first).normal(0, 1, count)
    return np.array(50 + 20 * np.sin(2 * np.pi * step / 144) + noise)


def series(first: int, values: Any, stream: int = 1, step: int = STEP) -> Frame:
    times = [START + first * STEP + i * step for i in range(len(values))]
    return frame([stream] * len(times), times, [float(each) for each in values])


def of_a_week() -> Bank:
    """A bank that has known stream 1 for a week."""
    bank = make()
    bank.judge(series(0, daily(0, WEEK)))
    return bank


def at(found: list[Oddity]) -> list[int]:
    """The steps that were told."""
    return [(each.time - START) // STEP for each in found]


def odd_until(bank: Bank) -> int | None:
    """The step until which stream 1 was odd."""
    ((_, _, odd, _),) = bank.dump([1])
    return None if odd is None else (odd - START) // STEP


def test_a_condition_is_told_once_and_stands_until_it_ends() -> None:
    bank = of_a_week()
    assert odd_until(bank) is None
    values = daily(WEEK, 60)
    values[10:16] += 60
    found = bank.judge(series(WEEK, values))
    assert at(found) == [WEEK + 10]
    assert WEEK + 14 <= (odd_until(bank) or 0) <= WEEK + 18
    assert found[0].detector == "ensemble"


def test_an_oddity_says_what_it_is_made_of_the_greatest_surprise_first() -> None:
    (found,) = of_a_week().judge(series(WEEK, [*daily(WEEK, 3), 300.0]))
    surprises = [nats for _, nats in found.parts]
    assert surprises == sorted(surprises, reverse=True)
    assert min(surprises) > 0
    assert {name for name, _ in found.parts} <= set(Ensemble.PARTS)
    assert {"value", "bounds"} <= {name for name, _ in found.parts}


def test_a_level_speaks_for_a_stream_that_is_not_known_yet_and_of_the_gross_alone() -> None:
    values = daily(0, 100)
    values[60] += 15
    values[80:84] = 900
    bank = make()
    found = bank.judge(series(0, values))
    assert [(each.detector, (each.time - START) // STEP) for each in found] == [("level", 80)]
    assert odd_until(bank) == 83


def test_a_restored_bank_remembers_that_something_stands() -> None:
    values = daily(WEEK, 40)
    values[10:20] += 60
    whole, unbroken, broken = series(WEEK, values), of_a_week(), of_a_week()
    wanted = unbroken.judge(whole[:12]) + unbroken.judge(whole[12:])
    found = broken.judge(whole[:12])
    restored = make()
    restored.restore((kept.stream_id, kept.state) for kept in broken.dump([1]))
    assert odd_until(restored) == WEEK + 11
    assert found + restored.judge(whole[12:]) == wanted
    assert list(restored.dump([1])) == list(unbroken.dump([1]))


def test_a_stream_pays_for_the_detectors_that_judge_it() -> None:
    whole, alone = standard(), standard()
    for stream in range(1, 7):
        whole.know(stream, Traits(family=7))
    for bank in (whole, alone):
        for stream in range(1, 7):
            bank.judge(series(0, daily(0, 30), stream))
    of_a_family = [len(kept.state) for kept in whole.dump([6])]
    assert whole.rows["neighbours"]["seen"].tolist()[5] == 30
    assert max(of_a_family + [len(kept.state) for kept in alone.dump([6])]) <= 1500


def test_more_is_asked_of_a_stream_that_was_wrong_and_less_of_a_precious_one() -> None:
    values = daily(WEEK, 20)
    values[10] += 18
    told = {}
    for factor in (0.5, 1.0, 1e6):
        bank = of_a_week()
        bank.ask(1, factor)
        told[factor] = len(bank.judge(series(WEEK, values)))
    assert told[1e6] == 0
    assert 1 <= told[1.0] <= told[0.5]
    with pytest.raises(ValueError, match="above 0"):
        make().ask(1, 0.0)


def test_the_factor_of_a_stream_is_asked_of_every_detector_that_is_silent_below_it() -> None:
    whole = Bank([Rate()], ALARM)
    whole.judge(series(0, daily(0, WEEK)))
    states = [(kept.stream_id, kept.state) for kept in whole.dump([1])]

    def told(factor: float | None, jump: float) -> list[int]:
        bank = Bank([Rate()], ALARM)
        bank.restore(states)
        if factor is not None:
            bank.ask(1, factor)
        values = daily(WEEK, 8)
        values[4:] += jump
        return at(bank.judge(series(WEEK, values)))

    barely = next(jump for jump in range(5, 60) if told(None, jump))
    assert told(1.0, barely) == told(None, barely) == [WEEK + 4]
    assert told(2.0, barely) == []
    assert told(0.5, barely - 1) == [WEEK + 4]
    assert told(2.0, 500) == [WEEK + 4]


def test_what_is_asked_of_a_stream_and_known_of_it_survives_a_restart() -> None:
    bank = of_a_week()
    bank.ask(1, 1e6)
    bank.know(1, Traits(high=100.0))
    bank.restore([(kept.stream_id, kept.state) for kept in bank.dump([1])])
    assert bank.traits["high"][0] == 100.0
    assert bank.judge(series(WEEK, [900.0])) == []


def test_a_stream_in_another_unit_is_another_stream() -> None:
    bank = of_a_week()
    bank.know(1, Traits(unit="m"))
    assert len(bank.judge(series(WEEK, [900.0]))) == 1
    bank.know(1, Traits(unit="mm"))
    assert bank.judge(series(WEEK + 1, 1000 * daily(WEEK + 1, 29))) == []
    assert odd_until(bank) is None


def test_what_nobody_believes_is_told_of_by_its_range_and_teaches_nothing() -> None:
    bank = make(Reach())
    bank.judge(series(0, daily(0, WEEK)))
    bank.know(1, Traits(low=0.0, high=100.0))
    before = bank.rows["ensemble"]["seen"].tolist()
    found = bank.judge(series(WEEK, [50.0, -999.0, -999.0, 60.0]), believed=False)
    assert [(each.detector, each.value) for each in found] == [("reach", -999.0)]
    assert odd_until(bank) == WEEK + 2
    assert bank.rows["ensemble"]["seen"].tolist() == before
    assert make().judge(series(0, [-999.0]), believed=False) == []


def test_late_readings_of_one_hour_are_one_piece_of_news() -> None:
    bank = of_a_week()
    late = series(WEEK - 72, np.full(36, 400.0))  # six hours, half a day ago
    found = bank.judge(late) + bank.judge(late)
    assert 5 <= len(found) <= 12
    assert all(b - a >= 6 for a, b in zip(at(found)[:5], at(found)[1:5], strict=False))


def test_a_clock_that_was_put_back_begins_anew_after_two_days() -> None:
    bank = of_a_week()
    ahead = bank.judge(series(WEEK + 365 * 144, daily(0, 1)))
    back = bank.judge(series(WEEK, daily(WEEK, 2 * WEEK)))
    assert len(ahead + back) <= 3  # in two weeks
    ((_, judged_until, _, _),) = bank.dump([1])
    assert judged_until == START + (3 * WEEK - 1) * STEP
    assert len(bank.judge(series(3 * WEEK, [900.0]))) == 1


@pytest.mark.parametrize(
    "values",
    [
        np.zeros(1),
        np.full(600, 21.5),
        np.full(600, np.nan),
        np.full(600, np.inf),
        np.resize([1e308, -1e308], 600),
        np.concatenate([np.zeros(500), [np.inf, -np.inf, 1e300], np.zeros(97)]),
    ],
    ids=["one sample", "constant", "no numbers", "infinite", "enormous", "three that cannot be"],
)
def test_nonsense_neither_stops_nor_floods(values: np.ndarray) -> None:
    bank = make()
    assert len(bank.judge(series(0, values))) <= 3
    assert all(
        np.isfinite([each.expected, each.band]).all() for each in bank.judge(series(9999, values))
    )


@pytest.mark.parametrize("step", [MINUTE, HOUR])
def test_a_stream_may_change_its_cadence(step: int) -> None:
    bank = of_a_week()
    count = 4 * DAY // step
    times = START + WEEK * STEP + np.arange(count) * step
    noise = np.random.default_rng(5).normal(0, 1, count)
    values = 50 + 20 * np.sin(2 * np.pi * (times - START) / DAY) + noise
    assert len(bank.judge(series(WEEK, values, step=step))) <= 4  # in four days
