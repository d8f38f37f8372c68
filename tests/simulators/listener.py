"""A subscriber that keeps what it hears, and a wire between two ends that can be cut."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Self

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from simulators.address import Address

PATIENCE = 30.0


class Listener:
    """Hears everything on some topics from the moment it is entered, nothing retained before."""

    def __init__(self, address: Address, *topics: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._changed = threading.Condition()
        self._subscribed = threading.Event()
        self._topics = topics
        self._client = Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set(address.username, address.password)
        self._client.on_connect = self._connected
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._hear
        self._client.connect_async(address.host, address.port)

    def __enter__(self) -> Self:
        self._client.loop_start()
        assert self._subscribed.wait(PATIENCE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def wait_for(self, count: int) -> list[tuple[str, bytes]]:
        """Returns what was heard once it is so many messages."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, PATIENCE)
            return list(self.heard)

    def wait_for_different(self, count: int) -> list[tuple[str, bytes]]:
        """Returns what was heard once it is so many different messages: some may come twice."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(set(self.heard)) >= count, PATIENCE)
            return list(self.heard)

    def wait_until(self, last: bytes) -> list[tuple[str, bytes]]:
        """Returns what was heard once a message says this."""
        with self._changed:
            heard = self._changed.wait_for(
                lambda: self.heard and self.heard[-1][1] == last, PATIENCE
            )
            assert heard
            return list(self.heard)

    def _connected(
        self,
        client: Client,
        _data: Any,
        _flags: ConnectFlags,
        _reason: ReasonCode,
        _p: Properties | None,
    ) -> None:
        client.subscribe([(topic, 1) for topic in self._topics])

    def _hear(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        if message.retain:
            return
        with self._changed:
            self.heard.append((message.topic, bytes(message.payload)))
            self._changed.notify_all()


class Wire:
    """A port of its own that leads to an address, until it is cut; new calls get through again."""

    def __init__(self, address: Address) -> None:
        self._far = (address.host, address.port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = Address(
            port=self._listening.getsockname()[1],
            username=address.username,
            password=address.password,
        )
        self._ends: list[socket.socket] = []
        self.carried = 0  # bytes towards the far end
        self.cut_after: int | None = None  # bytes, after which the wire cuts itself once
        self.open = True  # whether new calls get through

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.close()
        self.cut()

    def cut(self) -> None:
        """Breaks the connections there are."""
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                if not self.open:
                    near.close()
                    continue
                far = socket.create_connection(self._far)
                self._ends += [near, far]
                threading.Thread(target=self._carry, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, False), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, outward: bool) -> None:  # noqa: FBT001
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if outward:
                    self.carried += len(data)
                    if self.cut_after is not None and self.carried > self.cut_after:
                        self.cut_after = None
                        self.cut()
                        return
                sink.sendall(data)
