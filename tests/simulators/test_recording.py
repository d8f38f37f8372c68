"""Reading recorded series: what is a row, and what is said of what is none."""

from pathlib import Path

import pytest

from simulators.recording import BadRecording, Recent, Recording, Row, moment


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "speed_1.csv"


def test_times_without_a_zone_are_utc_and_others_keep_theirs() -> None:
    assert moment("1970-01-01 00:00:01") == 1000
    assert moment("1970-01-01T07:00:00.250+07:00") == 250
    assert moment("1970-01-01T00:00:02Z") == 2000


def test_rows_come_as_they_stand(file: Path) -> None:
    file.write_text("timestamp,value\n1970-01-01 00:00:01,1.5\n\n1970-01-01 00:00:00,-2\n")
    recording = Recording(file)
    assert list(recording) == [Row(1000, 1.5), Row(0, -2.0)]
    assert (recording.rows, recording.skipped, recording.repeated) == (2, 0, 0)


def test_columns_are_found_by_their_names(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbfnote,Value,timestamp\r\n"a,b",7,1970-01-01 00:00:01\r\n')
    assert list(Recording(file)) == [Row(1000, 7.0)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("1970-01-01 00:00:00,nan", "'nan' is not a finite number"),
        ("1970-01-01 00:00:00,1e999", "'1e999' is not a finite number"),
        ("1970-01-01 00:00:00,", "'' is not a number"),
        ("yesterday,1", "'yesterday' is not a time"),
        ("1970-01-01 00:00:00", "there are 1 columns, and the header names more"),
        ("1970-01-01 00:00:00,\udcff", "is not a number"),
    ],
)
def test_a_bad_row_is_skipped_with_its_line_and_its_reason(file: Path, line: str, why: str) -> None:
    text = f"timestamp,value\n1970-01-01 00:00:01,1\n{line}\n1970-01-01 00:00:02,2\n"
    file.write_bytes(text.encode(errors="surrogateescape"))
    recording = Recording(file)
    assert [row.value for row in recording] == [1.0, 2.0]
    assert (recording.rows, recording.skipped) == (3, 1)
    assert recording.complaints[0].startswith(f"{file}: line 3: ")
    assert why in recording.complaints[0]


def test_an_open_quote_spoils_its_own_line_only(file: Path) -> None:
    file.write_text('timestamp,value\n"1970-01-01 00:00:00,1\n1970-01-01 00:00:02,2\n')
    assert list(Recording(file)) == [Row(2000, 2.0)]


def test_repeated_times_are_counted_and_kept(file: Path) -> None:
    times = ["00:00:01", "00:00:02", "00:00:01", "00:00:02"]
    rows = "".join(f"1970-01-01 {time},{number}\n" for number, time in enumerate(times))
    file.write_text("timestamp,value\n" + rows)
    recording = Recording(file)
    assert len(list(recording)) == 4
    assert recording.repeated == 2


def test_a_second_reading_counts_anew(file: Path) -> None:
    file.write_text("timestamp,value\n1970-01-01 00:00:01,1\nx,y\n")
    recording = Recording(file)
    assert list(recording) == list(recording)
    assert (recording.rows, recording.skipped, len(recording.complaints)) == (2, 1, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1970-01-01 00:00:01,1\n", "line 1: the header must name the columns timestamp and value"),
        ("", "line 1: the header must name the columns timestamp and value"),
        ("timestamp,value\n", "line 2: there are no rows under the header"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_sentence(
    file: Path, text: str, sentence: str
) -> None:
    file.write_text(text)
    with pytest.raises(BadRecording, match=sentence):
        Recording(file).check()


def test_an_absent_file_is_refused_by_name(file: Path) -> None:
    with pytest.raises(BadRecording, match=r"speed_1\.csv: cannot be read: No such file"):
        Recording(file).check()


def test_only_the_latest_times_are_remembered() -> None:
    recent = Recent(3)
    assert [recent.add(ts) for ts in (1, 2, 1, 3, 4, 1, 4)] == [0, 0, 1, 0, 0, 0, 1]
