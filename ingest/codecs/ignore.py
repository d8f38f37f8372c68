"""Messages that are nobody's readings: commands, requests, what bridges say about themselves."""

from ingest.codecs import Place
from models.reading import Decoded


def decode(_place: Place, _payload: bytes, _now: int, /) -> Decoded:
    """Nothing, whatever it says."""
    return Decoded([], [])
