"""Any other JSON, by a mapping that the route declares: where each value lies, and in which unit.

The form of the table is in docs/routes.md. It is checked when it is read: a wrong one stops the
start with the field's name, and what a device sends is only ever held against a right one.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta, timezone
from typing import Any, NamedTuple

from ingest.codecs import Codec, Place
from ingest.document import as_float, as_number, kind, number_in, parsed
from ingest.path import Path, path
from ingest.timestamp import MILLISECOND, calendar_time, unix_time
from models.asset import child_name
from models.reading import METRIC_NAME, SECOND, BadMessage, Decoded, Sample, microseconds
from models.units import ucum

FIELDS = {"time", "values", "each", "child"}
TIME_FIELDS = {"path", "form", "utc_offset_hours", "text", "optional"}
VALUE_FIELDS = {"metric", "path", "unit", "scale", "offset", "true_is", "text", "optional"}
FORMS = {"iso8601": 0, "unix_s": SECOND, "unix_ms": MILLISECOND}  # microseconds of one
MAX_ITEMS = 10_000  # of one message
MAX_METRICS = 256  # of one route
MAX_VALUES = 100_000  # items times metrics
NAME = re.compile(r"[^\x00-\x1f]{1,128}")


class Clock(NamedTuple):
    """Where the time lies and how it is written."""

    path: Path
    form: str
    zone: timezone | None
    text: bool
    optional: bool


class Value(NamedTuple):
    """Where one metric lies, and what becomes of it: value * scale + offset."""

    metric: str
    path: Path
    unit: str | None
    scale: float
    offset: float
    true_is: float | None
    text: bool
    optional: bool
    missing: str


def made(settings: Mapping[str, Any]) -> Codec:
    """The codec of one mapping. Raises ValueError, naming the field."""
    known(settings, FIELDS, "mapping")
    values = settings.get("values")
    if not isinstance(values, list) or not values or len(values) > MAX_METRICS:
        raise ValueError(f"values is a list of 1 to {MAX_METRICS} metrics")
    read = [value(each, f"values[{at}]") for at, each in enumerate(values)]
    metrics = [each.metric for each in read]
    if twice := {metric for metric in metrics if metrics.count(metric) > 1}:
        raise ValueError(f"values: {', '.join(sorted(twice))} stands there twice")
    if "child" in settings and "each" not in settings:
        raise ValueError("child names the elements of each: it needs one")
    return Declared(
        clock(settings["time"]) if "time" in settings else None,
        read,
        way(settings, "each", "each") if "each" in settings else None,
        way(settings, "child", "child") if "child" in settings else None,
    )


class Declared(NamedTuple):
    """A codec by declaration."""

    clock: Clock | None
    values: Sequence[Value]
    each: Path | None
    child: Path | None

    def __call__(self, place: Place, payload: bytes, now: int, /) -> Decoded:
        """One message. Raises BadMessage where nothing of it can be read."""
        message = parsed(payload)
        into = Decoded([], [], parents={} if self.child else None)
        for item in self.items(message):
            try:
                self.read(place.asset, item, message, now, into)
            except BadMessage as flaw:
                into.flaws.append(str(flaw))
        return into

    def items(self, message: Any) -> list[Any]:
        """What gives a sample each. Raises BadMessage."""
        if self.each is None:
            return [message]
        items = self.each.found(message, message)
        if not isinstance(items, list):
            raise BadMessage(f"expected each to lead to a list, got {kind(items)}")
        if len(items) > MAX_ITEMS or len(items) * len(self.values) > MAX_VALUES:
            raise BadMessage(f"a list of {len(items)} is too long for one message")
        return items

    def read(self, asset: str, item: Any, message: Any, now: int, into: Decoded) -> None:
        """One sample. Raises BadMessage where it has no time, or its child no name."""
        time = now if self.clock is None else moment(self.clock, item, message, now)
        speaker = asset if self.child is None else child_name(asset, named(self.child, item))
        values: dict[str, float] = {}
        for each in self.values:
            try:
                number = measured(each, each.path.found(item, message))
            except BadMessage as flaw:
                into.flaws.append(f"{each.metric}: {flaw}")
                continue
            if number is not None:
                values[each.metric] = number
        if not values:
            return
        units = {
            each.metric: each.unit for each in self.values if each.unit and each.metric in values
        }
        into.samples.append(Sample(speaker, time, values, units))
        if isinstance(into.parents, dict):
            into.parents[speaker] = asset


def measured(each: Value, told: Any) -> float | None:
    """A value as its metric counts it, None where it may be missing. Raises BadMessage."""
    if told is None:
        if each.optional:
            return None
        raise BadMessage(each.missing)
    if each.true_is is not None:
        if not isinstance(told, bool):
            raise BadMessage(f"expected true or false, got {kind(told)}")
        return each.true_is if told else 1.0 - each.true_is
    number = number_in(told.strip()) if each.text and isinstance(told, str) else as_number(told)
    if number is None:
        raise BadMessage(f"expected a number, got {kind(told)}")
    scaled = as_float(scaled_by(each.scale, number) + each.offset)
    if scaled is None:
        raise BadMessage("the number is not finite")
    return scaled


def scaled_by(scale: float, number: float) -> float:
    """A number times a scale; 0.001 divides by 1000, which is the exact way to say it.

    >>> scaled_by(0.001, 41_300), 0.001 * 41_300
    (41.3, 41.300000000000004)
    """
    whole = round(1 / scale) if abs(scale) >= 1e-12 else 0
    return number / whole if whole and 1 / whole == scale else number * scale


def moment(clock: Clock, item: Any, message: Any, now: int) -> int:
    """When it was measured. Raises BadMessage."""
    told = clock.path.found(item, message)
    if told is None:
        if clock.optional:
            return now
        raise BadMessage("time: nothing at its path")
    if clock.form != "iso8601":
        number = number_in(told.strip()) if clock.text and isinstance(told, str) else told
        return unix_time(told if number is None else number, FORMS[clock.form], "time")
    at = calendar_time(told, "time")
    if at.tzinfo is None:
        if clock.zone is None:
            raise BadMessage("time has no zone")
        at = at.replace(tzinfo=clock.zone)
    return microseconds(at)


def named(child: Path, item: Any) -> str:
    """The name of an element. Raises BadMessage."""
    told = child.found(item, item)
    if isinstance(told, int) and not isinstance(told, bool):
        told = str(told) if abs(told) < 10**18 else ""
    if not isinstance(told, str) or not NAME.fullmatch(told):
        raise BadMessage("child: no name at its path")
    return told


def clock(told: Any) -> Clock:
    """The declared time. Raises ValueError."""
    if not isinstance(told, dict) or not told:
        raise ValueError("time is a path and a form")
    known(told, TIME_FIELDS, "time")
    form = told.get("form")
    if not isinstance(form, str) or form not in FORMS:
        raise ValueError(f"time.form is one of {', '.join(FORMS)}")
    zone = None
    if "utc_offset_hours" in told:
        hours = number(told, "utc_offset_hours", "time", 0)
        if abs(hours) > 14 or form != "iso8601":
            raise ValueError("time.utc_offset_hours is from -14 to 14, for iso8601")
        zone = timezone(timedelta(hours=hours)) if hours else UTC
    return Clock(
        way(told, "path", "time.path"),
        form,
        zone,
        flag(told, "text", "time"),
        flag(told, "optional", "time"),
    )


def value(told: Any, where: str) -> Value:
    """One declared metric. Raises ValueError."""
    if not isinstance(told, dict) or not told:
        raise ValueError(f"{where} is a metric and a path")
    known(told, VALUE_FIELDS, where)
    metric = told.get("metric")
    if not isinstance(metric, str) or not METRIC_NAME.fullmatch(metric):
        raise ValueError(f"{where}.metric: {metric!r} is no name of a metric")
    unit = None
    if "unit" in told:
        unit = ucum(told["unit"]) if isinstance(told["unit"], str) else None
        if unit is None:
            raise ValueError(f"{where}.unit: {told['unit']!r} is no unit we know")
    scale = number(told, "scale", where, 1)
    if scale == 0:
        raise ValueError(f"{where}.scale is 0: nothing would be left of the value")
    true_is = None
    if "true_is" in told:
        true_is = number(told, "true_is", where, 1)
        if true_is not in (0, 1) or told.keys() & {"scale", "offset", "text"}:
            raise ValueError(f"{where}.true_is is 0 or 1, without scale, offset and text")
    return Value(
        metric,
        way(told, "path", f"{where}.path"),
        unit,
        scale,
        number(told, "offset", where, 0),
        true_is,
        flag(told, "text", where),
        flag(told, "optional", where),
        f"nothing at {told['path']}",
    )


def known(told: Mapping[str, Any], fields: set[str], where: str) -> None:
    """Raises ValueError where a table has a field that means nothing."""
    if unknown := sorted(str(field) for field in told if field not in fields):
        raise ValueError(
            f"{where} knows no {', '.join(unknown)}; it knows {', '.join(sorted(fields))}"
        )


def way(told: Mapping[str, Any], field: str, where: str) -> Path:
    """A declared path. Raises ValueError."""
    try:
        return path(told.get(field))
    except ValueError as flaw:
        raise ValueError(f"{where}: {flaw}") from flaw


def number(told: Mapping[str, Any], field: str, where: str, default: float) -> float:
    """A declared number. Raises ValueError."""
    read = as_number(told.get(field, default))
    if read is None:
        raise ValueError(f"{where}.{field} is a number")
    return read


def flag(told: Mapping[str, Any], field: str, where: str) -> bool:
    """A declared yes or no. Raises ValueError."""
    read = told.get(field, False)
    if read is not True and read is not False:
        raise ValueError(f"{where}.{field} is true or false")
    return read
