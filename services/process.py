"""What every long-running process does: reads its settings, logs, says it is ready, stops."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import structlog
from pydantic import ValidationError
from pydantic_settings import BaseSettings

WRONG_CONFIGURATION = 2  # the exit code that no supervisor should retry
GAVE_UP = 1

Settings = TypeVar("Settings", bound=BaseSettings)


class WrongConfiguration(Exception):
    """A setting that cannot be: the text names the variable."""


def start_logging() -> None:
    """One line an event: time, level, event, fields."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=False)
            if sys.stderr.isatty()
            else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )


def read_settings(kind: type[Settings]) -> Settings:
    """The settings of the environment. Raises WrongConfiguration, naming each wrong variable."""
    try:
        return kind()
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        sentences = []
        for flaw in error.errors():
            # A flaw of several settings together names them itself.
            named = "".join(f"{prefix}{part}: ".upper() for part in flaw["loc"])
            sentences.append(named + flaw["msg"].removeprefix("Value error, "))
        raise WrongConfiguration("; ".join(sentences)) from error


def announce_ready() -> None:
    """Touches the file named by READY_FILE, which a supervisor may wait for."""
    if path := os.environ.get("READY_FILE"):
        Path(path).touch()


def on_stop_signals() -> threading.Event:
    """An event that SIGTERM or SIGINT sets: finish the turn, then leave."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run(work: Callable[[], None], *gives_up: type[Exception]) -> int:
    """Runs a process's work; its exit code is 0, 2 for wrong configuration, 1 for giving up.

    gives_up are the exceptions whose text is all there is to say.
    """
    start_logging()
    log = structlog.get_logger()
    try:
        work()
    except WrongConfiguration as error:
        log.error("wrong configuration", why=str(error))  # noqa: TRY400 (the text is all there is)
        return WRONG_CONFIGURATION
    except gives_up as error:
        log.error("giving up", why=str(error))  # noqa: TRY400 (the text is all there is)
        return GAVE_UP
    return 0
