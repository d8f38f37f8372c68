"""Runs incidents: takes anomalies in, and notices when they are over."""

import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import structlog

from models.incident import MoveNotAllowed, StaleIncident
from services import process
from services.incidents import balance, intake, workflow
from services.incidents.settings import IncidentSettings
from services.store import anomalies
from services.store.pool import DatabaseAway, NoDatabase, Pool, open_pool, transaction
from services.store.refusals import Refusal
from services.store.wakeup import Wakeup

log = structlog.get_logger()

BALANCE_EVERY = 20.0  # seconds between looks at the ledger
LOOK_BACK = timedelta(days=1)  # of the ledger: after an outage of ours, too
IDLE = 1.0  # seconds without a wake-up after which it looks all the same


def work() -> None:
    """Works until told to stop."""
    settings = process.read_settings(IncidentSettings)
    stop = process.on_stop_signals()
    with open_pool("incidents", size=2) as pool, Wakeup(anomalies.CHANNEL) as wakeup:
        process.announce_ready()
        run(pool, settings, stop, wakeup)


def run(pool: Pool, settings: IncidentSettings, stop: threading.Event, wakeup: Wakeup) -> None:
    """One turn after another; a lost race or an absent database costs a turn, no more."""
    balanced_until = 0.0
    while not stop.is_set():
        try:
            if time.monotonic() > balanced_until:
                with transaction(pool) as conn:
                    balance.notice(conn, datetime.now(UTC) - LOOK_BACK)
                balanced_until = time.monotonic() + BALANCE_EVERY
            if not turn(pool, settings):
                wakeup.wait(IDLE, stop)
        except DatabaseAway as error:
            log.warning("waiting for the database", why=type(error).__name__)
            stop.wait(1.0)
        except (Refusal, StaleIncident, MoveNotAllowed) as error:
            log.info("somebody else was faster", what=str(error))


def turn(pool: Pool, settings: IncidentSettings) -> bool:
    """Takes in what waits and lets time pass; False where there was nothing to take in."""
    with transaction(pool) as conn:
        taken = intake.take_in(conn)
    with transaction(pool) as conn:
        workflow.let_time_pass(
            conn,
            timedelta(minutes=settings.quiet_minutes),
            timedelta(minutes=settings.settled_minutes),
        )
    return taken > 0


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase))
