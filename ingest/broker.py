"""The MQTT connection: takes deliveries in, acknowledges them when told. Only here is paho.

At least once: a persistent session under a stable client id, and no acknowledgement before
`acknowledge` is called. A receipt belongs to the connection it came by; after a reconnect the
broker delivers again whatever was not acknowledged, so older receipts are dropped.

paho connects, subscribes, reconnects and reads every packet but one kind: whole PUBLISH
packets are cut out of large reads (ingest.publishes), and the acknowledgements of a batch leave as one
write. That is most of what a message would cost otherwise (docs/decisions/0003);
tests/ingest/test_broker.py holds it to a real broker.
"""

import socket
import ssl
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple, Self, cast

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from ingest.delivery import Delivery
from ingest.publishes import Piecewise, Published
from ingest.settings import BrokerSettings
from ingest.slots import Slots
from models.reading import Reply

log = structlog.get_logger()

PUBACK = 0x40
FULL = 0.05  # seconds the network thread waits for room before it looks after the rest
# The kernel asks whether the broker is still there. MQTT's own ping would go unanswered, and
# end the connection, whenever we leave its answer unread behind messages we have no room for.
STILL_THERE = {
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): 15,
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 5,
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT): 3,
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT): 30_000,
}
REFUSALS = ("Bad user name or password", "Not authorized", "Client identifier not valid")


class BrokerUnreachable(Exception):
    """The thread that speaks with the broker has ended: nothing will come any more."""


class BrokerRefused(Exception):
    """The broker answered, and does not let us in: wrong name, password or rights."""


class Client(paho.Client):
    """paho, reading in large pieces while there is room, and acknowledging in one.

    `deliver` is called with each message, by the network thread.
    """

    def __init__(self, slots: Slots, client_id: str, deliver: Callable[[Published], None]) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=False,
            protocol=paho.MQTTv311,
            manual_ack=True,
        )
        self.slots = slots
        self.deliver = deliver
        self.on_message = self.on_slow_message

    def on_slow_message(
        self, _client: paho.Client, _userdata: Any, message: paho.MQTTMessage
    ) -> None:
        """Delivers a message that did not come in one piece: paho has put it together."""
        topic = message._topic  # noqa: SLF001 (its text may not decode)
        again = message.dup or message.retain
        self.deliver(Published(topic, bytes(message.payload), message.qos, message.mid, again))

    def _create_socket(self) -> Any:
        wire = cast("socket.socket", super()._create_socket())
        for option, value in STILL_THERE.items():
            wire.setsockopt(*option, value)
        return Piecewise(wire)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handles all that has been read before waiting again, as long as there is room."""
        code = MQTTErrorCode.MQTT_ERR_SUCCESS
        while code == MQTTErrorCode.MQTT_ERR_SUCCESS and self.slots.wait(FULL):
            code = super().loop_read(max_packets)  # one packet, or the rest of one
            wire = cast("Piecewise | None", self._sock)
            if wire is None:
                break
            if not self._in_packet["command"]:
                for published in wire.publishes(self.slots.room):
                    self.deliver(published)
            if not wire.pending():
                break
        return code

    @property
    def runs(self) -> bool:
        """Whether the network thread is alive."""
        return self._thread is not None and self._thread.is_alive()

    def acknowledge_all(self, message_ids: Sequence[int]) -> None:
        """One PUBACK for each id, as one write, in their order."""
        packets = b"".join(b"\x40\x02" + each.to_bytes(2, "big") for each in message_ids)
        self._packet_queue(PUBACK, packets, 0, 0)


class Ceremony(NamedTuple):
    """What a connection begins and ends with besides its topics.

    gone are filters that the session may have from another time; greetings are published,
    retained, on every connection, and farewell takes them back, as the last will too.
    """

    gone: Collection[str] = ()
    greetings: Sequence[Reply] = ()
    farewell: Reply | None = None


NO_CEREMONY = Ceremony()


def encrypt(client: paho.Client, settings: BrokerSettings) -> None:
    """Has the client speak TLS 1.2 or newer to a broker that the CA file vouches for.

    Raises BrokerRefused where the files are no certificates, or do not belong together.
    """
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
        if settings.cert_file is not None:
            context.load_cert_chain(settings.cert_file, settings.key_file)
    except OSError as error:  # an SSLError is one
        raise BrokerRefused(f"MQTT_CA_FILE, MQTT_CERT_FILE, MQTT_KEY_FILE: {error}") from error
    client.tls_set_context(context)


class Broker:
    """The one connection of a worker. `take` gives what came; `acknowledge` lets the broker forget.

    No more is inside at once than there are slots: beyond that nothing is read from the
    socket, and the rest waits with the broker, however many it would like to send.
    """

    def __init__(
        self,
        settings: BrokerSettings,
        client_id: str,
        topics: Sequence[str],
        slots: Slots,
        ceremony: Ceremony = NO_CEREMONY,
    ) -> None:
        self.settings, self.topics = settings, list(topics)
        self.slots, self.ceremony = slots, ceremony
        self.inbox: deque[Delivery] = deque()
        self.arrived = threading.Event()
        self.wanted = 1
        self.ready = threading.Event()
        self.connection = 0
        self.refused: str | None = None
        self.said = ""
        self.client = Client(self.slots, client_id, self.deliver)
        self.client.username_pw_set(settings.username, settings.secret())
        if settings.ca_file is not None:
            encrypt(self.client, settings)
        self.client.reconnect_delay_set(min_delay=1, max_delay=10)
        self.client.on_connect = self.on_connect
        self.client.on_connect_fail = self.on_connect_fail
        self.client.on_disconnect = self.on_disconnect
        self.client.on_subscribe = self.on_subscribe
        self.client.on_unsubscribe = self.on_unsubscribe
        if ceremony.farewell:
            self.client.will_set(*ceremony.farewell, qos=1, retain=True)

    def __enter__(self) -> Self:
        self.client.connect_async(self.settings.host, self.settings.port, keepalive=0)
        self.client.loop_start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.ceremony.farewell and self.client.is_connected():
            said = self.client.publish(*self.ceremony.farewell, qos=1, retain=True)
            with suppress(RuntimeError, ValueError):
                said.wait_for_publish(2.0)
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
        if self.ceremony.gone:
            client.unsubscribe(sorted(self.ceremony.gone))
        if self.topics:
            client.subscribe([(topic, 1) for topic in self.topics])
        for topic, payload in self.ceremony.greetings:
            client.publish(topic, payload, qos=1, retain=True)

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

    def on_unsubscribe(
        self, _client: paho.Client, _userdata: Any, _mid: int, _reasons: Any, _properties: Any
    ) -> None:
        """What is gone is gone; who wants nothing more is ready now."""
        if not self.topics:
            self.ready.set()

    def on_connect_fail(self, _client: paho.Client, _userdata: Any) -> None:
        """Nobody answers, or not as somebody we trust: paho tries again by itself."""
        error = sys.exception()  # paho calls us while it handles it
        self.waiting(str(error) if isinstance(error, ssl.SSLError) else "no answer")

    def on_disconnect(
        self,
        _client: paho.Client,
        _userdata: Any,
        _flags: Any,
        reason: ReasonCode,
        _properties: Any,
    ) -> None:
        """The connection ended, its receipts with it; paho tries again by itself."""
        self.connection += 1
        if reason.is_failure and self.refused is None:
            self.waiting(str(reason))

    def waiting(self, why: str) -> None:
        """Says once what is waited for."""
        if why != self.said:
            self.said = why
            where = f"{self.settings.host}:{self.settings.port}"
            log.info("waiting for the broker", where=where, why=why)

    def deliver(self, message: Published) -> None:
        """Puts a message into the inbox."""
        topic, payload, qos, message_id, again = message
        self.slots.received += 1
        self.slots.received_bytes += len(payload)
        self.inbox.append(
            Delivery(
                topic.decode("utf-8", "replace"),
                payload,
                time.time_ns() // 1000,
                qos,
                self.connection,
                message_id,
                again,
            )
        )
        if len(self.inbox) >= self.wanted:
            self.arrived.set()

    # Called by the worker's own thread.

    def take(self, limit: int, wait: float) -> list[Delivery]:
        """Up to `limit` deliveries; waits up to `wait` seconds for so many.

        The network thread wakes us once, not at every message. Raises BrokerRefused when the
        broker does not let us in, BrokerUnreachable when that thread has ended.
        """
        self.wanted = limit
        self.arrived.clear()
        if len(self.inbox) < limit and wait > 0:
            self.arrived.wait(wait)
        if self.refused is not None:
            raise BrokerRefused(f"the broker refuses us: {self.refused}")
        if not self.client.runs:
            where = f"{self.settings.host}:{self.settings.port}"
            raise BrokerUnreachable(f"nothing can be heard of a broker at {where}")
        inbox = self.inbox
        return [inbox.popleft() for _ in range(min(limit, len(inbox)))]

    def send(self, replies: Sequence[Reply]) -> None:
        """Publishes answers at QoS 0: who asked and is gone will ask again."""
        for topic, payload in replies:
            self.client.publish(topic, payload)

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Tells the broker that it may forget these, in their order."""
        current = self.connection
        if ids := [
            each.message_id for each in deliveries if each.qos and each.connection == current
        ]:
            self.client.acknowledge_all(ids)
        self.slots.release(deliveries)


def forget(settings: BrokerSettings, client_id: str, patience: float = 30.0) -> None:
    """Has the broker forget a session and all it holds. Raises BrokerUnreachable."""
    connected = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=True)
    client.username_pw_set(settings.username, settings.secret())
    client.on_connect = lambda _client, _userdata, _flags, reason, _properties: (
        None if reason.is_failure else connected.set()
    )
    if settings.ca_file is not None:
        encrypt(client, settings)
    client.connect_async(settings.host, settings.port)
    client.loop_start()
    there = connected.wait(patience)
    client.disconnect()
    client.loop_stop()
    if not there:
        raise BrokerUnreachable(f"nothing can be heard of a broker at {settings.host}")
