"""light: a street light that can be dimmed."""

import json
import math
import re
from dataclasses import asdict
from typing import Annotated, Final

import typer

from simulators.address import address_from
from simulators.broker import Broker
from simulators.commands.terminal import NOT_ACKNOWLEDGED, Json, Wait, say
from simulators.lamp import Lamp
from simulators.light import BadName, Inbox, place, shine
from simulators.pace import stop_on_signal

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")

AssetName = Annotated[
    str, typer.Option(help="Its name. GATEWAY:CHILD speaks on city/GATEWAY/CHILD/...")
]
Every = Annotated[float, typer.Option(min=0.1, help="Seconds between two reports.")]
Level = Annotated[float, typer.Option(min=0, max=1, help="How bright it is at first.")]
Duration = Annotated[
    float,
    typer.Option("--for", min=0, help="Seconds. Default: until stopped.", show_default=False),
]
Mute = Annotated[
    bool, typer.Option("--mute", help="Hear commands, and neither do nor answer them.")
]


def run_light(
    *,
    asset: AssetName = "lamp-1",
    every: Every = 5.0,
    level: Level = 1.0,
    duration: Duration = math.inf,
    mute: Mute = False,
    wait: Wait = 30.0,
    as_json: Json = False,
) -> None:
    """Let one street light report, hear its commands and answer them.

    It does dim {"level": 0..1}, on and off; everything else it refuses. The broker keeps its
    commands for five minutes while it is away.
    """
    if not NAME.fullmatch(asset):
        raise BadName(f"{asset!r} is no name of an asset: letters, digits and . _ : - only")
    address, stop = address_from(), stop_on_signal()
    topic = place(asset)
    lamp, inbox = Lamp(asset, level), Inbox()
    with Broker(
        address,
        f"light-{asset}",
        say=say,
        patience=wait,
        will=f"{topic}/status",
        stop=stop,
        listen=(f"{topic}/commands", inbox.put),
    ) as broker:
        say(f"{asset} hears its commands on {topic}/commands")
        account = shine(
            asset,
            lamp,
            inbox,
            broker,
            every=every,
            seconds=duration,
            mute=mute,
            stop=stop,
            say=say,
        )
    if account.problem:
        say(account.problem)
    print(json.dumps(asdict(account)) if as_json else account)
    if account.problem or account.published != account.acknowledged:
        raise typer.Exit(NOT_ACKNOWLEDGED)
