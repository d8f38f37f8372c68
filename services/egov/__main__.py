"""Runs the reckoning of e-government services: one process for the province."""

import sys

from services import process
from services.egov.runner import Runner
from services.egov.settings import EgovSettings
from services.store import dossier_clocks
from services.store.pool import NoDatabase, open_pool
from services.store.wakeup import Wakeup


def work() -> None:
    """Reckons until told to stop."""
    settings = process.read_settings(EgovSettings)
    stop = process.on_stop_signals()
    with open_pool("egov", size=2) as pool, Wakeup(dossier_clocks.CHANNEL) as wakeup:
        process.announce_ready()
        Runner(pool, settings).run(stop, wakeup)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase))
