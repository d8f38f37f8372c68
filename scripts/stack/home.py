"""The state folder of one installation: where it is, what lies where in it, its secrets."""

import ipaddress
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scripts.stack.person import Person, invoker, unprivileged
from scripts.stack.refusals import BadSetting, DiskFull, StateUnusable

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_WIDE = Path("/var/lib/cityops")
MARK = ".cityops"  # a folder with it is a state folder of ours, which --fresh may empty
ROOM = 500  # megabytes that must be free to start

# Roles of the database, each with a password of its own.
ROLES = (
    *("ingest", "detection", "incidents", "api", "viewer", "engineer"),
    *("accounts", "connectivity", "derivation", "egov", "commands"),
)
ACCOUNTS = ("ingest", "commands", "engineer", "simulator")  # of the broker

PORTS = {
    "postgres": ("CITYOPS_PG_PORT", 5440),
    "mosquitto": ("CITYOPS_MQTT_PORT", 1883),
    "mqtts": ("CITYOPS_MQTTS_PORT", 8883),
    "mqtts-certificates": ("CITYOPS_MQTTS_CERTIFICATES_PORT", 8884),
    "api": ("CITYOPS_API_PORT", 8000),
    "grafana": ("CITYOPS_GRAFANA_PORT", 3000),
    "metrics": ("CITYOPS_METRICS_PORT", 9464),
}


@dataclass(frozen=True)
class Home:
    """One installation's folder, address, ports and the users its processes run as."""

    folder: Path
    bind: str
    ports: Mapping[str, int]
    me: Person
    database: Person
    broker: Person

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read CITYOPS_HOME, CITYOPS_BIND and CITYOPS_*_PORT.

        Raises BadSetting, naming the variable.
        """
        bind = environment.get("CITYOPS_BIND") or "127.0.0.1"
        try:
            ipaddress.ip_address(bind)
        except ValueError:
            raise BadSetting(f"CITYOPS_BIND is {bind!r}, which is no IP address.") from None
        me, database, broker = invoker(), unprivileged("postgres"), unprivileged("mosquitto")
        folder = environment.get("CITYOPS_HOME") or default_folder(me, database, broker)
        return cls(
            folder=Path(os.path.abspath(Path(folder).expanduser())),  # noqa: PTH100 - keeps links
            bind=bind,
            ports=read_ports(environment),
            me=me,
            database=database,
            broker=broker,
        )

    @property
    def services(self) -> Person:
        """Who the Python services run as: the database's user where the checkout is open to it."""
        python = CHECKOUT / ".venv/bin/python"
        open_to_it = self.database.may("r", CHECKOUT / "services") and self.database.may(
            "x", python
        )
        return self.database if open_to_it else self.me

    @property
    def run(self) -> Path:
        """What holds only while it runs: the lock, the marks of the processes."""
        return self.folder / "run"

    @property
    def ready(self) -> Path:
        """Where services say that they are ready."""
        return self.run / "ready"

    @property
    def logs(self) -> Path:
        """One log for each process, which only the invoking user reads."""
        return self.folder / "logs"

    @property
    def accounts(self) -> Path:
        """What the registry says of the broker's accounts, written by `services.accounts`."""
        return self.folder / "accounts"

    @property
    def authority(self) -> Path:
        """The site's certificate authority, which only the invoking user reads."""
        return self.folder / "authority"

    @property
    def labels(self) -> Path:
        """What went wrong in the simulated city, written by it."""
        return self.folder / "labels" / "labels.csv"

    @property
    def addresses(self) -> Path:
        """The addresses and passwords for an engineer; there while everything is ready."""
        return self.folder / "addresses.env"

    def log(self, name: str) -> Path:
        """Give a process's log."""
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """Make the folder and what is in it.

        Raises DiskFull or StateUnusable where that cannot be.
        """
        try:
            self._make()
        except PermissionError as why:
            raise StateUnusable(
                f"{self.me.name} may not write {why.filename}: run this as the user it belongs to, "
                f"or set CITYOPS_HOME to a folder of your own."
            ) from why
        free = shutil.disk_usage(self.folder).free // 1_000_000
        if free < ROOM:
            raise DiskFull(
                f"{self.folder} has {free} MB free and {ROOM} MB are needed: make room, or set "
                f"CITYOPS_HOME to a folder on another disk."
            )

    def _make(self) -> None:
        self._check_reach()
        if not self.folder.exists():
            self.folder.mkdir(mode=0o755, parents=True)
        mark = self.folder / MARK
        if not mark.exists():
            if any(self.folder.iterdir()):
                raise StateUnusable(
                    f"{self.folder} is not empty and is no state folder of ours: set CITYOPS_HOME "
                    f"to a new or an empty folder."
                )
            mark.write_text("The state of a CityOps installation; see README.md.\n")
        # The servers' users pass through; they see nothing but what is theirs.
        for folder in (self.folder.resolve(), self.run):
            self.me.own_folder(folder, 0o711 if self.me != self.database else 0o700)
        self.me.own_folder(self.folder / "secrets")
        self.me.own_folder(self.folder / "secrets/logins")
        self.me.own_folder(self.logs)
        self.me.own_folder(self.run / "processes")
        self.me.own_folder(self.authority)
        self.services.own_folder(self.accounts)
        self.services.own_folder(self.ready)
        self.services.own_folder(self.labels.parent)

    def _check_reach(self) -> None:
        above = next(path for path in self.folder.parents if path.exists())
        for person in {self.database, self.broker}:
            if not person.may("x", above):
                raise StateUnusable(
                    f"the system user {person.name} cannot reach {self.folder}: set CITYOPS_HOME to "
                    f"a folder whose parents are open to all."
                )

    def empty(self) -> None:
        """Forget everything: data, passwords, logs."""
        if (
            self.folder.exists()
            and not (self.folder / MARK).exists()
            and any(self.folder.iterdir())
        ):
            raise StateUnusable(f"{self.folder} is no state folder of ours: nothing was deleted.")
        files = (
            *("addresses.env", "registry.csv", "registry.part", "facts.csv", "city-begun"),
            *("procedures.csv", "procedures.part.csv", "dossiers.jsonl"),
            "counts.csv",
        )
        folders = ("secrets", "logs", "postgres", "mosquitto", "accounts", "authority", "grafana")
        for name in (*files, *folders, "labels"):
            path = self.folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)

    def secret(self, name: str) -> str:
        """Read a secret, which is made when it is first asked for."""
        path = self.folder / "secrets" / name
        if not path.exists():
            self.me.own_file(path, secrets.token_urlsafe(24))
        return path.read_text(encoding="utf-8")

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret somebody else made."""
        self.me.own_file(self.folder / "secrets" / name, secret)

    def kept(self, name: str) -> str | None:
        """Read a secret, if there is one."""
        path = self.folder / "secrets" / name
        return path.read_text(encoding="utf-8") if path.exists() else None


def default_folder(me: Person, *servers: Person) -> Path:
    """Choose `var/` in the checkout where the servers' users can reach it, else the system's."""
    inside = CHECKOUT / "var"
    closest = inside if inside.exists() else CHECKOUT
    if all(person.may("x", closest) for person in servers) and me.may("w", closest):
        return inside
    return SYSTEM_WIDE


def read_ports(environment: Mapping[str, str]) -> dict[str, int]:
    """Read the ports; raises BadSetting, naming the variable."""
    ports: dict[str, int] = {}
    for name, (variable, usual) in PORTS.items():
        text = environment.get(variable) or str(usual)
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
            raise BadSetting(f"{variable} is {text!r}, which is no port from 1 to 65535.")
        if int(text) in ports.values():
            other = next(key for key, port in ports.items() if port == int(text))
            raise BadSetting(f"{variable} and {PORTS[other][0]} are both {text}.")
        ports[name] = int(text)
    return ports
