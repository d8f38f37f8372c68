"""Reads the bytes that a device answered with: an answer, or a reason why it is none."""

from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from models.command import ANSWERS, Move

LARGEST = 8 * 1024  # bytes
LONGEST_DETAIL = 500  # characters


class BadAnswer(Exception):
    """Bytes that are no answer; command_id is the command they were meant for, where that shows."""

    def __init__(self, reason: str, command_id: UUID | None = None) -> None:
        super().__init__(reason)
        self.command_id = command_id


class Answer(NamedTuple):
    """What a device says became of a command; `said` is the whole of it, as jsonb can keep it."""

    command_id: UUID
    move: Move
    detail: str
    said: dict[str, Any]


def read(payload: bytes, correlation: bytes | None) -> Answer:
    """The answer in a payload: {"id", "status": done | refused | failed, "detail", ...}.

    The correlation data of MQTT 5 says which command it is for; where there is none, `id` does.
    Raises BadAnswer.
    """
    meant = UUID(bytes=correlation) if correlation is not None and len(correlation) == 16 else None
    if len(payload) > LARGEST:
        raise BadAnswer(f"an answer of {len(payload)} bytes is over {LARGEST}", meant)
    try:
        said = storable(msgspec.json.decode(payload))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadAnswer("the answer is not JSON", meant) from None
    if not isinstance(said, dict):
        raise BadAnswer("the answer is no object", meant)
    command_id = named(said.get("id"), meant)
    word = said.get("status")
    move = ANSWERS.get(word) if isinstance(word, str) else None
    if move is None:
        raise BadAnswer(f"the status of an answer is {', '.join(ANSWERS)}", command_id)
    detail = said.get("detail")
    return Answer(
        command_id, move, detail[:LONGEST_DETAIL] if isinstance(detail, str) else "", said
    )


def named(said: object, meant: UUID | None) -> UUID:
    """Which command is answered. Raises BadAnswer where none is, or two are."""
    if said is None and meant is not None:
        return meant
    try:
        command_id = UUID(said) if isinstance(said, str) else None
    except ValueError:
        command_id = None
    if command_id is None:
        raise BadAnswer("the answer names no command", meant)
    if meant is not None and meant != command_id:
        raise BadAnswer(
            "the correlation data and the id of the answer name different commands", meant
        )
    return command_id


def storable(value: Any) -> Any:
    """The same, with what jsonb does not know (NUL) made visible."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, list):
        return [storable(each) for each in value]
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return value
