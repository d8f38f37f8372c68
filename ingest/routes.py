"""Which codec reads which topic, and whose message it is: a table that operators extend."""

import importlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ingest.codecs import Codec, Place, Remembering
from models.asset import Kind, name_part
from models.reading import ASSET_NAME, BadMessage, Reply

OWN = Path(__file__).with_name("routes.yaml")
CODECS = Path(__file__).with_name("codecs")
FIELDS = {"topic", "codec", "asset", "parent", "kind", "private"}
NAMED = re.compile(r"\{([a-z_]+)(\.\.\.)?\}")


class BadRoutes(Exception):
    """A routing table that cannot be taken as it is; the text names the file and the line."""


class Route(NamedTuple):
    """Who speaks on a topic, what kind of asset that is at first, and how it speaks."""

    place: Place
    kind: str
    codec: Codec
    codec_name: str
    remembering: bool


class Rule(NamedTuple):
    """One line of the table."""

    topic: str
    pattern: re.Pattern[str]
    codec_name: str
    codec: Codec
    asset: str
    parent: str | None
    kind: str
    private: bool = False

    def route(self, topic: str) -> Route | str | None:
        """The route of a topic, the reason why it has none, or None where the rule is another's."""
        found = self.pattern.fullmatch(topic)
        if found is None:
            return None
        names = found.groupdict()
        asset = filled(self.asset, names)
        if not ASSET_NAME.fullmatch(asset):
            return f"{asset!r} is no name of an asset"
        parent = None if self.parent is None else filled(self.parent, names)
        remembering = isinstance(self.codec, Remembering)
        place = Place(asset, parent, names)
        return Route(place, self.kind, self.codec, self.codec_name, remembering)

    @property
    def filter(self) -> str:
        """The MQTT filter that lets its topics in."""
        levels: list[str] = []
        for level in self.topic.split("/"):
            named = NAMED.fullmatch(level)
            if named and named[2]:
                return "/".join([*levels, "#"])
            levels.append("+" if named else level)
        return "/".join(levels)


class Routes:
    """The table: the first rule that fits a topic has it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = list(rules)
        self.by_first_level: dict[str | None, list[Rule]] = {}
        for rule in self.rules:
            first = rule.topic.partition("/")[0]
            self.by_first_level.setdefault(None if "{" in first else first, []).append(rule)
        self.route = lru_cache(maxsize=100_000)(self.find)
        self.private = lru_cache(maxsize=100_000)(self.find_private)

    def find(self, topic: str) -> Route | str:
        """The route of a topic, or the reason why it has none."""
        for rule in self.fitting(topic):
            if found := rule.route(topic):
                return found
        if any(not level for level in topic.split("/")):
            return "the topic has an empty level"
        return "no codec reads this topic"

    def find_private(self, topic: str) -> str | None:
        """The pattern of a topic whose messages may tell of people; None of any other."""
        for rule in self.fitting(topic):
            if rule.pattern.fullmatch(topic):
                return rule.topic if rule.private else None
        # One that fits nothing (an empty level) is a mistake of somebody who meant such a topic.
        first = topic.partition("/")[0]
        rules = self.by_first_level.get(first, [])
        return next((rule.topic for rule in rules if rule.private), None)

    def fitting(self, topic: str) -> list[Rule]:
        """The rules that may have a topic, in their order."""
        first = topic.partition("/")[0]
        fitting = self.by_first_level.get(first, []) + self.by_first_level.get(None, [])
        return sorted(fitting, key=self.rules.index) if len(fitting) > 1 else fitting

    def routed(self, topic: str) -> Route:
        """The route of a topic. Raises BadMessage where it has none."""
        found = self.route(topic)
        if isinstance(found, str):
            raise BadMessage(found)
        return found

    @property
    def remembering(self) -> dict[str, Remembering]:
        """The codecs whose messages explain each other, by name."""
        return {
            rule.codec_name: rule.codec
            for rule in self.rules
            if isinstance(rule.codec, Remembering)
        }

    def greetings(self, now: int) -> list[Reply]:
        """What conventions want published, retained, once we are connected."""
        return [reply for codec in self.remembering.values() for reply in codec.greeting(now)]

    def farewell(self, now: int) -> Reply | None:
        """The last will that takes a greeting back; MQTT allows one."""
        wills = (codec.farewell(now) for codec in self.remembering.values())
        return next((will for will in wills if will is not None), None)

    def topics(self, *, remembering: bool) -> list[str]:
        """The MQTT filters of all rules, or of those whose codecs remember: no two overlap.

        A filter inside another is left out, or a broker might deliver twice.
        """
        chosen = {
            rule.filter for rule in self.rules if isinstance(rule.codec, Remembering) == remembering
        }
        return sorted(
            each for each in chosen if not any(covers(other, each) for other in chosen - {each})
        )


def covers(wide: str, narrow: str) -> bool:
    """Whether one MQTT filter lets in all that another does.

    >>> covers("city/#", "city/+/telemetry"), covers("+/status/+", "city/+/status")
    (True, False)
    """
    wide_levels, narrow_levels = wide.split("/"), narrow.split("/")
    for at, level in enumerate(wide_levels):
        if level == "#":
            return True
        if at >= len(narrow_levels) or narrow_levels[at] == "#":
            return False
        if level not in ("+", narrow_levels[at]):
            return False
    return len(wide_levels) == len(narrow_levels)


def filled(template: str, names: Mapping[str, str]) -> str:
    """A template with what the topic has for its names; {asset} has to be a name as it is."""
    return NAMED.sub(
        lambda name: names[name[1]] if name[1] == "asset" else name_part(names[name[1]]), template
    )


def read_routes(extra: Path | None = None) -> Routes:
    """The operator's table, if there is one, and our own behind it. Raises BadRoutes."""
    made: dict[str, Codec] = {}
    files = [OWN] if extra is None else [extra, OWN]
    return Routes([rule for file in files for rule in read_rules(file, made)])


def read_rules(file: Path, made: dict[str, Codec]) -> Iterable[Rule]:
    """The rules of one file, each codec that remembers made once. Raises BadRoutes."""
    try:
        lines = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRoutes(f"{file.name}: {error}") from error
    if not isinstance(lines, list):
        raise BadRoutes(f"{file.name}: a list of routes is expected")
    for number, line in enumerate(lines, 1):
        try:
            if is_setting(line):
                read_setting(line, made)
            else:
                yield read_rule(line, made)
        except ValueError as flaw:
            raise BadRoutes(f"{file.name}, route {number}: {flaw}") from flaw


def is_setting(line: Any) -> bool:
    """Whether a line is for all routes of a codec."""
    return isinstance(line, dict) and line.keys() & FIELDS == {"codec"} and len(line) > 1


def read_setting(line: Mapping[str, Any], made: dict[str, Codec]) -> None:
    """Makes a codec with the settings of its line. Raises ValueError."""
    codec = text(line, "codec")
    make = maker(codec)
    if codec in made:
        raise ValueError(f"the settings of {codec} come once, and before its routes")
    read = make({key: value for key, value in line.items() if key != "codec"})
    remembers = isinstance(read, Remembering)
    if not remembers:
        raise ValueError(f"a route has a topic and a codec; {codec} takes its settings there")
    made[codec] = read


def read_rule(line: Any, made: dict[str, Codec]) -> Rule:
    """One line of a table. Raises ValueError with the reason it cannot be taken."""
    if not isinstance(line, dict) or not {"topic", "codec"} <= line.keys():
        raise ValueError("a route has a topic and a codec")
    topic, codec = text(line, "topic"), text(line, "codec")
    pattern, names = compiled(topic)
    make = maker(codec)
    if missing := needed(codec) - names:
        named = ", ".join(f"{{{name}}}" for name in sorted(missing))
        raise ValueError(f"{codec} needs {named} in the topic")
    settings = {key: value for key, value in line.items() if key not in FIELDS}
    if settings or codec == "mapping":
        read = make(settings)
        if isinstance(read, Remembering):
            raise ValueError(
                f"{codec}: its messages explain each other, on whatever topics: "
                "settings are given once, in a line without a topic"
            )
    else:
        read = made[codec] if codec in made else made.setdefault(codec, make({}))
    asset = text(line, "asset") if "asset" in line else "{asset}"
    parent = text(line, "parent") if "parent" in line else None
    for template in (asset, parent or ""):
        if unknown := {name[1] for name in NAMED.finditer(template)} - names:
            raise ValueError(f"{template!r} needs {', '.join(sorted(unknown))}: not in the topic")
    kind = text(line, "kind") if "kind" in line else Kind.UNKNOWN.value
    if kind not in list(Kind):
        raise ValueError(f"{kind!r} is no kind of asset; these are: {', '.join(Kind)}")
    private = line.get("private", is_private(codec))
    if private not in (True, False):
        raise ValueError("private is true or false")
    return Rule(topic, pattern, codec, read, asset, parent, kind, private)


def text(line: Mapping[str, Any], field: str) -> str:
    """A field that is text. Raises ValueError."""
    value = line[field]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{field} is text")
    return value


def compiled(topic: str) -> tuple[re.Pattern[str], set[str]]:
    """A topic's pattern as an expression, and its names. Raises ValueError."""
    parts, names = [], set()
    for level in topic.split("/"):
        named = NAMED.fullmatch(level)
        if named is None:
            if not level or any(letter in level for letter in "{}+#"):
                raise ValueError(
                    f"{level!r} in {topic!r}: a level is text, {{name}} or {{name...}}"
                )
            parts.append(re.escape(level))
        elif named[1] in names:
            raise ValueError(f"{topic!r} has two levels named {named[1]}")
        else:
            names.add(named[1])
            parts.append(f"(?P<{named[1]}>[^/]+{'(?:/[^/]+)*' if named[2] else ''})")
    return re.compile("/".join(parts), re.DOTALL), names


def needed(codec: str) -> frozenset[str]:
    """The names a codec needs in the topic, to compare them with what its payloads say."""
    return frozenset(getattr(importlib.import_module(f"ingest.codecs.{codec}"), "NAMES", ()))


def is_private(codec: str) -> bool:
    """Whether a codec's messages may tell of people, whatever the route."""
    return bool(getattr(importlib.import_module(f"ingest.codecs.{codec}"), "PRIVATE", False))


def maker(name: str) -> Callable[[Mapping[str, Any]], Codec]:
    """What makes a codec out of a route's further fields. Raises ValueError.

    A codec's file has a function `decode`, or a function `made` that takes those fields.
    """
    if not name.isidentifier() or not (CODECS / f"{name}.py").is_file():
        known = sorted(file.stem for file in CODECS.glob("[a-z]*.py"))
        raise ValueError(f"there is no codec {name!r}; these are: {', '.join(known)}")
    module = importlib.import_module(f"ingest.codecs.{name}")
    if hasattr(module, "made"):
        made: Callable[[Mapping[str, Any]], Codec] = module.made
        return made

    def plain(settings: Mapping[str, Any]) -> Codec:
        if settings:
            raise ValueError(f"{name} knows no {', '.join(map(str, settings))}")
        decode: Codec = module.decode
        return decode

    return plain
