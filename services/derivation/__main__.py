"""Runs derivation: one process for all rules."""

import sys

from services import process
from services.derivation.runner import Runner
from services.derivation.settings import DerivationSettings
from services.store import arrivals
from services.store.pool import NoDatabase, open_pool
from services.store.wakeup import Wakeup


def work() -> None:
    """Derives what arrives until told to stop."""
    settings = process.read_settings(DerivationSettings)
    stop = process.on_stop_signals()
    with open_pool("derivation", size=2) as pool, Wakeup(arrivals.CHANNEL) as wakeup:
        process.announce_ready()
        Runner(pool, settings).run(stop, wakeup)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase))
