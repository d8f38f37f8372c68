"""What the store's commands share with the person at the terminal."""

import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.store.pool import Connection

PATIENCE = 60.0
BYTES_A_LINE = 16
say = Console(stderr=True)  # what became of a command
out = Console()  # what was asked for


def connect() -> Connection:
    """A connection by libpq's variables (PGHOST, PGUSER, ...), waited for up to a minute."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(connect_timeout=5, application_name="cityops-store")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows for a person; for a program, fields between tabs and no header."""
    if not out.is_terminal:
        for row in rows:
            typer.echo("\t".join(map(safe, row)))
        return
    if not rows:
        say.print("there are none")
        return
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(safe(field)) for field in row))
    out.print(table)


def in_utc(moment: datetime) -> str:
    """A moment to the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def safe(text: str) -> str:
    r"""What came over the wire, without what would command the terminal.

    >>> safe("độ ẩm\x1b[2J")
    'độ ẩm\\x1b[2J'
    """
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def readable(payload: bytes) -> str:
    r"""Bytes as text where they are text, else as hexadecimal, sixteen a line.

    >>> readable(b"\x00\xffab")
    '00000000  00 ff 61 62                                      ..ab'
    """
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        text = "\0"
    if all(letter.isprintable() or letter in "\r\n\t" for letter in text):
        return text.replace("\r", "")
    lines = []
    for begin in range(0, len(payload), BYTES_A_LINE):
        line = payload[begin : begin + BYTES_A_LINE]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in line)
        lines.append(f"{begin:08x}  {line.hex(' '):<47}  {shown}")
    return "\n".join(lines)


def edited(payload: bytes) -> bytes:
    """The bytes after somebody has had them in $VISUAL or $EDITOR (else vi)."""
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise typer.BadParameter("this is no text: give the bytes by --payload-file") from None
    command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    with tempfile.TemporaryDirectory(prefix="cityops-") as folder:
        file = Path(folder) / "payload"
        file.write_bytes(payload)
        if subprocess.run([*command, str(file)], check=False).returncode:
            raise typer.BadParameter(f"{command[0]} ended with an error: nothing was changed")
        found = file.read_bytes()
    # Editors end a file with a line's end; a payload that had none shall not get one.
    return found if payload.endswith(b"\n") else found.removesuffix(b"\n")
