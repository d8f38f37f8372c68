"""How well LoRaWAN gateways heard a device: signal and noise at the one that heard it best."""

from typing import Any

from ingest.document import as_number

UNITS = {"rssi": "dB[mW]", "snr": "dB"}


def heard(receptions: Any) -> dict[str, float]:
    """The rssi and snr of the strongest reception; empty where none tells its rssi.

    Network servers leave zeros out: a reception without snr had an snr of 0 dB.

    >>> heard([{"rssi": -107, "snr": 2.5}, {"rssi": -89}])
    {'rssi': -89.0, 'snr': 0.0}
    """
    told = receptions if isinstance(receptions, list) else []
    heard = [
        (rssi, as_number(each.get("snr", 0)))
        for each in told
        if isinstance(each, dict) and (rssi := as_number(each.get("rssi"))) is not None
    ]
    if not heard:
        return {}
    rssi, snr = max(heard, key=lambda each: each[0])
    return {"rssi": rssi} if snr is None else {"rssi": rssi, "snr": snr}
