"""Places and people for the tests of the stack."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.stack.home import PORTS, Home
from scripts.stack.person import invoker, unprivileged
from scripts.stack.ports import free_port
from scripts.stack.progress import Said
from scripts.stack.server import throwaway_folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder the servers' users can reach, which pytest's own is not."""
    with throwaway_folder("cityops-stack-") as folder:
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def make_home(place: Path) -> Callable[..., Home]:
    """Makes homes on free ports."""

    def make(name: str = "home") -> Home:
        return Home(
            folder=place / name,
            bind="127.0.0.1",
            ports={name: free_port() for name in PORTS},
            me=invoker(),
            database=unprivileged("postgres"),
            broker=unprivileged("mosquitto"),
        )

    return make


@pytest.fixture
def home(make_home: Callable[..., Home]) -> Home:
    """A prepared home."""
    home = make_home()
    home.prepare()
    return home


class Ear:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[Said] = []

    def __call__(self, said: Said) -> None:
        self.heard.append(said)

    def __contains__(self, text: str) -> bool:
        return any(text == said.remark or text in said.text for said in self.heard)


@pytest.fixture
def ear() -> Ear:
    return Ear()


def mode(path: Path) -> str:
    """The permissions of a file, in octal."""
    return oct(os.stat(path).st_mode & 0o777)  # noqa: PTH116 - reads as chmod does
