"""picture: draw what faults and scenarios look like."""

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
    for kind in kinds:
        _draw_fault(kind, seed, _file(to, "faults", kind))
    for name in named:
        _draw_scenario(name, seed, _file(to, "scenarios", Path(name).stem))


def _file(to: Path, sort: str, name: str) -> Path:
    try:
        (to / sort).mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise _unwritable(to, why) from why
    return to / sort / f"{name}.png"


def _draw_fault(kind: str, seed: int, file: Path) -> None:
    from simulators.pictures.drawing import draw_fault  # noqa: PLC0415 (slow to import)

    picture = fault_picture(kind, seed)
    try:
        draw_fault(picture, file)
    except OSError as why:
        raise _unwritable(file, why) from why
    print(file)


def _draw_scenario(name: str, seed: int, file: Path) -> None:
    from simulators.pictures.drawing import draw_overview  # noqa: PLC0415 (slow to import)

    shown = overview(name, seed)
    try:
        draw_overview(shown, file)
    except OSError as why:
        raise _unwritable(file, why) from why
    print(file)


def _unwritable(path: Path, why: OSError) -> BadPicture:
    return BadPicture(f"{path}: cannot be written: {why.strerror or why}")
