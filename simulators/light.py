"""A street light on the wire: hears its commands, answers them, reports what it measures."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event

from simulators.broker import Broker, BrokerGone, Message
from simulators.lamp import Lamp

LOOK = 0.2  # seconds after which it looks whether somebody said stop


class BadName(Exception):
    """A name that no asset can have."""


@dataclass(slots=True)
class Account:
    """What a light did: commands heard and answered, messages, and what went wrong."""

    heard: int = 0
    answered: int = 0
    done: int = 0
    published: int = 0
    acknowledged: int = 0
    level: float = 0.0
    problem: str | None = None

    def __str__(self) -> str:
        return (
            f"commands heard {self.heard}, answered {self.answered}, done {self.done}; published "
            f"{self.published}, acknowledged by the broker {self.acknowledged}; level {self.level}"
        )


def place(asset: str) -> str:
    """Return the topic an asset speaks on, without the last level; a child's is behind its gateway.

    >>> place("lamp-3"), place("cabinet-1:lamp-3")
    ('city/lamp-3', 'city/cabinet-1/lamp-3')
    """
    gateway, _, child = asset.partition(":")
    return f"city/{gateway}/{child}" if child else f"city/{asset}"


class Inbox:
    """Commands between the network's thread and the light's; what a full one cannot take is lost.

    A device has little memory: who floods it is not heard.
    """

    def __init__(self, size: int = 100) -> None:
        self._waiting: Queue[Message] = Queue(size)

    def put(self, message: Message) -> None:
        """Keep a command, where there is room."""
        if not self._waiting.full():
            try:
                self._waiting.put_nowait(message)
            except Full:
                return

    def get(self, seconds: float) -> Message | None:
        """Return the next command, waited for."""
        try:
            return self._waiting.get(timeout=max(0.0, seconds))
        except Empty:
            return None


def shine(
    asset: str,
    lamp: Lamp,
    inbox: Inbox,
    broker: Broker,
    *,
    every: float,
    seconds: float,
    mute: bool,
    stop: Event,
    say: Callable[[str], None],
) -> Account:
    """Let a light work for so many seconds: report every so often, and after every command.

    A mute one hears, does nothing and answers nothing.
    """
    account, topic = Account(), place(asset)
    began = time.monotonic()
    due = began
    try:
        broker.publish(f"{topic}/status", "online", retain=True)
        while not stop.is_set() and (now := time.monotonic()) < began + seconds:
            if now >= due:
                _report(topic, lamp, broker)
                due = now + every
            message = inbox.get(min(LOOK, due - now, began + seconds - now))
            if message is not None:
                account.heard += 1
                if not mute and _answer(topic, lamp, broker, message, say):
                    account.answered += 1
                    due = time.monotonic()
        broker.publish(f"{topic}/status", "offline", retain=True)
        broker.settle()
    except BrokerGone as why:
        account.problem = str(why)
    account.done, account.level = lamp.done, lamp.level
    account.published, account.acknowledged = broker.published, broker.acknowledged
    return account


def _report(topic: str, lamp: Lamp, broker: Broker) -> None:
    at = time.time()
    report = {"ts": math.floor(at * 1000), "values": lamp.report(at)}
    broker.publish(f"{topic}/telemetry", json.dumps(report, separators=(",", ":")))


def _answer(
    topic: str, lamp: Lamp, broker: Broker, message: Message, say: Callable[[str], None]
) -> bool:
    answer = lamp.obey(message.payload, time.time())
    if answer is None:
        say(f"what came on {message.topic} is no command")
        return False
    say(f"{answer['id']}: {answer['status']}, level {lamp.level:g}")
    # Only its own topic: it does not let a sender choose where it speaks.
    broker.publish(
        f"{topic}/commands/response", json.dumps(answer), correlation=message.correlation
    )
    return True
