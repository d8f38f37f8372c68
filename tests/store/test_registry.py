import re
import subprocess
import sys
from pathlib import Path

import pytest

from models.asset import Kind
from services.store import assets, registry, streams
from services.store.pool import Pool, transaction
from services.store.refusals import UnknownArea, UnknownKind

HEAD = "name,kind,title,area,latitude,longitude,metrics\n"


def test_an_asset_that_speaks_twice_is_registered_once_and_unclaimed(pool: Pool) -> None:
    for _ in range(2):
        with transaction(pool) as conn:
            assets.register(conn, [("pump-7", "unknown"), ("pump-7", "unknown")])
    with transaction(pool) as conn:
        (found,) = assets.page(conn)
    assert (found.name, found.kind, found.claimed_at) == ("pump-7", "unknown", None)


def test_a_claim_completes_what_registered_itself_and_keeps_what_it_does_not_say(
    pool: Pool,
) -> None:
    with transaction(pool) as conn:
        assets.register(conn, [("portal", "service")])
        assets.claim(conn, [assets.Claim("portal", title="Cổng dịch vụ công", area_code="24")])
        found = assets.find(conn, "portal")
    assert found is not None
    assert (found.kind, found.title, found.area_code) == ("service", "Cổng dịch vụ công", "24")
    assert found.claimed_at is not None


@pytest.mark.parametrize(
    ("claim", "refusal"),
    [
        (assets.Claim("x", kind="spaceship"), UnknownKind),
        (assets.Claim("x", area_code="999"), UnknownArea),
    ],
)
def test_a_claim_of_something_that_is_not_there_is_refused_by_name(
    pool: Pool, claim: assets.Claim, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal), transaction(pool) as conn:
        assets.claim(conn, [claim])


def test_every_bad_line_of_a_registry_is_named() -> None:
    lines = [
        HEAD,
        "good,air,,213,21.2,106.1,pm25=ug/m3\n",
        "bad name,air,,,,,\n",
        "b,air,,,91,106,\n",
        "c,air,,,21,,\n",
        "d,air,,,,,pm25\n",
        "e,spaceship,,,,,\n",
    ]
    with pytest.raises(registry.BadRegistry) as flaws:
        registry.read(lines).check()
    assert str(flaws.value).splitlines() == [
        "line 3: 'bad name' is no name of an asset",
        "line 4: latitude 91 is outside -90 to 90",
        "line 5: a place has a latitude and a longitude",
        "line 6: 'pm25' is not metric=unit",
        "line 7: 'spaceship' is no kind of asset; these are: " + ", ".join(Kind),
    ]

    with pytest.raises(registry.BadRegistry, match="no column kind"):
        registry.read(["name\n"])


def test_the_database_knows_the_same_kinds(pool: Pool) -> None:
    with transaction(pool) as conn:
        assets.claim(conn, [assets.Claim(f"x-{kind}", kind=kind) for kind in Kind])
        row = conn.execute(
            """SELECT pg_get_constraintdef(oid) FROM pg_constraint
               WHERE conname = 'asset_of_a_known_kind'"""
        ).fetchone()
    assert row is not None
    assert set(re.findall(r"'(\w+)'", str(row[0]))) == set(Kind)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.store", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_file_is_imported_as_a_whole_or_not_at_all(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "assets.csv"
    good = "air-1,air,Trạm khí 1,213,21.2,106.1,pm25=ug/m3;humidity=1\n"
    file.write_text(HEAD + good + "air-2,air,,999,,,\n", encoding="utf-8")
    refused = command("assets", "import", str(file))
    assert refused.returncode == 1
    assert "line 3: there is no area 999" in refused.stderr
    file.write_text(HEAD + good, encoding="utf-8")
    assert command("assets", "import", str(file), "--dry-run").returncode == 0
    with transaction(pool) as conn:
        assert assets.page(conn) == []
    assert command("assets", "import", str(file)).returncode == 0
    with transaction(pool) as conn:
        found = {each.metric: each.unit for each in streams.page(conn, asset="air-1")}
    assert found == {"humidity": "1", "pm25": "ug/m3"}
