"""The MQTT 5 connection that commands leave by and answers come back on.

At least once in both directions. A command is published at QoS 1 and its PUBACK waited for; a
connection that breaks takes its unacknowledged commands with it (a new one is a new client with
nothing in it), so that nothing is sent again behind our back after it has expired. Answers stay
with the broker, in a persistent session, until they are stored and acknowledged.
"""

import queue
import socket
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NamedTuple, Self
from uuid import UUID

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from ingest.broker import REFUSALS, STILL_THERE, BrokerRefused
from ingest.commands.settings import CommandSettings
from ingest.settings import BrokerSettings

log = structlog.get_logger()

MOST_WAITING = 500  # answers inside; beyond them nothing is read from the socket
LARGEST_PACKET = 16 * 1024  # bytes; the broker keeps larger ones from us
SESSION = 2 * 3600  # seconds the broker keeps answers while we are away: no command lives longer
BETWEEN_CONNECTIONS = 1.0  # seconds
TOO_MUCH = 0x97  # refused now, and perhaps not later


class Letter(NamedTuple):
    """A command as it is published; the broker forgets it `expires_in` seconds after it has it."""

    command_id: UUID
    topic: str
    response_topic: str
    payload: bytes
    expires_in: int


class Receipt(NamedTuple):
    """What the broker said to a letter: its reason code and words (MQTT 5, 3.4.2.1)."""

    code: int
    words: str

    @property
    def refused(self) -> bool:
        """Whether it will not take this letter, now or later."""
        return self.code >= 0x80 and self.code != TOO_MUCH

    @property
    def taken(self) -> bool:
        """Whether the broker has it."""
        return self.code < 0x80


class Heard(NamedTuple):
    """An answer as it came, with what its acknowledgement needs."""

    topic: str
    payload: bytes
    correlation: bytes | None
    connection: "Connection"
    message_id: int
    qos: int


class Connection(paho.Client):
    """One connection from its beginning to its end; it does not come back."""

    def __init__(self, client_id: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        self.granted = threading.Event()
        self.receipts: queue.SimpleQueue[tuple[int, Receipt]] = queue.SimpleQueue()

    @property
    def runs(self) -> bool:
        """Whether its network thread is alive."""
        thread = self._thread
        return thread is not None and thread.is_alive()


class Caller:
    """Publishes commands and takes answers, over one connection after another."""

    def __init__(
        self, broker: BrokerSettings, settings: CommandSettings, topics: Sequence[str]
    ) -> None:
        self.broker, self.settings, self.topics = broker, settings, list(topics)
        self.inbox: queue.Queue[Heard] = queue.Queue(MOST_WAITING)
        self.leaving = threading.Event()
        self.refused: str | None = None
        self.said = ""
        self.began_at = 0.0
        self.connection = self.new_connection()

    def __enter__(self) -> Self:
        self.call()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.leaving.set()
        self.connection.disconnect()
        self.connection.loop_stop()

    @property
    def connected(self) -> bool:
        """Whether commands can leave and answers come back."""
        return self.connection.granted.is_set() and self.connection.is_connected()

    def tend(self) -> None:
        """Calls again where the connection has ended. Raises BrokerRefused where we may not."""
        if self.refused is not None:
            raise BrokerRefused(f"the broker refuses us: {self.refused}")
        if self.connection.runs or time.monotonic() < self.began_at + BETWEEN_CONNECTIONS:
            return
        self.connection.loop_stop()
        self.connection = self.new_connection()
        self.call()

    def call(self) -> None:
        """Begins to connect; the connection's own thread goes on with it until there is one."""
        self.began_at = time.monotonic()
        properties: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION
        properties.ReceiveMaximum = MOST_WAITING
        properties.MaximumPacketSize = LARGEST_PACKET
        self.connection.connect_async(
            self.broker.host,
            self.broker.port,
            keepalive=0,  # the kernel asks instead: see ingest/broker.py
            clean_start=False,
            properties=properties,
        )
        self.connection.loop_start()

    def new_connection(self) -> Connection:
        """A connection that has not been made yet."""
        made = Connection(self.settings.client_id)
        made.username_pw_set(self.broker.username, self.broker.secret())
        made.reconnect_delay_set(min_delay=1, max_delay=10)
        made.on_socket_open = keep_alive
        made.on_connect = self.on_connect
        made.on_connect_fail = self.on_connect_fail
        made.on_disconnect = self.on_disconnect
        made.on_subscribe = self.on_subscribe
        made.on_publish = self.on_publish
        made.on_message = self.on_message
        return made

    def publish(self, letters: Sequence[Letter], patience: float) -> dict[UUID, Receipt]:
        """Publishes letters, and returns what the broker said to those it answered for in time.

        A broker that leaves one unanswered is hung up on: `tend` calls it anew.
        """
        connection, waiting = self.connection, dict[int, UUID]()
        for letter in letters:
            properties: Any = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.ResponseTopic = letter.response_topic
            properties.CorrelationData = letter.command_id.bytes
            properties.MessageExpiryInterval = letter.expires_in
            properties.ContentType = "application/json"
            properties.PayloadFormatIndicator = 1
            sent = connection.publish(letter.topic, letter.payload, qos=1, properties=properties)
            waiting[sent.mid] = letter.command_id
        answered: dict[UUID, Receipt] = {}
        deadline = time.monotonic() + patience
        while waiting and connection.is_connected() and time.monotonic() < deadline:
            try:
                message_id, receipt = connection.receipts.get(timeout=0.2)
            except queue.Empty:
                continue
            if message_id in waiting:
                answered[waiting.pop(message_id)] = receipt
        if waiting:
            connection.disconnect()  # whatever is left in it shall not leave later
        return answered

    def take(self, seconds: float) -> Heard | None:
        """The next answer, waited for."""
        try:
            return self.inbox.get(timeout=seconds)
        except queue.Empty:
            return None

    def acknowledge(self, heard: Heard) -> None:
        """The broker may forget this answer."""
        if heard.qos:
            heard.connection.ack(heard.message_id, heard.qos)

    # Called by paho's network thread: never raises, and blocks only while the inbox is full.

    def on_connect(
        self, client: Any, _userdata: Any, flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        """Connected, or refused."""
        if reason.is_failure:
            if str(reason) in REFUSALS:
                self.refused = str(reason)
            else:
                self.waiting(str(reason))
            return
        self.said = ""
        log.info("connected to the broker", session_present=flags.session_present)
        options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        client.subscribe([(topic, options) for topic in self.topics])

    def on_subscribe(
        self, client: Any, _userdata: Any, _mid: int, reasons: list[ReasonCode], _properties: Any
    ) -> None:
        """The broker granted or refused our topics."""
        if any(reason.is_failure for reason in reasons):
            self.refused = "the broker does not let us read " + ", ".join(self.topics)
        else:
            client.granted.set()

    def on_connect_fail(self, _client: Any, _userdata: Any) -> None:
        """Nobody answers: paho tries again by itself."""
        self.waiting("no answer")

    def on_disconnect(
        self, _client: Any, _userdata: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        """The connection has ended."""
        if reason.is_failure and self.refused is None:
            self.waiting(str(reason))

    def on_publish(
        self, client: Any, _userdata: Any, mid: int, reason: ReasonCode, _properties: Any
    ) -> None:
        """The broker has taken a letter, or says why not."""
        client.receipts.put((mid, Receipt(reason.value, str(reason))))

    def on_message(self, client: Any, _userdata: Any, message: paho.MQTTMessage) -> None:
        """Keeps an answer until it is asked for; while there is no room, nothing else is read."""
        correlation = getattr(message.properties, "CorrelationData", None)
        heard = Heard(
            message._topic.decode("utf-8", "replace"),  # noqa: SLF001 (its text may not decode)
            bytes(message.payload),
            correlation,
            client,
            message.mid,
            message.qos,
        )
        while not self.leaving.is_set():
            try:
                self.inbox.put(heard, timeout=0.2)
            except queue.Full:
                continue
            return

    def waiting(self, why: str) -> None:
        """Says once what is waited for."""
        if why != self.said:
            self.said = why
            where = f"{self.broker.host}:{self.broker.port}"
            log.info("waiting for the broker", where=where, why=why)


def keep_alive(_client: Any, _userdata: Any, wire: Any) -> None:
    """Lets the kernel find out that a broker is gone without a word."""
    if isinstance(wire, socket.socket):
        for option, value in STILL_THERE.items():
            wire.setsockopt(*option, value)
