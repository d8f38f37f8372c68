"""A beat through the broker: where nothing is heard any more, not even it, something is broken.

It takes the way of every reading: published on a topic, delivered, decoded, stored. Its time is
when it was sent, `received_at` when it was written; what the store says of it is measured by
whoever asks (the view `canary_beats`). A beat that is lost is not sent again: it is missed.
"""

import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from models.access import CANARY_TOPIC
from models.reading import Reply

METRIC: Final = "canary"


def keep_beating(
    send: Callable[[Sequence[Reply]], None], seconds: float, stop: threading.Event
) -> None:
    """Sends a beat every so many seconds until told to stop."""
    while not stop.is_set():
        send([beat(time.time_ns() // 1_000_000)])
        stop.wait(seconds)


def beat(at: int) -> Reply:
    """One beat, sent at this moment (milliseconds since 1970).

    >>> beat(1767225600000).payload
    b'{"ts": 1767225600000, "values": {"canary": 1}}'
    """
    return Reply(CANARY_TOPIC, json.dumps({"ts": at, "values": {METRIC: 1}}).encode())
