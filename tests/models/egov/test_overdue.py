"""How many dossiers will be overdue in the coming days."""

from datetime import datetime, time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.egov.overdue import Dossiers, Overdue, TooShort, forecast, overdue, position
from models.egov.worktime import VIETNAM, Calendar

CALENDAR = Calendar(((time(7, 30), time(11, 30)), (time(13, 30), time(17))))


def office(days: int, seed: int = 1, each: int = 40) -> Dossiers:
    """An office in which one of ten dossiers is late, by two days on average."""
    dice = np.random.default_rng(seed)
    received = np.repeat(np.arange(float(days)), each) + dice.random(days * each)
    due = received + dice.choice([1.0, 3.0, 5.0, 10.0], received.size)
    late = dice.random(received.size) < 0.1
    early = received + (due - received) * dice.random(received.size)
    return Dossiers(received, due, np.where(late, due + dice.exponential(2, received.size), early))


def ahead(found: Dossiers, now: float) -> list[int]:
    return [overdue(found, now + number) for number in range(1, 6)]


def test_the_axis_counts_working_days() -> None:
    friday, monday = (datetime(2026, 3, day, 9, tzinfo=VIETNAM) for day in (6, 9))
    assert position(CALENDAR, monday) - position(CALENDAR, friday) == pytest.approx(1.0)


def test_a_steady_office_is_forecast_better_than_by_the_week_before_and_within_its_band() -> None:
    dossiers = office(160)
    errors, naive, inside = [], [], []
    for now in np.arange(80.0, 150.0, 2.0):
        found, was = forecast(dossiers, now), np.array(ahead(dossiers, now))
        errors.append(np.abs(found.expected - was))
        naive.append(np.abs(np.array(ahead(dossiers, now - 5)) - was))
        inside.append((found.low <= was) & (was <= found.high))
    assert np.mean(errors) < 0.85 * np.mean(naive)
    assert 0.65 < np.mean(inside) < 0.95  # of 0.8 that are meant


def test_a_wave_that_is_open_now_is_seen_coming() -> None:
    calm = office(80)
    wave = Dossiers(
        *(
            np.concatenate([column, [value] * 400])
            for column, value in zip(calm, (79.0, 81.5, np.inf), strict=True)
        )
    )
    assert (forecast(wave, 80.0).expected[2:] > 2 * forecast(calm, 80.0).expected[2:]).all()


def test_only_what_was_known_is_looked_at() -> None:
    whole = office(120)
    there = whole.received <= 80
    known = Dossiers(*(column[there] for column in whole))
    known = known._replace(finished=np.where(known.finished <= 80, known.finished, np.inf))
    for one, two in zip(forecast(whole, 80.0), forecast(known, 80.0), strict=True):
        assert np.array_equal(one, two)


def test_a_few_days_are_too_few() -> None:
    with pytest.raises(TooShort):
        forecast(office(12), 12.0)


@given(seed=st.integers(0, 50), each=st.integers(0, 5))
def test_a_band_is_a_band(seed: int, each: int) -> None:
    dossiers = office(40, seed, each)
    if each == 0:
        with pytest.raises(TooShort):
            forecast(dossiers, 40.0)
        return
    found: Overdue = forecast(dossiers, 40.0)
    assert (found.low >= 0).all()
    assert (found.low <= found.high).all()
    assert np.isfinite(found.expected).all()
