"""What Grafana does to a query before PostgreSQL sees it: variables first, then macros.

As the 9.x data source does it with `timescaledb: true`; later releases take all that 9.x takes.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

ALL = "$__all"
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass(frozen=True)
class Variable:
    """A variable of a board and what a person chose; ALL stands for every option."""

    name: str
    chosen: tuple[str, ...]
    options: tuple[str, ...] = ()
    multi: bool = False
    include_all: bool = False
    all_value: str | None = None

    @property
    def told(self) -> str | tuple[str, ...]:
        """The value the formats are given: text for one that takes one, else several."""
        chosen = self.options if self.chosen == (ALL,) else self.chosen
        return chosen if self.multi or self.chosen == (ALL,) else chosen[0]

    def written(self, style: str | None) -> str:
        """The text that takes the variable's place."""
        if self.chosen == (ALL,) and self.all_value is not None:
            return self.all_value  # as it is: Grafana formats the options only
        if style is None:
            return self.by_default()
        return FORMATS[style](self.told)

    def by_default(self) -> str:
        """Without a format the data source quotes what may be several values, nothing else."""
        if isinstance(self.told, tuple) or self.multi or self.include_all:
            return quoted(self.told)
        return self.told


def several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def quoted(value: str | tuple[str, ...]) -> str:
    return ",".join("'" + each.replace("'", "''") + "'" for each in several(value))


FORMATS: dict[str, Callable[[str | tuple[str, ...]], str]] = {
    "sqlstring": quoted,
    "singlequote": lambda value: ",".join(
        "'" + each.replace("'", r"\'") + "'" for each in several(value)
    ),
    "doublequote": lambda value: ",".join(
        '"' + each.replace('"', r"\"") + '"' for each in several(value)
    ),
    "csv": lambda value: ",".join(several(value)),
    "raw": lambda value: ",".join(several(value)),
    "pipe": lambda value: "|".join(several(value)),
    "json": lambda value: json.dumps(value if isinstance(value, str) else list(value)),
}


@dataclass(frozen=True)
class Look:
    """How somebody looks at a board: from when to when, how finely, with what chosen."""

    since: datetime
    until: datetime
    interval: str = "5m"
    variables: Mapping[str, Variable] = field(default_factory=dict)

    def expanded(self, sql: str) -> str:
        """The statement PostgreSQL gets. Raises ValueError for what Grafana would not take."""
        return self.with_macros(self.with_variables(sql))

    def with_variables(self, sql: str) -> str:
        """`$name`, `${name}`, `${name:format}` and `[[name]]` put in; the unknown left alone."""
        builtin = {
            "__interval": self.interval,
            "__interval_ms": str(1000 * seconds(self.interval)),
        }

        def put(found: re.Match[str]) -> str:
            name = found["plain"] or found["braced"] or found["square"]
            if name in builtin:
                return builtin[name]
            if name not in self.variables:
                return found[0]
            return self.variables[name].written(found["style"])

        return re.sub(
            r"\$\{(?P<braced>\w+)(?::(?P<style>\w+))?\}|\$(?P<plain>\w+)|\[\[(?P<square>\w+)\]\]",
            put,
            sql,
        )

    def with_macros(self, sql: str) -> str:
        """`$__name(arguments)` put in. Arguments hold no closing bracket: 9.x stops there."""

        def put(found: re.Match[str]) -> str:
            name, arguments = found[1], [each.strip() for each in found[2].split(",")]
            # Followed by a comma, a group names its column itself, as before 5.3.
            if name == "__timeGroup" and sql[found.end() : found.end() + 1] == ",":
                name = "__timeGroupAlias"
            return self.macro(name, arguments)

        done = re.sub(r"\$(\w+)\(([^)]*)\)", put, sql)
        if left := re.search(r"\$(__\w+|\{\w+)", done):
            raise ValueError(f"nothing stands for {left[0]}")
        return done

    def macro(self, name: str, arguments: list[str]) -> str:
        """What one macro says."""
        since, until = (each.astimezone(UTC) for each in (self.since, self.until))
        told = {
            "__time": '{0} AS "time"',
            "__timeEpoch": 'extract(epoch from {0}) as "time"',
            "__timeFilter": f"{{0}} BETWEEN '{rfc3339(since)}' AND '{rfc3339(until)}'",
            "__timeFrom": f"'{rfc3339(since)}'",
            "__timeTo": f"'{rfc3339(until)}'",
            "__unixEpochFilter": f"{{0}} >= {int(since.timestamp())} "
            f"AND {{0}} <= {int(until.timestamp())}",
        }
        if name in told:
            return told[name].format(*arguments)
        if name in ("__timeGroup", "__timeGroupAlias"):
            if len(arguments) != 2:
                raise ValueError(f"{name} takes a column and an interval; a fill value is not ours")
            width = seconds(arguments[1].strip("'"))
            alias = ' AS "time"' if name.endswith("Alias") else ""
            return f"time_bucket('{width:.3f}s',{arguments[0]}){alias}"
        raise ValueError(f"Grafana has no macro {name}")


# From how many seconds on a span is shown as how many: a browser's own table, from a second up.
ROUND = {
    0: 1, 1.5: 2, 3.5: 5, 7.5: 10, 12.5: 15, 17.5: 20, 25: 30, 45: 60, 90: 120, 210: 300,
    450: 600, 750: 900, 1050: 1200, 1500: 1800, 2700: 3600, 5400: 7200, 9000: 10800,
    16200: 21600, 32400: 43200, 86400: 86400,
}  # fmt: skip


def round_interval(span: float, least: int) -> str:
    """The interval of a panel that has a point every so many seconds, `least` at least.

    >>> round_interval(30 * 86400 / 800, 300), round_interval(6 * 3600 / 800, 300)
    ('1h', '5m')
    """
    wanted = max(least, next(told for low, told in reversed(ROUND.items()) if span >= low))
    unit = next(unit for unit in "dhms" if wanted % SECONDS[unit] == 0)
    return f"{wanted // SECONDS[unit]}{unit}"


def seconds(interval: str) -> int:
    """An interval as Grafana writes it, such as 5m."""
    found = re.fullmatch(r"(\d+)([smhdw])", interval)
    if found is None:
        raise ValueError(f"{interval} is no interval")
    return int(found[1]) * SECONDS[found[2]]


def rfc3339(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def variables_of(
    board: dict[str, Any], options: Mapping[str, tuple[str, ...]], **chosen: str
) -> dict[str, Variable]:
    """The board's variables: as it opens, but for those that are `chosen`."""
    found = {}
    for each in board["templating"]["list"]:
        current = each["current"]["value"]
        value = chosen.get(each["name"], current)
        found[each["name"]] = Variable(
            name=each["name"],
            chosen=(value,) if isinstance(value, str) else tuple(value),
            options=options.get(each["name"], ()),
            multi=each["multi"],
            include_all=each["includeAll"],
            all_value=each.get("allValue"),
        )
    return found
