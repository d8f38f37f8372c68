"""The store's commands, run as the owner of this installation's schema."""

import os
from typing import NoReturn

from scripts.stack import supervisor
from scripts.stack.home import CHECKOUT, Home
from scripts.stack.programs import PLAIN, PYTHON, TERMINAL, Programs
from scripts.stack.refusals import NotUp

# Other processes' commands that need the database alone, and are put here because of it.
ELSEWHERE = {
    "backfill": "ingest",
    **dict.fromkeys(("models", "budget", "replay"), "services.detection"),
}
FROM = "CITYOPS_CALLED_FROM"  # the folder from which relative file names are meant


def become(arguments: list[str]) -> NoReturn:
    """Become `services.store` with these arguments: its input, output and exit code are ours.

    Raises NotUp when there is no database to talk to; help is given in any case.
    """
    owner = {} if not arguments or "--help" in arguments else owner_of(Home.from_environment())
    kept = {name: os.environ[name] for name in TERMINAL if name in os.environ}
    os.chdir(os.environ.get(FROM, "."))
    # Modules come from the checkout alone (-P), not from the folder the caller is in.
    module = ELSEWHERE.get("".join(arguments[:1]), "services.store")
    command = [PYTHON, "-P", "-m", module, *arguments]
    os.execve(PYTHON, command, {**PLAIN, **kept, "PYTHONPATH": str(CHECKOUT), **owner})  # noqa: S606


def owner_of(home: Home) -> dict[str, str]:
    """Give what libpq reads for the owner, when everything is ready."""
    if not supervisor.is_up(home) or not supervisor.wait_for_addresses(home):
        raise NotUp(f"{home.folder} is not up, and this needs its database: run scripts/up first.")
    return {**Programs(home).owner(), "PGAPPNAME": "cityops-store"}
