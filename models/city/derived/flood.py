"""Rivers on a grid: the flood level by Decision 05/2020/QĐ-TTg, and how fast the water rises."""

from collections.abc import Iterator, Mapping

import numpy as np

from models.city import flood
from models.city.derivation import Alarm, Case, Derived, Json, Rule, means, steps
from models.incident import Severity
from models.reading import HOUR, MINUTE

NAME = "flood"
HISTORIC = 4  # at or above the record, whatever level III says
GRAVE = {1: Severity.LOW, 2: Severity.MEDIUM, 3: Severity.HIGH, HISTORIC: Severity.HIGH}
DEFAULT = flood.Rules()


def rivers(case: Case) -> Iterator[Derived]:
    """The level and the rate of rise of each due step; a step's height is its mean."""
    times = np.array(sorted(case.series.get("level_m", ())), np.int64)
    heights = means(case.series, "level_m", times.tolist())
    rules = rules_of(case)
    rates = dict(zip(times.tolist(), flood.rise(rules, times, heights).tolist(), strict=True))
    state = state_before(case)
    for time in steps(case, ("level_m",)):
        height = case.series["level_m"][time].mean
        if np.isfinite(rates[time]):
            yield rising(rules, time, height, rates[time])
        station = case.book.station(case.place.name, time)
        if station is None:
            continue
        now = np.array([time], np.int64), np.array([height])
        levels, state = flood.course(station, rules, state, *now)
        historic = bool(flood.historic(station, now[1])[0])
        yield standing(station, state, time, height, HISTORIC if historic else int(levels[0]))


def rules_of(case: Case) -> flood.Rules:
    """The rules as they are at the beginning of what is due."""
    said = case.book.parameter
    return flood.Rules(
        hysteresis=said(NAME, "hysteresis", case.since),
        dwell=int(said(NAME, "dwell", case.since) * MINUTE),
        window=DEFAULT.window,
        fast=said(NAME, "fast_rise", case.since),
    )


def state_before(case: Case) -> flood.State:
    """Where the station stood before what is due."""
    kept = case.before.get("flood_level")
    state = kept.inputs.get("state") if kept else None
    if not isinstance(state, Mapping):
        return flood.State()
    kept_as = {name: state.get(name) for name in flood.State._fields}
    return flood.State(
        **{name: int(str(value)) for name, value in kept_as.items() if value is not None}
    )


def standing(
    station: flood.Station, state: flood.State, time: int, height: float, level: int
) -> Derived:
    """The level at a step, as a reading."""
    report = flood.report(station, height)
    inputs: dict[str, Json] = {
        "height_m": round(height, 4),
        "station": station.name,
        "river": station.river,
        "first_m": station.first,
        "second_m": station.second,
        "third_m": station.third,
        "record_m": station.record,
        "report": report.vi if report else None,
        "source": station.source,
        "state": state._asdict(),
    }
    alarm = Alarm(GRAVE[level]) if level else None
    return Derived("flood_level", time, level, inputs, alarm)


def rising(rules: flood.Rules, time: int, height: float, rate: float) -> Derived:
    """The rate of rise at a step, as a reading; a fast one warns before a level is reached."""
    inputs: dict[str, Json] = {"height_m": round(height, 4), "fast_rise": rules.fast}
    fast = bool(flood.fast_rise(rules, np.array([rate]))[0])
    alarm = Alarm(Severity.MEDIUM, 0.0) if fast else None
    return Derived("level_rise_m_h", time, round(rate, 4), inputs, alarm)


FLOOD = Rule(
    name=NAME,
    kinds=frozenset({"river"}),
    inputs=("level_m",),
    outputs=("flood_level", "level_rise_m_h"),
    step=10 * MINUTE,
    derive=rivers,
    alarms=frozenset({"flood_level", "level_rise_m_h"}),
    back=HOUR,
    ahead=HOUR,
    remembers=True,
)
