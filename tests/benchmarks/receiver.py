"""Receives and acknowledges and does nothing else: the limit of the MQTT client."""

import json
import os
import sys
import time
from pathlib import Path

from ingest.broker import Broker
from ingest.routes import read_routes
from ingest.settings import BrokerSettings, IngestSettings
from ingest.slots import Slots


def receive(count: int) -> float:
    """Takes `count` messages in and returns the moment of the last acknowledgement."""
    settings = IngestSettings()
    routes = read_routes()
    topics = routes.topics(remembering=False) + routes.topics(remembering=True)
    slots = Slots(settings.in_flight, settings.in_flight_bytes)
    with Broker(BrokerSettings(), "receiver", topics, slots) as broker:
        broker.ready.wait(30)
        Path(os.environ["READY_FILE"]).touch()
        while count > 0:
            taken = broker.take(settings.batch_size, settings.batch_age)
            broker.acknowledge(taken)
            count -= len(taken)
        return time.time()


if __name__ == "__main__":
    print(json.dumps({"finished": receive(int(sys.argv[1]))}))
