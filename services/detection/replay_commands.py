"""The command `replay`: what a past window would have brought with other detectors or budgets."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from models.gathering import Gathered
from services.detection import parameters
from services.detection.model_commands import standing
from services.detection.replay import Replayed
from services.detection.replay import replay as replayed
from services.store.terminal import connect, in_utc, print_table, say

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]
COLUMNS = ("what", "asset", "metric", "began (UTC)", "last (UTC)", "score", "incident")


def replay(
    since: Annotated[datetime, typer.Option("--from", formats=FORMATS)],
    until: Annotated[datetime, typer.Option("--to", formats=FORMATS)],
    *,
    candidate: Annotated[
        Path | None,
        typer.Option(help="JSON; what it does not name is as in the version that judges now"),
    ] = None,
    budget: Annotated[
        float | None,
        typer.Option(
            help="false alarms a shift of eight hours, for all streams together", min=0.01
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
) -> None:
    """Lead a past window through a candidate, and show which incidents differ. Changes nothing."""
    if candidate is None and budget is None:
        raise typer.BadParameter("name a candidate's file, a budget, or both")
    named = {} if candidate is None else parameters.read(candidate)
    begin, end = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in (since, until))
    with connect() as conn:
        conn.read_only = True
        settings = parameters.applied(standing(conn), named)
        found = replayed(conn, settings, begin.astimezone(UTC), end.astimezone(UTC), budget)
    if as_json:
        print(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        return
    say.print(spoken(found), markup=False)
    print_table(COLUMNS, [line(found, what, each) for what, each in listed(found)])


def spoken(found: Replayed) -> str:
    """The difference in a few sentences."""
    same, new, gone = found.difference
    whole = f"{found.readings} readings replayed: {len(same)} incidents are the same"
    sentences = [f"{whole}, {len(new)} are new, {len(gone)} are gone."]
    if found.threshold is not None:
        sentences.append(
            f"The budget asks for {found.threshold.factor:.2f} times the loudness"
            f" ({found.threshold.bound})."
        )
    for asset, counted in sorted(by_asset(found).items()):
        told = ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))
        sentences.append(f"{asset}: {told}.")
    return "\n".join(sentences)


def listed(found: Replayed) -> list[tuple[str, Gathered]]:
    """All incidents with what became of them, in order of time; of the same ones, as they were."""
    same, new, gone = found.difference
    lines = [
        *(("same", was) for was, _ in same),
        *(("new", each) for each in new),
        *(("gone", each) for each in gone),
    ]
    return sorted(lines, key=lambda pair: pair[1].began_at)


def by_asset(found: Replayed) -> dict[str, Counter[str]]:
    """How many are the same, new and gone of each asset."""
    counted: dict[str, Counter[str]] = {}
    for what, each in listed(found):
        asset = found.places[each.stream_id].asset
        counted.setdefault(asset, Counter())[what] += 1
    return counted


def line(found: Replayed, what: str, each: Gathered) -> tuple[str, ...]:
    """An incident as a line of the table."""
    asset, metric, *_ = found.places[each.stream_id]
    number = found.incidents.get((each.stream_id, each.began_at))
    return (
        what,
        asset,
        metric,
        in_utc(each.began_at),
        in_utc(each.last_anomaly_at),
        f"{each.score:.6f}",
        "" if number is None else str(number),
    )


def as_data(found: Replayed) -> dict[str, object]:
    """The difference for a program."""
    same, new, gone = found.difference
    return {
        "from": found.since.isoformat(),
        "to": found.until.isoformat(),
        "readings": found.readings,
        "factor": None if found.threshold is None else found.threshold.factor,
        "bound": None if found.threshold is None else found.threshold.bound,
        "same": [told(found, was) | {"would_be": told(found, other)} for was, other in same],
        "new": [told(found, each) for each in new],
        "gone": [told(found, each) for each in gone],
        "by_asset": by_asset(found),
    }


def told(found: Replayed, each: Gathered) -> dict[str, object]:
    """An incident for a program; incident is its number, where it was one."""
    asset, metric, *_ = found.places[each.stream_id]
    return {
        "asset": asset,
        "metric": metric,
        "assets": sorted({found.places[stream_id].asset for stream_id in each.streams}),
        "began_at": each.began_at.isoformat(),
        "last_anomaly_at": each.last_anomaly_at.isoformat(),
        "score": each.score,
        "anomalies": each.anomalies,
        "incident": found.incidents.get((each.stream_id, each.began_at)),
    }
