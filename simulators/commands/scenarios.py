"""scenarios: say what our own scenarios are."""

from rich.console import Console
from rich.table import Table

from simulators.labels import spoken
from simulators.rhythm import LOCAL_OFFSET
from simulators.scenario import FOLDER, names, read_scenario

DAY = 86400.0


def list_scenarios() -> None:
    """List the scenarios that come with the simulators: name, size, length and what it is."""
    table = Table("scenario", "assets", "streams", "starts", "days", "what it is", box=None)
    for name in names():
        scenario = read_scenario(name)
        assets = scenario.assets(1)
        table.add_row(
            name,
            str(len(assets)),
            str(sum(len(asset.kind.metrics) for asset in assets)),
            spoken(scenario.start + LOCAL_OFFSET)[:10] if scenario.start is not None else "now",
            f"{scenario.duration / DAY:g}" if scenario.duration is not None else "",
            f"{scenario.title}\n{scenario.title_en}",
        )
    Console(width=None).print(table)
    print(f"files: {FOLDER}")
