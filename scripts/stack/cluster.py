"""A PostgreSQL cluster with TimescaleDB of our own, beside whatever the system runs."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.stack.person import Person, unprivileged
from scripts.stack.ports import free_port, reachable
from scripts.stack.refusals import NotReady, StateUnusable
from scripts.stack.server import Server, mortal, throwaway_folder

INSTALLATIONS = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")
SUPERUSER = "postgres"
PROVISION = Path(__file__).with_name("provision.sql")
LONGEST_SOCKET = 107  # bytes in sockaddr_un, without the end

ACCESS = """\
# Passwords everywhere. From another machine the superuser is not let in at all.
local  all         {superuser}               scram-sha-256
host   all         {superuser}  samehost     scram-sha-256
host   all         {superuser}  all          reject
local  all         all                       scram-sha-256
host   all         all          all          scram-sha-256
"""


class Cluster(Server):
    """One private cluster: `folder/data`, a TCP port, a bootstrap superuser with a password.

    Made with checksums, UTF-8 and C.UTF-8, so that it sorts and compares the same everywhere.
    An operator's own settings belong in `folder/data/local.conf`, which comes last and is never
    written here. Without `durable` nothing waits for the disk: for tests alone.
    """

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": ends sessions, writes a checkpoint

    def __init__(  # noqa: PLR0913 - a server has as many settings
        self,
        folder: Path,
        *,
        port: int,
        password: str,
        bind: str = "127.0.0.1",
        person: Person | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, person or unprivileged("postgres"))
        self.port = port
        self.password = password
        self.bind = bind
        self.durable = durable
        self.settings = dict(settings or {})
        self.data = folder / "data"

    @property
    def host(self) -> str:
        """The address a process on this machine connects to."""
        return reachable(self.bind)

    @property
    def version(self) -> int:
        """The major version: the one that made the data, else the newest that is installed."""
        with contextlib.suppress(FileNotFoundError):
            made_by = int((self.data / "PG_VERSION").read_text())
            if not (INSTALLATIONS / str(made_by) / "bin/postgres").exists():
                raise StateUnusable(
                    f"the data in {self.data} were written by PostgreSQL {made_by}, which is not "
                    f"installed: install it, or begin anew with scripts/up --fresh."
                )
            return made_by
        return newest_version()

    def program(self, name: str) -> str:
        """Find one of this version's programs."""
        return str(INSTALLATIONS / str(self.version) / "bin" / name)

    def create(self) -> None:
        """Make the cluster if there is none; a half-made one is made anew."""
        self.person.own_folder(self.folder)
        if not self.person.may("x", self.folder):
            raise StateUnusable(f"the system user {self.person.name} cannot reach {self.folder}.")
        self.program("postgres")  # refuses data of a version that is not installed
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._configure()

    def _initialise(self) -> None:
        # Made under another name and renamed when complete, so that what is there is whole.
        for old in (*self.folder.glob("data.*"), self.data):
            shutil.rmtree(old, ignore_errors=True)
        part = self.folder / f"data.{os.getpid()}"
        password = self.person.own_file(self.folder / "password", self.password)
        command = [self.program("initdb"), "--pgdata", str(part), "--username", SUPERUSER]
        command += ["--pwfile", str(password), "--auth", "scram-sha-256", "--data-checksums"]
        command += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
        command += ["--no-sync"]  # file by file it would wait seconds for the disk
        made = self._run(command)
        password.unlink()
        if made.returncode:
            raise NotReady(f"no cluster could be made: {made.stdout.strip()}")
        with (part / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("include = 'cityops.conf'\ninclude = 'local.conf'\n")
        if self.durable:
            self._run(["sync", "--file-system", str(part)])
        part.rename(self.data)

    def _configure(self) -> None:
        lines = [f"{name} = '{value}'\n" for name, value in self._parameters().items()]
        first = "# Written at each start; what is to stay belongs in local.conf.\n"
        self.person.own_file(self.data / "cityops.conf", first + "".join(lines))
        self.person.own_file(self.data / "pg_hba.conf", ACCESS.format(superuser=SUPERUSER))
        if not (self.data / "local.conf").exists():
            self.person.own_file(self.data / "local.conf", "# Your own settings.\n")

    def _parameters(self) -> dict[str, str]:
        socket = self.folder / f".s.PGSQL.{self.port}"
        fits = len(os.fsencode(socket)) <= LONGEST_SOCKET
        chosen = {
            "listen_addresses": self.bind,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder) if fits else "",
            "shared_preload_libraries": "timescaledb",
            "timescaledb.telemetry_level": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C.UTF-8",
            "max_connections": "100",
            "max_worker_processes": "24",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "wal_compression": "lz4",
            "synchronous_commit": "on",
            "random_page_cost": "1.1",
            "jit": "off",
            # An alert rule tells when the database nears it.
            "cityops.database_limit_gb": os.environ.get("CITYOPS_DATABASE_LIMIT_GB", "100"),
        }
        chosen |= memory_settings(physical_memory())
        chosen |= {} if self.durable else HASTY
        return chosen | self.settings

    @property
    def command(self) -> list[str]:
        """The server in the foreground."""
        return [self.program("postgres"), "-D", str(self.data)]

    def kill(self) -> None:
        """End the server and its sessions at once, as a power cut would."""
        children = []
        if self.pid is not None:
            # Each child leads a session of its own: the server's does not hold them.
            listed = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
            children = [int(number) for number in listed.split()]
        super().kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    @property
    def ready(self) -> bool:
        """Whether connections are accepted: what `pg_ctl --wait` looks at."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            # After a crash the file is a dead server's, until the next one writes its own.
            lives = Path(f"/proc/{int(lines[0])}").exists()
            return lives and len(lines) > 7 and lines[7].strip() == "ready"
        return False

    def connection(self, user: str, password: str, database: str) -> dict[str, str]:
        """Give the environment libpq reads, for one who connects to this cluster."""
        return {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": user,
            "PGPASSWORD": password,
            "PGDATABASE": database,
        }

    def superuser(self, database: str = "postgres") -> dict[str, str]:
        """Give the environment of the bootstrap superuser."""
        return self.connection(SUPERUSER, self.password, database)

    def provision(self, database: str, owner: str, password: str) -> None:
        """Make the database with TimescaleDB, and its owner with this password; or mend them."""
        names = {"CITYOPS_DATABASE": database, "CITYOPS_OWNER": owner}
        secret = {"CITYOPS_OWNER_PASSWORD": password}
        with PROVISION.open("rb") as script:
            done = self._run(
                [self.program("psql"), "-X", "-q", "-o", "/dev/null"],
                {**self.superuser(), **names, **secret},
                stdin=script.fileno(),
            )
        if done.returncode:
            raise NotReady(f"the database {database} could not be made: {done.stdout.strip()}")

    def _run(
        self, command: list[str], more: Mapping[str, str] | None = None, stdin: int = -3
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            mortal(command, signal.SIGKILL),
            check=False,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env={**self.environment, **(more or {})},
            **self.person.switch,
        )


HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
}


def newest_version() -> int:
    """Find the newest installed PostgreSQL that has TimescaleDB.

    Raises StateUnusable where there is none.
    """
    found = [
        int(folder.name)
        for folder in INSTALLATIONS.glob("[0-9]*")
        if (folder / "bin/postgres").exists()
        and (EXTENSIONS / folder.name / "extension/timescaledb.control").exists()
    ]
    if not found:
        raise StateUnusable("PostgreSQL with TimescaleDB is not installed: run scripts/setup.")
    return max(found)


def physical_memory() -> int:
    """Measure this machine's memory in MB, or what its control group leaves us."""
    total = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    megabytes = int(total.group(1)) // 1024 if total else 1024
    with contextlib.suppress(OSError, ValueError):
        megabytes = min(megabytes, int(Path("/sys/fs/cgroup/memory.max").read_text()) >> 20)
    return megabytes


def memory_settings(megabytes: int) -> dict[str, str]:
    """How much of the memory PostgreSQL takes: modest, since all else runs beside it."""
    return {
        "shared_buffers": f"{max(64, min(2048, megabytes // 8))}MB",
        "effective_cache_size": f"{max(128, megabytes // 2)}MB",
        "work_mem": f"{max(4, min(32, megabytes // 256))}MB",
        "maintenance_work_mem": f"{max(64, min(512, megabytes // 16))}MB",
    }


@contextlib.contextmanager
def throwaway_cluster(
    *, durable: bool = False, settings: Mapping[str, str] | None = None
) -> Iterator[Cluster]:
    """Give a running cluster in a folder of its own on a free port; nothing of it stays."""
    with (
        throwaway_folder("cityops-postgres-") as folder,
        Cluster(
            folder,
            port=free_port(),
            password=secrets.token_urlsafe(16),
            durable=durable,
            settings=settings,
        ) as cluster,
    ):
        yield cluster
