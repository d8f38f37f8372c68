"""Rain on a grid: what fell in the last hour and day, and when that is a matter for pumps."""

from collections.abc import Iterator

import numpy as np

from models.city import rain
from models.city.derivation import Alarm, Case, Derived, Json, Rule, steps
from models.city.series import Floats
from models.incident import Severity
from models.reading import DAY, HOUR, MINUTE

NAME = "rain"
STEP = 10 * MINUTE


def gauges(case: Case) -> Iterator[Derived]:
    """What fell in the hour and in the day that end with each due step."""
    times = np.array(sorted({t for cells in case.series.values() for t in cells}), np.int64)
    fallen = amounts(case, times)
    for metric, window in (("rain_1h_mm", HOUR), ("rain_24h_mm", DAY)):
        sums = rain.accumulation(times, fallen, window)
        said = dict(zip(times.tolist(), sums.tolist(), strict=True))
        for time in steps(case, ("rain_mm_h", "rain")):
            yield summed(case, metric, time, said[time])


def amounts(case: Case, times: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Floats:
    """What fell (mm) in each step: a gauge's own amounts, else its mean intensity."""
    tips, rates = case.series.get("rain", {}), case.series.get("rain_mm_h", {})
    return np.array(
        [
            tips[time].mean * tips[time].samples if time in tips else rates[time].mean * STEP / HOUR
            for time in times.tolist()
        ],
        np.float64,
    )


def summed(case: Case, metric: str, time: int, amount: float) -> Derived:
    """A sum as a reading."""
    name = rain.classify(amount) if metric == "rain_24h_mm" else None
    inputs: dict[str, Json] = {"amount_mm": amount, "class": name.name_vi if name else None}
    return Derived(metric, time, amount, inputs, alarm(case, metric, time, amount))


def alarm(case: Case, metric: str, time: int, amount: float) -> Alarm | None:
    """Whether so much rain is an alarm."""
    said = case.book.parameter
    if metric == "rain_1h_mm":
        burst = said(NAME, "cloudburst_1h", time)
        return Alarm(Severity.HIGH) if amount >= burst else None
    if amount >= said(NAME, "very_heavy_24h", time):
        return Alarm(Severity.MEDIUM)
    return Alarm(Severity.LOW) if amount >= said(NAME, "heavy_24h", time) else None


RAIN = Rule(
    name=NAME,
    kinds=frozenset({"rain"}),
    inputs=("rain_mm_h", "rain"),
    outputs=("rain_1h_mm", "rain_24h_mm"),
    step=STEP,
    derive=gauges,
    alarms=frozenset({"rain_1h_mm", "rain_24h_mm"}),
    back=DAY,
    ahead=DAY,
    patience=60,
)
