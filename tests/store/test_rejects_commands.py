import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from services.store import rejects, replays
from services.store.pool import Connection, Pool, transaction
from services.store.rejects import Reject

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.store", "rejects", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, **variables},
    )


def keep(pool: Pool, *payloads: bytes) -> list[int]:
    with transaction(pool) as conn:
        broken = [Reject(NOON, "city/pump-7/telemetry", each, "not JSON", 1) for each in payloads]
        rejects.append(conn, broken, "ingest-1")
        return [each.id for each in reversed(rejects.page(conn))]


def statuses(pool: Pool) -> list[str]:
    with transaction(pool) as conn:
        return [each.status for each in reversed(rejects.page(conn))]


def test_a_list_is_lines_for_a_program_and_commands_nobody_terminal(pool: Pool) -> None:
    (number,) = keep(pool, b"{")
    with transaction(pool) as conn:
        rejects.append(conn, [Reject(NOON, "a\x1b[2J", b"", "why", 1)], "ingest-1")
    listed = command("list", "--topic", "city/+/telemetry", "--since", "2026-01-01T00:00:00Z")
    assert listed.stdout == (
        f"{number}\t2026-01-01 12:00:00\topen\tcity/pump-7/telemetry\t1\tnot JSON\n"
    )
    assert "a\\x1b[2J" in command("list").stdout
    summed = command("summary", "--reason", "not JSON").stdout
    assert summed == f"1\tcity/+/telemetry\tnot JSON\t2026-01-01 12:00:00\t{number}\n"


def test_a_payload_is_shown_as_text_or_as_hexadecimal_or_as_it_is(pool: Pool) -> None:
    text, binary = keep(pool, "độ ẩm".encode(), b"\x00\xffab")
    assert "payload\nđộ ẩm\n" in command("show", str(text)).stdout
    shown = command("show", str(binary)).stdout
    assert "00000000  00 ff 61 62" in shown
    assert "topic  city/pump-7/telemetry" in shown
    assert command("show", "--raw", str(text)).stdout == "độ ẩm"
    missing = command("show", "99")
    assert missing.returncode == 2
    assert "there is no reject 99" in missing.stderr


def test_a_payload_is_mended_by_a_file_or_in_an_editor(pool: Pool, tmp_path: Path) -> None:
    (number,) = keep(pool, b'{"values": {"flow": 12')
    file = tmp_path / "mended"
    file.write_bytes(b"{}")
    assert command("edit", str(number), "--payload-file", str(file)).returncode == 0
    with transaction(pool) as conn:
        assert rejects.payloads(conn, number) == (b'{"values": {"flow": 12', b"{}")
    edited = command("edit", str(number), "--as", "lan", VISUAL="sed -i s/}/}}/")
    assert (edited.returncode, edited.stderr) == (0, f"reject {number} is mended\n")
    with transaction(pool) as conn:
        assert rejects.payloads(conn, number) == (b'{"values": {"flow": 12', b"{}}")
        found = rejects.find(conn, number)
        assert found is not None
        assert found.edited_by == "lan"
    assert command("edit", str(number), "--undo").returncode == 0
    failed = command("edit", str(number), VISUAL="false")
    assert (failed.returncode, "nothing was changed" in failed.stderr) == (2, True)
    assert command("edit", str(number), "--topic", "a/#").returncode == 2
    with transaction(pool) as conn:
        assert rejects.payloads(conn, number) == (b'{"values": {"flow": 12', None)


def test_many_are_replayed_by_what_they_have_in_common(pool: Pool) -> None:
    keep(pool, b"1", b"2", b"x" * (rejects.KEEP_BYTES + 1))
    nothing = command("replay")
    assert (nothing.returncode, "say which" in nothing.stderr) == (2, True)
    counted = command("replay", "--reason", "not JSON", "--dry-run")
    assert counted.stderr.startswith("2 would be queued to be read again\n1 were left:")
    assert statuses(pool) == ["open"] * 3
    done = command("replay", "--reason", "not JSON", "--as", "lan")
    assert done.stderr.startswith("2 rejects are queued to be read again\n1 were left:")
    assert statuses(pool) == ["queued", "queued", "open"]
    with transaction(pool) as conn:
        row = conn.execute("SELECT actor, action, target FROM audit").fetchone()
    assert row == ("lan", "replay rejects", "many")


def test_some_are_dismissed_by_their_numbers(pool: Pool) -> None:
    first, second = keep(pool, b"1", b"2")
    assert command("dismiss", str(first), str(second)).stderr == "2 rejects are dismissed\n"
    assert statuses(pool) == ["dismissed"] * 2
    assert command("dismiss", str(first)).stderr == "0 rejects are dismissed\n"
    assert command("dismiss", "99").returncode == 2


def settle_all(conn: Connection) -> bool:
    """What ingest does: the first is stored, the others are refused again."""
    queued = replays.take_queued(conn, 10)
    if not queued:
        return False
    replays.replayed(conn, [queued[0].id], "ingest-1")
    again = {each.id: "still not JSON" for each in queued[1:]}
    replays.refused_again(conn, again, dict.fromkeys(again, 1))
    return True


def test_who_waits_hears_what_came_of_it(pool: Pool) -> None:
    keep(pool, b"1", b"2", b"3")
    over = threading.Event()

    def read_again() -> None:
        while not over.wait(0.1):
            with transaction(pool) as conn:
                if settle_all(conn):
                    return

    lane = threading.Thread(target=read_again)
    lane.start()
    try:
        done = command("replay", "--status", "open", "--wait", "--patience", "30")
    finally:
        over.set()
        lane.join()
    assert done.stderr.splitlines()[-1] == "1 stored, 2 refused again"
    late = command("replay", "--status", "open", "--wait", "--patience", "1")
    assert late.returncode == 1
    assert late.stderr.splitlines()[-1] == "2 are still queued: is ingest running?"
