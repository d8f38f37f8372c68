"""Mappings by declaration: a wrong one stops the start, a right one reads what it says."""

from pathlib import Path
from typing import Any

import pytest

from ingest.codecs import Place, mapping
from ingest.routes import BadRoutes, read_routes
from models.reading import BadMessage
from tests.ingest import golden

PLACE = Place("hub", None, {})
DOCS = Path(__file__).parent.parent.parent / "docs" / "routes.md"
POWER = {"metric": "power", "path": "p"}


def read(payload: Any, *values: Any, **settings: Any) -> Any:
    """A message by these declared metrics."""
    made = mapping.made({"values": list(values) or [POWER], **settings})
    return made(PLACE, golden.raw(payload), golden.NOW)


def only(payload: Any, **value: Any) -> Any:
    """The one value of a message that has one, or its flaw."""
    decoded = read(payload, {**POWER, **value})
    return decoded.samples[0].values["power"] if decoded.samples else decoded.flaws[0]


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({}, "values is a list of 1 to 256 metrics"),
        ({"values": []}, "values is a list"),
        ({"values": [POWER] * 300}, "values is a list"),
        ({"values": [POWER, POWER]}, "power stands there twice"),
        ({"values": [5]}, r"values\[0\] is a metric and a path"),
        ({"values": [POWER], "speed": 1}, "mapping knows no speed; it knows child, each"),
        ({"values": [{**POWER, "units": "W"}]}, r"values\[0\] knows no units"),
        ({"values": [{"path": "p"}]}, r"values\[0\].metric: None is no name"),
        ({"values": [{"metric": "1st", "path": "p"}]}, "'1st' is no name of a metric"),
        ({"values": [{"metric": "p"}]}, r"values\[0\].path: a path is text"),
        ({"values": [{**POWER, "path": "a..b"}]}, r"values\[0\].path: 'a..b' is no path"),
        ({"values": [{**POWER, "unit": "furlong"}]}, r"values\[0\].unit: 'furlong' is no unit"),
        ({"values": [{**POWER, "unit": 5}]}, r"values\[0\].unit: 5 is no unit"),
        ({"values": [{**POWER, "scale": "2"}]}, r"values\[0\].scale is a number"),
        ({"values": [{**POWER, "scale": 0}]}, r"values\[0\].scale is 0"),
        ({"values": [{**POWER, "offset": float("inf")}]}, r"values\[0\].offset is a number"),
        ({"values": [{**POWER, "true_is": 2}]}, r"values\[0\].true_is is 0 or 1"),
        ({"values": [{**POWER, "true_is": 1, "scale": 2}]}, "without scale, offset and text"),
        ({"values": [{**POWER, "optional": 1}]}, r"values\[0\].optional is true or false"),
        ({"values": [POWER], "time": 5}, "time is a path and a form"),
        ({"values": [POWER], "time": {"path": "t"}}, "time.form is one of iso8601, unix_s"),
        ({"values": [POWER], "time": {"path": "t", "form": ["a"]}}, "time.form is one of"),
        ({"values": [POWER], "time": {"form": "unix_s"}}, "time.path: a path is text"),
        (
            {"values": [POWER], "time": {"path": "t", "form": "unix_s", "utc_offset_hours": 7}},
            "time.utc_offset_hours is from -14 to 14, for iso8601",
        ),
        ({"values": [POWER], "each": ""}, "each: a path is text"),
        ({"values": [POWER], "child": "id"}, "child names the elements of each"),
    ],
)
def test_a_wrong_table_is_refused_with_the_field(settings: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        mapping.made(settings)


def test_a_wrong_table_stops_the_start_with_its_file_and_route(tmp_path: Path) -> None:
    file = tmp_path / "city.yaml"
    file.write_text('- {topic: "m/{asset}", codec: mapping, values: [{metric: p, path: "["}]}')
    with pytest.raises(BadRoutes, match=r"city.yaml, route 1: values\[0\].path: '\[' is no path"):
        read_routes(file)


def test_a_value_is_scaled_and_moved() -> None:
    assert only({"p": 41_300}, scale=0.001) == 41.3
    assert only({"p": 212}, scale=0.5, offset=-6) == 100.0
    assert only({"p": 1e308}, scale=1e308) == "power: the number is not finite"


@pytest.mark.parametrize(
    ("told", "flaw"),
    [
        ("5", "expected a number, got text"),
        (True, "expected a number, got a boolean"),
        ([1], "expected a number, got a list"),
        (None, "nothing at p"),
        (10**400, "expected a number, got a number"),
    ],
)
def test_what_is_no_number_is_a_flaw(told: Any, flaw: str) -> None:
    assert only({"p": told}) == f"power: {flaw}"


def test_text_counts_where_it_is_declared() -> None:
    assert only({"p": " 007.5\n"}, text=True) == 7.5
    assert only({"p": "seven"}, text=True) == "power: expected a number, got text"
    assert only({"p": 5}, text=True) == 5.0


def test_true_is_what_the_table_says() -> None:
    assert only({"p": True}, true_is=1) == 1.0
    assert only({"p": True}, true_is=0) == 0.0
    assert only({"p": False}, true_is=0) == 1.0
    assert only({"p": 1}, true_is=1) == "power: expected true or false, got a number"


def test_what_is_optional_may_be_missing() -> None:
    decoded = read({"q": 1}, {**POWER, "optional": True}, {"metric": "q", "path": "q"})
    assert (decoded.samples[0].values, decoded.flaws) == ({"q": 1.0}, [])
    assert read({}, {**POWER, "optional": True}).samples == []


@pytest.mark.parametrize(
    ("time", "told", "microseconds"),
    [
        ({"form": "unix_ms"}, 1_767_225_600_123, 1_767_225_600_123_000),
        ({"form": "unix_s"}, 1_767_225_600.5, 1_767_225_600_500_000),
        ({"form": "unix_s", "text": True}, "1767225600", 1_767_225_600_000_000),
        ({"form": "iso8601"}, "2026-01-01T07:00:00+07:00", 1_767_225_600_000_000),
        ({"form": "iso8601", "utc_offset_hours": 7}, "2026-01-01 07:00", 1_767_225_600_000_000),
        ({"form": "iso8601", "optional": True}, None, golden.NOW),
    ],
)
def test_a_time_is_read_in_its_form(time: Any, told: Any, microseconds: int) -> None:
    decoded = read({"p": 1, "t": told}, time={"path": "t", **time})
    assert decoded.samples[0].time == microseconds


@pytest.mark.parametrize(
    ("form", "told"),
    [("unix_s", "5"), ("unix_s", None), ("iso8601", "2026-01-01"), ("iso8601", 5), ("unix_ms", [])],
)
def test_a_sample_without_its_time_is_not_read(form: str, told: Any) -> None:
    decoded = read({"p": 1, "t": told}, time={"path": "t", "form": form})
    assert decoded.samples == []
    assert "time" in decoded.flaws[0]


def test_each_element_gives_a_sample_and_a_bad_one_costs_itself_alone() -> None:
    content = {"at": 5, "list": [{"p": 1}, {"p": "x"}, 7, {"p": 3}]}
    decoded = read(content, each="list", time={"path": "$.at", "form": "unix_s"})
    assert [sample.values for sample in decoded.samples] == [{"power": 1.0}, {"power": 3.0}]
    assert {sample.time for sample in decoded.samples} == {5_000_000}
    assert len(decoded.flaws) == 2


@pytest.mark.parametrize("name", [None, True, "", "a\x00b", [], 10**30, "x" * 200])
def test_a_child_without_a_name_is_not_read(name: Any) -> None:
    decoded = read([{"p": 1, "id": name}], each="$", child="id")
    assert decoded.samples == []
    assert decoded.flaws == ["child: no name at its path"]


@pytest.mark.parametrize("content", [{}, {"list": {}}, {"list": 5}, [], 5])
def test_a_message_without_its_list_is_refused(content: Any) -> None:
    with pytest.raises(BadMessage, match="expected each to lead to a list"):
        read(content, each="list")


def test_a_list_is_bounded_by_its_values() -> None:
    values = [{"metric": f"m{number}", "path": "p"} for number in range(100)]
    with pytest.raises(BadMessage, match="too long for one message"):
        read([1] * 1001, *values, each="$")
    with pytest.raises(BadMessage, match="too long for one message"):
        read([1] * 10_001, each="$")


def test_every_route_in_the_docs_is_one_that_can_be_taken(tmp_path: Path) -> None:
    blocks = DOCS.read_text(encoding="utf-8").split("```yaml\n")[1:]
    assert len(blocks) >= 2
    for block in blocks:
        file = tmp_path / "docs.yaml"
        file.write_text(block.partition("```")[0], encoding="utf-8")
        assert read_routes(file).rules


def test_the_example_of_the_docs_is_the_one_that_is_tested() -> None:
    example = golden.OWN.read_text(encoding="utf-8").partition("\n")[2]
    assert example.strip() in DOCS.read_text(encoding="utf-8")
