"""ChirpStack v4: uplinks of LoRaWAN devices as its MQTT integration publishes them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from simulators.asset import Asset
from simulators.voices import Message

LINK: Final = ("rssi", "snr")  # what the gateway hears, not what the device says


class ChirpStack:
    """Speaks for a network server; its devices have no connection, so they neither come nor go."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def hello(self, _asset: Asset, _at_ms: int) -> list[Message]:
        """Return nothing: a join is no presence."""
        return []

    def report(
        self, asset: Asset, at_ms: int, values: Mapping[str, float], _units: Mapping[str, str]
    ) -> list[Message]:
        """Return one uplink."""
        device = asset.name.split(":", 1)[1]
        count = self._counts[device] = self._counts.get(device, -1) + 1
        told: dict[str, Any] = {
            "time": _time(at_ms),
            "deviceInfo": {
                "applicationId": asset.gateway,
                "deviceName": asset.title,
                "devEui": device,
            },
            "dr": 2,
            "fPort": 1,
            "object": {name: value for name, value in values.items() if name not in LINK},
            "rxInfo": [{"gatewayId": "0016c001f153a14c", **_link(values)}],
        }
        if count:
            told["fCnt"] = count  # a count of 0 is left out, as every zero
        topic = f"application/{asset.gateway}/device/{device}/event/up"
        return [Message(topic, json.dumps(told, ensure_ascii=False).encode())]

    def goodbye(self, _asset: Asset) -> list[Message]:
        """Return nothing."""
        return []


def _link(values: Mapping[str, float]) -> dict[str, float]:
    return {name: values[name] for name in LINK if name in values}


def _time(at_ms: int) -> str:
    text = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "000000+00:00")  # nine digits, as it writes them
