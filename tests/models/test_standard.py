"""The bank as it works live: which detectors judge, how much each counts, what excuses a stream."""

import numpy as np
import pytest

from models.detectors.bank import Bank, Oddity
from models.detectors.rate import Rate
from models.detectors.standard import WEIGHTS, Choice, Days, standard
from models.detectors.traits import Sort, Traits, place
from models.frame import Frame, frame
from models.reading import DAY, HOUR, MINUTE

MONDAY = 20_481 * DAY - 7 * HOUR  # a midnight in Vietnam, 2026-01-26
SERVICE = Traits(office=True)
RISES = 0.1  # of the humidity, within an hour


def of(stream: int, begin: int, step: int, values: np.ndarray) -> Frame:
    times = [begin + i * step for i in range(len(values))]
    return frame([stream] * len(times), times, [float(each) for each in values])


def requests(weeks: int) -> np.ndarray:
    """Hourly requests of a service: many in office hours, few else."""
    hours = np.arange(weeks * 7 * 24)
    at_work = (hours // 24 % 7 < 5) & (hours % 24 >= 8) & (hours % 24 < 17)
    return np.random.default_rng(7).poisson(np.where(at_work, 400.0, 20.0)).astype(float)


def names(found: list[Oddity]) -> set[str]:
    return {each.detector for each in found}


def test_what_weighs_nothing_is_left_out_and_what_is_unknown_is_refused() -> None:
    told = {each.name for each in standard().jury.steady}
    assert told == {name for name, weight in WEIGHTS.items() if weight}
    assert "rate" not in told
    with_rate = standard(Choice(weights={"rate": 1.0, "season": 0.0}))
    assert {"rate", "ensemble"} <= {each.name for each in with_rate.jury.steady}
    assert "season" not in {each.name for each in with_rate.jury.steady}
    assert with_rate.layout != standard().layout
    for wrong in ({"rte": 1.0}, {"ensemble": 0.0}, {"rate": -1.0}, {"rate": float("nan")}):
        with pytest.raises(ValueError, match=r"detector|do without|weight"):
            standard(Choice(weights=wrong))


def test_half_the_weight_asks_for_twice_the_loudness() -> None:
    steps = np.cumsum(np.random.default_rng(3).normal(0, 1, 2000))
    leaps = steps + 6.0 * (np.arange(2000) % 400 == 399)

    def told(weight: float) -> int:
        bank = Bank([Rate(alarm=6.0)], 0.995, weights={"rate": weight})
        return len(bank.judge(of(1, MONDAY, 10 * MINUTE, leaps)))

    assert told(1.0) > told(0.5) == 0
    assert Bank([Rate()], 0.995, weights={"rate": 0.5}).asked == pytest.approx([1 - 0.005**2])


def test_the_load_of_a_service_is_held_against_the_hours_of_its_week() -> None:
    bank = standard()
    bank.know(1, SERVICE)
    bank.know(2, Traits())
    week = requests(5)
    for stream in (1, 2):
        bank.judge(of(stream, MONDAY, HOUR, week))
    sunday = MONDAY + 41 * DAY + 3 * HOUR
    bank.judge(of(1, MONDAY + 35 * DAY, HOUR, requests(1)[: 6 * 24 + 3]))
    found = bank.judge(frame([1], [sunday], [20_000.0]))
    assert "season" in {name for each in found for name, _ in each.parts} | names(found)
    sizes = [len(each.state) for each in bank.dump([1, 2])]
    assert sizes[0] > sizes[1] + 1000  # whom no week moves pays for none
    again = standard(days=Days(free=(20_500,)))
    again.restore((each.stream_id, each.state) for each in bank.dump([1, 2]))
    assert [each.state for each in again.dump([1, 2])] == [each.state for each in bank.dump([1, 2])]


def humid_at(*, wet: bool, by: float = RISES) -> list[Oddity]:
    """What is told of one of six stations whose air is moist as no other's, by a gauge beside it."""
    bank, dice = standard(), np.random.default_rng(5)
    for stream in range(1, 7):
        here = place("213" if stream == 1 else "220")
        bank.know(stream, Traits(family=9, place=here, wetted=True))
    bank.know(7, Traits(place=place("213"), gauge=True, wetted=True))
    steps, told = 3 * 144, list[Oddity]()
    for step in range(steps + 30):
        moist = dice.normal(0.7, 0.004, 6)
        moist[0] += by * np.clip(step - steps, 0, 6) / 6
        rain = 2.0 if wet and step >= steps - 1 else 0.0
        at = MONDAY + step * 10 * MINUTE
        told += bank.judge(frame([*range(1, 8)], [at] * 7, [*moist.round(3).tolist(), rain]))
    return [each for each in told if each.stream_id == 1 and each.time >= MONDAY + 3 * DAY]


def test_what_local_rain_explains_has_to_be_louder() -> None:
    assert names(humid_at(wet=False)) == {"neighbours"}
    assert humid_at(wet=True) == []


def test_an_emptied_container_is_no_news_and_one_that_leaps_is() -> None:
    def told(last: float) -> list[Oddity]:
        bank = standard()
        bank.know(1, Traits(sort=Sort.COUNTER))
        dice = np.random.default_rng(2)
        filling = 0.4 + 0.3 * np.arange(700) / 700 + dice.normal(0, 0.005, 700)
        bank.judge(of(1, MONDAY, 10 * MINUTE, filling))
        return bank.judge(frame([1], [MONDAY + 7000 * MINUTE], [last]))

    assert told(0.03) == []
    assert names(told(5.0)) == {"ensemble"}
