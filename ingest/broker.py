"""The MQTT connection: takes deliveries in, acknowledges them when told. Only here is paho.

At least once: a persistent session under a stable client id, and no acknowledgement before
`acknowledge` is called. A receipt belongs to the connection it came by; after a reconnect the
broker delivers again whatever was not acknowledged, so older receipts are dropped.

Three parts of paho are bent, for speed (measured in docs/decisions/0003): the socket is read
in large pieces instead of byte by byte, all that was read is handled before waiting again,
and the acknowledgements of a batch leave as one packet. tests/ingest/test_broker.py holds
them to a real broker.
"""

import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, cast

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from ingest.delivery import Delivery
from ingest.settings import BrokerSettings

log = structlog.get_logger()

PUBACK = 0x40
REFUSALS = ("Bad user name or password", "Not authorized", "Client identifier not valid")
PIECE = 262_144  # bytes asked of the socket at once


class BrokerRefused(Exception):
    """The broker answered, and does not let us in: wrong name, password or rights."""


class Piecewise:
    """A socket that is read in large pieces and handed out in the small ones paho asks for."""

    def __init__(self, wire: socket.socket) -> None:
        self.wire = wire
        self.buffer = b""
        self.at = 0

    def recv(self, size: int) -> bytes:
        """The next bytes, at most `size`."""
        if self.at == len(self.buffer):
            self.buffer, self.at = self.wire.recv(PIECE), 0
        start = self.at
        piece = self.buffer[start : start + size]
        self.at = start + len(piece)
        return piece

    def pending(self) -> int:
        """How many bytes are here already: paho does not wait while there are any."""
        return len(self.buffer) - self.at

    def __getattr__(self, name: str) -> Any:
        """Everything else is the socket's own."""
        return getattr(self.wire, name)


class Client(paho.Client):
    """paho, reading in large pieces and acknowledging in one."""

    def _create_socket(self) -> Any:
        return Piecewise(cast("socket.socket", super()._create_socket()))

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handles all that has been read before waiting again."""
        code = super().loop_read(max_packets)
        while code == MQTTErrorCode.MQTT_ERR_SUCCESS:
            wire = cast("Piecewise | None", self._sock)
            if wire is None or not wire.pending():
                break
            code = super().loop_read(max_packets)
        return code

    def acknowledge_all(self, message_ids: Sequence[int]) -> None:
        """One PUBACK for each id, as one write, in their order."""
        packets = b"".join(b"\x40\x02" + each.to_bytes(2, "big") for each in message_ids)
        self._packet_queue(PUBACK, packets, 0, 0)


class Broker:
    """The one connection of a worker. `take` gives what came; `acknowledge` lets the broker forget.

    At most `in_flight` deliveries are inside at once. Our broker's max_inflight_messages is
    over that only for a broker set up otherwise: then what does not fit is left unacknowledged,
    and fetched again by a reconnect once there is room.
    """

    def __init__(
        self, settings: BrokerSettings, client_id: str, topics: Sequence[str], in_flight: int
    ) -> None:
        self.settings, self.topics, self.in_flight = settings, list(topics), in_flight
        self.inbox: deque[Delivery] = deque()
        self.arrived = threading.Event()
        self.wanted = 1
        self.ready = threading.Event()
        self.connection = 0
        # Each counter has one writer: the network thread, the worker.
        self.received = 0
        self.released = 0
        self.overflowed = False
        self.dropped_qos0 = 0
        self.refused: str | None = None
        self.said = ""
        self.client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            protocol=paho.MQTTv311,
            manual_ack=True,
        )
        self.client.username_pw_set(settings.username, settings.secret())
        self.client.reconnect_delay_set(min_delay=1, max_delay=10)
        self.client.on_connect = self.on_connect
        self.client.on_connect_fail = self.on_connect_fail
        self.client.on_disconnect = self.on_disconnect
        self.client.on_subscribe = self.on_subscribe
        self.client.on_message = self.on_message

    def __enter__(self) -> Self:
        self.client.connect_async(
            self.settings.host, self.settings.port, keepalive=self.settings.keepalive
        )
        self.client.loop_start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    # Called by paho's network thread: never blocks, never raises.

    def on_connect(
        self, client: paho.Client, _userdata: Any, flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        """A new connection: old receipts are void; ask for our topics."""
        if reason.is_failure:
            if str(reason) in REFUSALS:
                self.refused = str(reason)
            else:
                self.waiting(str(reason))
            return
        self.refused, self.said = None, ""
        self.connection += 1
        log.info("connected to the broker", session_present=flags.session_present)
        client.subscribe([(topic, 1) for topic in self.topics])

    def on_subscribe(
        self,
        _client: paho.Client,
        _userdata: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Any,
    ) -> None:
        """The broker granted or refused our topics."""
        if any(reason.is_failure for reason in reasons):
            self.refused = "the broker does not let us read " + ", ".join(self.topics)
            return
        self.ready.set()

    def on_connect_fail(self, _client: paho.Client, _userdata: Any) -> None:
        """Nobody answers: paho tries again by itself."""
        self.waiting("no answer")

    def on_disconnect(
        self,
        _client: paho.Client,
        _userdata: Any,
        _flags: Any,
        reason: ReasonCode,
        _properties: Any,
    ) -> None:
        """The connection ended; unless we ended it, paho tries again by itself."""
        if reason.is_failure and self.refused is None:
            self.waiting(str(reason))

    def waiting(self, why: str) -> None:
        """Says once what is waited for."""
        if why != self.said:
            self.said = why
            where = f"{self.settings.host}:{self.settings.port}"
            log.info("waiting for the broker", where=where, why=why)

    def on_message(self, _client: paho.Client, _userdata: Any, message: paho.MQTTMessage) -> None:
        """Puts a message into the inbox, or leaves it with the broker."""
        if self.received - self.released >= self.in_flight:
            if message.qos == 0:
                self.dropped_qos0 += 1  # QoS 0 promises nothing
            else:
                self.overflowed = True
            return
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = "\ufffd"
        self.received += 1
        self.inbox.append(
            Delivery(
                topic,
                bytes(message.payload),
                time.time_ns() // 1000,
                message.qos,
                self.connection,
                message.mid,
            )
        )
        if len(self.inbox) >= self.wanted:
            self.arrived.set()

    # Called by the worker's own thread.

    def take(self, limit: int, wait: float) -> list[Delivery]:
        """Up to `limit` deliveries; waits up to `wait` seconds for so many.

        The network thread wakes us once, not at every message. Raises BrokerRefused when the
        broker does not let us in.
        """
        self.wanted = limit
        self.arrived.clear()
        if len(self.inbox) < limit and wait > 0:
            self.arrived.wait(wait)
        if self.refused is not None:
            raise BrokerRefused(f"the broker refuses us: {self.refused}")
        inbox = self.inbox
        return [inbox.popleft() for _ in range(min(limit, len(inbox)))]

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Tells the broker that it may forget these, in their order."""
        current = self.connection
        if ids := [
            each.message_id for each in deliveries if each.qos and each.connection == current
        ]:
            self.client.acknowledge_all(ids)
        self.released += len(deliveries)
        if self.overflowed and not self.inbox:
            self.overflowed = False
            log.warning("more came than may be inside: fetching the rest by a reconnect")
            self.client.reconnect()
