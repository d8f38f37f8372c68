"""One installation from its first process to its last: up in order, held, down in reverse."""

import asyncio
import compileall
import contextlib
import os
import socket
import time
from collections.abc import Coroutine
from pathlib import Path

from scripts.stack import addresses, certificates
from scripts.stack.home import CHECKOUT, Home
from scripts.stack.ports import reachable
from scripts.stack.processes import Keeper, Program, finish, rotate
from scripts.stack.programs import (
    DATABASE,
    OWNER,
    PLAIN,
    PYTHON,
    SERVICES,
    Programs,
    moment,
)
from scripts.stack.progress import Said, Tell
from scripts.stack.refusals import NotReady, Refusal
from scripts.stack.scenario import LIVED_IN, Begun, Scenario, begun_of

PACKAGES = ("ingest", "services", "models", "simulators")
HOUR = 3600.0
DAY = 24 * HOUR
COME_BACK = 12.0  # seconds within which ingest finds a broker that has started: it tries every 10
LONG_AWAY = 60.0
BEGINS = 60.0  # seconds within which a city that is started tells: no dossier falls in between
BLINK = 0.5  # seconds between two looks at the broker's accounts and certificates
# Stopped one row after the other; what stands in a row stops together.
STOP_ORDER = (
    ("city", "grafana"),
    SERVICES,
    ("mosquitto",),
    ("postgres",),
)


class Installation:
    """The processes of one state folder, for as long as `run` runs."""

    def __init__(
        self, home: Home, tell: Tell, *, scenario: Scenario | None, grafana: Path | None
    ) -> None:
        self.home = home
        self.tell = tell
        self.scenario = scenario  # that the simulated city plays; None: there is none
        self._came_back = 0  # the life of the broker in which ingest was there
        self._begun = home.folder / "city-begun"
        self.grafana = grafana
        self.programs = Programs(home)
        self.stopped = asyncio.Event()
        self.up = asyncio.Event()
        self._keepers: dict[str, Keeper] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._group = asyncio.TaskGroup()

    def stop(self) -> None:
        """Ask `run` to end."""
        self.stopped.set()

    async def run(self) -> None:
        """Bring everything up, hold it until `stop` is called, bring everything down.

        Raises a Refusal when it does not come up; what was up by then is down again.
        """
        try:
            async with self._group:
                self._spawn(self._come_up(), "up")
                await self.stopped.wait()
                for task in self._tasks:
                    task.cancel()
        except BaseExceptionGroup as several:
            refusals = several.subgroup(Refusal)
            if refusals is None:
                raise
            raise first_of(refusals) from None
        finally:
            self.home.addresses.unlink(missing_ok=True)
            await self._come_down()

    async def _come_up(self) -> None:
        began = time.monotonic()
        await asyncio.gather(self._database(), self._broker(), asyncio.to_thread(compile_packages))
        boards = self.grafana is not None
        services = [self._serve(self.programs.service(name, boards=boards)) for name in SERVICES]
        if self.grafana is not None:
            services.append(self._serve(self.programs.grafana(self.grafana)))
        registry = [self._registry(self.scenario), self._procedures()] if self.scenario else []
        await asyncio.gather(*services, self._token(), *registry)
        if self.scenario:
            await self._city(self.scenario)
        addresses.write(self.programs, grafana=self.grafana is not None)
        self._spawn(self._tidy(), "tidy")
        self.up.set()
        self.tell(Said("up", str(self.home.addresses), time.monotonic() - began))

    async def _database(self) -> None:
        cluster = self.programs.cluster
        await asyncio.to_thread(cluster.create)
        await self._serve(self.programs.postgres())
        password = self.home.secret("owner")
        await asyncio.to_thread(cluster.provision, DATABASE, OWNER, password)
        await self._store("schema", "migrate")
        await self._store("logins", "logins", str(self.home.folder / "secrets/logins"))

    async def _broker(self) -> None:
        hosts = tls_hosts(self.home.bind)
        await asyncio.to_thread(certificates.prepare, self.home.authority, hosts)
        await asyncio.to_thread(self.programs.broker.create)
        await self._serve(self.programs.mosquitto())
        self._spawn(self._accounts(), "accounts of the broker")

    async def _accounts(self) -> None:
        """Have the broker read its accounts and certificates anew whenever they change."""
        due = False
        while True:
            await asyncio.sleep(BLINK)
            try:
                due = await asyncio.to_thread(self.programs.broker.refresh) or due
            except OSError as why:
                self.tell(Said("note", f"the broker's files could not be written: {why}"))
                await asyncio.sleep(HOUR / 60)
            self._look_for_ingest()
            if due and self._taken_up():
                due = False

    def _taken_up(self) -> bool:
        """Have the broker take up what changed, unless it is too early."""
        broker = self._keepers["mosquitto"]
        how = taking_up(broker.serving_for, came_back=broker.lives == self._came_back)
        if how == "restart":
            self.tell(Said("note", "mosquitto: restarted for its accounts, as ingest is away"))
            return broker.restart()
        return how == "reload" and broker.reload()

    def _look_for_ingest(self) -> None:
        """Note in which of the broker's lives ingest was there."""
        broker, ingest = self._keepers["mosquitto"], self._keepers.get("ingest")
        if ingest and min(broker.serving_for, ingest.serving_for) >= COME_BACK:
            self._came_back = broker.lives

    async def _token(self) -> None:
        """Make the engineer's token, once; another name where an interrupted start took it."""
        if self.home.kept("api_token"):
            return
        name = "engineer"
        try:
            printed = await self._store("token", "token", name, "--role", "operator")
        except NotReady:
            name = f"engineer-{time.time_ns() // 1_000_000_000}"
            printed = await self._store("token", "token", name, "--role", "operator")
        self.home.keep("api_token", printed.strip())

    async def _city(self, scenario: Scenario) -> None:
        """Start the simulated city, or go on with the one that was begun before."""
        begun = begun_of(self._begun.read_text(encoding="utf-8") if self._begun.exists() else "")
        if begun.name == scenario.name:
            told = [*(("--start", begun.start) if begun.start else ()), "--since", "now"]
            await self._serve(self.programs.city(scenario.name, *told))
            self._tell_so_far(scenario.name, begun.start, time.time() + BEGINS)
        elif scenario.start is None:
            self._spawn(self._begin_city(scenario.name), "city")
        else:
            start = moment(scenario.start)
            self._begun.write_text(Begun(scenario.name, start).text, encoding="utf-8")
            self._tell_so_far(scenario.name, start, scenario.start)
            play = ("--start", start, "--within", LIVED_IN)
            await self._serve(self.programs.city(scenario.name, *play))

    async def _begin_city(self, name: str) -> None:
        """Start the usual city with the hour before; a later start goes on from there."""
        command, environment = self.programs.hour_before()
        try:
            await finish(command, environment, CHECKOUT, self.home.log("city"))
        except NotReady as why:
            self.tell(Said("note", str(why)))
        self._begun.write_text(Begun(name).text, encoding="utf-8")
        await self._serve(self.programs.city(name))
        self._tell_so_far(name, "", time.time() + BEGINS)

    async def _registry(self, scenario: Scenario) -> None:
        """Register the simulated city's assets, when they are not registered as they are now."""
        kept, log = self.home.folder / "registry.csv", self.home.log("registry")
        rows = await finish(self.programs.registry(scenario.name), PLAIN, CHECKOUT, log)
        if kept.exists() and kept.read_text(encoding="utf-8") == rows:
            return
        part = self.home.me.own_file(kept.with_suffix(".part"), rows)
        await self._store("registry", "assets", "import", str(part))
        facts = await finish(self.programs.registry(scenario.name, "--facts"), PLAIN, CHECKOUT, log)
        file = self.home.me.own_file(self.home.folder / "facts.csv", facts)
        await self._store("facts", "city", "import", str(file))
        part.replace(kept)

    async def _procedures(self) -> None:
        """Import what the city's offices can be asked for, when it is not there as it is now."""
        kept = self.home.folder / "procedures.csv"
        part = kept.with_suffix(".part.csv")
        log = self.home.log("registry")
        await finish(self.programs.procedures(part), PLAIN, CHECKOUT, log)
        if not kept.exists() or kept.read_bytes() != part.read_bytes():
            await self._store("procedures", "units", "import", str(part))
        part.replace(kept)

    def _tell_so_far(self, name: str, begun: str, until: float) -> None:
        """Have the dossiers up to a moment imported while everything else goes on."""
        begun = begun or moment(until)
        self._spawn(self._dossiers(name, begun, until), "dossiers so far")
        self._spawn(self._counts(name), "counts of others")

    async def _dossiers(self, name: str, begun: str, until: float) -> None:
        """Import the city's dossiers as they stood: what it tells from then on is of these too.

        Events have names: what is there already changes nothing.
        """
        file = self.home.folder / "dossiers.jsonl"
        command = self.programs.dossiers_so_far(name, file, begun, until)
        await self._bring(file, command, "dossiers", "dossiers", "import")

    async def _counts(self, name: str) -> None:
        """Import every day what other systems count of the city's dossiers: the index wants it."""
        file = self.home.folder / "counts.csv"
        while True:
            command = self.programs.counts_of_others(name, file, time.time())
            await self._bring(file, command, "counts", "egov", "import")
            await asyncio.sleep(DAY)

    async def _bring(self, file: Path, command: list[str], name: str, *arguments: str) -> None:
        """Have the city write a file, and the store import it; neither is needed to be up."""
        try:
            await finish(command, PLAIN, CHECKOUT, self.home.log("dossiers"))
            await self._store(name, *arguments, str(file))
        except NotReady as why:
            self.tell(Said("note", str(why)))
        await asyncio.to_thread(file.unlink, missing_ok=True)

    async def _tidy(self) -> None:
        """Drop every hour what nobody will read again."""
        command = [PYTHON, "-m", "services.store", "tidy"]
        while True:
            await asyncio.sleep(HOUR)
            try:
                environment = {**PLAIN, **self.programs.owner()}
                await finish(command, environment, CHECKOUT, self.home.log("tidy"))
            except NotReady as why:
                self.tell(Said("note", str(why)))

    async def _store(self, name: str, *arguments: str) -> str:
        """Run one of the store's commands as the schema's owner."""
        began, log = time.monotonic(), self.home.log(name)
        command = [PYTHON, "-m", "services.store", *arguments]
        printed = await finish(command, {**PLAIN, **self.programs.owner()}, CHECKOUT, log)
        self.tell(Said("step", name, time.monotonic() - began))
        return printed

    async def _serve(self, program: Program) -> None:
        """Start a program and return when it is ready; it is kept running from then on."""
        rotate(program.log)
        keeper = Keeper(program, self.home.run / "processes", self.tell)
        self._keepers[program.name] = keeper
        self._spawn(keeper.keep(), program.name)
        await keeper.ready.wait()

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        self._tasks.append(self._group.create_task(work, name=name))

    async def _come_down(self) -> None:
        for row in STOP_ORDER:
            found = [self._keepers[name] for name in row if name in self._keepers]
            await asyncio.gather(*(keeper.stop() for keeper in found))


def tls_hosts(bind: str) -> list[str]:
    """The names and addresses by which this machine's broker is called."""
    names = ["localhost", "127.0.0.1", "::1", socket.gethostname(), reachable(bind)]
    return list(dict.fromkeys(names))


def taking_up(broker_serves: float, *, came_back: bool) -> str:
    """How the broker, up for so many seconds, takes changed files up: reload, restart or wait.

    At SIGHUP mosquitto 2.0 takes the rights from sessions that it has read from disk and whose
    owner has not come back since: nothing is kept for them any more. A restart does not. So
    ingest is given a minute to come back; where it stays away, the broker is restarted.
    """
    if came_back:
        return "reload"
    return "wait" if broker_serves < LONG_AWAY else "restart"


def first_of(group: BaseExceptionGroup[Refusal]) -> Refusal:
    """Choose the refusal to tell."""
    error = group.exceptions[0]
    return first_of(error) if isinstance(error, BaseExceptionGroup) else error


def compile_packages() -> None:
    """Compile our packages once, since the services' user may not write beside them."""
    if os.access(CHECKOUT, os.W_OK):
        for name in PACKAGES:
            with contextlib.suppress(OSError):
                compileall.compile_dir(CHECKOUT / name, quiet=2)
