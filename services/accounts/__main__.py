"""Runs accounts: keeps the broker's files as the registry says."""

import sys
import threading
from pathlib import Path

import structlog

from services import process
from services.accounts import files
from services.accounts.settings import AccountsSettings
from services.store import accounts
from services.store.pool import DatabaseAway, NoDatabase, Pool, open_pool, transaction
from services.store.wakeup import Wakeup

log = structlog.get_logger()

LONGEST_REST = 120.0


def work() -> None:
    """Works until told to stop."""
    settings = process.read_settings(AccountsSettings)
    stop = process.on_stop_signals()
    with open_pool("accounts", size=1) as pool, Wakeup(accounts.CHANNEL) as wakeup:
        run(pool, settings, stop, wakeup)


def run(pool: Pool, settings: AccountsSettings, stop: threading.Event, wakeup: Wakeup) -> None:
    """One look after another; an absent database or a full disk costs a look, no more."""
    wakeup.wait(0.01, stop)  # listens before the first look, so that no change falls between
    while not stop.is_set():
        try:
            pause = look(pool, settings.folder)
            process.announce_ready()
            stop.wait(pause)
        except DatabaseAway as error:
            log.warning("waiting for the database", why=type(error).__name__)
            stop.wait(1.0)
            continue
        except OSError as error:
            log.warning("the broker's files could not be written", why=str(error))
        wakeup.wait(settings.look_seconds, stop)


def look(pool: Pool, folder: Path) -> float:
    """Brings the files up to date; seconds to leave the broker alone after that."""
    with transaction(pool) as conn:
        living = accounts.living(conn)
    if not files.keep(folder, files.rendered(living)):
        return 0.0
    log.info("the broker's accounts have changed", accounts=len(living))
    return rest(len(living))


def rest(count: int) -> float:
    """Seconds between two changes, so that the broker spends at most a sixth of its time on them.

    mosquitto 2.0 reads an access list in a time that grows with the square of the accounts: 1.5 s
    for 5000 of them, in which it does nothing else.
    """
    return min(LONGEST_REST, 5 * 1.5 * (count / 5000) ** 2)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase))
