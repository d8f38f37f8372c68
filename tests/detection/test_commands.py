"""The commands of detection, as a person at a terminal gives them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.frame import Frame
from models.reading import DAY, moment
from services.detection import parameters
from services.detection.__main__ import app
from services.detection.parameters import BadParameters
from services.detection.replay import NothingToReplay
from services.detection.runner import make_bank
from services.detection.settings import DetectionSettings
from services.incidents import intake
from services.store import anomalies, model_versions
from services.store.pool import Pool, transaction
from services.store.refusals import AlreadyLive, NoEarlierVersion, UnknownVersion
from tests.detection.test_runner import minutes, new_stream, runner
from tests.detection.test_taking_up import store_and_feed

WINDOW = ["--from", "2026-01-01T00:50Z", "--to", "2026-01-01T05:00Z"]


def said(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(kind: type[Exception], *arguments: str) -> str:
    """The sentence that a command ends with."""
    found = said(*arguments)
    assert isinstance(found.exception, kind), found.output
    return str(found.exception)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "candidate.json"


@pytest.fixture
def past(pool: Pool) -> Frame:
    """Five hours of a stream: a moderate spike at minute 100, a small one at 200, a great at 250.

    It was heard a day before: on a first day it would be told of what is gross alone.
    """
    frame = minutes(new_stream(pool, "flow", judged=True), 300, spikes=(250,))
    frame["time"][0] -= DAY
    frame["value"][100], frame["value"][200] = 73, 62
    store_and_feed(pool, frame)
    runner(pool).turn()
    with transaction(pool) as conn:
        intake.take_in(conn)
    return frame


def test_a_version_is_registered_promoted_and_rolled_back(pool: Pool, file: Path) -> None:
    assert "no version yet" in said("models", "list").output
    runner(pool).turn()
    file.write_text('{"threshold": 0.999}')
    scores = file.with_name("scores.json")
    scores.write_text('{"recall": 0.9}')
    made = said(
        *("models", "register", str(file), "--scores", str(scores), "--note", "louder"),
        *("--data-from", "2025-12-01", "--data-to", "2026-01-01", "--as", "an"),
    )
    assert "version 2 is registered" in made.output
    assert "version 2 judges from now on" in said("models", "promote", "2", "--as", "binh").output
    second, first = json.loads(said("models", "list", "--json").output)
    assert (second["state"], second["promoted_by"], second["note"]) == ("live", "binh", "louder")
    assert (second["parameters"]["threshold"], first["parameters"]["threshold"]) == (0.999, 0.995)
    assert (second["scores"], second["data_to"][:10]) == ({"recall": 0.9}, "2026-01-01")
    assert first["state"] == "retired"
    assert "2\tlive\t" in said("models", "list").output
    assert refused(AlreadyLive, "models", "promote", "2").endswith("is live already")
    assert "no version 9" in refused(UnknownVersion, "models", "promote", "9")
    assert "version 1 judges again" in said("models", "rollback").output
    refused(NoEarlierVersion, "models", "rollback")
    with transaction(pool) as conn:
        assert len(model_versions.page(conn)) == 2
        row = conn.execute("SELECT actor FROM audit WHERE action = 'promote model'").fetchall()
    assert row == [("binh",)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"threshold": 2}', "threshold: Input should be less than 1"),
        ('{"thresold": 0.9}', "thresold: there is no such parameter; there are "),
        ('{"arrivals_per_turn": 1}', "there is no such parameter"),
        ('{"detectors": {"rte": 1}}', "detectors: rte: there is no such detector; there are"),
        ('{"detectors": {"ensemble": 0}}', "ensemble: the bank cannot do without it"),
        ("[1]", "parameters are one JSON object"),
        ("{", "is not JSON"),
        (None, "No such file or directory"),
    ],
)
def test_parameters_that_cannot_be_are_refused_in_words(
    pool: Pool, file: Path, text: str | None, why: str
) -> None:
    if text is not None:
        file.write_text(text)
    with pytest.raises(BadParameters, match=why):
        parameters.applied(DetectionSettings(), parameters.read(file))


def test_a_candidate_may_choose_other_detectors() -> None:
    chosen = parameters.applied(DetectionSettings(), {"detectors": {"rate": 1, "season": 0}})
    assert (chosen.detectors["rate"], chosen.detectors["ensemble"]) == (1.0, 1.0)
    assert make_bank(chosen).layout != make_bank(DetectionSettings()).layout
    onward = parameters.applied(chosen, {"detectors": {"rate": 2}})
    assert (onward.detectors["rate"], onward.detectors["season"]) == (2.0, 0.0)
    assert parameters.of(onward)["detectors"] == onward.detectors


def test_a_window_is_replayed_through_a_candidate_and_nothing_changes(
    pool: Pool, past: Frame, file: Path
) -> None:
    with transaction(pool) as conn:
        before = anomalies.page(conn)
    file.write_text('{"stand_in_threshold": 0.99999999}')
    deaf = said("replay", *WINDOW, "--candidate", str(file), "--json")
    found = json.loads(deaf.stdout)
    assert (len(found["same"]), len(found["new"]), len(found["gone"])) == (1, 0, 1)
    assert found["readings"] == 250
    assert found["by_asset"] == {"pump-7": {"same": 1, "gone": 1}}
    gone = found["gone"][0]
    assert gone["began_at"] == moment(int(past["time"][100])).isoformat()
    assert (gone["asset"], gone["metric"], gone["incident"]) == ("pump-7", "flow", 1)
    file.write_text('{"stand_in_threshold": 0.999}')
    keen = said("replay", *WINDOW, "--candidate", str(file))
    assert "2 incidents are the same, 1 are new, 0 are gone" in keen.output
    assert "pump-7: 1 new, 2 same." in keen.output
    assert "new\tpump-7\tflow\t2026-01-01 03:20:00" in keen.output
    with transaction(pool) as conn:
        assert anomalies.page(conn) == before
        assert len(model_versions.page(conn)) == 1


def test_a_budget_is_replayed_too(pool: Pool, past: Frame) -> None:
    found = json.loads(said("replay", *WINDOW, "--budget", "2", "--json").stdout)
    assert (found["bound"], found["factor"], len(found["same"])) == ("learning", 1.0, 2)


def test_what_cannot_be_replayed_is_said(pool: Pool, file: Path) -> None:
    file.write_text("{}")
    nothing = refused(NothingToReplay, "replay", *WINDOW, "--candidate", str(file))
    assert nothing == (
        "no reading of a judged stream is stored from 2026-01-01T00:50:00Z to 2026-01-01T05:00:00Z"
    )
    backwards = ["--from", "2026-01-02", "--to", "2026-01-01", "--budget", "1"]
    assert "ends before it begins" in refused(NothingToReplay, "replay", *backwards)
    assert "name a candidate's file" in said("replay", *WINDOW).output


def test_the_budget_command_says_promised_and_seen(pool: Pool, past: Frame) -> None:
    with transaction(pool) as conn:
        conn.execute("UPDATE incidents SET began_at = now() - interval '20 hours'")
    told = said("budget", "--days", "2").output
    assert "Trực ban toàn tỉnh (city): 5 false alarms a shift promised" in told
    assert "nothing more is asked of alarms yet" in told
    (desk,) = json.loads(said("budget", "--json").stdout)
    assert (desk["budget"], desk["threshold"]) == (5.0, None)
    assert sum(shift["seen"] for shift in desk["shifts"]) == 1
    assert "there is no desk nowhere" in said("budget", "--desk", "nowhere").output


def test_a_refusal_at_the_terminal_is_one_sentence(pool: Pool) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.detection", "models", "promote", "9"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr.strip()) == (1, "the model detection has no version 9")
