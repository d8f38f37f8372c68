"""A mosquitto broker of our own with accounts and an access list, beside the system's."""

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.access import (
    FIXED,
    SALT_BYTES,
    Account,
    access_list,
    grants,
    hashed,
    password_file,
)
from scripts.stack.person import Person, unprivileged
from scripts.stack.ports import answers, free_port, reachable
from scripts.stack.refusals import StateUnusable
from scripts.stack.server import Server, throwaway_folder

# What the broker reads of its authority; the authority's own key is not among it.
CERTIFICATES = ("ca.pem", "server.pem", "server.key", "revoked.pem")
PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

CONFIGURATION = """\
# Written at each start.
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

listener {port} {bind}
"""

# Two doors, since a listener either asks for a certificate or does not. Who comes with one is
# whom it names; a password is not asked for there.
ENCRYPTED = """\
listener {port} {bind}
cafile {folder}/ca.pem
certfile {folder}/server.pem
keyfile {folder}/server.key
tls_version tlsv1.2

listener {certificate_port} {bind}
cafile {folder}/ca.pem
certfile {folder}/server.pem
keyfile {folder}/server.key
crlfile {folder}/revoked.pem
tls_version tlsv1.2
require_certificate true
use_identity_as_username true
"""


@dataclass(frozen=True)
class Encrypted:
    """The doors with TLS: their ports, and the folder of the authority that vouches for us."""

    port: int
    certificate_port: int
    authority: Path


class Broker(Server):
    """One private broker: a TCP port, accounts by name with their passwords, queues on disk.

    Accounts named for the platform's own have their rights; every other name given here is a
    native device's. The folder `registry` has further ones, as `services.accounts` writes them.
    Without `durable` nothing is kept on disk.
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
        registry: Path | None = None,
        encrypted: Encrypted | None = None,
    ) -> None:
        super().__init__(folder, person or unprivileged("mosquitto"))
        self.port = port
        self.accounts = dict(accounts)
        self.bind = bind
        self.durable = durable
        self.queue_bytes = queue_bytes
        self.registry = registry
        self.encrypted = encrypted
        self._seen: dict[Path, tuple[int, int, int]] = {}
        self._hashed: str | None = None
        self._written: dict[str, str] = {}

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
        self.refresh()
        text = CONFIGURATION.format(
            port=self.port,
            bind=self.bind,
            folder=self.folder,
            persistence=str(self.durable).lower(),
            queue_bytes=self.queue_bytes,
        )
        if self.encrypted is not None:
            text += "\n" + ENCRYPTED.format(
                port=self.encrypted.port,
                certificate_port=self.encrypted.certificate_port,
                bind=self.bind,
                folder=self.folder,
            )
        self.person.own_file(self.folder / "mosquitto.conf", text)

    def refresh(self) -> bool:
        """Write what the broker reads anew at SIGHUP; whether there was anything new.

        The files are its own user's alone, joined from what others write.
        """
        seen = {path: stamp for path in self._sources() if (stamp := stamp_of(path))}
        if seen == self._seen and (self.folder / "passwords").exists():
            return False
        names, access = self._hashes(), self._rights()
        if self.registry is not None:
            names += read(self.registry / "passwords")
            access += "\n" + read(self.registry / "access")
        # Rights before passwords: nobody is let in of whom it is not known what they may.
        files = {"access": access, "passwords": names}
        if self.encrypted is not None:
            for name in CERTIFICATES:
                files[name] = (self.encrypted.authority / name).read_text(encoding="utf-8")
        new = [name for name, text in files.items() if self._written.get(name) != text]
        for name in new:
            self.person.own_file(self.folder / name, files[name])
            self._written[name] = files[name]
        self._seen = seen
        return bool(new)

    def _sources(self) -> list[Path]:
        found = []
        if self.registry is not None:
            found += [self.registry / name for name in ("passwords", "access")]
        if self.encrypted is not None:
            found += [self.encrypted.authority / name for name in CERTIFICATES]
        return found

    def _hashes(self) -> str:
        if self._hashed is None:
            salted = (
                (name, hashed(password, secrets.token_bytes(SALT_BYTES)))
                for name, password in self.accounts.items()
            )
            self._hashed = password_file(salted)
        return self._hashed

    def _rights(self) -> str:
        return access_list(
            (name, FIXED[name] if name in FIXED else grants(Account(name)))
            for name in self.accounts
        )

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


def stamp_of(path: Path) -> tuple[int, int, int] | None:
    """Tell one state of a file from another; None where there is none."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read(path: Path) -> str:
    """Read a file that may not be there yet; raises OSError where it is a link, or no file.

    Whose folder it lies in could have put one there for root to follow, or to wait on.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return ""
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "this is no file", str(path))
    with os.fdopen(handle, encoding="utf-8", errors="replace") as file:
        return file.read()


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
    accounts: Mapping[str, str] | None = None,
    *,
    durable: bool = False,
    registry: Path | None = None,
    encrypted: Encrypted | None = None,
) -> Iterator[Broker]:
    """Give a running broker in a folder of its own on a free port; nothing of it stays.

    Without accounts it has the platform's own, with passwords of their own.
    """
    chosen = accounts or {name: secrets.token_urlsafe(16) for name in FIXED}
    with throwaway_folder("cityops-mosquitto-") as folder:
        broker = Broker(
            folder,
            port=free_port(),
            accounts=chosen,
            durable=durable,
            registry=registry,
            encrypted=encrypted,
        )
        with broker:
            yield broker
