"""Recorded topics as lines: what was heard comes back byte for byte, and what is none is named."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from simulators.recording import BadRecording
from simulators.tape import Heard, Tape, heard
from simulators.telemetry import Message

TOPICS = some.text(
    some.characters(exclude_characters="+#\0", exclude_categories=["Cs"]), min_size=1, max_size=30
)


@given(
    some.builds(
        Heard,
        some.integers(0, 2**53),
        TOPICS,
        some.binary(max_size=60) | some.text(max_size=30).map(str.encode),
        some.integers(0, 2),
        some.booleans(),
    )
)
def test_what_was_heard_comes_back_byte_for_byte(told: Heard) -> None:
    assert told.line.endswith("\n")
    assert "\n" not in told.line[:-1]
    assert heard(told.line) == told


@given(some.text(max_size=200))
def test_any_text_is_a_message_or_a_reason(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(heard(text), Heard)


def test_text_stays_readable_and_bytes_are_base64() -> None:
    line = Heard(5, "city/đèn/status", "sáng".encode(), 1, True).line
    assert '"topic":"city/đèn/status"' in line
    assert json.loads(line)["payload"] == "sáng"
    assert json.loads(Heard(5, "a", b"\xff", 0, False).line)["base64"] == "/w=="


def test_a_tape_is_played_as_it_was_heard(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    told = [Heard(1000, "a/b", b"\x00\xff", 1, False), Heard(2000, "a/status", b"online", 1, True)]
    file.write_text("".join(each.line for each in told))
    tape = Tape(file)
    for _ in range(2):
        assert list(tape.messages(10)) == [
            Message(1010, "a/b", b"\x00\xff"),
            Message(2010, "a/status", b"online", retain=True),
        ]
        assert (tape.rows, tape.skipped, tape.latest(), tape.share) == (2, 0, 2000, 1.0)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"received_at":1,"top', "it is not JSON, or cut off"),
        ("[" * 100_000, "it is not JSON, or cut off"),
        ("[]", "it is no object"),
        ('{"received_at":"x","topic":"a","payload":""}', "received_at is no whole number"),
        ('{"received_at":1,"qos":1,"topic":"a/#","payload":""}', "topic is none"),
        ('{"received_at":1,"qos":1,"topic":"a\\ud800","payload":""}', "half a character"),
        ('{"received_at":1,"qos":1,"topic":"a"}', "there is no payload"),
        ('{"received_at":1,"qos":1,"topic":"a","base64":"?"}', "the payload cannot be read"),
    ],
)
def test_a_line_that_cannot_be_read_is_skipped_and_named(
    tmp_path: Path, line: str, why: str
) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text(f"{line}\n{Heard(1, 'a', b'1', 1, False).line}")
    tape = Tape(file)
    assert len(list(tape.messages(0))) == 1
    assert (tape.rows, tape.skipped) == (2, 1)
    assert tape.complaints[0].startswith(f"{file}: line 1: ")
    assert why in tape.complaints[0]


def test_a_file_without_a_message_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_text("nonsense\n")
    with pytest.raises(BadRecording, match=r"no recorded message in it; the first: .*line 1"):
        Tape(file).check()
    with pytest.raises(BadRecording, match="cannot be read: No such file"):
        Tape(tmp_path / "absent.jsonl").check()
