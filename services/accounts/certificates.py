"""The commands of a site's certificate authority: ca, server, device, revoke, list, prepare."""

import fcntl
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from services.accounts.authority import Authority, BadCertificate
from services.accounts.files import put

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A certificate authority for the broker and its devices, for tests and small sites. "
    "AUTHORITY_FOLDER names its folder.",
)
say = Console(stderr=True)
WIDE = 240  # columns where nobody looks at a screen: a line stays a line

# What the broker reads, and who may read it there.
FOR_THE_BROKER = {"ca.pem": 0o644, "server.pem": 0o644, "server.key": 0o640, "revoked.pem": 0o644}
Hosts = Annotated[list[str], typer.Argument(help="names and addresses the broker is called by")]
Name = Annotated[str, typer.Argument(help="the name of the device's account")]


def authority() -> Authority:
    """The authority of AUTHORITY_FOLDER. Raises BadCertificate where it is not said."""
    folder = os.environ.get("AUTHORITY_FOLDER")
    if not folder:
        raise BadCertificate("AUTHORITY_FOLDER is not set: where is the authority's folder?")
    place = Path(folder)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One command at a time, until this process ends: each writes down what it signed.
    fcntl.flock(os.open(place, os.O_RDONLY), fcntl.LOCK_EX)
    return Authority(place)


def publish(found: Authority) -> None:
    """Copies what the broker reads to AUTHORITY_PUBLIC_FOLDER, where one is named."""
    public = os.environ.get("AUTHORITY_PUBLIC_FOLDER")
    if public:
        for name, mode in FOR_THE_BROKER.items():
            if (found.folder / name).exists():
                put(Path(public) / name, (found.folder / name).read_text(encoding="utf-8"), mode)


@app.command()
def ca() -> None:
    """Make the authority, unless there is one; print the file that devices trust."""
    found = authority()
    made = found.create()
    publish(found)
    say.print("made" if made else "there already", highlight=False)
    print(found.folder / "ca.pem")  # noqa: T201 (a command prints)


@app.command()
def server(hosts: Hosts) -> None:
    """Make a new key and certificate for the broker, for these names and addresses."""
    found = authority()
    issued = found.server(hosts)
    publish(found)
    say.print(f"the broker is {' '.join(hosts)} until {issued.expires_at}", markup=False)


@app.command()
def prepare(hosts: Hosts) -> None:
    """Make what is missing: the authority, and a certificate of the broker that ends soon."""
    found = authority()
    made = found.prepare(hosts, datetime.now(UTC))
    publish(found)
    say.print("made what was missing" if made else "nothing is missing")


@app.command()
def device(name: Name) -> None:
    """Make a key and a certificate for an account; print the two files."""
    for path in authority().device(name):
        print(path)  # noqa: T201 (a command prints)


@app.command()
def revoke(name: Name) -> None:
    """Revoke all certificates of an account, also its newest: no new connection with them."""
    found = authority()
    done = found.revoke(name)
    publish(found)
    say.print(
        f"{len(done)} certificates of {name} are revoked. A connection that is open now stays "
        f"open: disable the account too, and it may do nothing on it.",
        markup=False,
    )


@app.command(name="list")
def list_issued() -> None:
    """Show every certificate that was made."""
    table = Table("serial", "for", "name", "expires", "revoked", box=None)
    known = authority().issued()
    for each in known:
        words = (each.serial, each.kind, each.name, each.expires_at, each.revoked_at or "")
        table.add_row(*map(escape, words))
    if known:
        Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    else:
        say.print("no certificate was made yet")


def main() -> int:
    """Runs the command; a refusal is one sentence and exit code 1."""
    os.umask(0o077)
    try:
        app()
    except (BadCertificate, OSError, ValueError) as why:
        say.print(str(why), markup=False, style="red", soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
