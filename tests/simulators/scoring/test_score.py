"""The score as a whole: its laws, its words, its table and its picture."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.labels import Label, Nature
from simulators.scoring.case import Case, compare
from simulators.scoring.findings import Anomaly, Incident
from simulators.scoring.picture import FALSE, MOST_CAUSES, draw, timeline
from simulators.scoring.score import Score, as_json, score
from simulators.scoring.table import print_score
from simulators.scoring.window import Window
from tests.simulators.scoring.truth import anomaly, case, incident, label

seconds = st.integers(0, 100_000)
assets = st.sampled_from("abc")
metrics = st.sampled_from(["flow", "level"])


@st.composite
def some_label(draw: st.DrawFn) -> Label:
    began_at = draw(seconds)
    return Label(
        draw(assets),
        draw(metrics | st.just("")),
        draw(st.sampled_from(["spike", "drift"])),
        draw(st.sampled_from(Nature)),
        began_at,
        began_at + draw(st.integers(1, 20_000)),
        draw(st.sampled_from(["", "one", "two"])),
    )


numbers = st.none() | st.integers(1, 5)
some_anomaly = st.builds(
    Anomaly, seconds, assets, metrics, st.sampled_from(["level", "flood", "silence"]), numbers
)
some_incident = st.builds(Incident, st.integers(1, 9), assets, metrics, seconds)


@st.composite
def some_case(draw: st.DrawFn) -> Case:
    began_at = draw(seconds)
    return compare(
        draw(st.lists(some_label(), max_size=6)),
        draw(st.lists(some_anomaly, max_size=12)),
        draw(st.lists(some_incident, max_size=4, unique_by=lambda one: one.number)),
        Window(began_at, began_at + draw(st.integers(1, 200_000))),
        draw(st.integers(0, 5_000)),
    )


def again(told: Case, by: int = 0, more: tuple[Anomaly, ...] = ()) -> Score:
    """The score of a case that is moved in time, with more anomalies."""
    return score(
        compare(
            [
                one._replace(began_at=one.began_at + by, ended_at=one.ended_at + by)
                for one in told.labels
            ],
            [one._replace(at=one.at + by) for one in (*told.anomalies, *more)],
            [
                one._replace(
                    began_at=one.began_at + by,
                    members=tuple((at + by, asset) for at, asset in one.members),
                )
                for one in told.incidents
            ],
            Window(told.window.began_at + by, told.window.ended_at + by),
            told.grace,
        )
    )


# The first draw of a case may be slow on a busy machine.
@given(told=some_case())
def test_shares_are_shares_and_parts_add_up(told: Case) -> None:
    found = score(told)
    for recall in (found.total, *found.kinds.values()):
        assert recall.recall is None or 0 <= recall.recall <= 1
        assert recall.cause_recall is None or 0 <= recall.cause_recall <= 1
        assert recall.found_on_metric <= recall.found
        assert (recall.delay_median is None) == (recall.found == 0)
        assert recall.delay_median is None or recall.delay_median >= 0
    assert sum(recall.found for recall in found.kinds.values()) == found.total.found
    assert sum((found.incidents_per_cause or {}).values()) == found.total.causes
    words = (found.confusion or {}).values()
    assert sum(sum(said.values()) for said in words) == found.total.found
    assert found.anomalies.false <= found.anomalies.count
    assert found.incidents.false <= found.incidents.count
    json.dumps(as_json(found), allow_nan=False)


@given(told=some_case(), one=some_anomaly)
def test_one_more_anomaly_never_lowers_a_recall(told: Case, one: Anomaly) -> None:
    before, after = score(told), again(told, more=(one,))
    assert (after.total.recall or 0) >= (before.total.recall or 0)
    assert (after.total.cause_recall or 0) >= (before.total.cause_recall or 0)
    for kind, recall in before.kinds.items():
        assert (after.kinds[kind].recall or 0) >= (recall.recall or 0)


@given(told=some_case(), by=st.integers(-1_000_000, 1_000_000_000))
def test_what_is_moved_in_time_scores_the_same(told: Case, by: int) -> None:
    before, after = score(told), again(told, by)
    named = [(cause.labels, cause.found, cause.delay, cause.incidents) for cause in before.causes]
    assert named == [
        (cause.labels, cause.found, cause.delay, cause.incidents) for cause in after.causes
    ]
    assert before == replace(after, window=before.window, causes=before.causes)


def test_what_there_is_not_is_said_in_words() -> None:
    nothing = score(case([], [], window=(0, 60)))
    assert nothing.remarks == [
        "No label begins in the window: there is nothing to find.",
        "The platform noticed nothing in the window.",
    ]
    told = as_json(nothing)
    assert told["total"]["recall"] is told["confusion"] is told["incidents_per_cause"] is None
    assert told["incidents"]["false_per_shift"] == 0
    unheard = score(case([label()], [anomaly(5, "elsewhere")]))
    assert unheard.remarks == ["Nothing that the platform noticed belongs to a label."]
    assert score(case([label()], [anomaly(5)])).remarks == []


def test_json_speaks_of_moments_in_utc() -> None:
    told: dict[str, Any] = as_json(score(case([label(cause="c-1")], [anomaly(5, incident=3)])))
    assert told["window"] == {
        "from": "2026-10-04T23:50:00.000Z",
        "to": "2026-10-05T00:20:00.000Z",
        "shifts": 0.0625,
    }
    assert told["causes"] == [
        {
            "from": "2026-10-05T00:00:00.000Z",
            "to": "2026-10-05T00:10:00.000Z",
            "cause": "c-1",
            "kinds": ("spike",),
            "natures": ("sensor",),
            "labels": 1,
            "found": 1,
            "delay": 300,
            "incidents": (3,),
        }
    ]


def test_a_table_in_a_pipe_is_plain_and_fits_100_columns(
    capsys: pytest.CaptureFixture[str],
) -> None:
    labels = [label(kind=f"unit-mix-up [{number}]", cause=str(number)) for number in range(20)]
    print_score(score(case(labels, [anomaly(5, incident=1)], [incident(1, 5)])))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    assert "\x1b" not in "".join(lines)
    (line,) = [line for line in lines if "unit-mix-up [7]" in line]
    assert line.split()[2:] == [
        "1",
        "/",
        "1",
        "100",
        "%",
        "1",
        "1",
        "/",
        "1",
        "5.0",
        "min",
        "5.0",
        "min",
    ]


def test_an_empty_score_has_a_table_too(capsys: pytest.CaptureFixture[str]) -> None:
    print_score(score(case([], [], window=(0, 60))))
    assert "0 in the window, 0 of them false, 0.00 a shift" in capsys.readouterr().out


def test_causes_have_a_line_each_until_they_are_too_many() -> None:
    few = [label(cause="second", began=60, ended=70), label(cause="first")]
    lines = timeline(case(few, [anomaly(1), anomaly(40)]))
    assert [line.name for line in lines] == ["first", "second", FALSE]
    assert [line.anomalies for line in lines] == [[0], [], [1]]
    many = [label(cause=str(number)) for number in range(MOST_CAUSES + 1)]
    assert [line.name for line in timeline(case(many, []))] == ["spike", FALSE]


@pytest.mark.parametrize("labels", [0, 1, 40])
def test_a_picture_is_drawn_of_whatever_there_is(labels: int, tmp_path: Path) -> None:
    truth = [label(f"a{n}", began=n * 30, ended=n * 30 + 5, cause=f"c{n}") for n in range(labels)]
    heard = [anomaly(n * 20, f"a{n}", incident=n) for n in range(labels)]
    told = case(truth, heard, [incident(n, n * 20) for n in range(labels)], window=(0, 600))
    draw(told, score(told), tmp_path / "score.png")
    assert (tmp_path / "score.png").read_bytes().startswith(b"\x89PNG")
