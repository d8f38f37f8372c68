"""Runs one ingest worker: MQTT in, rows out."""

import sys
import threading

from ingest.broker import Broker, BrokerRefused, BrokerUnreachable, Slots
from ingest.pipeline import Pipeline
from ingest.routes import BadRoutes, read_routes
from ingest.settings import BrokerSettings, IngestSettings
from services import process
from services.store.pool import NoDatabase, open_pool

# The writer asks for the interpreter after every answer of the database, while two other
# threads are busy; at Python's 5 ms a turn a batch would wait longer than it takes.
HANDOVER = 0.0005


def work() -> None:
    """Connects both sides and works until told to stop."""
    sys.setswitchinterval(HANDOVER)
    settings = process.read_settings(IngestSettings)
    broker_settings = process.read_settings(BrokerSettings)
    try:
        routes = read_routes(settings.routes)
    except BadRoutes as error:
        raise process.WrongConfiguration(f"INGEST_ROUTES: {error}") from error
    topics = routes.topics(remembering=False) + routes.topics(remembering=True)
    slots = Slots(settings.in_flight, settings.in_flight_bytes)
    stop = process.on_stop_signals()
    with (
        open_pool("ingest", size=settings.writers, checked=False) as pool,
        Broker(broker_settings, settings.client_id or settings.worker, topics, slots) as broker,
    ):
        pipeline = Pipeline(broker, pool, settings, routes)
        threading.Thread(
            target=say_when_ready, args=(broker.ready,), name="readiness", daemon=True
        ).start()
        pipeline.run(stop)


def say_when_ready(ready: threading.Event) -> None:
    """Announces readiness once the broker has granted the topics."""
    ready.wait()
    process.announce_ready()


if __name__ == "__main__":
    sys.exit(process.run(work, BrokerRefused, BrokerUnreachable, NoDatabase))
