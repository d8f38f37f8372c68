"""Everything that is measured of a case."""

from dataclasses import asdict, dataclass
from typing import Any

from simulators.labels import spoken
from simulators.scoring.alarms import Alarms, anomalies_told, incidents_told
from simulators.scoring.case import Case
from simulators.scoring.causes import Cause, causes, incidents_per_cause
from simulators.scoring.natures import Confusion, confusion
from simulators.scoring.recall import Recall, recall, recall_by_kind
from simulators.scoring.window import Window


@dataclass(frozen=True)
class Score:
    """How well the platform did in a window; None where there is nothing to say."""

    window: Window
    grace: float  # s
    total: Recall
    kinds: dict[str, Recall]
    causes: list[Cause]
    incidents_per_cause: dict[int, int] | None
    incidents: Alarms
    anomalies: Alarms
    confusion: Confusion | None
    remarks: list[str]


def score(case: Case) -> Score:
    """Return the score of a case."""
    found = causes(case)
    return Score(
        window=case.window,
        grace=case.grace,
        total=recall(case, case.judged),
        kinds=recall_by_kind(case),
        causes=found,
        incidents_per_cause=incidents_per_cause(found),
        incidents=incidents_told(case),
        anomalies=anomalies_told(case),
        confusion=confusion(case),
        remarks=remarks(case),
    )


def remarks(case: Case) -> list[str]:
    """Return the sentences on what a case lacks for its numbers to say anything."""
    found = []
    if not case.judged:
        found.append("No label begins in the window: there is nothing to find.")
    if not case.anomalies:
        found.append("The platform noticed nothing in the window.")
    elif case.judged and not any(case.of_label[place] for place in case.judged):
        found.append("Nothing that the platform noticed belongs to a label.")
    return found


def as_json(score: Score) -> dict[str, Any]:
    """Return the score as JSON has it: moments are ISO 8601 in UTC, delays seconds."""
    told = asdict(score)
    window = {
        "from": spoken(score.window.began_at),
        "to": spoken(score.window.ended_at),
        "shifts": score.window.shifts,
    }
    lines = [
        {"from": spoken(cause.pop("began_at")), "to": spoken(cause.pop("ended_at"))} | cause
        for cause in told["causes"]
    ]
    return told | {"window": window, "causes": lines}
