"""Runs the commands of compose.yaml without containers: the same words, our places and ports."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.stack.broker import PLACES
from scripts.stack.person import Person, invoker
from scripts.stack.server import mortal
from tests.compose.model import CHECKOUT, Compose, Service, copied, dockerfile, sent
from tests.flow.platform import wait_until

LIMIT = 60.0  # seconds for a command that ends


def make_image(folder: Path) -> Path:
    """Make /app of the image: what the Dockerfile copies, as .dockerignore lets it through."""
    for source, place in copied():
        if source.is_dir():
            shutil.copytree(source, folder / place, ignore=left_out)
        else:
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, folder / place)
    return folder


def left_out(folder: str, names: list[str]) -> list[str]:
    below = Path(folder).relative_to(CHECKOUT)
    return [name for name in names if not sent(str(below / name))]


def image_environment() -> dict[str, str]:
    """The variables the image has by itself, but for its PATH."""
    found: dict[str, str] = {}
    for each in dockerfile():
        if each.name == "ENV":
            found |= dict(pair.split("=", 1) for pair in each.words)
    del found["PATH"]
    return found


@dataclass(frozen=True)
class Rehearsal:
    """One installation: where its image, its secrets and its ports are on this machine."""

    compose: Compose
    app: Path
    secrets: Path
    folder: Path
    programs: str  # where PostgreSQL's are
    ports: Mapping[str, int]  # by the service that listens
    person: Person = field(default_factory=invoker)
    checkout: Path = CHECKOUT  # where bind mounts are found
    settings: Mapping[str, str] = field(default_factory=dict)  # what the user has set
    volumes: Mapping[str, Path] = field(default_factory=dict)  # those that several services share

    def place(self, service: Service) -> Path:
        """Where this service has what is in memory in its container."""
        place = self.folder / service.name
        if not place.exists():
            place.mkdir()
            self.person.own_folder(place)
        return place

    def here(self, service: Service, text: str) -> str:
        """A container's path or address, as it is called here."""
        mounts = {each["target"]: each["source"] for each in service.mounts("bind")}
        paths = {target: str(self.checkout / source) for target, source in mounts.items()}
        for each in service.mounts("volume"):
            if each["source"] in self.volumes:
                paths[each["target"]] = str(self.volumes[each["source"]])
        paths |= {
            "/run/secrets": str(self.secrets),
            "/run/cityops": str(self.place(service)),
            "/run/mosquitto": str(self.place(service)),
        }
        for port in service.said.get("ports", []):
            address = f"127.0.0.1:{port['target']}"
            paths[address] = f"127.0.0.1:{self.ports.get(service.name)}"
        known = "|".join(map(re.escape, paths))
        return re.sub(rf"(?<![\w.])(?:{known})(?![\w-])", lambda found: paths[found[0]], text)

    def words(self, service: Service, words: list[str]) -> list[str]:
        """A command line for this machine."""
        return [self.here(service, word) for word in words]

    def environment(self, service: Service) -> dict[str, str]:
        """Exactly what the container gets, with our addresses in it."""
        asked = {name for name, value in service.environment.items() if value is None}
        given = {name: value for name, value in self.settings.items() if name in asked}
        given |= {name: value for name, value in service.environment.items() if value is not None}
        for kind in ("PG", "MQTT_"):
            if f"{kind}HOST" in given:
                given[f"{kind}PORT"] = str(self.ports[given[f"{kind}HOST"]])
                given[f"{kind}HOST"] = "127.0.0.1"
        for door in {"API_PORT", "CONSOLE_PORT"} & given.keys():
            given[door] = str(self.ports[service.name])
        path = f"{Path(sys.executable).parent}:{self.programs}:{PLACES}"
        ours = {"PATH": path, "SECRETS_FOLDER": str(self.secrets)}
        ours |= {"RUN_FOLDER": str(self.place(service))}
        ours |= {"REGISTRY_FOLDER": str(self.volumes.get("accounts", "/accounts"))}
        own = image_environment() if service.is_ours else {"LANG": "C.UTF-8"}
        return own | {name: self.here(service, value) for name, value in given.items()} | ours

    def run(self, name: str, command: list[str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a service to its end, or another command in its place, as `run --rm` does."""
        service = self.compose[name]
        given = command or service.said["command"]
        return subprocess.run(
            self.words(service, [*service.said.get("entrypoint", []), *given]),
            check=False,
            cwd=self.app,
            env=self.environment(service),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )

    def healthy(self, name: str) -> bool:
        """What the health check says now."""
        service = self.compose[name]
        return (
            subprocess.run(
                self.words(service, service.check),
                check=False,
                cwd=self.app,
                env=self.environment(service),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=LIMIT,
            ).returncode
            == 0
        )

    @contextmanager
    def started(self, *names: str) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
        """Services that run until the block ends, asked to leave as Compose asks them."""
        processes: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for name in names:
                processes[name] = self.start(self.compose[name])
            yield processes
        finally:
            for process in processes.values():
                process.terminate()
            for process in processes.values():
                process.wait(LIMIT)

    def start(self, service: Service) -> "subprocess.Popen[bytes]":
        with self.log(service.name).open("ab") as log:
            return subprocess.Popen(
                mortal(self.words(service, service.argv), signal.SIGTERM),
                cwd=self.app,
                env=self.environment(service),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self.person.switch,
            )

    def log(self, name: str) -> Path:
        """What a service says."""
        return self.folder / f"{name}.log"

    def wait_until_healthy(self, processes: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
        """Return as soon as the health checks of all say so; one that has ended is told at once."""
        for name, process in processes.items():

            def answered(name: str = name, process: "subprocess.Popen[bytes]" = process) -> bool:
                assert process.poll() is None, self.log(name).read_text()
                return self.healthy(name)

            wait_until(answered, f"{name} is healthy", self.log(name))
