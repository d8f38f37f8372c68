"""The labels' file: what is written is read, and a bad line is named."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.labels import COLUMNS, BadLabels, Label, Nature, read_labels, write_labels

GOOD = "pump-7,flow,spike,sensor,2026-10-05T00:00:00Z,2026-10-05T00:01:00Z,c-1"
words = st.text('azđệ7-_.,;"#/', min_size=1, max_size=12)
moments = st.integers(0, 4_000_000_000_000)  # ms
lengths = st.integers(1, 10_000_000)  # ms


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "labels.csv"


def written(labels: list[Label]) -> str:
    text = io.StringIO()
    assert write_labels(labels, text) == len(labels)
    return text.getvalue()


@st.composite
def some_label(draw: st.DrawFn) -> Label:
    began_at = draw(moments)
    ended_at = began_at + draw(lengths)
    return Label(
        draw(words),
        draw(words | st.just("")),
        draw(words),
        draw(st.sampled_from(Nature)),
        began_at / 1000,
        ended_at / 1000,
        draw(words | st.just("")),
    )


@given(labels=st.lists(some_label(), max_size=5))
def test_what_is_written_is_read(
    labels: list[Label], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "written.csv"
    file.write_text(written(labels), encoding="utf-8")
    assert list(read_labels(file)) == labels


def test_a_file_is_a_header_and_a_line_a_label() -> None:
    flood = Label("river-1", "", "flood", Nature.EVENT, 1759276800, 1759363200.5, "bão số 11")
    assert written([flood]).splitlines() == [
        "asset,metric,kind,nature,from,to,cause",
        "river-1,,flood,event,2025-10-01T00:00:00.000Z,2025-10-02T00:00:00.500Z,bão số 11",
    ]


def test_columns_may_stand_in_any_order_and_beside_others(file: Path) -> None:
    values = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | {"note": "by hand"}
    file.write_text(f"{','.join(reversed(values))}\n{','.join(reversed(values.values()))}\n")
    assert [label.asset for label in read_labels(file)] == ["pump-7"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",flow,spike,sensor,2026-10-05T00:00:00Z,2026-10-05T00:01:00Z,", "names an asset"),
        ("pump-7,flow,,sensor,2026-10-05T00:00:00Z,2026-10-05T00:01:00Z,", "and a kind"),
        ("pump-7,flow,spike,weather,2026-10-05T00:00:00Z,2026-10-05T00:01:00Z,", "'weather'"),
        ("pump-7,flow,spike,sensor,yesterday,2026-10-05T00:01:00Z,", "'yesterday' is not a time"),
        ("pump-7,flow,spike,sensor,2026-10-05T00:01:00Z,2026-10-05T00:00:00Z,", "before it begins"),
        ("pump-7,flow,spike,sensor,2026-10-05T00:01:00Z", "'' is not a time"),
    ],
)
def test_a_bad_line_is_named(file: Path, line: str, why: str) -> None:
    file.write_text(f"{','.join(COLUMNS)}\n{GOOD}\n{line}\n")
    with pytest.raises(BadLabels) as raised:
        list(read_labels(file))
    assert str(raised.value).startswith(f"{file}: line 3: ")
    assert why in str(raised.value)


def test_a_column_that_is_not_there_is_named(file: Path) -> None:
    file.write_text("asset,metric,kind,from,to,cause\n")
    with pytest.raises(BadLabels, match="line 1: there is no column nature"):
        list(read_labels(file))


def test_a_file_that_is_none_is_said(file: Path) -> None:
    with pytest.raises(BadLabels, match=r"labels\.csv: cannot be read"):
        list(read_labels(file))
    for content in (b"\xff\xfe\x00", f"{','.join(COLUMNS)}\n{'x' * 200_000}".encode()):
        file.write_bytes(content)
        with pytest.raises(BadLabels, match=r"labels\.csv: cannot be read"):
            list(read_labels(file))
