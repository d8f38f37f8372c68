"""`python -m simulators score` against the API on a real database."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts.stack.ports import free_port
from services.api.settings import ApiSettings
from services.incidents import intake
from services.store import anomalies, assets, streams, tokens
from services.store.anomalies import Anomaly
from services.store.pool import Connection, Pool
from simulators.labels import COLUMNS, Nature, write_labels
from tests.api.conftest import serving
from tests.simulators.scoring.truth import at, label
from tests.simulators.test_commands import CHECKOUT, simulators


@pytest.fixture
def api(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the API serves; the environment names it and a viewer's token."""
    with pool.connection() as conn:
        monkeypatch.setenv("API_TOKEN", tokens.create(conn, "judge", "viewer"))
    with serving(ApiSettings(port=free_port())) as address:
        monkeypatch.setenv("API_URL", address)
        yield address


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A flood at two stations (found at the second) and a spike (not found)."""
    file = tmp_path / "labels.csv"
    truth = [
        label("river-1", "level_m", "flood", began=0, ended=60, cause="f", nature=Nature.EVENT),
        label("river-2", "level_m", "flood", began=10, ended=60, cause="f", nature=Nature.EVENT),
        label("pump-7", "flow", "spike", began=30, ended=31, cause="s"),
    ]
    with file.open("w", encoding="utf-8") as written:
        write_labels(truth, written)
    return file


def command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return simulators("score", *arguments, **environment)


def notice(conn: Connection, asset: str, metric: str, detector: str, *minutes: float) -> None:
    """Put anomalies into the store, and into incidents."""
    assets.register(conn, [(asset, "unknown")])
    streams.declare(conn, [(asset, metric, "1")])
    stream = streams.find(conn, asset, metric)
    assert stream is not None
    moments = [datetime.fromtimestamp(at(minute), UTC) for minute in minutes]
    found = [Anomaly(stream, moment, 9.0, 0.999, detector, 1.0, 1.0) for moment in moments]
    anomalies.append(conn, found)
    while intake.take_in(conn):
        pass
    conn.commit()


def scored(*arguments: str | Path) -> dict[str, Any]:
    done = command(*arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    told: dict[str, Any] = json.loads(line)
    return told


def test_the_score_of_a_small_city(conn: Connection, api: str, labels: Path) -> None:
    notice(conn, "river-2", "flood_level", "flood", 15, 16, 30)
    notice(conn, "river-2", "level_m", "level", 20)
    notice(conn, "lamp-1", "power", "season", 40)  # false
    notice(conn, "lamp-2", "power", "season", 90)  # after the window
    told = scored("--labels", labels)
    assert told["window"]["to"] == "2026-10-05T01:10:00.000Z"
    flood, spike = told["kinds"]["flood"], told["kinds"]["spike"]
    assert (flood["labels"], flood["found"], flood["delay_median"]) == (2, 1, 300)
    assert (spike["labels"], spike["found"], spike["delay_median"]) == (1, 0, None)
    assert told["total"]["cause_recall"] == 0.5
    assert told["incidents_per_cause"] == {"0": 1, "1": 1}  # all streams of an asset together
    assert (told["incidents"]["count"], told["incidents"]["false"]) == (2, 1)
    assert told["anomalies"]["count"] == 5
    assert told["confusion"]["event"] == {"sensor": 0, "event": 1, "undecided": 0}
    later = scored("--labels", labels, "--from", "2026-10-05T01:00", "--to", "2026-10-05T09:00:00Z")
    assert later["total"]["recall"] is None
    assert later["incidents"] == {"count": 1, "false": 1, "false_per_shift": 1}


def test_anomalies_are_read_page_by_page(conn: Connection, api: str, labels: Path) -> None:
    notice(conn, "lamp-1", "power", "season", *(minute / 100 for minute in range(2500)))
    assert scored("--labels", labels)["anomalies"]["count"] == 2500


def test_people_get_a_table_and_a_picture(
    conn: Connection, api: str, labels: Path, tmp_path: Path
) -> None:
    notice(conn, "river-2", "level_m", "level", 20)
    done = command("--labels", labels, "--plot", tmp_path / "score.png")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"flood +1 / 2 +50 % +1 +1 / 1 +10\.0 min", done.stdout)
    assert (tmp_path / "score.png").read_bytes().startswith(b"\x89PNG")


def test_a_bad_token_is_refused(api: str, labels: Path) -> None:
    done = command("--labels", labels, API_TOKEN="of-nobody")
    assert done.returncode == 3
    assert done.stderr == (
        f"the API at {api} does not take API_TOKEN: This token is not known, or was revoked.\n"
    )


def test_an_absent_api_is_said(labels: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    done = command("--labels", labels, API_URL=nowhere, API_TOKEN="any")
    assert done.returncode == 3
    assert done.stderr.startswith(f"the API at {nowhere} cannot be reached: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "arguments", "environment", "why"),
    [
        ("pump-7,flow,spike,sensor,noon,one,", [], {}, "labels.csv: line 2: 'noon' is not a time"),
        ("", [], {}, "there are no labels that could say the window"),
        ("", ["--from", "noon"], {}, "--from: 'noon' is not a time"),
        ("", ["--from", "2026-10-05", "--to", "2026-10-04"], {}, "before it begins"),
        ("", [], {"API_TOKEN": ""}, "API_TOKEN is not set"),
        ("", [], {"API_TOKEN": "a\nb"}, "API_TOKEN has characters"),
        ("", [], {"API_URL": "ftp://there"}, "API_URL is 'ftp://there', not an address"),
        (
            "",
            [],
            {"API_URL": "http://there:port"},
            "API_URL is 'http://there:port', not an address",
        ),
        ("", ["--plot", "nowhere/score.png"], {}, "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    line: str, arguments: list[str], environment: dict[str, str], why: str, tmp_path: Path
) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{line}\n")
    done = command("--labels", file, *arguments, **{"API_TOKEN": "any", **environment})
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_a_score_without_a_picture_loads_nothing_to_draw_with() -> None:
    heavy = "import sys, simulators.__main__; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", heavy], check=True, cwd=CHECKOUT)
