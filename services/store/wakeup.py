"""Waiting for a notification instead of asking again and again."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import psycopg
import structlog
from psycopg import sql

from services.store.pool import DatabaseAway

log = structlog.get_logger()

IDLE = 1.0  # seconds without a wake-up after which one looks all the same
AWAY = 1.0  # seconds between two looks for an absent database


class Wakeup:
    """Listens on a channel over a connection of its own, and makes a new one when it breaks.

    A notification is a hint, never the news itself: who waits looks anyway when time is up,
    so a lost one costs a moment and nothing else.
    """

    def __init__(self, channel: str) -> None:
        self.channel = channel
        self.conn: psycopg.Connection[tuple[object, ...]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def keep_turning(self, turn: Callable[[], bool], stop: threading.Event) -> None:
        """Takes one turn after another until told to stop; waits where `turn` found nothing.

        An absent database costs turns, and a line in the log when it goes and when it is back.
        """
        said = ""
        while not stop.is_set():
            try:
                more = turn()
                if said:
                    log.info("the database is back")
                    said = ""
            except DatabaseAway as error:
                why = type(error).__name__
                if why != said:
                    log.warning("waiting for the database", why=why)
                    said = why
                stop.wait(AWAY)
                continue
            if not more:
                self.wait(IDLE, stop)

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Returns at a notification, after `seconds`, or when told to stop."""
        deadline = time.monotonic() + seconds
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            try:
                conn = self.listening()
                for _ in conn.notifies(timeout=min(left, 0.25), stop_after=1):
                    return
            except psycopg.Error:
                self.close()
                stop.wait(min(left, 0.25))

    def listening(self) -> psycopg.Connection[tuple[object, ...]]:
        """The connection that listens."""
        if self.conn is None:
            self.conn = psycopg.connect(
                autocommit=True, connect_timeout=5, application_name=f"cityops-{self.channel}"
            )
            self.conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
        return self.conn

    def close(self) -> None:
        """Stops listening."""
        if self.conn is not None:
            self.conn.close()
            self.conn = None
