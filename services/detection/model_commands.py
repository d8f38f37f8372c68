"""The commands `models`: list, register, promote, roll back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from services.detection import parameters
from services.detection.guidance import MODEL
from services.detection.parameters import BadParameters
from services.detection.runner import make_bank
from services.detection.settings import DetectionSettings
from services.store import audit, model_versions, refusals
from services.store.account_commands import actor
from services.store.model_versions import Draft, ModelVersion
from services.store.pool import Connection
from services.store.terminal import connect, in_utc, print_table, say

app = typer.Typer(
    no_args_is_help=True, help="Versions of the detectors: which there are, which one judges."
)

Actor = Annotated[str | None, typer.Option("--as", help="who does it; default: your account")]
Moment = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z"]),
]
Number = Annotated[int, typer.Argument(help="the number of the version", min=1)]
COLUMNS = ("version", "state", "parameters", "scores", "made by", "made (UTC)", "live since (UTC)")


@contextmanager
def store() -> Iterator[Connection]:
    """One transaction by libpq's variables, whose refusals have names."""
    with connect() as conn, refusals.translated():
        yield conn


@app.command("list")
def list_versions(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="for a program")] = False,
    limit: Annotated[int, typer.Option(help="how many at most", min=1, max=1000)] = 50,
) -> None:
    """List the versions, the newest first."""
    with store() as conn:
        found = model_versions.page(conn, name=MODEL, limit=limit)
    if as_json:
        print(json.dumps([as_data(each) for each in found], ensure_ascii=False, indent=2))
    elif found:
        print_table(COLUMNS, [line(each) for each in found])
    else:
        say.print("there is no version yet: detection registers the first one when it starts")


@app.command()
def register(
    file: Annotated[Path, typer.Argument(help="JSON; what it does not name is as in the live one")],
    *,
    scores: Annotated[
        Path | None, typer.Option(help="JSON: how well it did, as whoever tried it says")
    ] = None,
    data_from: Moment = None,
    data_to: Moment = None,
    note: Annotated[str, typer.Option(help="what is new about it")] = "",
    by: Actor = None,
) -> None:
    """Keep parameters as a new version, a candidate: nothing changes until it is promoted."""
    named = parameters.read(file)
    reached = {} if scores is None else parameters.read(scores)
    with store() as conn:
        settings = parameters.applied(standing(conn), named)
        draft = Draft(
            MODEL,
            parameters.of(settings),
            make_bank(settings).layout,
            zoned(data_from),
            zoned(data_to),
            reached,
            note,
        )
        made = model_versions.register(conn, draft, by or actor())
        written(conn, "register model", made, by)
    say.print(f"version {made.version} is registered; it judges once it is promoted")


@app.command()
def promote(number: Number, *, by: Actor = None) -> None:
    """Let a version judge from now on; the one before is retired.

    Running detection takes it up between two deliveries: nothing is judged twice, nothing left out.
    """
    with store() as conn:
        parameters.applied(DetectionSettings(), model_versions.find(conn, MODEL, number).parameters)
        made = model_versions.promote(conn, MODEL, number, by or actor())
        written(conn, "promote model", made, by)
    say.print(f"version {made.version} judges from now on")


@app.command()
def rollback(*, by: Actor = None) -> None:
    """Take the live version back: the one that was live before it judges again."""
    with store() as conn:
        made = model_versions.roll_back(conn, MODEL, by or actor())
        written(conn, "roll back model", made, by)
    say.print(f"version {made.version} judges again")


def standing(conn: Connection) -> DetectionSettings:
    """The settings of the live version; where there is none, those of the environment."""
    live = model_versions.live(conn, MODEL)
    settings = DetectionSettings()
    return settings if live is None else parameters.applied(settings, live.parameters)


def written(conn: Connection, action: str, made: ModelVersion, by: str | None) -> None:
    """Keeps in the audit what was done."""
    audit.append(conn, by or actor(), action, f"{made.name}/{made.version}", made.parameters)


def zoned(moment: datetime | None) -> datetime | None:
    """A moment; a day alone begins in UTC."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=UTC)


def line(each: ModelVersion) -> tuple[str, ...]:
    """A version as a line of the table."""
    return (
        str(each.version),
        each.state,
        spoken(each.parameters),
        spoken(each.scores),
        each.created_by,
        in_utc(each.created_at),
        in_utc(each.promoted_at) if each.promoted_at else "never",
    )


def spoken(said: dict[str, object]) -> str:
    """Names and values in one line."""
    return " ".join(f"{name}={value}" for name, value in said.items()) or "none"


def as_data(each: ModelVersion) -> dict[str, object]:
    """A version for a program."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in each._asdict().items()
    }


__all__ = ["BadParameters", "app"]
