"""How many rejects in a row are borne before the mistake is thought to be ours."""

from ingest.sorted import Sorted

SPEAKERS = 10  # on fewer topics than this it is their mistake, however often it is made


class TooManyRejects(Exception):
    """Nothing could be read for too long: this looks like our mistake, not theirs."""


class Patience:
    """Counts the messages since one gave a reading. A limit of 0 bears everything."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_a_row = 0
        self.speakers: set[str] = set()

    def strain(self, messages: int, found: Sorted) -> None:
        """One more batch. Raises TooManyRejects before it is stored: the broker keeps it."""
        if found.stream_ids or found.waiting or found.held or found.dossiers or not found.rejects:
            self.in_a_row = 0
            self.speakers.clear()
            return
        self.in_a_row += messages
        if len(self.speakers) < SPEAKERS:
            self.speakers.update(reject.topic for reject in found.rejects)
        if self.limit and self.in_a_row > self.limit and len(self.speakers) >= SPEAKERS:
            raise TooManyRejects(
                f"{self.in_a_row} messages in a row gave no reading, the last one because "
                f"{found.rejects[-1].reason!r} ({found.rejects[-1].topic}): this looks like our "
                "mistake, not theirs. Nothing of the last batch is stored, the broker keeps it. "
                "Mend the routes, or raise INGEST_REJECT_LIMIT (0: no limit)"
            )
