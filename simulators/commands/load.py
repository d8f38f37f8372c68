"""load: publish as much as a benchmark asks for."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from simulators.address import address_from
from simulators.commands.terminal import NOT_ACKNOWLEDGED, Json
from simulators.forms import FORMS
from simulators.load import Load, publish_load

Rate = Annotated[float, typer.Option(min=0, help="Messages a second; 0: all the broker takes.")]
Assets = Annotated[int, typer.Option(min=1, help="Assets the messages come from.")]
Connections = Annotated[int, typer.Option(min=1, help="Connections the assets share.")]
Seconds = Annotated[float, typer.Option(min=0.01, help="How long.")]
Qos = Annotated[int, typer.Option(min=0, max=1, help="0 or 1.")]
Values = Annotated[int, typer.Option(min=1, max=64, help="Values in a message.")]
Patience = Annotated[
    float,
    typer.Option(
        min=0,
        help="Seconds to wait for a lost broker and send again what it owes; 0: its loss ends all.",
    ),
]
Codec = Annotated[str, typer.Option(help=f"The convention: {', '.join(FORMS)}.")]
Window = Annotated[int, typer.Option(min=1, help="Most unacknowledged messages at a time.")]


def load_broker(
    *,
    rate: Rate = 1000,
    assets: Assets = 1000,
    connections: Connections = 4,
    seconds: Seconds = 10,
    qos: Qos = 1,
    values: Values = 7,
    window: Window = 4000,
    patience: Patience = 0,
    codec: Codec = "native",
    as_json: Json = False,
) -> None:
    """Publish as many messages as a benchmark asks for, at the least cost per message.

    Every message carries the time it was sent, and no two of an asset carry the same. With QoS 0,
    acknowledged says what the broker had read when it answered a last ping.
    """
    load = Load(rate, seconds, assets, connections, qos, values, window, codec, patience=patience)
    outcome = publish_load(load, address_from())
    if as_json:
        print(json.dumps(asdict(outcome)))
    else:
        print(
            f"sent {outcome.sent}, acknowledged {outcome.acknowledged} in {outcome.seconds:.2f} s: "
            f"{outcome.acknowledged / outcome.seconds:,.0f} messages/s, "
            f"{outcome.cpu_seconds:.2f} s of processor time"
        )
    if outcome.acknowledged < outcome.sent:
        raise typer.Exit(NOT_ACKNOWLEDGED)
