"""A device's connection to the broker: QoS 1 with a bound, resent after a break, counted to the last."""

import secrets
import time
from collections.abc import Callable
from threading import Condition, Event
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.address import Address

WINDOW: Final = 1000  # messages published and not yet acknowledged
KEEPALIVE: Final = 30
LAST_WORDS: Final = 5.0  # seconds a broker has for its answers once somebody said stop
PASSING: Final = {"Server unavailable", "Server busy", "Quota exceeded", "Connection rate exceeded"}
UNHEARD: Final = 0x10  # taken, and nobody subscribes
TOO_MUCH: Final = 0x97  # refused now, and perhaps not later
SESSION: Final = 300  # seconds the broker keeps what a device that listens has not heard yet


class BrokerUnreachable(Exception):
    """There was no broker to talk to, for as long as we were told to wait."""


class BrokerRefuses(Exception):
    """The broker answered, and the answer was no."""


class BrokerGone(Exception):
    """The broker took part of it and was not heard of again."""


class Message(NamedTuple):
    """What a device heard."""

    topic: str
    payload: bytes
    correlation: bytes | None


class Broker:
    """Publishes at QoS 1 and knows what became of every message.

    publish blocks while the window is full, so that nothing piles up. When the connection breaks,
    what was not acknowledged is sent again on the next one; `say` tells people so, one sentence at
    a time. MQTT 5 is spoken, because only there a broker can say that it refused a message.

    With `listen`, a topic and who is told of its messages (by the network's thread: it must neither
    wait nor raise), the session is kept under `name` alone, and what comes meanwhile with it.
    """

    def __init__(
        self,
        address: Address,
        name: str,
        *,
        say: Callable[[str], None],
        patience: float = 30.0,
        will: str | None = None,
        stop: Event | None = None,
        listen: tuple[str, Callable[[Message], None]] | None = None,
    ) -> None:
        self.published = 0
        self.acknowledged = 0
        self.refused = 0  # answered, and the answer was no
        self.unheard = 0  # taken by the broker while nobody subscribed
        self._address = address
        self._say = say
        self._patience = patience
        self._stop = stop or Event()
        self._changed = Condition()
        self._window = WINDOW
        self._heard_at = time.monotonic()
        self._connections = 0
        self._refusal: str | None = None
        self._listen = listen
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=name if listen else f"{name}-{secrets.token_hex(4)}",
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        self._client.max_inflight_messages = WINDOW
        self._client.reconnect_delay_set(1, 5)
        if address.username is not None:
            self._client.username_pw_set(address.username, address.password)
        if address.tls is not None:
            self._client.tls_set_context(address.tls)
        if will is not None:
            self._client.will_set(will, "offline", qos=1, retain=True)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_publish = self._answered
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._hear

    @property
    def in_flight(self) -> int:
        """Messages published that the broker has not answered for."""
        return self.published - self.acknowledged - self.refused

    def open(self) -> Self:
        """Connect, waiting for the broker; raises BrokerUnreachable or BrokerRefuses."""
        self._call()
        self._client.loop_start()
        deadline = time.monotonic() + self._patience
        told = False
        with self._changed:
            while not self._answer_to_connect and not self._stop.is_set():
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(min(left, 1.0))
                if not told and not self._answer_to_connect:
                    told = True
                    self._say(f"waiting for the broker at {self._address}")
        if self._connections:
            return self
        self._client.loop_stop()
        if self._refusal:
            raise BrokerRefuses(f"the broker at {self._address} refuses us: {self._refusal}")
        waited = self._patience - (deadline - time.monotonic())
        raise BrokerUnreachable(f"no broker answered at {self._address} within {waited:.0f} s")

    def _call(self) -> None:
        host, port = self._address.host, self._address.port
        if self._listen is None:
            self._client.connect_async(host, port, KEEPALIVE)
            return
        properties: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION
        self._client.connect_async(host, port, KEEPALIVE, clean_start=False, properties=properties)

    def publish(
        self,
        topic: str,
        payload: str | bytes,
        *,
        retain: bool = False,
        correlation: bytes | None = None,
    ) -> None:
        """Send one message; blocks while the window is full; raises BrokerGone, BrokerRefuses."""
        properties: Any = None
        if correlation is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.CorrelationData = correlation
        with self._changed:
            self._check()
            while self.in_flight >= self._window:
                self._wait()
            self.published += 1
            if self.in_flight == 1:
                self._heard_at = time.monotonic()
        self._client.publish(topic, payload, qos=1, retain=retain, properties=properties)

    def settle(self) -> None:
        """Wait until every message has its answer; raises BrokerGone, BrokerRefuses."""
        with self._changed:
            while self.in_flight:
                self._wait()
            self._check()

    def close(self) -> None:
        """Take leave, so that no last will speaks for us."""
        self._client.disconnect()
        self._client.loop_stop()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check(self) -> None:
        # What may not be published now may not be published later: trying on would only make
        # the broker hang up again and again.
        if self._refusal:
            raise BrokerRefuses(
                f"the broker at {self._address} refuses what we publish: {self._refusal}; "
                f"it has acknowledged {self.acknowledged} of {self.published} messages"
            )

    def _wait(self) -> None:
        self._changed.wait(1.0)
        self._check()
        silent = time.monotonic() - self._heard_at
        # A connection that has died unseen shows within the keepalive; a broken one is known.
        patience = self._patience + KEEPALIVE * self._client.is_connected()
        if silent > (LAST_WORDS if self._stop.is_set() else patience):
            raise BrokerGone(
                f"the broker at {self._address} has not answered for {silent:.0f} s: "
                f"{self.in_flight} of {self.published} messages are not acknowledged"
            )

    @property
    def _answer_to_connect(self) -> bool:
        return bool(self._connections or self._refusal)

    # What follows runs in the client's network thread: it counts, and never raises.

    def _connected(
        self,
        client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        with self._changed:
            if reason.is_failure:
                if str(reason) not in PASSING:
                    self._refusal = str(reason)
            else:
                # A broker that bounds what it takes at once hangs up on whoever sends more.
                bound = getattr(properties, "ReceiveMaximum", WINDOW)
                self._window = min(WINDOW, bound)
                if self._listen is None:
                    self._welcome()
                else:
                    client.subscribe(self._listen[0], 1)
            self._changed.notify_all()

    def _welcome(self) -> None:
        self._connections += 1
        self._heard_at = time.monotonic()
        if self._connections > 1:
            self._say(f"the broker is back; sending {self.in_flight} messages again")

    def _subscribed(
        self,
        _client: Client,
        _userdata: Any,
        _message: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        with self._changed:
            if any(reason.is_failure for reason in reasons):
                self._refusal = "it does not let us listen"
            else:
                self._welcome()
            self._changed.notify_all()

    def _hear(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        if self._listen is not None:
            correlation = getattr(message.properties, "CorrelationData", None)
            self._listen[1](Message(message.topic, bytes(message.payload), correlation))

    def _disconnected(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure and self._connections:
            self._say(
                f"lost the broker at {self._address} ({reason}); "
                f"{self.in_flight} messages wait to be sent again"
            )

    def _answered(
        self,
        _client: Client,
        _userdata: Any,
        _message: int,
        reason: ReasonCode,
        _properties: Properties,
    ) -> None:
        with self._changed:
            if reason.is_failure:
                self.refused += 1
                if reason.value != TOO_MUCH:
                    self._refusal = str(reason)
            else:
                self.acknowledged += 1
                self.unheard += reason.value == UNHEARD
            self._heard_at = time.monotonic()
            # Who waits for room is woken to fill half a window, not for every message.
            if self._refusal or self.in_flight in {0, self._window // 2}:
                self._changed.notify_all()
