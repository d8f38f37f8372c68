"""Carries what devices answer to the rows of their commands."""

import threading
from typing import Protocol
from uuid import UUID

import psycopg
import structlog

from ingest.commands.answers import Answer, BadAnswer, read
from ingest.commands.caller import Heard
from ingest.commands.topics import response_topic
from models.command import CommandStepNotAllowed, Status, after
from services.store import commands
from services.store.pool import Connection, DatabaseAway, Pool, transaction

log = structlog.get_logger()


class Answers(Protocol):
    """Where answers come from, and who wants to know that they are stored."""

    def take(self, seconds: float) -> Heard | None:
        """The next one, waited for."""
        ...

    def acknowledge(self, heard: Heard) -> None:
        """It is stored: the broker may forget it."""
        ...


def receive(pool: Pool, source: Answers, stop: threading.Event) -> None:
    """Works until told to stop; an answer is acknowledged once its row is committed."""
    while not stop.is_set():
        heard = source.take(0.5)
        if heard is not None and store_patiently(pool, heard, stop):
            source.acknowledge(heard)


def store_patiently(pool: Pool, heard: Heard, stop: threading.Event) -> bool:
    """Stores an answer, however long the database is away; False when told to stop before."""
    said = False
    while not stop.is_set():
        try:
            with transaction(pool) as conn:
                store(conn, heard.topic, heard.payload, heard.correlation)
        except DatabaseAway as error:
            if not said:
                log.warning("an answer waits for the database", why=type(error).__name__)
                said = True
            stop.wait(1.0)
        except psycopg.DataError as error:
            log.warning("an answer that cannot be kept", topic=heard.topic, why=str(error))
            return True
        else:
            return True
    return False


def store(conn: Connection, topic: str, payload: bytes, correlation: bytes | None) -> None:
    """Moves the command that an answer is for, or says in the log why it moves none.

    Never raises for anything a device can send.
    """
    try:
        answer = read(payload, correlation)
    except BadAnswer as reason:
        log.info("no answer", topic=topic, why=str(reason))
        if reason.command_id is not None:
            say_unreadable(conn, reason.command_id, topic, reason)
        return
    standing = commands.lock(conn, answer.command_id)
    if standing is None:
        log.info("an answer to no command of ours", topic=topic)
    elif topic != response_topic(standing.asset):
        log.warning("somebody else answered", topic=topic, asset=standing.asset)
    elif standing.answered:
        log.info("answered already", topic=topic, command=str(answer.command_id))
    else:
        settle(conn, standing.status, answer)


def settle(conn: Connection, status: Status, answer: Answer) -> None:
    """The first answer decides; one that comes after the end is kept and changes nothing else."""
    commands.note_answer(conn, answer.command_id, answer.said)
    try:
        commands.move(conn, answer.command_id, after(status, answer.move), answer.detail)
    except CommandStepNotAllowed:
        late = f"answered '{answer.said['status']}' when it had {status} already"
        if status is Status.CANCELLED:
            late = f"cancelled, and answered '{answer.said['status']}' all the same"
        commands.remark(conn, answer.command_id, late)


def say_unreadable(conn: Connection, command_id: UUID, topic: str, reason: BadAnswer) -> None:
    """Leaves word in the row of the command that a device tried to answer."""
    standing = commands.lock(conn, command_id)
    if standing is None or standing.status.ended or topic != response_topic(standing.asset):
        return
    commands.remark(conn, command_id, f"an answer could not be read: {reason}")
