"""What all commands share with the person at the terminal: options, sentences, exit codes."""

import sys
from typing import Annotated, Final

import typer

from simulators.address import BadAddress
from simulators.api import BadDoor, DoorClosed, NotThere
from simulators.broker import BrokerRefuses, BrokerUnreachable
from simulators.document import BadScenario
from simulators.fleet import BadCity
from simulators.labels import BadLabels
from simulators.light import BadName
from simulators.load import BadLoad
from simulators.occurrences.catalogue import BadHappening
from simulators.pictures.panel import BadPicture
from simulators.recorder import BadFilter
from simulators.recording import BadRecording
from simulators.scoring.findings import BadFindings
from simulators.scoring.window import BadWindow
from simulators.series.block import BadSeries
from simulators.shared_load import LoadBroken
from simulators.tracks import AmbiguousTracks
from simulators.wire import ConnectionLost, ConnectionRefused

USAGE: Final = 2
NO_BROKER: Final = 3
NOT_ACKNOWLEDGED: Final = 4
STOPPED: Final = 130
EXIT_CODES: Final[dict[type[Exception], int]] = {
    BadAddress: USAGE,
    AmbiguousTracks: USAGE,
    BadRecording: USAGE,
    BadSeries: USAGE,
    BadFilter: USAGE,
    BadDoor: USAGE,
    NotThere: USAGE,
    BadLoad: USAGE,
    LoadBroken: NOT_ACKNOWLEDGED,
    BadName: USAGE,
    BadCity: USAGE,
    BadHappening: USAGE,
    BadScenario: USAGE,
    BadFindings: USAGE,
    BadLabels: USAGE,
    BadPicture: USAGE,
    BadWindow: USAGE,
    DoorClosed: NO_BROKER,
    BrokerUnreachable: NO_BROKER,
    BrokerRefuses: NO_BROKER,
    ConnectionLost: NO_BROKER,
    ConnectionRefused: NO_BROKER,
}

Fast = Annotated[bool, typer.Option("--as-fast-as-possible", help="Do not wait between messages.")]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for a broker that is away.")]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as one line of JSON.")]
ScenarioName = Annotated[
    str, typer.Option("--scenario", help="A YAML file, or the name of one of ours: see scenarios.")
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same city and the same values.")]


def say(sentence: str) -> None:
    """Tell the person at the terminal something that is not the command's result."""
    print(sentence, file=sys.stderr, flush=True)
