"""Runs commands: rows to devices, their answers back to the rows."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from ingest.broker import BrokerRefused
from ingest.commands.caller import Caller
from ingest.commands.receiver import receive
from ingest.commands.sender import Sender
from ingest.commands.settings import CommandSettings
from ingest.commands.topics import ANSWERS
from ingest.settings import BrokerSettings
from services import process
from services.store import commands
from services.store.pool import NoDatabase, open_pool
from services.store.wakeup import Wakeup


def work() -> None:
    """Connects both sides and works until told to stop."""
    settings = process.read_settings(CommandSettings)
    broker = process.read_settings(BrokerSettings)
    stop = process.on_stop_signals()
    with (
        open_pool("commands", size=3) as pool,
        Wakeup(commands.CHANNEL) as wakeup,
        ThreadPoolExecutor(1, thread_name_prefix="answers") as threads,
        Caller(broker, settings, ANSWERS) as caller,
    ):
        answers = threads.submit(receive, pool, caller, stop)
        ready = threading.Event()

        def well() -> None:
            """Says when it is ready; raises what ended the other half."""
            if answers.done():
                answers.result()
            if caller.connected and not ready.is_set():
                ready.set()
                process.announce_ready()

        try:
            Sender(pool, caller, settings.patience).run(stop, wakeup, well)
        finally:
            stop.set()


if __name__ == "__main__":
    sys.exit(process.run(work, BrokerRefused, NoDatabase))
