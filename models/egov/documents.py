"""Documents between offices: where they stand, and how long one has not moved."""

from datetime import datetime
from enum import StrEnum

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


# What the exchange calls the number of documents in a state, of those it counts.
COUNTED: dict[State, str] = {
    State.ARRIVED: "documents_arrived",
    State.RECEIVED: "documents_received",
    State.ASSIGNED: "documents_assigned",
    State.PROCESSING: "documents_processing",
    State.COMPLETED: "documents_completed",
}


def waited(calendar: Calendar, since: datetime, now: datetime) -> float:
    """The working days that something has waited; nights and holidays do not count."""
    return worked(calendar, since, now) / workday(calendar)
