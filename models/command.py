"""The life of a command: one table of moves from what somebody asks to what the device answers."""

import re
from enum import StrEnum

# What a device is told to do: one word of its maker's, written in the row and on the wire.
COMMAND_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
LARGEST_ARGUMENTS = 8 * 1024  # bytes of JSON
LONGEST_TIMEOUT = 3600  # seconds
MOST_UNANSWERED = 16  # commands of one asset that have not ended


class Status(StrEnum):
    """How far a command has come."""

    REQUESTED = "requested"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self not in (Status.REQUESTED, Status.SENT)


class Move(StrEnum):
    """What may happen to a command."""

    SEND = "send"
    CANCEL = "cancel"
    DO = "do"
    REFUSE = "refuse"
    FAIL = "fail"
    EXPIRE = "expire"


class CommandStepNotAllowed(Exception):
    """A command in this status does not take this step."""

    http_status = 409


REQUESTED, SENT = Status.REQUESTED, Status.SENT

# A device may answer before we have noted that it was told: its answer overtakes the note.
MOVES: dict[tuple[Status, Move], Status] = {
    (REQUESTED, Move.SEND): SENT,
    (REQUESTED, Move.CANCEL): Status.CANCELLED,
    (REQUESTED, Move.DO): Status.DONE,
    (REQUESTED, Move.REFUSE): Status.REFUSED,
    (REQUESTED, Move.FAIL): Status.FAILED,
    (REQUESTED, Move.EXPIRE): Status.EXPIRED,
    (SENT, Move.DO): Status.DONE,
    (SENT, Move.REFUSE): Status.REFUSED,
    (SENT, Move.FAIL): Status.FAILED,
    (SENT, Move.EXPIRE): Status.EXPIRED,
}

# The word of an answer, and the move it makes.
ANSWERS = {"done": Move.DO, "refused": Move.REFUSE, "failed": Move.FAIL}


def after(status: Status, move: Move) -> Status:
    """Where a move leads. Raises CommandStepNotAllowed where the table has none.

    >>> after(Status.SENT, Move.DO)
    <Status.DONE: 'done'>
    """
    try:
        return MOVES[status, move]
    except KeyError:
        raise CommandStepNotAllowed(
            f"a command that is {status} does not take the step '{move}'"
        ) from None


def statuses_before(move: Move) -> list[Status]:
    """The statuses that take a move.

    >>> statuses_before(Move.CANCEL)
    [<Status.REQUESTED: 'requested'>]
    """
    return [status for status, possible in MOVES if possible == move]
