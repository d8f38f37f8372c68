"""Topics of ours that nothing is published on: what comes there is a mistake to be seen."""

from typing import NoReturn

from ingest.codecs import Place
from models.reading import BadMessage


def decode(_place: Place, _payload: bytes, _now: int, /) -> NoReturn:
    """Raises BadMessage, whatever it says."""
    raise BadMessage("no codec reads this topic")
