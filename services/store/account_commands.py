"""The commands for accounts of the broker: create, rotate, disable, enable, list."""

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from models.access import KINDS, Account, BadAccount, Convention, Kind
from services.store import accounts, refusals
from services.store.accounts import NoSuchAccount
from services.store.pool import Connection

__all__ = ["BadAccount", "NoSuchAccount", "app"]

app = typer.Typer(no_args_is_help=True, help="Who may sign in to the MQTT broker.")
say = Console(stderr=True)
WIDE = 240  # columns where nobody looks at a screen: a line stays a line

Name = Annotated[str, typer.Argument(help="the MQTT user name")]
AT_ONCE = "the broker knows within seconds"
A_PAGE = 1000


@contextmanager
def store() -> Iterator[Connection]:
    """One transaction by libpq's variables."""
    with (
        psycopg.connect(connect_timeout=5, application_name="cityops-store") as conn,
        refusals.translated(),
    ):
        yield conn


def actor() -> str:
    """Who runs this command, for the audit."""
    number = os.geteuid()
    try:
        return f"{pwd.getpwuid(number).pw_name} (command line)"
    except KeyError:
        return f"user {number} (command line)"


@app.command()
def create(
    name: Name,
    kind: Annotated[
        Kind | None, typer.Option(help="who speaks; by itself what the convention has")
    ] = None,
    convention: Annotated[Convention, typer.Option(help="how it speaks")] = Convention.NATIVE,
    place: Annotated[
        str | None,
        typer.Option(help="sparkplug GROUP/EDGE, chirpstack APPLICATION, tts APP@TENANT, ..."),
    ] = None,
    asset: Annotated[str | None, typer.Option(help="the asset it belongs to")] = None,
) -> None:
    """Make an account and print its password, this once."""
    account = Account(name, kind or usual_kind(convention), convention, place)
    with store() as conn:
        password = accounts.create(conn, actor(), account, asset)
    say.print(f"{name} may sign in; {AT_ONCE}", markup=False)
    print(password)


def usual_kind(convention: Convention) -> Kind:
    """The kind an account of a convention has unless it is said."""
    return KINDS[convention][0]


@app.command()
def rotate(name: Name) -> None:
    """Give an account a new password and print it, this once; whoever has the old one is cut off."""
    with store() as conn:
        password = accounts.rotate(conn, actor(), name)
    say.print(f"{name} has a new password; {AT_ONCE}", markup=False)
    print(password)


@app.command()
def disable(name: Name) -> None:
    """End an account: it is cut off and not let in again."""
    with store() as conn:
        accounts.disable(conn, actor(), name)
    say.print(f"{name} is disabled; {AT_ONCE}", markup=False)


@app.command()
def enable(name: Name) -> None:
    """Let a disabled account in again, with the password it had."""
    with store() as conn:
        accounts.enable(conn, actor(), name)
    say.print(f"{name} is enabled; {AT_ONCE}", markup=False)


@app.command(name="list")
def list_accounts() -> None:
    """Show all accounts of the registry."""
    table = Table("name", "kind", "convention", "place", "asset", "created", "state", box=None)
    after, count = 0, 0
    with store() as conn:
        while found := accounts.page(conn, after=after, limit=A_PAGE):
            after, count = found[-1].id, count + len(found)
            for each in found:
                state = "disabled" if each.disabled_at else "may sign in"
                made = f"{each.created_at:%Y-%m-%d}"
                words = (each.name, each.kind, each.convention, each.place or "", each.asset or "")
                table.add_row(*map(escape, words), made, state)
    if count:
        Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    else:
        say.print("no accounts yet: account create NAME makes one")
