"""Dossier events: JSON on egov/{unit}/dossiers, one object or a list of them.

An object is an event in our own fields, or a record in those of the national one; what is neither
is dropped (models/egov/told.py, docs/egovernment.md). The topic's unit is meant where an event
names none, and speaks for itself and those below it. Messages may tell of people, so that of
one that cannot be read nothing is kept but the reason.
"""

from ingest.codecs import Place
from ingest.document import parsed
from models.egov.told import read
from models.reading import BadMessage, Decoded, moment

PRIVATE = True
NAMES = ("asset",)  # in the topic: the unit
MOST = 1000  # events in one message


def decode(place: Place, payload: bytes, now: int, /) -> Decoded:
    """The events of one message. Raises BadMessage where there is nothing to read at all."""
    content = parsed(payload)
    items = content if isinstance(content, list) else [content]
    if not items:
        raise BadMessage("an empty list")
    if len(items) > MOST:
        raise BadMessage(f"a list of {len(items)}: more than {MOST} in one message")
    arrival = moment(now)
    return Decoded(
        [], [], dossiers=[told for item in items for told in read(item, arrival, place.asset)]
    )
