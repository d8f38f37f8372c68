import subprocess
import sys
from pathlib import Path

import pytest

from models.frame import frame
from services.store import assets, imports, readings, registry, streams
from services.store.pool import Connection, Pool, transaction

HEAD = ",".join(registry.COLUMNS) + "\n"


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.store", "assets", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def flaws(conn: Connection, text: str) -> list[str]:
    found = registry.read(text.splitlines(keepends=True))
    with pytest.raises(registry.BadRegistry) as refused:
        imports.check(conn, found)
    return str(refused.value).splitlines()


def test_what_only_the_store_knows_is_said_by_line_beside_what_the_file_shows(
    conn: Connection,
) -> None:
    assets.claim(conn, [assets.Claim("hub"), assets.Claim("lamp", parent="hub")])
    streams.declare(conn, [("lamp", "power", "W")])
    stream = streams.find(conn, "lamp", "power")
    assert stream is not None
    readings.append(conn, frame([stream], [1], [1.0]), 1)
    text = (
        HEAD
        + "a,air,,999,,,,,\n"
        + "b,air,,,,,,nobody,\n"
        + "lamp,light,,,,,power=kW,,\n"
        + "hub,light,,,,,,lamp,\n"
        + "c,air,,,,,,d,\n"
        + "d,air,,,,,,c,\n"
        + "bad name,air,,,,,,,\n"
        + "a,air,,,,,,,\n"
        + "f,air,,,,,,,,surplus\n"
        + "g,air,,,x,1,,,\n"
        + "h,air,,,,,pm25=µg/m³,,\n"
    )
    assert flaws(conn, text) == [
        "line 2: there is no area 999",
        "line 3: the parent nobody is neither in the store nor in the file",
        "line 4: power has readings in W; they would not become others",
        "line 5: hub would stand below itself, or below more than 8 others",
        "line 6: c would stand below itself, or below more than 8 others",
        "line 7: d would stand below itself, or below more than 8 others",
        "line 8: 'bad name' is no name of an asset",
        "line 9: a is on line 2 already",
        "line 10: it has more fields than there are columns",
        "line 11: latitude 'x' is no number",
        "line 12: 'µg/m³' is no UCUM code",
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,kind,titel\n", "line 1: 'titel' is no column; these are: name, kind"),
        ("", "line 1: no column name and no column kind"),
        ('name,kind\n"' + "x" * 200_000, "this is not CSV: field larger"),
    ],
)
def test_what_is_no_registry_is_refused_in_a_sentence(text: str, why: str) -> None:
    with pytest.raises(registry.BadRegistry, match=why):
        registry.read(text.splitlines(keepends=True))


def test_parents_may_come_on_any_line_and_what_is_exported_is_imported_again(
    pool: Pool, tmp_path: Path
) -> None:
    file, again = tmp_path / "assets.csv", tmp_path / "again.csv"
    text = (
        HEAD
        + "lamp-1,light,Đèn 1,213,21.25,106.125,current=A;power_kw=kW,lamp-hub,24.UBND\n"
        + 'lamp-2,light,"Đèn, 2",,,,,lamp-hub,\n'
        + "lamp-hub,light,,24,,,,,\n"
    )
    file.write_text(text, encoding="utf-8")
    assert command("import", str(file)).returncode == 0
    with transaction(pool) as conn:
        assets.register(conn, [("stranger", "air")])
        before = assets.page(conn)
    exported = command("export", str(again))
    assert (exported.returncode, exported.stderr) == (0, "3 assets are written\n")
    assert again.read_text(encoding="utf-8") == text
    assert command("import", str(again)).returncode == 0
    with transaction(pool) as conn:
        assert assets.page(conn) == before
    unclaimed = command("export", "--unclaimed")
    assert unclaimed.stdout == HEAD + "stranger,air,,,,,,,\n"


def test_a_file_that_is_not_utf_8_is_refused_in_a_sentence(database: str, tmp_path: Path) -> None:
    file = tmp_path / "assets.csv"
    file.write_bytes(b"name,kind,title\nlamp,light,\xd0\xe8n\n")
    refused = command("import", str(file))
    assert (refused.returncode, refused.stderr.splitlines()[0][:24]) == (
        1,
        "the file is not UTF-8: i",
    )


def test_a_dry_run_checks_and_keeps_nothing(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "assets.csv"
    file.write_text(HEAD + "a,air,,,,,,b,\nb,air,,,,,,,\n")
    tried = command("import", str(file), "--dry-run")
    assert (tried.returncode, tried.stderr) == (
        0,
        "2 assets with 0 streams would be registered\n",
    )
    with transaction(pool) as conn:
        assert assets.page(conn) == []
