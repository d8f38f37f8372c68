"""The programs the platform is made of, each with the environment it gets and no more."""

import contextlib
import http.client
import os
import signal
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from scripts.stack import grafana
from scripts.stack.broker import Broker, Encrypted
from scripts.stack.cluster import Cluster
from scripts.stack.home import ACCOUNTS, CHECKOUT, ROLES, Home
from scripts.stack.ports import reachable
from scripts.stack.processes import Program
from scripts.stack.server import Server

PYTHON = str(CHECKOUT / ".venv/bin/python")
DATABASE = "cityops"
OWNER = "cityops"
SEED = "1"
MONTH = 30  # days of dossiers that a city begins with: reports look back so far
DAY = 86400.0
CANARY_SECONDS = "15"  # between two beats of the platform through its own broker

# Our processes, in the order of their lines on the screen; each signs in to the database as the
# role of its name. Those whose module is not services.NAME are named below.
SERVICES = (
    *("ingest", "detection", "derivation", "egov", "incidents"),
    *("api", "accounts", "connectivity", "commands"),
)
MODULES = {"ingest": "ingest", "commands": "ingest.commands"}

PLAIN = {
    "PATH": os.defpath,
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONUNBUFFERED": "1",
    # A service per core is what makes use of the cores, not threads inside each.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}

# What a command that people run keeps of their environment besides.
TERMINAL = ("COLUMNS", "EDITOR", "LOGNAME", "NO_COLOR", "TERM", "VISUAL")


class Programs:
    """Builds the programs of one installation."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.cluster = Cluster(
            home.folder / "postgres",
            port=home.ports["postgres"],
            password=home.secret("postgres"),
            bind=home.bind,
            person=home.database,
        )
        self.broker = Broker(
            home.folder / "mosquitto",
            port=home.ports["mosquitto"],
            accounts={name: home.secret(f"mqtt_{name}") for name in ACCOUNTS},
            bind=home.bind,
            person=home.broker,
            registry=home.accounts,
            encrypted=Encrypted(
                home.ports["mqtts"], home.ports["mqtts-certificates"], home.authority
            ),
        )
        for role in ROLES:
            home.secret(f"logins/cityops_{role}")

    def postgres(self) -> Program:
        """PostgreSQL; after a crash it may have minutes of work before it answers."""
        return self._server(self.cluster, signal.SIGINT, patience=600, grace=60)

    def mosquitto(self) -> Program:
        """The broker; a full queue takes its time to be read and written."""
        return self._server(self.broker, signal.SIGTERM, patience=60, grace=30)

    def _server(
        self, server: Server, how: signal.Signals, *, patience: float, grace: float
    ) -> Program:
        return Program(
            name=server.name,
            command=server.command,
            environment=server.environment,
            person=server.person,
            folder=server.folder,
            log=self.home.log(server.name),
            ready=lambda: server.ready,
            remark=f"{self.home.bind}:{self.home.ports[server.name]}",
            stop_signal=how,
            patience=patience,
            grace=grace,
        )

    def service(self, name: str) -> Program:
        """One of the services: ingest, detection, incidents, api, accounts, ..."""
        more: dict[str, str] = self.database(name)
        module = MODULES.get(name, f"services.{name}")
        ready, remark = None, ""
        if name == "ingest":
            more |= self.broker.connection("ingest")
            # Who knows the client id of a session can take it over, with any account.
            more |= {"INGEST_CLIENT_ID": f"ingest-{self.home.secret('mqtt_client_id')}"}
            more |= {
                "INGEST_METRICS_HOST": self.home.bind,
                "INGEST_METRICS_PORT": str(self.home.ports["metrics"]),
                "INGEST_CANARY_SECONDS": os.environ.get("INGEST_CANARY_SECONDS", CANARY_SECONDS),
            }
        elif name == "commands":
            more |= self.broker.connection("commands")
            secret = self.home.secret("mqtt_commands_client_id")
            more |= {"COMMANDS_CLIENT_ID": f"commands-{secret}"}
        elif name == "accounts":
            more |= {"ACCOUNTS_FOLDER": str(self.home.accounts)}
        elif name == "api":
            host, port = self.home.bind, self.home.ports["api"]
            more |= {"API_HOST": host, "API_PORT": str(port)}
            ready, remark = healthy(host, port, "/health"), self.url("api")
        more = passed_on(f"{name.upper()}_", os.environ) | more
        return self._python(name, [module], more, ready, remark)

    def city(self, scenario: str, *told: str) -> Program:
        """The simulated city; its labels, the truth about its faults, are for the invoking user."""
        command = ["simulators", "city", "--scenario", scenario, "--seed", SEED]
        command += ["--labels", str(self.home.labels), *told]
        account = self.broker.connection("simulator")
        return self._python("city", command, account, lambda: True, scenario)

    def hour_before(self) -> tuple[list[str], dict[str, str]]:
        """What tells the city's last hour at once, so that there is something to go by."""
        command = [PYTHON, "-m", "simulators", "city", "--scenario", "city", "--seed", SEED]
        command += ["--calm", "--start", "-1h", "--duration", "1h", "--as-fast-as-possible"]
        command += ["--no-dossiers"]  # which are told from their beginning on, with their faults
        return command, {**PLAIN, **self.broker.connection("simulator")}

    def registry(self, scenario: str, *told: str) -> list[str]:
        """What prints the city's assets, or with --facts what is known of them beside."""
        command = [PYTHON, "-m", "simulators", "registry", "--scenario", scenario]
        return [*command, "--seed", SEED, *told]

    def procedures(self, file: Path) -> list[str]:
        """What writes the procedures of the city's offices for the store."""
        return [PYTHON, "-m", "simulators", "dossiers", "--procedures", str(file)]

    def dossiers_so_far(self, scenario: str, file: Path, begun: str, until: float) -> list[str]:
        """What writes the events of a month's dossiers until a moment (seconds since 1970)."""
        command = [PYTHON, "-m", "simulators", "dossiers", "--scenario", scenario, "--seed", SEED]
        command += ["--to", str(file), "--start", moment(until - MONTH * DAY)]
        return [*command, "--duration", str(MONTH), "--scenario-start", begun]

    def counts_of_others(self, scenario: str, file: Path, until: float) -> list[str]:
        """What writes what other systems counted of a month's dossiers, up to a moment's day."""
        command = [PYTHON, "-m", "simulators", "dossiers", "--scenario", scenario, "--seed", SEED]
        command += ["--counts", str(file), "--start", moment(until - (MONTH - 1) * DAY)]
        return [*command, "--duration", str(MONTH)]

    def _python(
        self,
        name: str,
        arguments: list[str],
        environment: Mapping[str, str],
        ready: Callable[[], bool] | None,
        remark: str,
    ) -> Program:
        file = self.home.ready / name
        return Program(
            name=name,
            command=[PYTHON, "-m", *arguments],
            environment={**PLAIN, "READY_FILE": str(file), **environment},
            person=self.home.services,
            folder=CHECKOUT,
            log=self.home.log(name),
            ready=ready or file.exists,
            ready_file=file,
            remark=remark,
        )

    def grafana(self, folder: Path) -> Program:
        """Grafana, from its folder; at its first start it makes its own database."""
        self.home.services.own_folder(self.home.folder / "grafana")
        more = grafana.settings(self.home, self.database("viewer"), self.cluster.version)
        return Program(
            name="grafana",
            command=grafana.command(folder),
            environment={**PLAIN, **more},
            person=self.home.services,
            folder=folder,
            log=self.home.log("grafana"),
            ready=healthy(self.home.bind, self.home.ports["grafana"], "/api/health"),
            remark=self.url("grafana"),
            patience=180,
        )

    def url(self, name: str) -> str:
        """Where a person on this machine finds it."""
        host = reachable(self.home.bind)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.home.ports[name]}"

    def database(self, role: str) -> dict[str, str]:
        """What libpq reads, for one of the services' roles."""
        name = f"cityops_{role}"
        return {
            **self.cluster.connection(name, self.home.secret(f"logins/{name}"), DATABASE),
            "PGAPPNAME": f"cityops-{role}",
        }

    def owner(self) -> dict[str, str]:
        """What libpq reads, for the schema's owner."""
        return self.cluster.connection(OWNER, self.home.secret("owner"), DATABASE)


def moment(seconds: float) -> str:
    """A moment (seconds since 1970) as the simulators take it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def passed_on(prefix: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Choose the variables that are meant for one service: INGEST_BATCH_SIZE for ingest."""
    clients = ("API_URL", "API_TOKEN")  # from an addresses.env that was read before
    return {
        key: value
        for key, value in environment.items()
        if key.startswith(prefix) and key not in clients
    }


def healthy(bind: str, port: int, path: str) -> Callable[[], bool]:
    """Ask over HTTP whether a server at this place is well."""

    def ask() -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(reachable(bind), port, timeout=2)
            try:
                connection.request("GET", path)
                return connection.getresponse().status == http.HTTPStatus.OK
            finally:
                connection.close()
        return False

    return ask
