"""Receive, decode, store, acknowledge: in this order, and nothing is forgotten in between."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Protocol

import structlog

from ingest.batch import Batch
from ingest.delivery import Delivery
from ingest.metrics import Metrics
from ingest.patience import Patience
from ingest.registry import Registry
from ingest.routes import Routes
from ingest.settings import IngestSettings, Unknown
from ingest.sorted import Sorted
from ingest.sorting import Sorter
from ingest.writing import Writer
from models.reading import SECOND, Reply, Span, microseconds
from services.store.pool import DatabaseAway, Pool

log = structlog.get_logger()


class Source(Protocol):
    """Where deliveries come from, and who wants to know that they are stored."""

    def take(self, limit: int, wait: float) -> list[Delivery]:
        """Up to `limit` deliveries; waits up to `wait` seconds for so many."""
        ...

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """These are stored: the sender may forget them."""
        ...

    def send(self, replies: Sequence[Reply]) -> None:
        """Sends what a convention wants said in answer; lost when nobody is there."""
        ...


class Pipeline:
    """One worker: batches what a source gives, stores each in one transaction, acknowledges it.

    While some batches are being stored, each over a connection of its own, the next is taken in
    and decoded. They are acknowledged in the order in which they came. A batch that cannot be
    stored because the database is away is kept and tried again until it can; meanwhile neither
    it nor anything behind it is acknowledged.
    """

    def __init__(
        self, source: Source, pool: Pool, settings: IngestSettings, routes: Routes
    ) -> None:
        self.source, self.settings = source, settings
        self.metrics = Metrics(settings.worker)
        self.registry = Registry(
            pool,
            settings.metrics_per_asset,
            settings.max_assets,
            hold=settings.unknown is Unknown.HOLD,
        )
        self.oldest = microseconds(settings.oldest)
        self.sorter = Sorter(routes, self.registry, self.span_at, settings.max_payload)
        self.writer = Writer(pool, self.registry, self.sorter, settings.worker, self.metrics)
        self.patience = Patience(settings.reject_limit)
        self.batch: Batch[Delivery] = Batch(settings.batch_size, settings.batch_age)
        self.leaving = threading.Event()
        self.under_way: deque[tuple[list[Delivery], Future[bool]]] = deque()

    def span_at(self, arrival: int) -> Span:
        """The times that are believed of a message that arrives now."""
        return Span(self.oldest, arrival + int(self.settings.future_seconds * SECOND))

    def run(self, stop: threading.Event) -> None:
        """Works until told to stop; then stores what it has taken in."""
        with (
            ThreadPoolExecutor(self.settings.writers, thread_name_prefix="writer") as writers,
            self.telling_writers_to_leave(),
        ):
            while not stop.is_set() or self.batch.items:
                wanted = self.batch.room if self.batch.items else 1
                self.batch.extend(self.source.take(wanted, self.batch.patience))
                if self.batch.due or stop.is_set():
                    self.hand_over(writers, stop)
                self.acknowledge_stored(at_most=self.settings.writers)
            self.acknowledge_stored(at_most=0)

    @contextmanager
    def telling_writers_to_leave(self) -> Iterator[None]:
        """When the work ends with an error, no writer goes on waiting for the database."""
        try:
            yield
        except BaseException:
            self.leaving.set()
            raise

    def hand_over(self, writers: ThreadPoolExecutor, stop: threading.Event) -> None:
        """Decodes the batch, and gives it to a writer as soon as one is free."""
        deliveries = self.batch.empty()
        found = self.sorter.sort(deliveries)
        self.patience.strain(len(deliveries), found)
        self.metrics.messages.labels(self.settings.worker).inc(len(deliveries))
        if found.replies:
            self.source.send(found.replies)
        self.acknowledge_stored(at_most=self.settings.writers - 1)
        stored = writers.submit(self.store_patiently, deliveries, found, stop)
        self.under_way.append((deliveries, stored))

    def acknowledge_stored(self, at_most: int) -> None:
        """Acknowledges what is stored, in order, and waits until `at_most` batches are not."""
        while self.under_way and (len(self.under_way) > at_most or self.under_way[0][1].done()):
            deliveries, stored = self.under_way.popleft()
            if stored.result():
                self.source.acknowledge(deliveries)
                self.metrics.acknowledged.labels(self.settings.worker).inc(len(deliveries))

    def store_patiently(
        self, deliveries: list[Delivery], found: Sorted, stop: threading.Event
    ) -> bool:
        """Stores a batch, however long the database is away; False when told to stop before."""
        pause, said = 0.2, ""
        away = self.metrics.away.labels(self.settings.worker)
        while True:
            try:
                self.writer.store(deliveries, found)
            except DatabaseAway as error:
                why = str(error).strip().splitlines()[-1] if str(error) else type(error).__name__
                away.set(1)
                found.tried = True
                if why != said:
                    log.warning("waiting for the database", why=why, held=len(deliveries))
                    said = why
                if self.leaving.wait(pause) or stop.is_set():
                    log.warning("leaving: the broker keeps what is not stored")
                    return False
                pause = min(pause * 2, 5.0)
            else:
                if said:
                    away.set(0)
                    log.info("the database is back")
                return True
