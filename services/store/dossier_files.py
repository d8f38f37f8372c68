"""Takes dossier events in from a file, JSON or CSV by line, and goes on where it was stopped."""

import csv
import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from models.egov.told import NAMES, Refused, Told, read
from services.store import dossier_intake, dossiers
from services.store.dossier_intake import Answer, Counted, Item, Outcome
from services.store.pool import Connection

TOGETHER = 10_000  # lines in one transaction
LONGEST_LINE = 64 * 1024  # bytes
NAMED = 20  # bad lines that a tally names
TOO_MANY = 500  # rejects from the first line on: this looks like a mistake of the whole file
ALL_IN = "all of it was in already"
REASONS = 3  # of them that are named


class BadDossierFile(Exception):
    """The file is none of dossier events at all; nothing of it was taken."""


class Stopped(Exception):
    """Somebody said stop; what is stored stays, and the same command goes on after it."""


class Line(NamedTuple):
    """A line with its number and where the next one begins; None was too long."""

    number: int
    content: bytes | None
    after: int


Piece = tuple[list[Line], list[Item]]


@dataclass
class Tally:
    """What became of a file's lines so far; bad names the first lines that are not counted."""

    first: int = 1
    lines: int = 0
    counted: Counted = field(default_factory=Counted)
    bad: list[str] = field(default_factory=list)

    def add(self, items: list[Item], answers: list[Answer]) -> None:
        """Adds a piece."""
        self.counted = Counted(
            *map(sum, zip(self.counted, dossier_intake.counted(answers), strict=True))
        )
        for item, answer in zip(items, answers, strict=True):
            refused = answer.outcome is Outcome.REJECTED
            if refused and len(self.bad) < NAMED:
                self.bad.append(f"line {item.line}: {answer.reason}")

    def __str__(self) -> str:
        stored, duplicate, rejected = self.counted
        return f"{stored:,} events stored, {duplicate:,} were there, {rejected:,} rejected"

    def report(self) -> Iterator[str]:
        """What became of it, and the bad lines, for a person."""
        gone_on = f", from line {self.first:,} on" if self.first > 1 else ""
        yield f"{self.lines:,} lines read{gone_on}: {self}" if self.lines else ALL_IN
        yield from (f"  {flaw}" for flaw in self.bad)
        if self.counted.rejected > len(self.bad):
            others = self.counted.rejected - len(self.bad)
            yield f"  and {others:,} more; dossiers quarantine lists them"


def take(
    conn: Connection, file: Path, told: Callable[[int], None], stop: threading.Event, *, again: bool
) -> Tally:
    """Takes in what of a file is not in yet, and commits every piece; told hears of each one's bytes.

    A bad line is rejected with its number, the others are taken. again begins at the first line.
    Raises BadDossierFile, and Stopped where stop is set.
    """
    with file.open("rb") as lines:
        digest = hashlib.file_digest(lines, "sha256").hexdigest()
        parse, start, first = form_of(file, lines)
        position, number = begun(conn, digest, file.name, again=again)
        tally = Tally(first=number + 1)
        position = max(position, start)
        told(position)
        lines.seek(position)
        number = max(number, first)
        for piece, items in ahead(read_pieces(lines, number, parse)):
            answers = dossier_intake.take(conn, "file", file.name, items)
            count = dossier_intake.counted(answers)
            if tally.first == 1 and not tally.lines:
                check(file, piece, items, answers)
            tally.lines += len(piece)
            tally.add(items, answers)
            keep(conn, digest, piece[-1], count)
            dossier_intake.account(conn, "file", len(items), count)
            conn.commit()
            told(piece[-1].after - position)
            position = piece[-1].after
            if stop.is_set():
                raise Stopped(
                    f"stopped after line {piece[-1].number:,}: {tally}; the same command goes on there"
                )
        conn.execute("UPDATE dossier_files SET ended_at = now() WHERE sha256 = %s", [digest])
        conn.commit()
    return tally


def check(file: Path, piece: list[Line], items: list[Item], answers: list[Answer]) -> None:
    """Raises BadDossierFile where nothing of a file's beginning can be taken.

    Then something is missing that all of it needs, and a reject a line would help nobody.
    """
    reasons = {answer.reason for answer in answers if answer.outcome is Outcome.REJECTED}
    refused = sum(answer.outcome is Outcome.REJECTED for answer in answers)
    if len(items) >= TOO_MANY and refused == len(items):
        raise BadDossierFile(
            f"{file.name}: none of the first {piece[-1].number:,} lines can be taken "
            f"({'; '.join(sorted(filter(None, reasons))[:REASONS])}): nothing of them is kept"
        )


def form_of(file: Path, lines: BinaryIO) -> tuple[Callable[[bytes], object], int, int]:
    """How a line is read, where the first one begins, and how many are before it."""
    lines.seek(0)
    if file.suffix != ".csv":
        return msgspec.json.decode, 0, 0
    head = lines.readline(LONGEST_LINE)
    try:
        names = [name.strip() for name in next(csv.reader([head.decode("utf-8-sig")]), [])]
    except (UnicodeDecodeError, csv.Error):
        names = []
    if not NAMES & set(names):
        raise BadDossierFile(f"{file.name}, line 1: it names none of {', '.join(sorted(NAMES))}")

    def row(line: bytes) -> object:
        said = next(csv.reader([line.decode()], strict=True), [])
        if len(said) != len(names):
            raise ValueError("another number of columns than the first line")
        return dict(zip(names, said, strict=True))

    return row, lines.tell(), 1


def told_by(content: bytes | None, parse: Callable[[bytes], object]) -> list[Told]:
    """The events of one line; what cannot be read at all is refused without a word of it."""
    if content is None:
        return [Refused({}, f"a line of more than {LONGEST_LINE:,} bytes")]
    try:
        said = parse(content)
    except (ValueError, csv.Error, RecursionError):
        return [Refused({}, "this line cannot be read")]
    return read(said, datetime.now(UTC))


def ahead(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same pieces, the next one of which is read while the database works on this one."""
    with ThreadPoolExecutor(1, "reads ahead") as reader:
        coming = reader.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = reader.submit(next, pieces, None)
            yield piece


def read_pieces(lines: BinaryIO, number: int, parse: Callable[[bytes], object]) -> Iterator[Piece]:
    """The lines from here on, TOGETHER at a time, with what they tell."""
    for piece in pieces(lines, number):
        yield (
            piece,
            [Item(each, line.number) for line in piece for each in told_by(line.content, parse)],
        )


def pieces(lines: BinaryIO, number: int) -> Iterator[list[Line]]:
    """The lines from here on, TOGETHER at a time; empty ones are counted and left out."""
    piece: list[Line] = []
    for line in numbered(lines, number):
        if line.content is None or line.content.strip():
            piece.append(line)
        if len(piece) == TOGETHER:
            yield piece
            piece = []
    if piece:
        yield piece


def numbered(lines: BinaryIO, number: int) -> Iterator[Line]:
    """The lines from here on; of one that is too long nothing is kept in memory."""
    while content := lines.readline(LONGEST_LINE):
        number += 1
        whole = len(content) < LONGEST_LINE or content.endswith(b"\n")
        while not whole:
            rest = lines.readline(LONGEST_LINE)
            whole = not rest or rest.endswith(b"\n")
            content = b""
        yield Line(number, content or None, lines.tell())


def begun(conn: Connection, digest: str, name: str, *, again: bool) -> tuple[int, int]:
    """Where to go on in a file of this content: position and number of the last line taken."""
    source_id = dossiers.sources(conn, "file", [name])[name]
    conn.execute(
        """INSERT INTO dossier_files (sha256, source_id) VALUES (%(digest)s, %(source)s)
           ON CONFLICT (sha256) DO UPDATE SET
               position = CASE WHEN %(again)s THEN 0 ELSE dossier_files.position END,
               line = CASE WHEN %(again)s THEN 0 ELSE dossier_files.line END""",
        {"digest": digest, "source": source_id, "again": again},
    )
    row = conn.execute(
        "SELECT position, line FROM dossier_files WHERE sha256 = %s", [digest]
    ).fetchone()
    conn.commit()
    return (int(str(row[0])), int(str(row[1]))) if row else (0, 0)


def keep(conn: Connection, digest: str, last: Line, count: Counted) -> None:
    """Remembers how far a file is in, in the transaction that took it in."""
    conn.execute(
        """UPDATE dossier_files SET position = %s, line = %s, stored = stored + %s,
               duplicate = duplicate + %s, rejected = rejected + %s
           WHERE sha256 = %s""",
        [last.after, last.number, *count, digest],
    )
