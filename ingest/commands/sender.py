"""Carries requested commands to the broker, and ends those whose time is over."""

import math
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Protocol
from uuid import UUID

import msgspec
import structlog

from ingest.commands.caller import Letter, Receipt
from ingest.commands.topics import command_topic, response_topic
from models.command import CommandStepNotAllowed, Move, after
from services.store import commands
from services.store.commands import Outgoing
from services.store.pool import Connection, DatabaseAway, Pool, transaction
from services.store.wakeup import Wakeup

log = structlog.get_logger()

BATCH = 50  # commands published at once
IDLE = 1.0  # seconds without a wake-up after which it looks all the same
UNHEARD = 0x10  # taken by the broker, and nobody subscribes


class Line(Protocol):
    """Where commands leave."""

    @property
    def connected(self) -> bool:
        """Whether they can."""
        ...

    def tend(self) -> None:
        """Sees to it that they can again."""
        ...

    def publish(self, letters: Sequence[Letter], patience: float) -> dict[UUID, Receipt]:
        """Publishes them; returns what was said to those that were answered for in time."""
        ...


class Sender:
    """Takes what is requested, publishes it, and writes down that it was sent."""

    def __init__(self, pool: Pool, line: Line, patience: float) -> None:
        self.pool, self.line, self.patience = pool, line, patience
        # Whoever takes a command has it for longer than the broker is given to answer.
        self.lease = timedelta(seconds=patience + 5)

    def run(self, stop: threading.Event, wakeup: Wakeup, well: Callable[[], None]) -> None:
        """One turn after another; an absent broker or database costs a turn, no more.

        `well` is asked in every turn, and raises where going on makes no sense.
        """
        said = ""
        while not stop.is_set():
            well()
            self.line.tend()
            try:
                moved = self.turn()
                said = ""
            except DatabaseAway as error:
                if type(error).__name__ != said:
                    said = type(error).__name__
                    log.warning("waiting for the database", why=said)
                stop.wait(1.0)
                continue
            if not moved:
                wakeup.wait(IDLE, stop)

    def turn(self) -> bool:
        """Ends what is overdue and sends what waits; whether there may be more to send."""
        with transaction(self.pool) as conn:
            overdue = commands.expire(conn)
        if overdue:
            log.info("commands expired", count=overdue)
        if not self.line.connected:
            return False
        with transaction(self.pool) as conn:
            taken = commands.take(conn, BATCH, self.lease)
        if not taken:
            return False
        receipts = self.line.publish([letter(each) for each in taken], self.patience)
        with transaction(self.pool) as conn:
            for command_id, receipt in receipts.items():
                note(conn, command_id, receipt)
            answered = {each for each, receipt in receipts.items() if settled(receipt)}
            commands.release(conn, [each.id for each in taken if each.id not in answered])
        log.info("commands sent", count=len(answered), kept=len(taken) - len(answered))
        return bool(answered)


def settled(receipt: Receipt) -> bool:
    """Whether the broker has said its last word to a letter."""
    return receipt.taken or receipt.refused


def letter(command: Outgoing) -> Letter:
    """A command as it goes over the wire; a device without MQTT 5 finds everything in the payload.

    The broker's own clock for it is in whole seconds: rounded down, and never none.
    """
    payload = {
        "id": str(command.id),
        "command": command.command,
        "arguments": command.arguments,
        "expires_at": command.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    return Letter(
        command.id,
        command_topic(command.asset),
        response_topic(command.asset),
        msgspec.json.encode(payload),
        max(1, math.floor(command.left.total_seconds())),
    )


def note(conn: Connection, command_id: UUID, receipt: Receipt) -> None:
    """Writes down what the broker said; an answer of the device may have been faster."""
    if not settled(receipt):
        return
    standing = commands.lock(conn, command_id)
    if standing is None:
        return
    with suppress(CommandStepNotAllowed):
        if receipt.refused:
            why = f"the broker does not take it: {receipt.words}"
            commands.move(conn, command_id, after(standing.status, Move.FAIL), why)
        else:
            unheard = "nobody was subscribed" if receipt.code == UNHEARD else ""
            commands.note_sent(conn, command_id, unheard)
            commands.move(conn, command_id, after(standing.status, Move.SEND))
