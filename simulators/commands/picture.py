"""picture: draw what faults and scenarios look like."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from simulators.commands.terminal import Seed
from simulators.occurrences.catalogue import OCCURRENCES, occurrence
from simulators.pictures.faults import fault_picture
from simulators.pictures.overview import overview
from simulators.pictures.panel import BadPicture
from simulators.scenario import names, read_scenario

Faults = Annotated[
    list[str] | None,
    typer.Option("--fault", help=f"A kind of fault; may be repeated: {', '.join(OCCURRENCES)}."),
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", help="A scenario's name or its YAML file; may be repeated."),
]
Folder = Annotated[Path, typer.Option("--to", help="The folder for faults/ and scenarios/.")]


def draw_pictures(
    *, to: Folder, faults: Faults = None, scenarios: Scenarios = None, seed: Seed = 1
) -> None:
    """Draw a PNG for each kind of fault, with it and without it, and one for each scenario.

    Without --fault and --scenario all of both are drawn. They go to FOLDER/faults/KIND.png and
    FOLDER/scenarios/NAME.png; the same seed draws the same bytes.
    """
    everything = not faults and not scenarios
    kinds = list(OCCURRENCES) if everything else faults or []
    named = names() if everything else scenarios or []
    # What is wrong is told before anything is drawn.
    for kind in kinds:
        occurrence(kind)
    for name in named:
        read_scenario(name)
    from simulators.pictures import drawing  # noqa: PLC0415 (slow to import)

    for kind in kinds:
        picture = fault_picture(kind, seed)
        _drawn(partial(drawing.draw_fault, picture), to / "faults", kind)
    for name in named:
        shown = overview(name, seed)
        _drawn(partial(drawing.draw_overview, shown), to / "scenarios", Path(name).stem)


def _drawn(draw: Callable[[Path], None], folder: Path, name: str) -> None:
    file = folder / f"{name}.png"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draw(file)
    except OSError as why:
        raise BadPicture(f"{file}: cannot be written: {why.strerror or why}") from why
    print(file)
