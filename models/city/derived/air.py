"""Air on a grid: VN_AQI of each hour and each day, and concentrations over their limits."""

from collections.abc import Iterator, Mapping

from models.city import air, limits
from models.city.book import day_of
from models.city.derivation import (
    ENOUGH_OF_AN_HOUR,
    UTC_OFFSET,
    Alarm,
    Case,
    Derived,
    Json,
    Rule,
    means,
    steps,
)
from models.city.series import Values
from models.incident import Severity
from models.reading import DAY, HOUR

# Kém, Xấu, Rất xấu begin above these; whom they warn is in docs/city-rules.md.
GRAVE = ((200, Severity.HIGH), (150, Severity.MEDIUM), (100, Severity.LOW))
REACH = (air.NOWCAST_HOURS - 1) * HOUR


def hours(case: Case) -> Iterator[Derived]:
    """The index of each due hour, and its concentrations over the limits of an hour."""
    newest = max((max(cells, default=0) for cells in case.series.values()), default=0)
    for hour in steps(case, air.POLLUTANTS):
        yield from over_limits(case, hour)
        index = air.hourly(up_to(case, hour, air.NOWCAST_HOURS))
        if index.value is None:
            continue
        last = max(c[hour].last_at for c in case.series.values() if hour in c)
        judged = newest > hour or last >= hour + ENOUGH_OF_AN_HOUR
        alarm = grave(index.value) if judged else None
        yield Derived("aqi", hour, index.value, spoken(index), alarm, judged)


def days(case: Case) -> Iterator[Derived]:
    """The index of each due local day; time is its midnight."""
    for day in range(case.since, case.until, DAY):
        index = air.daily(up_to(case, day + DAY - HOUR, air.DAY_HOURS))
        if index.value is not None:
            yield Derived("aqi_daily", day, index.value, spoken(index))


def up_to(case: Case, hour: int, count: int) -> Mapping[str, Values]:
    """The hourly means of each measured pollutant in so many hours up to one, oldest first."""
    times = range(hour - (count - 1) * HOUR, hour + HOUR, HOUR)
    return {each: means(case.series, each, times) for each in case.series}


def over_limits(case: Case, hour: int) -> Iterator[Derived]:
    """How the means of an hour stand to the limits of an hour: the worst ratio of all."""
    ratios: dict[str, float] = {}
    inputs: dict[str, Json] = {}
    for metric, cells in case.series.items():
        limit = limits.in_force(case.book.limits, metric, "1h", day_of(hour))
        found = limits.exceedance(limit, cells[hour].mean) if limit and hour in cells else None
        if limit and found:
            ratios[metric] = round(found.ratio, 4)
            mean = round(cells[hour].mean, 3)
            inputs[metric] = {"mean": mean, "limit": limit.value, "source": limit.source}
    if ratios:
        worst = max(ratios, key=ratios.__getitem__)
        said: dict[str, Json] = {"worst": worst, "averaging": "1h", "means": inputs}
        yield Derived("limit_excess", hour, ratios[worst], said)


def grave(index: int) -> Alarm | None:
    """The alarm of an index; the value that would be none is 100."""
    for above, severity in GRAVE:
        if index > above:
            return Alarm(severity, 100.0)
    return None


def spoken(index: air.Index) -> Mapping[str, Json]:
    """What an index was made of."""
    return {
        "dominant": index.dominant,
        "category": index.category.name_vi if index.category else None,
        "category_en": index.category.name_en if index.category else None,
        "incomplete": index.incomplete,
        "parts": [
            {
                "pollutant": part.pollutant,
                "averaging": part.averaging,
                "concentration": round(part.concentration, 3),
                "index": part.value,
                "incomplete": part.incomplete,
            }
            for part in index.parts
        ],
    }


HOURLY = Rule(
    name="air-quality",
    kinds=frozenset({"air"}),
    inputs=air.POLLUTANTS,
    outputs=("aqi", "limit_excess"),
    step=HOUR,
    derive=hours,
    alarms=frozenset({"aqi"}),
    back=REACH,
    ahead=REACH,
    earlier=HOUR,
    patience=60,
)
DAILY = Rule(
    name="air-quality-daily",
    kinds=frozenset({"air"}),
    inputs=air.POLLUTANTS,
    outputs=("aqi_daily",),
    step=DAY,
    grain=HOUR,
    derive=days,
    offset=UTC_OFFSET,
    patience=600,
)
