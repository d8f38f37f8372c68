"""compose.yaml and the Dockerfile, read as Compose and the builder read them."""

import fnmatch
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parents[2]
VARIABLE = re.compile(
    r"\$(?:\$|\{(?P<name>[A-Z][A-Z0-9_]*)(?::-(?P<default>[^{}]*))?\}|(?P<bad>.?))"
)


def interpolated(value: Any, environment: Mapping[str, str]) -> Any:
    """What Compose makes of ${NAME}, ${NAME:-default} and $$, wherever they stand."""
    if isinstance(value, dict):
        return {key: interpolated(each, environment) for key, each in value.items()}
    if isinstance(value, list):
        return [interpolated(each, environment) for each in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: replacement(found, environment), value)
    return value


def replacement(found: re.Match[str], environment: Mapping[str, str]) -> str:
    assert found["bad"] is None, f"no variable, and not $$: {found.string}"
    if found["name"] is None:
        return "$"
    return environment.get(found["name"]) or found["default"] or ""


@dataclass(frozen=True)
class Service:
    """One service, as it stands after merges and interpolation."""

    name: str
    said: Mapping[str, Any]

    @property
    def argv(self) -> list[str]:
        """The whole command line."""
        return [*self.said.get("entrypoint", []), *self.said.get("command", [])]

    @property
    def environment(self) -> dict[str, str | None]:
        """Its variables; None where the value is the user's, if there is one."""
        return dict(self.said.get("environment", {}))

    @property
    def secrets(self) -> list[str]:
        return list(self.said.get("secrets", []))

    @property
    def secrets_in_variables(self) -> dict[str, str]:
        """What compose/with-secrets is asked to put where."""
        entry = self.said.get("entrypoint", [])
        if len(entry) < 2 or not entry[1].endswith("compose/with-secrets"):
            return {}
        assert entry[-1] == "--"
        return dict(pair.split("=", 1) for pair in entry[2:-1])

    @property
    def check(self) -> list[str]:
        """The health check's command; empty where there is none."""
        kind, *test = self.said["healthcheck"].get("test", ["NONE"])
        return ["sh", "-c", *test] if kind == "CMD-SHELL" else test

    @property
    def is_errand(self) -> bool:
        """Whether it runs to an end."""
        return bool(self.said["restart"] == "no")

    @property
    def is_ours(self) -> bool:
        """Whether it runs the image of the Dockerfile."""
        return str(self.said["image"]).startswith("cityops:")

    def mounts(self, kind: str) -> list[Mapping[str, Any]]:
        """Its volumes of this type."""
        return [each for each in self.said.get("volumes", []) if each["type"] == kind]


@dataclass(frozen=True)
class Compose:
    """The whole file."""

    said: Mapping[str, Any]

    @property
    def services(self) -> dict[str, Service]:
        return {name: Service(name, said) for name, said in self.said["services"].items()}

    def __getitem__(self, name: str) -> Service:
        return self.services[name]


def read(environment: Mapping[str, str] | None = None) -> Compose:
    """The file, with these variables set and no others."""
    text = (CHECKOUT / "compose.yaml").read_text(encoding="utf-8")
    return Compose(interpolated(yaml.safe_load(text), environment or {}))


@dataclass(frozen=True)
class Instruction:
    """One instruction of the Dockerfile, in the stage it belongs to."""

    stage: int
    name: str
    words: list[str]


def dockerfile() -> list[Instruction]:
    """The instructions in their order; stages count from 0."""
    text = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    found, stage = [], -1
    for line in filter(None, map(str.strip, text.splitlines())):
        name, rest = line.split(maxsplit=1)
        stage += name == "FROM"
        found.append(Instruction(stage, name, shlex.split(rest)))
    return found


def copied() -> Iterator[tuple[Path, Path]]:
    """What the builder copies from the checkout: where it stands, and its place below /app."""
    for each in dockerfile():
        if each.name == "COPY" and not each.words[0].startswith("--from"):
            *sources, target = each.words
            for source in sources:
                inside = target.endswith("/") or target == "."
                place = Path(target) / Path(source).name if inside else Path(target)
                yield CHECKOUT / source, place


def sent(path: str) -> bool:
    """Whether .dockerignore lets the builder see this path of the checkout."""
    kept = True
    for line in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        above = [path, *map(str, Path(path).parents[:-1])]
        if any(matches(pattern, each) for each in above):
            kept = line.startswith("!")
    return kept


def matches(pattern: str, path: str) -> bool:
    """A pattern matches a whole path; **/ stands for any folders, * for no slash."""
    if pattern.startswith("**/"):
        parts = Path(path).parts
        return any(matches(pattern[3:], str(Path(*parts[i:]))) for i in range(len(parts)))
    return "/" not in path and fnmatch.fnmatchcase(path, pattern)
