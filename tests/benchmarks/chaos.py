"""What is killed, away, full or slow, one scenario after the other, and what became of every message."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console

from tests.chaos import scenarios
from tests.chaos.disk import NoSmallDisk
from tests.chaos.scene import Size, Trouble
from tests.chaos.stage import Stage, stage_up

say = Console(stderr=True)

# A province: 3,000 stations that report seven values every half minute.
CITY_RATE, AWAY_MINUTES = 100, 30

Scenario = Callable[[Stage, Size], Trouble]
COMMON: dict[str, Scenario] = {
    "ingest-killed": scenarios.ingest_killed,
    "postgres-killed": scenarios.postgres_killed,
    "broker-killed": scenarios.broker_killed,
    "slow-database": scenarios.slow_database,
    "answers-lost": scenarios.answers_lost,
    "all-at-once": scenarios.all_at_once,
}
NAMES = [*COMMON, "database-away", "flood", "overload", *scenarios.LEFT]


def main(
    *,
    seconds: Annotated[float, typer.Option(help="how long each load is published")] = 15,
    rate: Annotated[
        float, typer.Option(help="messages a second, where a scenario has no own")
    ] = 5000,
    away_messages: Annotated[
        int, typer.Option(help="published while the database is away")
    ] = CITY_RATE * AWAY_MINUTES * 60,
    flood_rate: Annotated[float, typer.Option(help="messages a second of the flood")] = 50_000,
    overload_rate: Annotated[
        float, typer.Option(help="messages a second, where ingest can take half of them")
    ] = 20_000,
    only: Annotated[str | None, typer.Option(help=f"one of {', '.join(NAMES)}")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="end with one JSON object")] = False,
) -> None:
    """Kill, stop, fill and slow down what ingest stands on, and count what is missing: nothing.

    Compared are the asset and time of every message that the broker acknowledged with the rows of
    readings, in number and by name; unreadable messages with the rejects; and the ledger with
    both.
    """
    if only is not None and only not in NAMES:
        raise typer.BadParameter(f"{only} is none of {', '.join(NAMES)}")
    size = Size(rate, seconds)
    away = Size(10_000, away_messages / 10_000)
    wanted: dict[str, tuple[Scenario, Size]] = {
        **{name: (scenario, size) for name, scenario in COMMON.items()},
        "database-away": (scenarios.database_away, away),
        "flood": (scenarios.flood, Size(flood_rate, seconds)),
        "overload": (scenarios.overload, Size(overload_rate, seconds)),
    }
    troubles: list[Trouble] = []
    skipped: dict[str, str] = {}
    if only not in scenarios.LEFT:
        with stage_up() as made:
            for name, (scenario, its_size) in wanted.items():
                if only in {None, name}:
                    troubles.append(shown(scenario(made, its_size)))
    for name in scenarios.LEFT:
        if only in {None, name}:
            try:
                troubles.append(shown(scenarios.on_a_small_disk(name, size)))
            except NoSmallDisk as why:
                skipped[name] = str(why)
                say.print(f"{name:16} skipped: {why}")
    if as_json:
        print(json.dumps({"scenarios": [plain(each) for each in troubles], "skipped": skipped}))
    if not all(trouble.passed for trouble in troubles):
        sys.exit(1)


def plain(trouble: Trouble) -> dict[str, object]:
    """As JSON has it."""
    return {**trouble._asdict(), "account": trouble.account._asdict(), "passed": trouble.passed}


def shown(trouble: Trouble) -> Trouble:
    """One line for people, and a second where a scenario has numbers of its own."""
    verdict = "whole" if trouble.passed else "NOT WHOLE"
    say.print(
        f"{trouble.scenario:16} {trouble.published:8,} messages in {trouble.seconds:6.1f} s"
        f"   missing {trouble.account.missing}   recovered in {trouble.recovery_s:5.1f} s"
        f"   peak {trouble.peak_memory_mb:4.0f} MB   {verdict}",
        highlight=False,
        soft_wrap=True,
    )
    extra = {name: f"{value:,.0f}" for name, value in trouble.notes.items()}
    again = {name: f"{value:,}" for name, value in trouble.account._asdict().items() if value}
    if extra or again:
        told = ", ".join(f"{name} {value}" for name, value in {**extra, **again}.items())
        say.print(f"{'':16} {told}", highlight=False, soft_wrap=True)
    return trouble
