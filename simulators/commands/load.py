"""load: publish as much as a benchmark asks for."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from simulators.address import address_from
from simulators.commands.terminal import NOT_ACKNOWLEDGED, STOPPED, Json, say
from simulators.forms import FORMS
from simulators.load import BadLoad, Load
from simulators.pace import stop_on_signal
from simulators.shared_load import Together, publish_together

Rate = Annotated[float, typer.Option(min=0, help="Messages a second; 0: all the broker takes.")]
Assets = Annotated[int, typer.Option(min=1, help="Assets the messages come from.")]
Connections = Annotated[int, typer.Option(min=1, help="Connections the assets share.")]
Processes = Annotated[int, typer.Option(min=1, help="Processes the connections share.")]
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
Window = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Most unacknowledged messages at a time. Default: 4000, or 4 a connection.",
        show_default=False,
    ),
]


def load_broker(
    *,
    rate: Rate = 1000,
    assets: Assets = 1000,
    connections: Connections = 4,
    processes: Processes = 1,
    seconds: Seconds = 10,
    qos: Qos = 1,
    values: Values = 7,
    window: Window = None,
    patience: Patience = 0,
    codec: Codec = "native",
    as_json: Json = False,
) -> None:
    """Publish as many messages as a benchmark asks for, at the least cost per message.

    Every message carries the time it was sent, and no two of an asset carry the same. All
    connections stand before the first message leaves. With QoS 0, acknowledged says what the
    broker had read when it answered a last ping. Ctrl-C ends all processes, and what was
    acknowledged by then is said.
    """
    most = max(4000, 4 * connections) if window is None else window
    load = Load(rate, seconds, assets, connections, qos, values, most, codec, patience=patience)
    address = address_from()
    if address.tls is not None:
        raise BadLoad("a load speaks plain MQTT: unset MQTT_CA_FILE, and name the port for that")
    stop = stop_on_signal()
    together = publish_together(load, address, processes, stop)
    for sentence in together.broken:
        say(sentence)
    print(json.dumps(account(load, together)) if as_json else spoken(load, together))
    if together.broken or together.total.acknowledged < together.total.sent:
        raise typer.Exit(NOT_ACKNOWLEDGED)
    if together.stopped:
        raise typer.Exit(STOPPED)


def account(load: Load, together: Together) -> dict[str, object]:
    """The sum, and each process's part in it, for a program."""
    return {
        **asdict(together.total),
        "connections": load.connections,
        "processes": [asdict(outcome) for outcome in together.outcomes],
        "broken": list(together.broken),
        "stopped": together.stopped,
    }


def spoken(load: Load, together: Together) -> str:
    """The sum for a person."""
    total = together.total
    return (
        f"sent {total.sent}, acknowledged {total.acknowledged} in {total.seconds:.2f} s: "
        f"{total.acknowledged / (total.seconds or 1):,.0f} messages/s over {load.connections} "
        f"connections of {len(together.outcomes)} processes, {total.cpu_seconds:.2f} s of their "
        "processor time"
    )
