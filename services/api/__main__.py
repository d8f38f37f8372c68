"""Runs the API."""

import sys

from services import process
from services.api.settings import ApiSettings
from services.listening import PortTaken, serve
from services.store.pool import NoDatabase


def work() -> None:
    """Serves until told to stop."""
    settings = process.read_settings(ApiSettings)

    def create() -> object:
        from services.api.app import create_app  # noqa: PLC0415 (it loads slowly: see serve)

        return create_app(settings)

    serve("api", settings, create)


if __name__ == "__main__":
    sys.exit(process.run(work, NoDatabase, PortTaken))
