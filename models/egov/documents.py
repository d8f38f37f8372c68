"""Documents between offices: where they stand, and which of them do not move."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.egov.worktime import Calendar, workday, worked


class State(StrEnum):
    """Where a document stands, by the codes of the national exchange."""

    ARRIVED = "01"
    REFUSED = "02"
    RECEIVED = "03"
    ASSIGNED = "04"
    PROCESSING = "05"
    COMPLETED = "06"
    RECALLED = "13"
    UPDATED = "15"
    UPDATE_REFUSED = "16"

    @property
    def words(self) -> tuple[str, str]:
        """What it is called in Vietnamese and in English."""
        return WORDS[self]


WORDS: dict[State, tuple[str, str]] = {
    State.ARRIVED: ("Đã đến, chờ tiếp nhận", "Arrived, waiting"),
    State.REFUSED: ("Từ chối tiếp nhận", "Refused"),
    State.RECEIVED: ("Đã tiếp nhận", "Received"),
    State.ASSIGNED: ("Đã phân công", "Assigned"),
    State.PROCESSING: ("Đang xử lý", "In process"),
    State.COMPLETED: ("Hoàn thành", "Completed"),
    State.RECALLED: ("Đã thu hồi", "Recalled"),
    State.UPDATED: ("Đã cập nhật", "Updated"),
    State.UPDATE_REFUSED: ("Từ chối cập nhật", "Update refused"),
}

# Working days that a document may stay in a state: one to be received [D]. The others, where an
# authority sets them.
PATIENCE: Mapping[State, float] = {State.ARRIVED: 1.0}


class Document(NamedTuple):
    """A document by its number: who has it, where it stands, and since when."""

    id: str
    unit: str
    state: State
    since: datetime


class Stuck(NamedTuple):
    """A document that has stayed longer than it may, by so many working days."""

    document: Document
    days: float


def stuck(
    calendar: Calendar,
    documents: Iterable[Document],
    now: datetime,
    patience: Mapping[State, float] = PATIENCE,
) -> list[Stuck]:
    """The documents that have stayed in their state for too long, the longest over first."""
    found = []
    for each in documents:
        allowed = patience.get(each.state)
        if allowed is not None:
            over = worked(calendar, each.since, now) / workday(calendar) - allowed
            found += [Stuck(each, over)] if over > 0 else []
    return sorted(found, key=lambda each: (-each.days, each.document.id))


def by_state(documents: Iterable[Document]) -> dict[State, int]:
    """How many documents stand where; states without any are 0."""
    counts = Counter(each.state for each in documents)
    return {state: counts[state] for state in State}
