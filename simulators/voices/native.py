"""The platform's own convention: JSON on the asset's topic, and its presence beside it."""

import json
from collections.abc import Mapping

from simulators.asset import Asset
from simulators.voices import Message


class Native:
    """Speaks JSON; a child speaks on its gateway's topic."""

    def hello(self, asset: Asset, _at_ms: int) -> list[Message]:
        """Return `online`, retained."""
        return [Message(f"{topic(asset)}/status", b"online", retain=True)]

    def report(
        self, asset: Asset, at_ms: int, values: Mapping[str, float], _units: Mapping[str, str]
    ) -> list[Message]:
        """Return one message; its units are those that the registry knows."""
        told = {"ts": at_ms, "values": dict(values)}
        payload = json.dumps(told, separators=(",", ":")).encode()
        return [Message(f"{topic(asset)}/telemetry", payload)]

    def goodbye(self, asset: Asset) -> list[Message]:
        """Return `offline`, retained."""
        return [Message(f"{topic(asset)}/status", b"offline", retain=True)]


def topic(asset: Asset) -> str:
    """Return where an asset speaks, without the last level: gateway:child is gateway/child there."""
    return f"{asset.system}/{asset.name.replace(':', '/')}"
