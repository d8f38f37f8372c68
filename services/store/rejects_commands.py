"""The commands `rejects`: list, sum up, show, mend, read again, dismiss."""

import getpass
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from services.store import audit, rejects, replays
from services.store.pool import Connection
from services.store.rejects import KEEP_BYTES, STATUSES, StoredReject, Wanted
from services.store.terminal import connect, edited, in_utc, print_table, readable, safe, say

app = typer.Typer(
    no_args_is_help=True, help="Messages that gave no reading: look, mend, replay, dismiss."
)

Numbers = Annotated[list[int] | None, typer.Argument(help="numbers of rejects", show_default=False)]
Number = Annotated[int, typer.Argument(help="the number of the reject")]
Status = Annotated[str | None, typer.Option(help="open, queued, replayed or dismissed")]
Topic = Annotated[str | None, typer.Option(help="a topic, or a filter like city/+/telemetry")]
Reason = Annotated[str | None, typer.Option(help="a part of the reason; * stands for anything")]
Asset = Annotated[str | None, typer.Option(help="a level of the topic")]
Moment = Annotated[str | None, typer.Option(help="like 2026-01-31T08:00:00+07:00", metavar="TIME")]
Worker = Annotated[str | None, typer.Option(help="which worker refused them")]
Limit = Annotated[int, typer.Option(help="how many at most", min=1, max=replays.AT_MOST)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only count them")]
Actor = Annotated[
    str | None, typer.Option("--as", help="who does it, for the audit; default: your account")
]


@app.command("list")
def list_rejects(
    *,
    status: Status = None,
    topic: Topic = None,
    reason: Reason = None,
    asset: Asset = None,
    since: Moment = None,
    until: Moment = None,
    worker: Worker = None,
    limit: Limit = 50,
) -> None:
    """List rejects, the newest first."""
    wanted = checked(Wanted(status, topic, reason, asset, moment(since), moment(until), worker))
    with connect() as conn:
        found = rejects.page(conn, wanted, limit=limit)
    print_table(
        ("number", "received (UTC)", "status", "topic", "bytes", "reason"),
        [
            (
                str(each.id),
                in_utc(each.received_at),
                each.status,
                each.edited_topic or each.topic,
                str(each.payload_bytes),
                each.last_reason or each.reason,
            )
            for each in found
        ],
    )


@app.command("summary")
def sum_up(
    *,
    status: Status = "open",
    topic: Topic = None,
    reason: Reason = None,
    asset: Asset = None,
    since: Moment = None,
    until: Moment = None,
    worker: Worker = None,
    limit: Limit = 50,
) -> None:
    """Sum up rejects by kind: topic and reason of a line are a filter for what is in it."""
    wanted = checked(Wanted(status, topic, reason, asset, moment(since), moment(until), worker))
    with connect() as conn:
        found = rejects.summary(conn, wanted, limit)
    print_table(
        ("messages", "topic", "reason", "newest (UTC)", "example"),
        [
            (
                str(group.messages),
                group.topic,
                group.reason,
                in_utc(group.newest),
                str(group.example),
            )
            for group in found
        ],
    )


@app.command()
def show(
    number: Number,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="only the bytes, as they are")] = False,
) -> None:
    """Show a reject with its payload, as text where it is text, else as hexadecimal."""
    with connect() as conn:
        reject, came, mended = present(conn, number)
    if raw:
        sys.stdout.buffer.write(came if mended is None else mended)
        return
    for name, value in reject._asdict().items():
        if value is not None:
            print(f"{name:>20}  {safe(str(value))}")
    print(f"\npayload\n{readable(came)}")
    if mended is not None:
        print(f"\nedited payload\n{readable(mended)}")


@app.command()
def edit(
    number: Number,
    *,
    topic: Annotated[str | None, typer.Option(help="read it as if it came on this topic")] = None,
    payload_file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="read the bytes of this file instead"),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="back to what came")] = False,
    actor: Actor = None,
) -> None:
    """Mend a reject. Without options its payload is opened in $VISUAL or $EDITOR.

    What came is kept beside it; `replay` then reads what was mended.
    """
    if topic is not None and (not topic or any(letter in "+#\0" for letter in topic)):
        raise typer.BadParameter("a message's topic has no wildcards, and is not empty")
    with connect() as conn:
        reject, came, mended = present(conn, number)
    topic, payload = topic or reject.edited_topic, mended
    if undo:
        topic = payload = None
    elif payload_file is not None:
        payload = payload_file.read_bytes()
    elif topic == reject.edited_topic:
        payload = edited(came if mended is None else mended)
    if payload is not None and len(payload) > KEEP_BYTES:
        raise typer.BadParameter(f"a payload has at most {KEEP_BYTES:,} bytes")
    who, size = name_of(actor), None if payload is None else len(payload)
    with connect() as conn:
        replays.edit(conn, number, who, topic, payload)
        audit.append(conn, who, "edit reject", str(number), {"topic": topic, "bytes": size})
    say.print(f"reject {number} is {'as it came' if undo else 'mended'}")


@app.command()
def replay(
    numbers: Numbers = None,
    *,
    status: Status = None,
    topic: Topic = None,
    reason: Reason = None,
    asset: Asset = None,
    since: Moment = None,
    until: Moment = None,
    worker: Worker = None,
    limit: Limit = 1000,
    dry_run: DryRun = False,
    wait: Annotated[bool, typer.Option("--wait", help="until they are read")] = False,
    patience: Annotated[float, typer.Option(help="seconds to wait at most", min=1)] = 300,
    actor: Actor = None,
) -> None:
    """Have rejects read again: those of these numbers, or the oldest that fit a filter.

    They go through ingest like any message; what cannot be read again is open again, with the
    reason. --wait prints how many were stored and how many refused.
    """
    wanted = checked(Wanted(status, topic, reason, asset, moment(since), moment(until), worker))
    who = name_of(actor)
    with connect() as conn:
        ids, cut = selected(conn, numbers, wanted, ("open", "dismissed"), limit)
        taken = [] if dry_run else replays.many(conn, ids, who)
        if taken:
            note(conn, who, "replay rejects", taken)
    would = f"{len(ids)} would be" if dry_run else f"{len(taken)} rejects are"
    say.print(f"{would} queued to be read again")
    if cut:
        say.print(f"{cut} were left: only a part of their payload was kept, and nobody mended them")
    elif not dry_run and len(taken) < len(ids):
        say.print(f"{len(ids) - len(taken)} were left: they are settled, or cut and not mended")
    if wait and taken:
        report(taken, patience)


@app.command()
def dismiss(
    numbers: Numbers = None,
    *,
    status: Status = None,
    topic: Topic = None,
    reason: Reason = None,
    asset: Asset = None,
    since: Moment = None,
    until: Moment = None,
    worker: Worker = None,
    limit: Limit = 1000,
    dry_run: DryRun = False,
    actor: Actor = None,
) -> None:
    """Let rejects go: those of these numbers, or the oldest that fit a filter."""
    wanted = checked(Wanted(status, topic, reason, asset, moment(since), moment(until), worker))
    who = name_of(actor)
    with connect() as conn:
        ids, _ = selected(conn, numbers, wanted, ("open", "queued"), limit)
        taken = 0 if dry_run else replays.dismiss_many(conn, ids, who)
        if taken:
            note(conn, who, "dismiss rejects", ids)
    say.print(f"{len(ids)} would be dismissed" if dry_run else f"{taken} rejects are dismissed")


def checked(wanted: Wanted) -> Wanted:
    """The filter of a command's options."""
    if wanted.status is not None and wanted.status not in STATUSES:
        raise typer.BadParameter(f"a status is one of {', '.join(STATUSES)}")
    return wanted


def moment(text: str | None) -> datetime | None:
    """A moment with its zone."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time like 2026-01-31T08:00:00+07:00") from None
    if found.tzinfo is None:
        raise typer.BadParameter("a time needs its zone: 2026-01-31T08:00:00+07:00, or Z for UTC")
    return found


def selected(
    conn: Connection,
    numbers: Sequence[int] | None,
    wanted: Wanted,
    statuses: Sequence[str],
    limit: int,
) -> tuple[list[int], int]:
    """The numbers given, or the oldest that fit the filter; and how many are left out as cut."""
    if numbers:
        for number in numbers:
            present(conn, number)
        return list(numbers), 0
    if wanted == Wanted():
        raise typer.BadParameter("say which: numbers, or a filter (--status open: all open ones)")
    return replays.chosen(conn, wanted, statuses, limit, whole="dismissed" in statuses)


def present(conn: Connection, number: int) -> tuple[StoredReject, bytes, bytes | None]:
    """A reject that there is, its payload as it came, and as it was mended."""
    reject, payloads = rejects.find(conn, number), rejects.payloads(conn, number)
    if reject is None or payloads is None:
        raise typer.BadParameter(f"there is no reject {number}")
    return reject, *payloads


def name_of(actor: str | None) -> str:
    """Who does it."""
    return actor or f"{getpass.getuser()} at a terminal"


def note(conn: Connection, actor: str, action: str, ids: Sequence[int]) -> None:
    """Keeps in the audit what was done to which."""
    target = str(ids[0]) if len(ids) == 1 else "many"
    audit.append(conn, actor, action, target, {"rejects": list(ids)})


def report(ids: Sequence[int], patience: float) -> None:
    """Waits until ingest has read these again, and says what came of it."""
    deadline = time.monotonic() + patience
    with (
        connect() as conn,
        Progress(console=say, transient=True, disable=not say.is_terminal) as progress,
    ):
        conn.autocommit = True
        task = progress.add_task("reading again", total=len(ids))
        while True:
            standing = replays.standing(conn, ids)
            queued = standing.get("queued", 0)
            progress.update(task, completed=len(ids) - queued)
            if not queued or time.monotonic() > deadline:
                break
            time.sleep(0.3)
    stored, again = standing.get("replayed", 0), standing.get("open", 0)
    say.print(f"{stored} stored, {again} refused again")
    if queued:
        say.print(f"{queued} are still queued: is ingest running?", style="red")
        raise typer.Exit(1)
