"""Noise on a grid: by how much an hour is above the limit of its area and period."""

from collections.abc import Iterator

import numpy as np

from models.city import noise
from models.city.derivation import ENOUGH_OF_AN_HOUR, Alarm, Case, Derived, Json, Rule, means
from models.incident import Severity
from models.reading import HOUR, MINUTE

NAME = "noise"
SLOT = 5 * MINUTE
# An excess lasts when three quarters of the hour's slots are above the limit [D].
LASTING = 9


def hours(case: Case) -> Iterator[Derived]:
    """The excess (dB) of each due hour that was measured."""
    newest = max(case.series.get("laeq", ()), default=0)
    for hour in range(case.since, case.until, HOUR):
        slots = range(hour, hour + HOUR, SLOT)
        levels = means(case.series, "laeq", slots)
        limit = noise.in_force(case.book.noise, area(case), hour)
        over = noise.excess(limit, noise.energy_mean(levels)) if limit else None
        if limit is None or over is None:
            continue
        last = max(c.last_at for t, c in case.series["laeq"].items() if hour <= t < hour + HOUR)
        judged = newest >= hour + HOUR or last >= hour + ENOUGH_OF_AN_HOUR
        lasts = judged and over > 0 and int((levels > limit.value).sum()) >= LASTING
        inputs: dict[str, Json] = {
            "laeq_1h": round(limit.value + over, 2),
            "limit": limit.value,
            "area": limit.area.value,
            "period": limit.period.value,
            "slots": int(np.isfinite(levels).sum()),
            "slots_above": int((levels > limit.value).sum()),
            "source": limit.source,
        }
        severity = (
            Severity.MEDIUM if over > case.book.parameter(NAME, "loud", hour) else Severity.LOW
        )
        alarm = Alarm(severity) if lasts else None
        yield Derived("noise_excess_db", hour, round(over, 2), inputs, alarm, judged)


def area(case: Case) -> noise.Area:
    """The class of the asset's area; where nobody has said it, ordinary."""
    return noise.Area(case.place.facts.get("noise_class", noise.Area.ORDINARY))


NOISE = Rule(
    name=NAME,
    kinds=frozenset({"noise"}),
    inputs=("laeq",),
    outputs=("noise_excess_db",),
    step=HOUR,
    grain=SLOT,
    derive=hours,
    alarms=frozenset({"noise_excess_db"}),
    earlier=HOUR,
    patience=60,
)
