"""Hears topics and writes every message to a file, until told to stop or there are enough."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import RawIOBase
from threading import Event, Lock
from typing import Any, Final

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from simulators.address import Address
from simulators.broker import KEEPALIVE, PASSING, BrokerRefuses, BrokerUnreachable
from simulators.tape import Heard

WINDOW: Final = 1000  # messages the broker may send before the first of them is written
AWAY: Final = 300  # seconds for which the broker keeps what comes while the line is cut
MOST_TOPICS: Final = 10_000  # that are told apart in the account


class BadFilter(Exception):
    """A topic that cannot be subscribed to."""


@dataclass(slots=True)
class Account:
    """What was recorded; topics counts the different ones, up to MOST_TOPICS."""

    messages: int = 0
    payload_bytes: int = 0
    topics: int = 0
    seconds: float = 0.0
    problem: str | None = None

    def __str__(self) -> str:
        more = "over " if self.topics == MOST_TOPICS else ""
        return (
            f"recorded {self.messages} messages of {more}{self.topics} topics, "
            f"{self.payload_bytes} bytes of payload, {self.seconds:.1f} s"
        )


class Recorder:
    """One connection that subscribes with QoS 1, and writes each message before it acknowledges it.

    Nothing waits in memory: what the file cannot take yet waits at the broker. When the line is
    cut, the broker keeps what comes for AWAY seconds; what it sends again after that may stand in
    the file twice.
    """

    def __init__(
        self,
        address: Address,
        topics: Sequence[str],
        file: RawIOBase,
        *,
        most: int | None,
        stop: Event,
        say: Callable[[str], None],
    ) -> None:
        self.account = Account()
        self._address, self._file, self._most = address, file, most
        self._stop, self._say = stop, say
        self._seen: set[str] = set()
        self._refusal: str | None = None
        self._subscribed = Event()
        self._writing = Lock()
        # As published: a retained message is recorded as one, and played as one.
        options = SubscribeOptions(qos=1, retainAsPublished=True)
        self._filters = [(topic, options) for topic in topics]
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"record-{secrets.token_hex(4)}",
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        self._client.reconnect_delay_set(1, 5)
        if address.username is not None:
            self._client.username_pw_set(address.username, address.password)
        if address.tls is not None:
            self._client.tls_set_context(address.tls)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_subscribe = self._answered
        self._client.on_message = self._hear

    def run(self, seconds: float, patience: float) -> Account:
        """Record for so many seconds, counted from the subscription on, or until stop is set.

        Raises BrokerUnreachable or BrokerRefuses where nothing could be subscribed to.
        """
        properties: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval, properties.ReceiveMaximum = AWAY, WINDOW
        self._client.connect_async(
            self._address.host,
            self._address.port,
            KEEPALIVE,
            clean_start=False,
            properties=properties,
        )
        self._client.loop_start()
        begun = time.monotonic()
        try:
            self._wait_for_the_broker(patience)
            begun = time.monotonic()
            self._stop.wait(None if seconds == float("inf") else seconds)
        finally:
            self._leave()
            self.account.seconds = time.monotonic() - begun
        if self._refusal:
            self.account.problem = f"the broker refuses us by now: {self._refusal}"
        return self.account

    def _wait_for_the_broker(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not self._subscribed.wait(0.1) and not self._stop.is_set():
            if self._refusal:
                break
            if time.monotonic() > deadline:
                raise BrokerUnreachable(
                    f"no broker answered at {self._address} within {patience:.0f} s"
                )
        if self._refusal:
            raise BrokerRefuses(f"the broker at {self._address} refuses us: {self._refusal}")

    def _leave(self) -> None:
        """Take leave for good: nothing is kept for us any more."""
        properties: Any = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 0
        self._client.disconnect(properties=properties)
        self._client.loop_stop()
        with self._writing:
            self._most = 0  # whoever still speaks is heard no more

    # What follows runs in the client's network thread, and never raises.

    def _connected(
        self,
        client: Client,
        _userdata: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            if str(reason) not in PASSING:
                self._refusal = str(reason)
                self._stop.set()
            return
        if self._subscribed.is_set():
            kept = "it kept what came" if flags.session_present else "what came meanwhile is lost"
            self._say(f"the broker is back; {kept}")
        client.subscribe(self._filters)

    def _answered(
        self,
        _client: Client,
        _userdata: Any,
        _message: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        refused = [
            f"{topic}: {reason}"
            for (topic, _), reason in zip(self._filters, reasons, strict=False)
            if reason.is_failure
        ]
        if refused:
            self._refusal = f"it does not let us listen to {', '.join(refused)}"
            self._stop.set()
        else:
            self._subscribed.set()

    def _hear(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        now = time.time_ns() // 1_000_000
        payload = bytes(message.payload)
        told = Heard(now, message.topic, payload, message.qos, bool(message.retain))
        with self._writing:
            if self._most is not None and self.account.messages >= self._most:
                return
            try:
                self._write(told.line.encode())
            except OSError as why:
                self.account.problem = f"the file cannot be written: {why.strerror or why}"
                self._most = 0
                self._stop.set()
                return
            self._count(told)

    def _write(self, line: bytes) -> None:
        """Hand a line to the system, all of it; raises OSError."""
        rest = memoryview(line)
        while rest:
            rest = rest[self._file.write(rest) or 0 :]

    def _count(self, told: Heard) -> None:
        self.account.messages += 1
        self.account.payload_bytes += len(told.payload)
        if len(self._seen) < MOST_TOPICS:
            self._seen.add(told.topic)
            self.account.topics = len(self._seen)
        if self.account.messages == self._most:
            self._stop.set()

    def _disconnected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure and self._subscribed.is_set():
            self._say(f"lost the broker at {self._address} ({reason}); it is called again")


def check_filter(topic: str) -> str:
    """Return a topic that may be subscribed to, wildcards and all; raises BadFilter."""
    levels = topic.split("/")
    whole = all(level in {"+", "#"} or not set(level) & {"+", "#"} for level in levels)
    if not topic or "\0" in topic or not whole or "#" in levels[:-1]:
        raise BadFilter(f"{topic!r} is no topic to subscribe to: + is a level, # the last one")
    return topic
