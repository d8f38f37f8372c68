"""What the broker forgets when it is killed, and what each way of remembering costs."""

import json
import logging
import os
import re
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Annotated, NamedTuple

import structlog
import typer
from rich.console import Console

from ingest.broker import Broker as Subscription
from ingest.routes import read_routes
from ingest.settings import BrokerSettings
from ingest.slots import Slots
from scripts.stack.broker import Broker
from scripts.stack.ports import free_port
from scripts.stack.server import throwaway_folder
from simulators.address import Address
from simulators.load import Load
from simulators.wire import Line
from tests.chaos.sender import Key, Sender

say = Console(stderr=True)

INTERVAL = {f"every {n} s": {"autosave_interval": str(n)} for n in (30, 5, 2, 1)}
CHANGES = {
    f"every {n:,} changes": {"autosave_on_changes": "true", "autosave_interval": str(n)}
    for n in (100_000, 10_000, 1_000)
}
OFF = {"not at all": {"persistence": "false"}}
SQLITE = {f"SQLite, flushed every {n} s": {"plugin_opt_flush_period": str(n)} for n in (5, 1)}
QUIET = 1.5  # seconds without a message after which there is none left


class Trial(NamedTuple):
    """One setting, killed once in mid-load, at a rate in messages a second.

    cpu_us is the broker's processor time for a message: what others do at the same time changes
    it less than the rate.
    """

    setting: str
    load: str
    published: int
    rate: float
    cpu_us: float
    lost: int

    @property
    def line(self) -> str:
        """For people."""
        return (
            f"{self.setting:26} {self.load:8} published {self.published:8,}"
            f"   {self.rate:7,.0f} messages/s   {self.cpu_us:5.1f} us each   lost {self.lost:7,}"
        )


class Tried(Broker):
    """A broker with some settings of its own, or another program."""

    def __init__(
        self, folder: Path, settings: dict[str, str], program: str | None, plugin: str | None
    ) -> None:
        accounts = {name: secrets.token_urlsafe(16) for name in ("ingest", "simulator")}
        super().__init__(folder, port=free_port(), accounts=accounts)
        self.settings, self.other, self.plugin = settings, program, plugin

    def create(self) -> None:
        """Write the configuration with what is tried in it."""
        super().create()
        file = self.folder / "mosquitto.conf"
        text = file.read_text()
        lines = [f"plugin {self.plugin}"] if self.plugin else []
        for name, value in self.settings.items():
            text = re.sub(rf"(?m)^{name} .*\n", "", text)
            lines.append(f"{name} {value}")
        if self.plugin:
            text = re.sub(r"(?m)^(autosave_|persistence ).*\n", "", text)
        self.person.own_file(file, text + "\n".join(lines) + "\n")

    @property
    def command(self) -> list[str]:
        """The server in the foreground."""
        usual = super().command
        return [self.other or usual[0], *usual[1:]]


class Subscriber:
    """Hears and acknowledges everything in the session `ingest-1`; remembers each message."""

    def __init__(self, broker: Broker) -> None:
        account = broker.connection("ingest")
        settings = BrokerSettings(
            host=broker.host,
            port=broker.port,
            username="ingest",
            password=account["MQTT_PASSWORD"],
        )
        self.source = Subscription(
            settings, "ingest-1", read_routes().topics(remembering=False), Slots(20_000, 1 << 28)
        )
        self.heard: list[tuple[str, bytes]] = []

    def hear(self, seconds: float) -> int:
        """Takes in what comes within a time; returns how many messages that were."""
        before, until = len(self.heard), time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            taken = self.source.take(2000, min(0.05, left))
            self.source.acknowledge(taken)
            self.heard += [(each.topic, each.payload[6:19]) for each in taken]
        return len(self.heard) - before

    def hear_all(self) -> None:
        """Takes in everything until it is quiet."""
        while self.hear(QUIET):
            pass

    @property
    def keys(self) -> set[Key]:
        """Every message heard."""
        return {(topic.split("/")[1], int(at)) for topic, at in self.heard}


@contextmanager
def subscribed(broker: Broker) -> Iterator[Subscriber]:
    """A subscriber that is connected; what waits for it comes before the broker's answer."""
    subscriber = Subscriber(broker)
    with subscriber.source as source:
        while not source.ready.is_set():
            subscriber.hear(0.05)
        yield subscriber


def processor_time(broker: Broker) -> float:
    """Seconds of a processor that the running broker has used."""
    fields = Path(f"/proc/{broker.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def killed_while_draining(broker: Broker, setting: str, rate: float, seconds: float) -> Trial:
    """Publishes to a subscriber that acknowledges, and kills in mid-load.

    Without a rate, as much as the broker takes: more than the subscriber does.
    """
    address = Address(broker.host, broker.port, "simulator", broker.accounts["simulator"])
    load = Load(rate, seconds * 1.5, prefix="drained", patience=30)
    with subscribed(broker) as subscriber, Sender(load, address) as sender:
        while not subscriber.hear(0.2):
            pass
        begun, before = time.monotonic(), len(subscriber.heard)
        subscriber.hear(seconds)
        heard = (len(subscriber.heard) - before) / (time.monotonic() - begun)
        cpu = processor_time(broker) / len(subscriber.heard) * 1e6
        broker.kill()
        broker.start()
        told = None
        while told is None:
            subscriber.hear(0.5)
            if sender.result is not None and sender.result.ready():
                told = sender.told()
        subscriber.hear_all()
        lost = len(told.keys - subscriber.keys)
    kind = "keeps up" if rate else "flood"
    return Trial(setting, kind, told.outcome.acknowledged, heard, cpu, lost)


def killed_with_a_backlog(broker: Broker, setting: str, backlog: int) -> Trial:
    """Publishes a backlog for a subscriber that is away, and kills when the last is acknowledged."""
    address = Address(broker.host, broker.port, "simulator", broker.accounts["simulator"])
    rate = 25_000.0
    with Sender(Load(rate, backlog / rate, prefix="backlog", patience=30), address) as sender:
        told = sender.told()
        cpu = processor_time(broker) / told.outcome.acknowledged * 1e6
        broker.kill()
    broker.start()
    with subscribed(broker) as subscriber:
        subscriber.hear_all()
        lost = len(told.keys - subscriber.keys)
    taken = told.outcome.acknowledged / told.outcome.seconds
    return Trial(setting, "backlog", told.outcome.acknowledged, taken, cpu, lost)


def pause_to_save(broker: Broker, backlog: int) -> float:
    """Seconds for which nobody is answered while the broker writes down a backlog of this size."""
    address = Address(broker.host, broker.port, "simulator", broker.accounts["simulator"])
    with Sender(Load(25_000, backlog / 25_000, prefix="pause", patience=30), address) as sender:
        sender.told()
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGUSR1)
    time.sleep(0.002)  # the signal ends the broker's wait, our call would too
    begun = time.monotonic()
    Line.open(address, "caller").close()
    return time.monotonic() - begun


@contextmanager
def restarted(settings: dict[str, str], program: str | None, plugin: str | None) -> Iterator[Tried]:
    """A broker that knows the subscriber's session, and has it on its disk."""
    with (
        throwaway_folder("cityops-mosquitto-") as folder,
        Tried(folder, settings, program, plugin) as broker,
    ):
        with subscribed(broker):
            pass
        broker.stop()
        broker.start()
        yield broker


def main(
    *,
    seconds: Annotated[float, typer.Option(help="how long each load runs before the kill")] = 5,
    rate: Annotated[
        float, typer.Option(help="messages a second the subscriber keeps up with")
    ] = 5000,
    backlog: Annotated[int, typer.Option(help="messages that wait for a subscriber")] = 100_000,
    runs: Annotated[int, typer.Option(help="how often each setting is tried")] = 1,
    only: Annotated[str, typer.Option(help="settings whose name has this in it")] = "",
    program: Annotated[str | None, typer.Option(help="another mosquitto")] = None,
    plugin: Annotated[str | None, typer.Option(help="its persist-sqlite plugin")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="end with one JSON object")] = False,
) -> None:
    """Measure what mosquitto loses on kill -9 for each way of saving, and what it costs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = SQLITE if plugin else OFF | INTERVAL | CHANGES
    trials = []
    loads: list[Callable[[Broker, str], Trial]] = [
        lambda broker, name: killed_while_draining(broker, name, 0, seconds),
        lambda broker, name: killed_while_draining(broker, name, rate, seconds),
        lambda broker, name: killed_with_a_backlog(broker, name, backlog),
    ]
    for (name, lines), _, load in product(settings.items(), range(runs), loads):
        if only in name:
            with restarted(lines, program, plugin) as broker:
                trials.append(load(broker, name))
            say.print(trials[-1].line, highlight=False, soft_wrap=True)
    with restarted({"autosave_interval": "3600"}, program, plugin) as broker:
        pause = pause_to_save(broker, backlog)
    say.print(f"a save of {backlog:,} waiting messages holds everybody up for {pause:.2f} s")
    if as_json:
        print(
            json.dumps(
                {"trials": [trial._asdict() for trial in trials], "pause_s": round(pause, 3)}
            )
        )
