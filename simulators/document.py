"""YAML that knows its lines: what is wrong in it is told with file and line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from simulators.recording import moment

UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LAST: Final = 4_133_980_800.0  # 2101 begins; nobody knows the holidays of later years
DURATION: Final = re.compile(r"(?:\d+(?:\.\d+)?[smhd])+")


class BadScenario(Exception):
    """A scenario that cannot be played: the sentence names the file and the line."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in which file something stands."""

    file: Path
    line: int

    def refusal(self, why: str) -> BadScenario:
        """Return the exception that says so."""
        line = f"line {self.line}: " if self.line else ""
        return BadScenario(f"{self.file}: {line}{why}")


NOWHERE: Final = Place(Path("the command line"), 0)


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a YAML document that knows where it stands."""

    node: Any
    file: Path

    @property
    def place(self) -> Place:
        """The file and the line."""
        return Place(self.file, self.node.start_mark.line + 1)

    @property
    def scalar(self) -> bool:
        """Whether it is a single value."""
        return isinstance(self.node, yaml.ScalarNode)

    def pairs(self) -> dict[str, tuple["Node", "Node"]]:
        """Return key and value by the key's text; raises BadScenario."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.place.refusal("here fields are expected, as in `name: value`")
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in self.node.value:
            name = Node(key, self.file)
            if name.text() in found:
                raise name.place.refusal(f"{name.text()!r} stands here twice")
            found[name.text()] = name, Node(value, self.file)
        return found

    def items(self) -> list["Node"]:
        """Return the items of a list; raises BadScenario."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.place.refusal("here a list is expected, each item behind a dash")
        return [Node(each, self.file) for each in self.node.value]

    def items_or_one(self) -> list["Node"]:
        """Return the items of a list, or a single value as a list of it."""
        return [self] if self.scalar else self.items()

    def text(self) -> str:
        """Return the text of a single value; raises BadScenario."""
        if not self.scalar:
            raise self.place.refusal("here a single value is expected")
        return str(self.node.value)

    def number(self, least: float, most: float) -> float:
        """Return a number within bounds; raises BadScenario."""
        try:
            found = float(self.text())
        except ValueError:
            raise self.place.refusal(f"{self.text()!r} is no number") from None
        if not least <= found <= most:
            raise self.place.refusal(f"{self.text()} is not from {least:g} to {most:g}")
        return found

    def count(self) -> int:
        """Return a whole number of things; raises BadScenario."""
        found = self.number(0, 100_000)
        if found != int(found):
            raise self.place.refusal(f"{self.text()} is no whole number")
        return int(found)

    def yes(self) -> bool:
        """Return whether it says true rather than false; raises BadScenario."""
        if self.text() not in {"true", "false"}:
            raise self.place.refusal(f"{self.text()!r} is neither true nor false")
        return self.text() == "true"

    def duration(self, most: float) -> float:
        """Return a duration over 0 in seconds; raises BadScenario."""
        try:
            found = seconds(self.text())
        except ValueError as why:
            raise self.place.refusal(str(why)) from why
        if not 0 < found <= most:
            raise self.place.refusal(f"{self.text()} is not over 0 and up to {most / 86400:g} days")
        return found

    def moment(self) -> float:
        """Return a time in seconds since 1970; raises BadScenario."""
        try:
            return within_calendar(moment(self.text()) / 1000)
        except ValueError as why:
            raise self.place.refusal(str(why)) from why

    def offset(self, most: float) -> tuple[float, bool]:
        """Return seconds after the start, or since 1970 and that it is so; raises BadScenario.

        -4d is four days before the start; from it, either way, it is up to `most` seconds.
        """
        text = self.text()
        length = text.removeprefix("-")
        if text != "0" and not DURATION.fullmatch(length):
            return self.moment(), True
        after = 0.0 if text == "0" else seconds(length)
        if after > most:
            raise self.place.refusal(f"{text} is over {most / 86400:g} days from the start")
        return (after if length == text else -after), False


def document(file: Path, ours: Sequence[str]) -> Node:
    """Read a file; `ours` are the names to tell where there is none; raises BadScenario."""
    try:
        text = file.read_text(encoding="utf-8")
        found = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as why:
        raise BadScenario(
            f"{file}: cannot be read: {why.strerror or why}; of ours there are {', '.join(ours)}"
        ) from why
    except UnicodeDecodeError as why:
        raise BadScenario(f"{file}: line {_line_of(why)}: this is no text in UTF-8") from why
    except ValueError as why:
        raise BadScenario(f"{file}: cannot be read: {why}") from why
    except RecursionError as why:
        raise BadScenario(f"{file}: line 1: lists in lists in lists, deeper than is read") from why
    except yaml.YAMLError as why:
        mark = getattr(why, "problem_mark", None)
        line = mark.line if mark else text.count("\n", 0, getattr(why, "position", 0))
        said = getattr(why, "problem", None) or getattr(why, "reason", "this is no YAML")
        raise BadScenario(f"{file}: line {line + 1}: {said}") from why
    if found is None:
        raise BadScenario(f"{file}: line 1: the scenario is empty")
    return Node(found, file)


def _line_of(why: UnicodeDecodeError) -> int:
    return why.object[: why.start].count(b"\n") + 1


def within_calendar(at: float) -> float:
    """Return seconds since 1970 as they are; raises ValueError outside the years 1970 to 2100."""
    if not 0 <= at < LAST:
        raise ValueError("it is not in the years 1970 to 2100")
    return at


def seconds(text: str) -> float:
    """Return the seconds of a duration such as 90s, 10m, 6h, 7d or 1d12h; raises ValueError."""
    if not DURATION.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is no duration: give one such as 90s, 10m, 6h or 1d12h")
    pairs = re.findall(r"(\d+(?:\.\d+)?)([smhd])", text)
    return sum(float(number) * UNITS[unit] for number, unit in pairs)
