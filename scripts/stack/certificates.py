"""The certificates of this installation: made at the first start, and by scripts/certificates."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from scripts.stack.home import CHECKOUT, Home
from scripts.stack.programs import PLAIN, PYTHON, TERMINAL
from scripts.stack.refusals import StateUnusable
from services.accounts.authority import Authority, BadCertificate, can_be


def prepare(folder: Path, hosts: Sequence[str]) -> None:
    """Make what is missing, so that the broker speaks TLS from the first start on.

    Raises StateUnusable where the folder holds something else than an authority of ours.
    """
    try:
        Authority(folder).prepare([host for host in hosts if can_be(host)], datetime.now(UTC))
    except (BadCertificate, ValueError) as why:
        raise StateUnusable(f"the certificates in {folder} are of no use: {why}") from why


def become(arguments: list[str]) -> NoReturn:
    """Become `services.accounts.certificates` with these arguments, on this installation's folder."""
    home = Home.from_environment()
    if arguments and "--help" not in arguments:
        home.prepare()
    kept = {name: os.environ[name] for name in TERMINAL if name in os.environ}
    more = {"PYTHONPATH": str(CHECKOUT), "AUTHORITY_FOLDER": str(home.authority)}
    command = [PYTHON, "-P", "-m", "services.accounts.certificates", *arguments]
    os.execve(PYTHON, command, {**PLAIN, **kept, **more})  # noqa: S606
