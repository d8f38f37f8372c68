"""The dated tables of the city as CSV files: what each column may say, read with every flaw named."""

import csv
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple

from models.city import facts
from models.city.limits import AVERAGING
from models.city.noise import Area, Period
from models.city.parameters import PARAMETERS
from models.reading import ASSET_NAME, METRIC_NAME, UNIT_CODE

ONE_LINE = re.compile(r"[^\x00-\x1f]{1,200}")
MARKS = ("verified", "general", "design")

Value = str | float | date | datetime | None
Row = dict[str, Value]


class BadSheet(Exception):
    """The file cannot be taken as it is; nothing of it was."""


class Column(NamedTuple):
    """What a column may say; what is empty is None, where it need not be there."""

    read: Callable[[str], Value]
    needed: bool = True


class Sheet(NamedTuple):
    """One table: its columns, which of them name a row, and what makes sense of a whole row."""

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...]
    check: Callable[[Row], str | None] = lambda _: None


@dataclass
class Found:
    """What a file says: rows by line, and what is wrong, by line."""

    sheet: Sheet
    rows: dict[int, Row] = field(default_factory=dict)
    flaws: dict[int, str] = field(default_factory=dict)

    def check(self) -> None:
        """Raises BadSheet with every flaw, by line."""
        if self.flaws:
            lines = sorted(self.flaws.items())
            raise BadSheet("\n".join(f"line {line}: {why}" for line, why in lines))


def matching(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    """Reads a text of this form."""

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f"{text!r} is no {what}")
        return text

    return read


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    """Reads one of some words."""
    known = tuple(map(str, words))

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"{text!r} is none of: {', '.join(known)}")
        return text

    return read


def number(text: str) -> float:
    """A finite number."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{text!r} is no number")
    return value


def day(text: str) -> date:
    """A day as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no day; one is written 2026-01-31") from None


def instant(text: str) -> datetime:
    """A moment with its zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time; one is written 2026-01-31T08:00+07:00") from None
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return moment.astimezone(UTC)


def levels_rise(row: Row) -> str | None:
    """Why the heights of a station make no sense, or None."""
    heights = [row[name] for name in ("first_m", "second_m", "third_m", "record_m")]
    known = [height for height in heights if isinstance(height, float)]
    return (
        None if known == sorted(set(known)) else "alarm levels rise from I to III, a record above"
    )


def limit_is_positive(row: Row) -> str | None:
    """Why a limit makes no sense, or None."""
    return None if isinstance(row["value"], float) and row["value"] > 0 else "a limit is above 0"


def parameter_makes_sense(row: Row) -> str | None:
    """Why no rule can be told this, or None."""
    told = PARAMETERS.get((str(row["rule"]), str(row["name"])))
    if told is None:
        return f"no rule is told {row['rule']} {row['name']}"
    if row["unit"] != told.unit:
        return f"{row['rule']} {row['name']} is told in {told.unit}"
    if isinstance(row["value"], float) and told.least <= row["value"] <= told.most:
        return None
    return f"{row['rule']} {row['name']} is from {told.least:g} to {told.most:g}"


def fact_makes_sense(row: Row) -> str | None:
    """Why this cannot be known of an asset, or None."""
    return facts.refusal(str(row["name"]), str(row["value"]))


TEXT = Column(matching(ONE_LINE, "line of up to 200 characters"))
NUMBER = Column(number)
ASSET = Column(matching(ASSET_NAME, "name of an asset"))
UNIT = Column(matching(UNIT_CODE, "UCUM code"))
DATES = {
    "valid_from": Column(day),
    "valid_to": Column(day, needed=False),
    "source": TEXT,
    "mark": Column(one_of(MARKS)),
}
SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet(
            "limits",
            {
                "metric": Column(matching(METRIC_NAME, "name of a metric")),
                "averaging": Column(one_of(AVERAGING)),
                "value": NUMBER,
                "unit": UNIT,
                **DATES,
            },
            ("metric", "averaging", "valid_from"),
            limit_is_positive,
        ),
        Sheet(
            "flood_stations",
            {
                "asset": ASSET,
                "title": TEXT,
                "river": TEXT,
                "first_m": NUMBER,
                "second_m": NUMBER,
                "third_m": NUMBER,
                "record_m": Column(number, needed=False),
                "record_at": Column(instant, needed=False),
                **DATES,
            },
            ("asset", "valid_from"),
            levels_rise,
        ),
        Sheet(
            "noise_limits",
            {
                "area_class": Column(one_of(Area)),
                "period": Column(one_of(Period)),
                "value": NUMBER,
                **DATES,
            },
            ("area_class", "period", "valid_from"),
            limit_is_positive,
        ),
        Sheet(
            "rule_parameters",
            {"rule": TEXT, "name": TEXT, "value": NUMBER, "unit": UNIT, **DATES},
            ("rule", "name", "valid_from"),
            parameter_makes_sense,
        ),
        Sheet(
            "asset_facts",
            {"asset": ASSET, "name": TEXT, "value": TEXT},
            ("asset", "name"),
            fact_makes_sense,
        ),
    )
}


def read(lines: Iterable[str], sheets: Mapping[str, Sheet] = SHEETS) -> Found:
    """What a CSV says whose first line names the columns of one of the tables.

    Bad lines are in its flaws: all of them. Raises BadSheet where it is no such file at all.
    """
    rows = csv.DictReader(lines)
    try:
        found = Found(sheet_of([name.strip() for name in rows.fieldnames or []], sheets))
        seen: dict[tuple[Value, ...], int] = {}
        for said in rows:
            try:
                take(found, rows.line_num, read_row(found.sheet, said), seen)
            except ValueError as error:
                found.flaws[rows.line_num] = str(error)
    except csv.Error as error:
        raise BadSheet(f"line {rows.line_num}: this is not CSV: {error}") from error
    except UnicodeDecodeError as error:
        raise BadSheet(f"the file is not UTF-8: {error.reason}") from error
    return found


def take(found: Found, line: int, row: Row, seen: dict[tuple[Value, ...], int]) -> None:
    """One row into what was found. Raises ValueError where another line says the same."""
    key = tuple(row[name] for name in found.sheet.key)
    if key in seen:
        raise ValueError(f"it says the same as line {seen[key]}")
    seen[key] = line
    found.rows[line] = row


def sheet_of(names: list[str], sheets: Mapping[str, Sheet]) -> Sheet:
    """The table with these columns. Raises BadSheet where there is none."""
    for sheet in sheets.values():
        needed = {name for name, column in sheet.columns.items() if column.needed}
        if needed <= set(names) <= sheet.columns.keys():
            return sheet
    known = "; ".join(f"{name}: {','.join(sheet.columns)}" for name, sheet in sheets.items())
    raise BadSheet(f"line 1: no table has the columns {','.join(names)}. These are: {known}")


def read_row(sheet: Sheet, said: Mapping[str, str | None]) -> Row:
    """One line. Raises ValueError with the reason it cannot be taken."""
    if None in said:  # where csv puts what has no column
        raise ValueError("it has more fields than there are columns")
    row: Row = {}
    for name, column in sheet.columns.items():
        text = (said.get(name) or "").strip()
        if column.needed and not text:
            raise ValueError(f"{name} is empty")
        row[name] = column.read(text) if text else None
    until, since = row.get("valid_to"), row.get("valid_from")
    if isinstance(until, date) and isinstance(since, date) and until <= since:
        raise ValueError(f"it ends ({until}) before it begins ({since})")
    if why := sheet.check(row):
        raise ValueError(why)
    return row
