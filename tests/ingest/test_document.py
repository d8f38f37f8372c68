"""JSON documents: bounds of depth and number, names, times and paths."""

import doctest
from contextlib import suppress
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import document, path, reception, timestamp
from ingest.codecs import homie, mapping, shelly, tasmota
from ingest.document import DEPTH, MAX_VALUES, flat, number_in, parsed, title
from models.reading import SECOND, BadMessage


@pytest.mark.parametrize(
    "module", [document, path, reception, timestamp, homie, mapping, shelly, tasmota]
)
def test_what_docstrings_show_is_so(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert (tried.failed, tried.attempted > 0) == (0, True)


def test_a_document_deeper_than_allowed_loses_only_what_lies_deeper() -> None:
    deep: Any = {"v": 1}
    for _ in range(100):
        deep = {"a": deep}
    read = flat({"near": 1, "far": deep})
    assert read.values == {"near": 1.0}
    assert len(read.flaws) == 1
    assert f"nested deeper than {DEPTH}" in read.flaws[0]


def test_a_document_with_too_many_values_says_so() -> None:
    read = flat({f"v{number}": number for number in range(MAX_VALUES + 5)})
    assert len(read.values) == MAX_VALUES
    assert read.flaws == [f"more than {MAX_VALUES} values in one document"]


def test_two_keys_that_give_one_name_are_not_mixed_up() -> None:
    read = flat({"a b": 1, "a_b": 2})
    assert read.values == {"a_b": 1.0}
    assert read.flaws == ["a_b: two values have this name"]


def test_a_number_beyond_any_float_is_a_flaw() -> None:
    assert flat({"n": 10**400}).flaws == ["n: the number is not finite"]


@pytest.mark.parametrize("payload", [b"", b" ", b"[" * 100_000, b'{"a":NaN}', b"\xff", b"{"])
def test_what_is_no_json_is_refused(payload: bytes) -> None:
    with pytest.raises(BadMessage):
        parsed(payload)


@given(st.text(max_size=60))
def test_a_text_is_a_number_in_plain_digits_or_none(text: str) -> None:
    number = number_in(text)
    if number is not None:
        assert number == float(text)
        assert text.isascii()
        assert not set(text) & set("_ nNiI")


@pytest.mark.parametrize("text", ["1e999", "9" * 50, "١٢", "0x10", "1,5", " 1", "1\n", "", "."])
def test_a_text_that_only_looks_like_a_number_is_none(text: str) -> None:
    assert number_in(text) is None


@given(st.text())
def test_a_title_is_one_printable_line(text: str) -> None:
    told = title(text)
    assert told is None or (told.isprintable() and told == told.strip() and len(told) <= 200)


@given(st.text(max_size=40))
def test_a_time_is_read_or_refused(text: str) -> None:
    with suppress(BadMessage):
        assert isinstance(timestamp.iso8601(text, "time"), int)


@pytest.mark.parametrize("told", [None, True, "5", 1e308, float("inf"), float("nan"), []])
def test_what_is_no_number_of_seconds_is_refused(told: Any) -> None:
    with pytest.raises(BadMessage):
        timestamp.unix_time(told, SECOND, "ts")


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(BadMessage, match="time has no zone"):
        timestamp.iso8601("2026-01-01T00:00:00", "time")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a.b", 1),
        ("list[1]", 6),
        ("list[2].x", 7),
        ('["dotted.key"]', 8),
        ("$.a.b", 1),
        ("$", None),
        ("list[9]", None),
        ("a[0]", None),
        ("list.a", None),
        ("none.at.all", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(text: str, found: Any) -> None:
    content = {"a": {"b": 1}, "list": [5, 6, {"x": 7}], "dotted.key": 8}
    led = path.path(text).found(content, content)
    assert led == (content if text == "$" else found)


@pytest.mark.parametrize(
    "text",
    ["", None, 5, ".a", "a.", "a..b", "a[", "a[-1]", "a[x]", "a]b", "a.[0]", "$a", "a" * 999],
)
def test_what_is_no_path_is_refused(text: Any) -> None:
    with pytest.raises(ValueError, match="path"):
        path.path(text)


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_is_refused(text: str) -> None:
    with suppress(ValueError):
        assert path.path(text).found({}, {}) in (None, {})
