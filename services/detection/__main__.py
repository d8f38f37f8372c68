"""Runs detection: one process for all streams."""

import sys

from services import process
from services.detection.parameters import BadParameters
from services.detection.runner import Runner
from services.detection.settings import DetectionSettings
from services.store import arrivals
from services.store.pool import NoDatabase, open_pool
from services.store.wakeup import Wakeup


def work() -> None:
    """Judges what arrives until told to stop."""
    settings = process.read_settings(DetectionSettings)
    stop = process.on_stop_signals()
    with open_pool("detection", size=2) as pool, Wakeup(arrivals.CHANNEL) as wakeup:
        process.announce_ready()
        Runner(pool, settings).run(stop, wakeup)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase, BadParameters))
