"""Runs the console."""

import sys

from services import process
from services.console.settings import ConsoleSettings
from services.listening import PortTaken, serve
from services.store.pool import NoDatabase


def work() -> None:
    """Serves until told to stop."""
    settings = process.read_settings(ConsoleSettings)

    def create() -> object:
        from services.console.app import create_app  # noqa: PLC0415 (it loads slowly: see serve)

        return create_app(settings)

    serve("console", settings, create, address=settings.address)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase, PortTaken))
