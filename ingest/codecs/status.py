"""Connectivity: a retained `online` or `offline` on city/{asset}/status, the last will included.

It becomes a reading of the metric `online` (1 or 0) at the moment of arrival, so that it has a
history like everything else. Whenever ingest subscribes the broker gives it the retained ones
again: each is one more observation, of that moment.
"""

from ingest.codecs import Place
from models.reading import ONLINE, BadMessage, Decoded, Sample

WORDS = {b"online": 1.0, b"offline": 0.0}


def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
    """One sample. Raises BadMessage for any other word."""
    try:
        state = WORDS[payload.strip().lower()]
    except KeyError:
        raise BadMessage("a status is online or offline") from None
    return Decoded([Sample(place.asset, now, {ONLINE: state})], [])
