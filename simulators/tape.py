"""Recorded topics: what was heard on them, a line of JSON a message, to be played as it came."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from simulators.recording import LINES_TOLD, BadRecording
from simulators.telemetry import Message

ENDING: Final = ".jsonl"
LONGEST_TOPIC: Final = 65_535  # bytes (MQTT-4.7.3-3)


class Heard(NamedTuple):
    """One message as the broker gave it; received_at is in milliseconds since 1970."""

    received_at: int
    topic: str
    payload: bytes
    qos: int
    retain: bool

    @property
    def line(self) -> str:
        r"""The message as the file has it: its payload as text where it is text, else in base64.

        >>> Heard(1767225600000, "city/a/status", b"online", 1, True).line
        '{"received_at":1767225600000,"topic":"city/a/status","qos":1,"retain":true,"payload":"online"}\n'
        """
        told: dict[str, object] = {
            "received_at": self.received_at,
            "topic": self.topic,
            "qos": self.qos,
            "retain": self.retain,
        }
        try:
            told["payload"] = self.payload.decode()
        except UnicodeDecodeError:
            told["base64"] = base64.b64encode(self.payload).decode()
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def heard(line: str) -> Heard:
    """Read a line back; raises ValueError, saying what is wrong with it."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON, or cut off") from None
    if not isinstance(told, dict):
        raise ValueError("it is no object")  # noqa: TRY004 (one kind of flaw)
    return Heard(
        _whole(told, "received_at"),
        _topic(told.get("topic")),
        _payload(told),
        _whole(told, "qos"),
        told.get("retain") is True,
    )


def _whole(told: dict[str, Any], name: str) -> int:
    number = told.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > 1 << 60:
        raise ValueError(f"{name} is no whole number")
    return number


def _topic(topic: Any) -> str:
    if not isinstance(topic, str) or not topic or set(topic) & {"+", "#", "\0"}:
        raise ValueError("topic is none that can be published on")
    try:
        size = len(topic.encode())
    except UnicodeEncodeError:
        raise ValueError("topic has half a character in it") from None
    if size > LONGEST_TOPIC:
        raise ValueError(f"topic has {size} bytes")
    return topic


def _payload(told: dict[str, Any]) -> bytes:
    text, coded = told.get("payload"), told.get("base64")
    try:
        if isinstance(text, str):
            return text.encode()
        if isinstance(coded, str):
            return base64.b64decode(coded, validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("the payload cannot be read") from None
    raise ValueError("there is no payload")


@dataclass
class Tape:
    """A file of recorded topics. A line that cannot be read is skipped, with its number and why.

    Its messages are played byte for byte on their own topics, retained ones retained: whatever
    they say of times or names stands inside them.
    """

    path: Path
    rows: int = 0
    skipped: int = 0
    repeated: int = 0
    complaints: list[str] = field(default_factory=list)
    characters: int = 0
    assets: Sequence[str] = ()

    def check(self) -> None:
        """Read up to the first message; raises BadRecording where there is none."""
        for _ in self.messages(0):
            return
        why = f"; the first: {self.complaints[0]}" if self.complaints else ""
        raise BadRecording(f"{self.path}: there is no recorded message in it{why}")

    @property
    def share(self) -> float:
        """How much of the file has been read."""
        return min(1.0, self.characters / max(1, self.path.stat().st_size))

    def latest(self) -> int | None:
        """When the last message was received (milliseconds)."""
        return max((int(message.due) for message in self.messages(0)), default=None)

    def messages(self, shift: int) -> Iterator[Message]:
        """Its messages, each due when it was received; shift moves that, and nothing inside."""
        self.rows = self.skipped = self.characters = 0
        self.complaints.clear()
        for number, line in self._lines():
            self.rows += 1
            self.characters += len(line)
            try:
                told = heard(line)
            except ValueError as why:
                self.skipped += 1
                if len(self.complaints) < LINES_TOLD:
                    self.complaints.append(f"{self.path}: line {number}: {why}")
                continue
            yield Message(told.received_at + shift, told.topic, told.payload, told.retain)

    def _lines(self) -> Iterator[tuple[int, str]]:
        try:
            with self.path.open(encoding="utf-8-sig", errors="backslashreplace") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield number, line
        except OSError as why:
            raise BadRecording(f"{self.path}: cannot be read: {why.strerror or why}") from why
