"""SenML (RFC 8428) as JSON: a record a value, with its time and its unit."""

import json
from collections.abc import Mapping
from typing import Any, Final

from simulators.asset import Asset
from simulators.voices import Message
from simulators.voices.native import Native, topic

# SenML's own symbols (humidity comes as a share, so a percentage is none). What has none is told
# without a unit.
SYMBOLS: Final = {
    "ug/m3": "ug/m3", "Cel": "Cel", "%": "/100", "1": "/", "m": "m", "V": "V", "A": "A", "W": "W",
    "kW": "kW", "Hz": "Hz", "dB": "dB", "hPa": "hPa", "m/s": "m/s", "km/h": "km/h", "W/m2": "W/m2",
    "mm/h": "mm/h", "deg": "deg",
}  # fmt: skip


class SenML(Native):
    """Speaks SenML packs; its presence is that of the platform's own convention."""

    def report(
        self, asset: Asset, at_ms: int, values: Mapping[str, float], units: Mapping[str, str]
    ) -> list[Message]:
        """Return one pack."""
        records = [_record(name, value, units.get(name, "")) for name, value in values.items()]
        if records:
            records[0] = {"bt": at_ms / 1000, **records[0]}
        payload = json.dumps(records, separators=(",", ":")).encode()
        return [Message(f"{topic(asset)}/senml", payload)] if records else []


def _record(name: str, value: float, unit: str) -> dict[str, Any]:
    symbol = SYMBOLS.get(unit)
    return {"n": name, **({"u": symbol} if symbol else {}), "v": value}
