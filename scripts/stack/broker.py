"""A mosquitto broker of our own with accounts and an access list, beside the system's."""

import contextlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.stack.person import Person, unprivileged
from scripts.stack.ports import answers, free_port, reachable
from scripts.stack.refusals import NotReady, StateUnusable
from scripts.stack.server import Server, throwaway_folder

PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

CONFIGURATION = """\
# Written at each start.
listener {port} {bind}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/access

persistence {persistence}
persistence_location {folder}/data/
autosave_interval 1
persistent_client_expiration 14d

# A subscriber that acknowledges after its commit holds thousands of messages at a time. With
# the defaults (20 in flight, 1000 waiting) the broker would drop the rest without a word.
max_inflight_messages 20000
max_queued_messages 0
max_queued_bytes {queue_bytes}
message_size_limit 2000000
set_tcp_nodelay true

log_dest stderr
log_timestamp_format %Y-%m-%dT%H:%M:%S
log_type error
log_type warning
log_type notice
connection_messages false
"""

ACCESS = """\
# What each account may do. A device's account has the device's name and reaches its own
# topics only.
user ingest
topic read city/#
topic read egov/#

user engineer
topic readwrite city/#
topic readwrite egov/#

user simulator
topic write city/#
topic write egov/#

pattern write city/%u/telemetry
pattern write city/%u/status
pattern write egov/%u/telemetry
pattern write egov/%u/status
pattern read city/%u/commands
"""


class Broker(Server):
    """One private broker: a TCP port, accounts by name with their passwords, queues on disk.

    The accounts `ingest`, `engineer` and `simulator` have rights of their own; every other name
    is a device's. Without `durable` nothing is kept on disk.
    """

    name = "mosquitto"

    def __init__(  # noqa: PLR0913 - a server has as many settings
        self,
        folder: Path,
        *,
        port: int,
        accounts: Mapping[str, str],
        bind: str = "127.0.0.1",
        person: Person | None = None,
        durable: bool = True,
        queue_bytes: int = 1 << 30,
    ) -> None:
        super().__init__(folder, person or unprivileged("mosquitto"))
        self.port = port
        self.accounts = dict(accounts)
        self.bind = bind
        self.durable = durable
        self.queue_bytes = queue_bytes

    @property
    def host(self) -> str:
        """The address a process on this machine connects to."""
        return reachable(self.bind)

    def create(self) -> None:
        """Write the configuration, the hashed passwords and the access list."""
        self.person.own_folder(self.folder)
        if not self.person.may("x", self.folder):
            raise StateUnusable(f"the system user {self.person.name} cannot reach {self.folder}.")
        self.person.own_folder(self.folder / "data")
        self.person.own_file(self.folder / "access", ACCESS)
        self._write_passwords()
        text = CONFIGURATION.format(
            port=self.port,
            bind=self.bind,
            folder=self.folder,
            persistence=str(self.durable).lower(),
            queue_bytes=self.queue_bytes,
        )
        self.person.own_file(self.folder / "mosquitto.conf", text)

    def _write_passwords(self) -> None:
        part = self.folder / "passwords.part"
        lines = [f"{name}:{password}\n" for name, password in self.accounts.items()]
        self.person.own_file(part, "".join(lines))
        hashed = subprocess.run(
            [program("mosquitto_passwd"), "-U", str(part)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env=self.environment,
            **self.person.switch,
        )
        if hashed.returncode:
            part.unlink()
            raise NotReady(f"the broker's passwords were not hashed: {hashed.stdout.strip()}")
        part.replace(self.folder / "passwords")

    @property
    def command(self) -> list[str]:
        """The server in the foreground."""
        return [program("mosquitto"), "-c", str(self.folder / "mosquitto.conf")]

    @property
    def ready(self) -> bool:
        """Whether connections are accepted."""
        return answers(self.bind, self.port)

    def connection(self, account: str) -> dict[str, str]:
        """Give the environment of one who connects to this broker."""
        return {
            "MQTT_HOST": self.host,
            "MQTT_PORT": str(self.port),
            "MQTT_USERNAME": account,
            "MQTT_PASSWORD": self.accounts[account],
        }


def program(name: str) -> str:
    """Find one of mosquitto's programs, which may stand where only root looks.

    Raises StateUnusable where it is not installed.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{PLACES}")
    if found is None:
        raise StateUnusable(f"{name} is not installed: run scripts/setup.")
    return found


@contextlib.contextmanager
def throwaway_broker(
    accounts: Mapping[str, str] | None = None, *, durable: bool = False
) -> Iterator[Broker]:
    """Give a running broker in a folder of its own on a free port; nothing of it stays.

    Without accounts it has `ingest`, `engineer` and `simulator`, with passwords of their own.
    """
    names = ("ingest", "engineer", "simulator")
    chosen = accounts or {name: secrets.token_urlsafe(16) for name in names}
    with (
        throwaway_folder("cityops-mosquitto-") as folder,
        Broker(folder, port=free_port(), accounts=chosen, durable=durable) as broker,
    ):
        yield broker
