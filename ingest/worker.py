"""One worker: a session with the broker, its pipeline, and the lane beside it."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from ingest.broker import Broker, Ceremony, forget
from ingest.canary import keep_beating
from ingest.delivery import Delivery
from ingest.lane import Lane
from ingest.pipeline import Pipeline
from ingest.routes import Routes
from ingest.settings import BrokerSettings, IngestSettings
from ingest.slots import Slots
from services import process
from services.store import codec_memory, workers
from services.store.pool import Pool, open_pool, transaction

log = structlog.get_logger()

# The writer asks for the interpreter after every answer of the database, while two other
# threads are busy; at Python's 5 ms a turn a batch would wait longer than it takes.
HANDOVER = 0.0005
BESIDE = 3  # connections for the lane, what it registers, and the rules
QUIET = 3.0  # seconds without a message after which a session counts as drained


class SideWorkFailed(Exception):
    """Something beside the pipeline ended with an error of ours, see above."""


def work(
    settings: IngestSettings, broker_settings: BrokerSettings, routes: Routes, stop: threading.Event
) -> None:
    """Takes messages in until told to stop."""
    sys.setswitchinterval(HANDOVER)
    slots = Slots(settings.in_flight, settings.in_flight_bytes)
    with open_pool("ingest", size=settings.writers + BESIDE, checked=False) as pool:
        topics = subscriptions(settings, routes)
        gone = former_subscriptions(settings, routes, before(pool, settings.worker))
        with transaction(pool) as conn:
            workers.enter(conn, settings.worker, settings.share)
            for name, codec in routes.remembering.items():
                codec.restore(codec_memory.of(conn, name))
        client_id = settings.client_id or settings.worker
        ceremony = Ceremony(gone - set(topics))
        if settings.remembers:
            now = time.time_ns() // 1000
            ceremony = Ceremony(ceremony.gone, routes.greetings(now), routes.farewell(now))
        with Broker(broker_settings, client_id, topics, slots, ceremony) as broker:
            run(broker, pool, settings, routes, stop)


def run(
    broker: Broker, pool: Pool, settings: IngestSettings, routes: Routes, stop: threading.Event
) -> None:
    """The pipeline, and what goes on beside it."""
    pipeline = Pipeline(broker, pool, settings, routes)
    lane = Lane(
        pool,
        pipeline.writer,
        lambda: len(broker.inbox) >= settings.batch_size,
        remembers=settings.remembers,
    )
    pipeline.metrics.watch(
        "inside_messages",
        "Messages taken in and not yet acknowledged.",
        lambda: broker.slots.received - broker.slots.released,
    )
    pipeline.metrics.watch(
        "connected",
        "1 while there is a session with the broker.",
        lambda: float(broker.ready.is_set() and broker.client.is_connected()),
    )
    if settings.metrics_port:
        serve(pipeline, settings)
    works: dict[str, Callable[[threading.Event], None]] = {
        "lane": lane.run,
        "rules": pipeline.registry.keep_fresh,
        "readiness": lambda _stop: say_when_ready(broker.ready),
    }
    if settings.canary_seconds and settings.remembers:  # of several workers, one beats
        works["canary"] = lambda stop: keep_beating(broker.send, settings.canary_seconds, stop)
    with beside(stop, **works):
        pipeline.run(stop)


def serve(pipeline: Pipeline, settings: IngestSettings) -> None:
    """Answers at /metrics. Raises WrongConfiguration where the port is not to be had."""
    try:
        pipeline.metrics.serve(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        raise process.WrongConfiguration(f"INGEST_METRICS_PORT: {error}") from error


@contextmanager
def beside(stop: threading.Event, **works: Callable[[threading.Event], None]) -> Iterator[None]:
    """Threads that run as long as the block; one that fails ends the worker.

    Raises SideWorkFailed after the block.
    """
    failed: list[str] = []

    def guarded(name: str, work: Callable[[threading.Event], None]) -> None:
        try:
            work(stop)
        except Exception:
            log.exception("failed beside the pipeline", what=name)
            failed.append(name)
            stop.set()

    threads = [
        threading.Thread(target=guarded, args=pair, name=pair[0], daemon=True)
        for pair in works.items()
    ]
    for thread in threads:
        thread.start()
    yield
    if failed:
        raise SideWorkFailed(", ".join(failed))


def say_when_ready(ready: threading.Event) -> None:
    """Announces readiness once the broker has granted the topics."""
    ready.wait()
    process.announce_ready()


def subscriptions(settings: IngestSettings, routes: Routes) -> list[str]:
    """What this worker subscribes to: its share of what may be shared, and what may not.

    Messages of codecs that remember explain each other, so one worker reads them all.
    """
    prefix = f"$share/{settings.share}/" if settings.share else ""
    shared = [f"{prefix}{topic}" for topic in routes.topics(remembering=False)]
    return shared + (routes.topics(remembering=True) if settings.remembers else [])


def former_subscriptions(settings: IngestSettings, routes: Routes, share: str | None) -> set[str]:
    """What this worker's session may still be subscribed to from the time of another setting.

    share is the one it had then, None where it had no session.
    """
    if share is None:
        return set()
    alone = settings.model_copy(update={"share": share, "remembers": True})
    return set(subscriptions(alone, routes))


def before(pool: Pool, worker: str) -> str | None:
    """The share a worker had when it last entered and did not leave."""
    with transaction(pool) as conn:
        return workers.present(conn).get(worker)


def drain(settings: IngestSettings, broker_settings: BrokerSettings, routes: Routes) -> None:
    """Ends a session for good: no new messages, what it holds is stored, then it is forgotten."""
    stop = threading.Event()
    slots = Slots(settings.in_flight, settings.in_flight_bytes)
    client_id = settings.client_id or settings.worker
    with open_pool("ingest", size=settings.writers + BESIDE, checked=False) as pool:
        gone = set(subscriptions(settings.model_copy(update={"remembers": True}), routes))
        with Broker(broker_settings, client_id, [], slots, Ceremony(gone)) as broker:
            source = Emptying(broker, stop)
            Pipeline(source, pool, settings, routes).run(stop)
        forget(broker_settings, client_id)
        with transaction(pool) as conn:
            workers.leave(conn, settings.worker)
    log.info("the session is drained and gone", worker=settings.worker, messages=source.taken)


class Emptying:
    """A source that tells its worker to stop once nothing has come for a while."""

    def __init__(self, broker: Broker, stop: threading.Event) -> None:
        self.broker, self.stop = broker, stop
        self.taken = 0
        self.last = time.monotonic()
        self.acknowledge = broker.acknowledge
        self.send = broker.send

    def take(self, limit: int, wait: float) -> list[Delivery]:
        """As the broker's; stops when it is quiet."""
        taken = self.broker.take(limit, wait)
        now = time.monotonic()
        if taken or not self.broker.ready.is_set():
            self.last = now
        elif now - self.last > QUIET:
            self.stop.set()
        self.taken += len(taken)
        return taken
