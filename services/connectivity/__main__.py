"""Runs connectivity: one process for all assets."""

import sys

from services import process
from services.connectivity.runner import Runner
from services.connectivity.settings import ConnectivitySettings
from services.store import arrivals
from services.store.pool import NoDatabase, open_pool
from services.store.wakeup import Wakeup


def work() -> None:
    """Listens and judges until told to stop."""
    settings = process.read_settings(ConnectivitySettings)
    stop = process.on_stop_signals()
    with open_pool("connectivity", size=2) as pool, Wakeup(arrivals.CHANNEL) as wakeup:
        process.announce_ready()
        Runner(pool, settings).run(stop, wakeup)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase))
