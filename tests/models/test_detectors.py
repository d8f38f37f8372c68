import numpy as np

from models.detectors.bank import Bank, turns
from models.detectors.level import Level
from models.detectors.season import Season
from models.frame import Frame, frame, packed, unpacked
from models.reading import DAY, HOUR, MINUTE

MONDAY = 4 * DAY  # 1970-01-05
NOISE = np.random.default_rng(7)


def series(times: np.ndarray, values: np.ndarray, stream: int = 1) -> Frame:
    return frame([stream] * len(times), times.tolist(), values.tolist())


def learned(bank: Bank) -> bytes:
    """What the level knows of stream 1."""
    return bank.rows.part("level", np.array([0])).tobytes()


def workdays_and_weekends(days: int) -> tuple[np.ndarray, np.ndarray]:
    """Every ten minutes: busy from 8 to 17 local time on working days, quiet else."""
    times = MONDAY + np.arange(days * 144) * 10 * MINUTE
    local = times + 7 * HOUR
    hour, weekday = local % DAY // HOUR, (local // DAY + 3) % 7
    busy = (hour >= 8) & (hour < 17) & (weekday < 5)
    return times, np.where(busy, 100.0, 10.0) + NOISE.normal(0, 1, len(times))


def test_a_spike_over_the_level_is_odd_and_the_next_good_value_is_not() -> None:
    bank = Bank([Level()], threshold=0.995)
    values = 50 + NOISE.normal(0, 1, 300)
    values[200] = 90
    found = bank.judge(series(np.arange(300) * MINUTE, values))
    assert [(each.time, each.detector) for each in found] == [(200 * MINUTE, "level")]
    assert 45 < found[0].expected < 55
    assert found[0].band < 40


def test_a_new_level_is_odd_at_first_and_usual_after_a_while() -> None:
    bank = Bank([Level(memory=60)], threshold=0.995)
    values = np.where(np.arange(600) < 300, 20.0, 60.0) + NOISE.normal(0, 0.5, 600)
    found = [each.time // MINUTE for each in bank.judge(series(np.arange(600) * MINUTE, values))]
    assert found[0] == 300
    assert found[-1] < 400


def told_on(values: np.ndarray) -> list[int]:
    """The minutes of a stream's first day at which a level tells of these values."""
    found = Bank([Level()], threshold=0.995).judge(series(np.arange(len(values)) * MINUTE, values))
    return [each.time // MINUTE for each in found]


def test_a_first_dusk_and_a_first_morning_are_not_odd_but_a_gross_spike_is() -> None:
    minute = np.arange(900)
    noise = np.random.default_rng(3).normal(0, 1, 900)
    watts = np.where(minute < 500, np.abs(0.1 * noise), 98 + noise)  # a lamp at its first dusk
    light = np.where(minute < 500, 98 + noise, 0.5 + 0.05 * noise)  # and one at its first dawn
    waiting = np.where(minute < 500, noise > 1, 14 + np.round(3 * noise))  # at a counter
    busy = 30 + 0.5 * noise + 20 * np.sin(np.pi * np.maximum(minute - 500, 0) / 400)
    for quiet in (watts, light, waiting.astype(float), busy):
        assert told_on(quiet) == []
    spiked = 50 + noise
    spiked[80] = 500
    assert told_on(spiked) == [80]


def test_on_its_second_day_a_stream_is_judged_by_its_level() -> None:
    values = 50 + np.random.default_rng(5).normal(0, 1, 1600)
    values[[1000, 1500]] = 75
    assert told_on(values) == [1500]


def test_a_holiday_is_odd_for_its_hours_though_no_value_is() -> None:
    times, values = workdays_and_weekends(28)
    wednesday = (times + 7 * HOUR) // DAY == (MONDAY // DAY + 23)
    values[wednesday] = 10.0
    found = Bank([Season()], threshold=0.995).judge(series(times, values))
    local = {(each.time + 7 * HOUR) // DAY for each in found}
    assert MONDAY // DAY + 23 in local
    assert len(local) <= 2  # chance has its say once in a month
    assert {each.detector for each in found} == {"season"}


def test_weekends_are_not_held_to_the_habits_of_working_days() -> None:
    times, values = workdays_and_weekends(35)
    assert Bank([Season()], threshold=0.995).judge(series(times, values)) == []


def test_an_order_of_arrival_does_not_change_what_is_odd() -> None:
    times, values = workdays_and_weekends(10)
    values[1200] += 500
    whole = series(times, values)
    shuffled = whole[NOISE.permutation(len(whole))]
    assert Bank([Level(), Season()], 0.995).judge(shuffled) == Bank(
        [Level(), Season()], 0.995
    ).judge(whole)


def test_a_late_sample_is_judged_and_not_learned() -> None:
    bank = Bank([Level()], threshold=0.995)
    bank.judge(series(np.arange(100) * MINUTE, 50 + NOISE.normal(0, 1, 100)))
    before = learned(bank)
    (odd,) = bank.judge(frame([1], [50 * MINUTE + 1], [500.0]))
    assert odd.value == 500.0
    assert learned(bank) == before


def test_a_restored_bank_goes_on_as_if_nothing_had_happened() -> None:
    times, values = workdays_and_weekends(12)
    values[1500] = 400
    whole = series(times, values)
    unbroken, broken = (Bank([Level(), Season()], 0.995) for _ in range(2))
    wanted = unbroken.judge(whole[:800]) + unbroken.judge(whole[800:])
    found = broken.judge(whole[:800])
    restored = Bank([Level(), Season()], 0.995)
    restored.restore((stream, record) for stream, *_, record in broken.dump([1]))
    assert found + restored.judge(whole[800:]) == wanted
    assert list(restored.dump([1])) == list(unbroken.dump([1]))


def test_a_bank_of_other_detectors_has_another_layout() -> None:
    assert Bank([Level()], 0.9).layout != Bank([Level(), Season()], 0.9).layout


def test_a_turn_has_every_stream_at_most_once_and_loses_nobody() -> None:
    streams = np.array([1, 1, 1, 4, 7, 7], np.int32)
    taken = [turn.tolist() for turn in turns(streams)]
    assert taken == [[0, 3, 4], [1, 5], [2]]


def test_more_streams_than_places_find_room() -> None:
    bank = Bank([Level()], 0.995)
    count = 5000
    assert bank.judge(frame(list(range(count)), [0] * count, [1.0] * count)) == []
    assert len(list(bank.dump(range(count)))) == count


def test_a_frame_survives_its_bytes() -> None:
    whole = frame([1, 2], [5, -6], [0.1, -2e300])
    assert unpacked([packed(whole[:1]), packed(whole[1:])]).tolist() == whole.tolist()
    assert len(unpacked([])) == 0
