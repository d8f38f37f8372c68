"""Who is connected, as a reading of the metric `online`."""

from ingest.codecs import Place
from models.reading import ONLINE, Decoded, Sample


def presence(place: Place, state: float, now: int) -> Decoded:
    """1 or 0 at the arrival; nothing where the message is read again, for it is no news then."""
    return Decoded([] if place.again else [Sample(place.asset, now, {ONLINE: state})], [])
