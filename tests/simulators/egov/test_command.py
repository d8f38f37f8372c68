"""python -m simulators dossiers: the moves of dossiers as a file."""

import json
from pathlib import Path

import pytest
import typer

from simulators.commands.dossiers import tell_dossiers


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_file_has_a_line_a_move_in_order_and_the_same_bytes_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    for path in (one, other):
        tell_dossiers(path, "2026-03-09T17:00:00Z", number=25, duration=2.5, as_json=True)
    assert one.read_bytes() == other.read_bytes()
    found = lines(one)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["events"] == len(found) > 3000
    assert told["dossiers"] == sum(
        event["state"] == (1 if event["channel"] == 2 else 2) for event in found
    )
    assert [event["at"] for event in found] == sorted(str(event["at"]) for event in found)
    assert len({event["unit"] for event in found}) == 25
    assert str(found[0]["at"]) >= "2026-03-09T17:00:00.000Z"


def test_a_start_that_is_no_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="--start"):
        tell_dossiers(tmp_path / "never.jsonl", "soon")
    with pytest.raises(typer.BadParameter, match="cannot be written"):
        tell_dossiers(tmp_path / "nowhere" / "x.jsonl", "2026-03-09T17:00:00Z")
