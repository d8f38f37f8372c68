"""Turns the metrics of one Sparkplug payload into samples, by the table of a birth."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

from ingest.sparkplug import values
from ingest.sparkplug.sources import Metric, Source, Table
from models.reading import BadMessage, Quality, Sample

MILLISECOND = 1000  # microseconds

Stranger = Callable[[Any], Metric]


class UnknownAlias(BadMessage):
    """A metric called by an alias that no birth gave it."""

    def __init__(self) -> None:
        super().__init__(
            "its birth is not known; a rebirth is asked for: replay this message after it"
        )


class Found(NamedTuple):
    """The samples of a payload, a reason for each value that is none, and a doubt.

    unknown means that aliases were used which no birth has explained.
    """

    samples: list[Sample]
    flaws: list[str]
    unknown: bool


class Heard(NamedTuple):
    """A payload, the asset that speaks in it, and its arrival."""

    asset: str
    told: Any
    now: int


def read(heard: Heard, table: Table, stranger: Stranger, *, live: bool = True) -> Found:
    """What a payload says; stranger makes a metric of one that the table does not name.

    A metric's time is its own, else its payload's, else the arrival; 0 is no time. What is not
    live leaves the table as it is.
    """
    by_name, by_alias, number = table.by_name, table.by_alias, values.number
    stamped = heard.told.timestamp
    latest, group = -1, dict[str, float]()
    groups: dict[int, dict[str, float]] = {}
    words: dict[int, dict[str, Quality]] = {}
    flaws: list[str] = []
    unknown = False
    for metric in heard.told.metrics:
        try:
            if name := metric.name:
                known = by_name.get(name) or stranger(metric)
            elif (alias := metric.alias) or metric.HasField("alias"):
                known = by_alias.get(alias) or nobody()
            else:
                raise BadMessage("neither a name nor an alias")  # noqa: TRY301
            if not known.name or metric.is_transient:
                continue
            value = number(metric, known.datatype)
        except BadMessage as flaw:
            unknown = unknown or isinstance(flaw, UnknownAlias)
            flaws.append(f"{shown(metric)}: {flaw}")
            continue
        if value is None:
            continue
        when = (metric.timestamp or stamped) << 1 | metric.is_historical
        if when != latest:
            latest, group = when, groups.setdefault(when, {})
        group[known.name] = value
        if live and not when & 1:
            known.last = value
        if metric.HasField("properties"):
            read_properties(metric, known, table, words.setdefault(when, {}), live=live)
    return Found(sampled(heard, groups, table.units, words), flaws, unknown)


def sampled(
    heard: Heard,
    groups: Mapping[int, dict[str, float]],
    units: Mapping[str, str],
    words: Mapping[int, dict[str, Quality]],
) -> list[Sample]:
    """The samples; a group's key is twice its time in milliseconds, and one if it is historical."""
    return [
        Sample(
            heard.asset,
            (when >> 1) * MILLISECOND or heard.now,
            group,
            units_of(group, units) if units else None,
            words.get(when) or None,
            bool(when & 1),
        )
        for when, group in groups.items()
    ]


def nobody() -> NoReturn:
    """Raises, for an alias that nothing explains."""
    raise UnknownAlias


def read_properties(
    metric: Any, known: Metric, table: Table, words: dict[str, Quality], *, live: bool
) -> None:
    """Takes a metric's quality, and its unit where that is news."""
    if word := values.quality(metric):
        words[known.name] = word
    unit = values.unit(metric) if live else None
    if unit is not None and unit != known.unit:
        known.unit = table.units[known.name] = unit


def units_of(group: Mapping[str, float], units: Mapping[str, str]) -> dict[str, str] | None:
    """The units of these metrics alone."""
    return {name: units[name] for name in group if name in units} or None


def stale(source: Source, now: int) -> Sample | None:
    """The last values of a source that has died, as they are no longer true."""
    last = {
        metric.name: metric.last
        for metric in source.table.by_name.values()
        if metric.last is not None and metric.name
    }
    if not last:
        return None
    quality = dict.fromkeys(last, Quality.STALE)
    return Sample(source.asset, now, last, units_of(last, source.table.units), quality)


def shown(metric: Any) -> str:
    """A metric as a flaw calls it."""
    if metric.name:
        return str(metric.name)[: values.NAME_SHOWN]
    return f"alias {metric.alias}" if metric.HasField("alias") else "a metric"
