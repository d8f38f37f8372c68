"""A device in the hands of a test: hears commands, and answers what the test says."""

import json
import queue
import threading
from collections.abc import Mapping
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PATIENCE = 30.0


class Device:
    """One connection, of MQTT 3.1.1 (version 4) or 5."""

    def __init__(
        self, environment: Mapping[str, str], asset: str, *, version: int = 4, client_id: str = ""
    ) -> None:
        self.topic = f"city/{asset.replace(':', '/', 1)}/commands"
        self.heard: queue.Queue[paho.MQTTMessage] = queue.Queue()
        self.ready = threading.Event()
        options: dict[str, Any] = {} if version == 5 else {"clean_session": not client_id}
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTProtocolVersion(version),
            **options,
        )
        self.client.username_pw_set(environment["MQTT_USERNAME"], environment["MQTT_PASSWORD"])
        self.client.on_connect = lambda client, *_: client.subscribe(self.topic, 1)
        self.client.on_subscribe = lambda *_: self.ready.set()
        self.client.on_message = lambda _client, _data, message: self.heard.put(message)
        self.client.connect(environment["MQTT_HOST"], int(environment["MQTT_PORT"]))
        self.client.loop_start()
        assert self.ready.wait(PATIENCE)

    def command(self) -> tuple[dict[str, Any], paho.MQTTMessage]:
        """The next command: its payload, and the message it came in."""
        message = self.heard.get(timeout=PATIENCE)
        return json.loads(message.payload), message

    def say(
        self, payload: bytes | str, topic: str | None = None, correlation: bytes | None = None
    ) -> None:
        """Publishes on its response topic, and waits until the broker has it."""
        properties: Any = None
        if correlation is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.CorrelationData = correlation
        place = topic or f"{self.topic}/response"
        self.client.publish(place, payload, qos=1, properties=properties).wait_for_publish(PATIENCE)

    def answer(self, command_id: str, status: str, topic: str | None = None, **more: Any) -> None:
        """Says what became of a command."""
        self.say(json.dumps({"id": command_id, "status": status, **more}), topic)

    def hang_up(self) -> None:
        """Leaves."""
        self.client.disconnect()
        self.client.loop_stop()
