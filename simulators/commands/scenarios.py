"""scenarios: say what our own scenarios are, or what one file is."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from simulators.commands.terminal import Json
from simulators.labels import spoken
from simulators.rhythm import LOCAL_OFFSET
from simulators.scenario import FOLDER, names, read_scenario

DAY = 86400.0

Named = Annotated[
    list[str] | None, typer.Argument(help="Files, or names of ours. Default: all of ours.")
]


def list_scenarios(named: Named = None, *, as_json: Json = False) -> None:
    """List scenarios: how many assets and streams, from when, for how long, and what it is.

    A file that is no scenario is refused with the line that is wrong.
    """
    found = [_told(name) for name in named or names()]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    table = Table("scenario", "assets", "streams", "starts", "days", "what it is", box=None)
    for each in found:
        length = each["duration"]
        table.add_row(
            each["scenario"],
            str(each["assets"]),
            str(each["streams"]),
            spoken(each["start"] + LOCAL_OFFSET)[:10] if each["dated"] else "any day",
            f"{length / DAY:g}" if length is not None else "",
            f"{each['title']}\n{each['title_en']}",
        )
    Console().print(table)
    print(f"files: {FOLDER}")


def _told(name: str) -> dict[str, Any]:
    scenario = read_scenario(name)
    world = scenario.world(1, scenario.start or 0.0)
    return {
        "scenario": name,
        "title": scenario.title,
        "title_en": scenario.title_en,
        "assets": len(world.assets),
        "streams": sum(len(asset.kind.metrics) for asset in world.assets),
        "start": scenario.start,
        "duration": scenario.duration,
        "dated": scenario.dated,
    }
